import { DomainError, invalid } from '../../../kernel';
import { chunked, sql } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import type { Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { addTransfer, MAX_TRANSFER_LINES } from '../../inventory';
import { defaultLocation } from '../../organization';
import { MAX_LINES } from '../domain/receipt-lines';
import { replenishmentLine, type ReplenishmentLineRow } from '../store/replenishment.table';
import { place } from './place-order';
import { EDIT_ORDERS } from './save-order';

export const MAX_TAKEN = 500;
const CREATE_TRANSFERS = 'inventory.transfer.create';

export interface TakenDocument {
  type: 'transfer' | 'order';
  id: number;
  number: string;
}

interface Proposal {
  row: ReplenishmentLineRow;
  quantity: number;
}

/**
 * Proposals become drafts: a transfer for each pair of stores, a purchase order for each supplier and all stores that it
 * delivers to. Each proposal is used once: what is sent twice, or by two people, is refused as done (409), and nothing of it is
 * written. Throws 422 where a product has no supplier, or when the actor may make none of the documents.
 */
export function takeProposals(
  uow: UnitOfWork,
  actor: Actor,
  {
    lines,
    supplierId,
  }: { lines: readonly { id: number; quantity?: number | undefined }[]; supplierId?: number | null },
): Promise<TakenDocument[]> {
  return uow.run(actor, async (unit) => {
    const wanted = new Map(lines.map(({ id, quantity }) => [id, quantity]));
    const rows = await lockProposals(unit, [...wanted.keys()]);
    checkOpen([...wanted.keys()], rows);
    const taken = rows.map((row): Proposal => ({ row, quantity: wanted.get(row.id) ?? row.quantity }));
    if (taken.some(({ quantity }) => !Number.isSafeInteger(quantity) || quantity < 1 || quantity > 1_000_000))
      throw invalid('purchasing:error.quantity');
    const transfers = await makeTransfers(
      unit,
      taken.filter(({ row }) => row.kind === 'transfer'),
    );
    const bought = taken.filter(({ row }) => row.kind === 'purchase');
    return [...transfers, ...(await makeOrders(unit, bought, supplierId ?? null))];
  });
}

/** In one order, so that two people who take some of the same wait for each other instead of stopping each other. */
export async function lockProposals(unit: Unit, ids: readonly number[]): Promise<ReplenishmentLineRow[]> {
  if (ids.length === 0) throw invalid('purchasing:error.replenish_none');
  if (ids.length > MAX_TAKEN) throw invalid('purchasing:error.replenish_many', { max: MAX_TAKEN });
  const sorted = ids.toSorted((a, b) => a - b);
  await unit.lock(replenishmentLine, sorted);
  return unit.rows(
    replenishmentLine,
    sql`SELECT * FROM replenishment_line WHERE id IN (${sql.list(sorted)}) ORDER BY id`,
  );
}

/** Throws 409 when one of them was used before, or went with a newer computation. */
export function checkOpen(ids: readonly number[], rows: readonly ReplenishmentLineRow[]): void {
  const done = rows.find(({ state }) => state === 'done');
  if (done || rows.length < ids.length)
    throw new DomainError('purchasing:error.replenish_done', {
      status: 409,
      details: { number: done?.documentNumber ?? '' },
    });
}

async function makeTransfers(unit: Unit, proposals: readonly Proposal[]): Promise<TakenDocument[]> {
  const made: TakenDocument[] = [];
  for (const group of Map.groupBy(proposals, ({ row }) => `${row.fromStoreId}/${row.storeId}`).values()) {
    const [first] = group;
    const from = await defaultLocation(unit, first?.row.fromStoreId ?? 0);
    const to = await defaultLocation(unit, first?.row.storeId ?? 0);
    for (const part of chunked(group, MAX_TRANSFER_LINES)) {
      const { id, number } = await addTransfer(unit, {
        fromLocationId: from.id,
        toLocationId: to.id,
        lines: part.map(({ row, quantity }) => ({ skuId: row.skuId, quantity })),
      });
      await markDone(unit, part, { id, number });
      made.push({ type: 'transfer', id, number });
    }
  }
  return made;
}

async function makeOrders(unit: Unit, proposals: readonly Proposal[], chosen: number | null): Promise<TakenDocument[]> {
  const made: TakenDocument[] = [];
  if (proposals.some(({ row }) => row.supplierId === null && chosen === null))
    throw invalid('purchasing:error.replenish_supplier');
  for (const [supplierId, group] of Map.groupBy(proposals, ({ row }) => row.supplierId ?? chosen ?? 0))
    for (const part of chunked(group, MAX_LINES)) {
      const lines = part.map(({ row, quantity }) => ({ skuId: row.skuId, storeId: row.storeId, quantity }));
      const { id, number } = await place(unit, {
        supplierId,
        storeId: Math.min(...lines.map(({ storeId }) => storeId)),
        orderedOn: unit.today,
        expectedOn: null,
        note: null,
        lines,
        submit: false,
      });
      await markDone(unit, part, { id, number });
      made.push({ type: 'order', id, number });
    }
  return made;
}

async function markDone(
  unit: Unit,
  part: readonly Proposal[],
  { id, number }: { id: number; number: string },
): Promise<void> {
  for (const ids of chunked(part.map(({ row }) => row.id)))
    await unit.execute(
      sql`UPDATE replenishment_line SET state = 'done', document_id = ${id}, document_number = ${number}
        WHERE id IN (${sql.list(ids)})`,
    );
}

/** Whether the actor may turn this proposal into its document. */
export function mayTake(actor: Actor, row: Pick<ReplenishmentLineRow, 'kind' | 'storeId' | 'fromStoreId'>): boolean {
  if (row.kind === 'purchase') return can(actor, EDIT_ORDERS, row.storeId);
  return can(actor, CREATE_TRANSFERS, row.storeId) || can(actor, CREATE_TRANSFERS, row.fromStoreId ?? 0);
}
