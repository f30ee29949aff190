import { chunked, type Reader, sql } from '../../../platform/database';
import { bom, type BomRow } from '../store/bom.table';
import { type SkuCard, skusByIds } from './sku-cards';

export interface BomComponent {
  skuId: number;
  /** Pieces for one piece of the product. */
  quantity: number;
}

/** The components of these variants, in their order; variants without a bill of materials are missing. */
export async function componentsOf(read: Reader, skuIds: readonly number[]): Promise<Map<number, BomComponent[]>> {
  const found = new Map<number, BomComponent[]>();
  for (const chunk of chunked([...new Set(skuIds)]))
    for (const { product, skuId, quantity } of await read.all<BomComponent & { product: number }>(
      sql`SELECT b.sku_id AS product, l.sku_id, l.quantity FROM bom b JOIN bom_line l ON l.bom_id = b.id
        WHERE b.sku_id IN (${sql.list(chunk)}) ORDER BY b.sku_id, l.seq`,
    ))
      found.set(product, [...(found.get(product) ?? []), { skuId, quantity }]);
  return found;
}

/** All bills that are reached from these variants downwards: variant → its components. */
export async function billsBelow(read: Reader, skuIds: readonly number[]): Promise<Map<number, number[]>> {
  const bills = new Map<number, number[]>();
  const asked = new Set<number>();
  let next = [...new Set(skuIds)];
  while (next.length > 0) {
    for (const id of next) asked.add(id);
    const found = await componentsOf(read, next);
    for (const [id, components] of found)
      bills.set(
        id,
        components.map(({ skuId }) => skuId),
      );
    next = [...new Set([...found.values()].flat().map(({ skuId }) => skuId))].filter((id) => !asked.has(id));
  }
  return bills;
}

export interface BomView {
  row: BomRow | null;
  components: { card: SkuCard; quantity: number }[];
  /** Products that this variant is itself a component of. */
  usedIn: { card: SkuCard; quantity: number }[];
}

const MOST_USES = 100;

export async function bomView(read: Reader, skuId: number): Promise<BomView> {
  const [row] = await read.find(bom, { skuId });
  const components = (await componentsOf(read, [skuId])).get(skuId) ?? [];
  const uses = await read.all<BomComponent>(
    sql`SELECT b.sku_id, l.quantity FROM bom_line l JOIN bom b ON b.id = l.bom_id
      WHERE l.sku_id = ${skuId} ORDER BY b.sku_id ${sql.limit(MOST_USES)}`,
  );
  const cards = await skusByIds(
    read,
    [...components, ...uses].map((one) => one.skuId),
  );
  const named = (list: readonly BomComponent[]) =>
    list.flatMap((one) => {
      const card = cards.get(one.skuId);
      return card ? [{ card, quantity: one.quantity }] : [];
    });
  return { row: row ?? null, components: named(components), usedIn: named(uses) };
}
