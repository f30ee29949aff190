import { chunked, type Reader, sql } from '../../../platform/database';
import { modelsByTac, type SkuCard, skusByCodes, skusByIds, skusByNames } from '../../catalog';
import { packingCode, type PackedRow } from '../domain/packing-rows';
import { packingList, type PackingListRow } from '../store/packing.table';
import { notFound } from '../../../kernel';

export type { PackingListRow };

/** Throws 404 unless it is a list of this receipt. */
export async function getPackingList(read: Reader, receiptId: number, id: number): Promise<PackingListRow> {
  const row = await read.get(packingList, id);
  if (row?.receiptId !== receiptId) throw notFound('purchasing.packing', id);
  return row;
}

/** How the last file of this supplier was read: our column → the file's word. */
export async function usualHeads(read: Reader, supplierId: number): Promise<Record<string, string>> {
  const [last] = await read.rows(
    packingList,
    sql`SELECT * FROM packing_list WHERE supplier_id = ${supplierId} ORDER BY id DESC ${sql.limit(1)}`,
  );
  return last?.heads ?? {};
}

/** Which products the rows may mean. */
export interface PackingProducts {
  /** Folded word of the file → product. */
  byCode: ReadonlyMap<string, SkuCard>;
  /** Type allocation code → the only serial product it can be: on the receipt, else in the catalog. */
  byTac: ReadonlyMap<string, SkuCard>;
}

/** By our codes and barcodes, by what the supplier's words were chosen to mean, by exact names, and by type allocation codes. */
export async function packingProducts(
  read: Reader,
  { supplierId, skuIds }: { supplierId: number; skuIds: readonly number[] },
  rows: readonly PackedRow[],
): Promise<PackingProducts> {
  const texts = [...new Set(rows.flatMap(({ productText }) => productText ?? []))];
  const byCode = new Map<string, SkuCard>();
  for (const [name, cards] of await skusByNames(read, texts)) {
    const [card, another] = cards;
    if (card && !another) byCode.set(packingCode(name), card);
  }
  for (const [text, card] of await skusByCodes(read, texts)) byCode.set(packingCode(text), card);
  for (const [code, card] of await chosenCodes(read, supplierId, texts.map(packingCode))) byCode.set(code, card);
  return { byCode, byTac: await productsByTac(read, skuIds, rows) };
}

async function chosenCodes(read: Reader, supplierId: number, codes: readonly string[]): Promise<Map<string, SkuCard>> {
  const found: { code: string; skuId: number }[] = [];
  for (const chunk of chunked(codes))
    found.push(
      ...(await read.all<{ code: string; skuId: number }>(
        sql`SELECT code, sku_id FROM supplier_code WHERE supplier_id = ${supplierId} AND code IN (${sql.list(chunk)})`,
      )),
    );
  const cards = await skusByIds(
    read,
    found.map(({ skuId }) => skuId),
  );
  return new Map(
    found.flatMap(({ code, skuId }) => {
      const card = cards.get(skuId);
      return card ? [[code, card] as const] : [];
    }),
  );
}

async function productsByTac(
  read: Reader,
  receiptSkuIds: readonly number[],
  rows: readonly PackedRow[],
): Promise<Map<string, SkuCard>> {
  const imeis = rows
    .filter(({ productText }) => productText === null)
    .flatMap(({ identifiers }) => identifiers.filter(({ kind }) => kind === 'imei').map(({ value }) => value));
  const models = imeis.length === 0 ? new Map<string, never>() : await modelsByTac(read, imeis);
  const productIds = [...new Set([...models.values()].flatMap(({ productId }) => productId ?? []))];
  const skus: { id: number; productId: number }[] = [];
  for (const chunk of chunked(productIds))
    skus.push(
      ...(await read.all<{ id: number; productId: number }>(
        sql`SELECT id, product_id FROM sku WHERE product_id IN (${sql.list(chunk)}) AND active = ${1} AND tracking = 'serial'`,
      )),
    );
  const cards = await skusByIds(
    read,
    skus.map(({ id }) => id),
  );
  const found = new Map<string, SkuCard>();
  for (const [tac, { productId }] of models) {
    const all = skus.filter((sku) => sku.productId === productId);
    const here = all.filter(({ id }) => receiptSkuIds.includes(id));
    const [only, another] = here.length > 0 ? here : all;
    const card = only && !another ? cards.get(only.id) : undefined;
    if (card) found.set(tac, card);
  }
  return found;
}
