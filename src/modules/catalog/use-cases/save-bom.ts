import { type FieldProblem, invalid, notFound, stale } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { cycleOf, MOST_COMPONENTS, MOST_PIECES_EACH, readComponents } from '../domain/bom';
import { billsBelow, type BomComponent, componentsOf } from '../queries/bom';
import { type SkuCard, skusByCodes, skusByIds } from '../queries/sku-cards';
import { bom, bomLine } from '../store/bom.table';
import { sku } from '../store/catalog.table';

export const EDIT_BOMS = 'catalog.bom.edit';

export interface SaveBom {
  skuId: number;
  /** Of the bill as the page showed it; 0: there was none. */
  version: number;
  /** A component a line: code or barcode, and pieces where it is not one. Empty: the variant is put together no more. */
  components: string;
}

/** Says what one piece of a variant is put together from. Documents that were made before keep what they have. */
export function saveBom(
  uow: UnitOfWork,
  actor: Actor,
  command: SaveBom,
  options?: RunOptions,
): Promise<{ components: number }> {
  authorise(actor, EDIT_BOMS);
  return uow.run(
    actor,
    async (unit) => {
      const product = (await skusByIds(unit, [command.skuId])).get(command.skuId);
      if (!product) throw notFound('catalog.sku', command.skuId);
      if (product.tracking === 'service' && command.components.trim() !== '')
        throw at([{ path: 'components', code: 'catalog:error.bom_service' }]);
      const components = await checkedComponents(unit, product, command.components);
      // Two people who write into each other's bills wait here, so that neither can close a circle behind the other.
      await unit.lock(sku, await reached(unit, product.id, components));
      await refuseCycle(unit, product, components);
      const before = (await componentsOf(unit, [product.id])).get(product.id) ?? [];
      await write(unit, command, components);
      await unit.audit({
        action: 'catalog.bom.update',
        subjectType: 'catalog.sku',
        subjectId: product.id,
        detail: { name: product.name, before, after: components },
      });
      return { components: components.length };
    },
    options,
  );
}

const at = (fields: FieldProblem[]) => invalid('errors:form', {}, fields);

async function checkedComponents(unit: Unit, product: SkuCard, text: string): Promise<BomComponent[]> {
  const typed = readComponents(text);
  const problems: FieldProblem[] = [];
  const say = (code: string, details: Record<string, unknown>): void =>
    void problems.push({ path: 'components', code: `catalog:error.bom_${code}`, details });
  if (typed.length > MOST_COMPONENTS) say('many', { max: MOST_COMPONENTS });
  const cards = await skusByCodes(
    unit,
    typed.map(({ code }) => code),
  );
  const components = new Map<number, BomComponent>();
  for (const { line, code, quantity } of typed) {
    const card = cards.get(code);
    if (!card) say('unknown', { line, code });
    else if (quantity === null) say('quantity', { line, name: card.name, max: MOST_PIECES_EACH });
    else if (card.id === product.id) say('itself', { line });
    else if (card.tracking === 'service') say('component_service', { line, name: card.name });
    else if (components.has(card.id)) say('twice', { line, name: card.name });
    else components.set(card.id, { skuId: card.id, quantity });
  }
  if (problems.length > 0) throw at(problems.slice(0, 20));
  return [...components.values()];
}

async function reached(unit: Unit, productId: number, components: readonly BomComponent[]): Promise<number[]> {
  const ids = components.map(({ skuId }) => skuId);
  const below = await billsBelow(unit, ids);
  return [...new Set([productId, ...ids, ...below.keys(), ...[...below.values()].flat()])].sort((a, b) => a - b);
}

async function refuseCycle(unit: Unit, product: SkuCard, components: readonly BomComponent[]): Promise<void> {
  const ids = components.map(({ skuId }) => skuId);
  const cycle = cycleOf(product.id, ids, await billsBelow(unit, ids));
  if (!cycle) return;
  const cards = await skusByIds(unit, cycle);
  const way = cycle.map((id) => cards.get(id)?.name ?? '').join(' → ');
  throw at([{ path: 'components', code: 'catalog:error.bom_cycle', details: { way: `${product.name} → ${way}` } }]);
}

async function write(unit: Unit, { skuId, version }: SaveBom, components: readonly BomComponent[]): Promise<void> {
  const [row] = await unit.find(bom, { skuId });
  if ((row?.version ?? 0) !== version) throw stale();
  const change = { updatedAt: unit.now, updatedByName: unit.actor.name };
  let bomId = row?.id;
  if (bomId === undefined) {
    bomId = unit.takeIds(bom);
    await unit.insert(bom, [{ ...change, id: bomId, skuId, version: 1 }]);
  } else {
    await unit.update(bom, bomId, change, version);
    await unit.execute(sql`DELETE FROM bom_line WHERE bom_id = ${bomId}`);
  }
  if (components.length === 0) return;
  const billId = bomId;
  const firstId = unit.takeIds(bomLine, components.length);
  await unit.insert(
    bomLine,
    components.map((one, index) => ({ ...one, id: firstId + index, bomId: billId, seq: index + 1 })),
  );
}
