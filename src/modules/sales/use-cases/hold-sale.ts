import { DomainError, invalid, notFound, shorten } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { keptDraft } from '../domain/held-draft';
import { heldSale } from '../store/held-sale.table';
import { register, type RegisterRow } from '../store/register.table';

/** What the till shows of a draft without opening it. */
export interface DraftSummary {
  /** Of a draft with a customer it is made of their name each time. */
  label: string | null;
  quantity: number;
  amountFen: number;
}

const MOST_CHARACTERS = 100_000;
const MOST_HELD = 50;

async function tillOf(unit: Unit, actor: Actor, registerId: number): Promise<RegisterRow> {
  const row = await unit.get(register, registerId);
  if (!row) throw notFound('sales.register', registerId);
  authorise(actor, 'sales.sale.create', row.storeId);
  return row;
}

function checkDraft(draft: Record<string, unknown>): void {
  if (JSON.stringify(draft).length > MOST_CHARACTERS) throw invalid('sales:error.draft_too_big');
}

const rowOf = (
  unit: Unit,
  till: RegisterRow,
  kind: 'held' | 'current',
  typed: Record<string, unknown>,
  of: DraftSummary,
) => {
  const { draft, customerId } = keptDraft(typed);
  return {
    id: unit.takeIds(heldSale),
    storeId: till.storeId,
    registerId: till.id,
    kind,
    label: of.label === null || customerId !== null ? null : shorten(of.label, 60),
    quantity: of.quantity,
    amountFen: of.amountFen,
    draft,
    customerId,
    heldById: unit.actor.userId,
    heldByName: unit.actor.name,
    heldAt: unit.now,
  };
};

/** Puts a sale aside; every till of the store can take it back. It reserves nothing: stock is checked when it is posted. */
export function holdSale(
  uow: UnitOfWork,
  actor: Actor,
  { registerId, draft, ...summary }: { registerId: number; draft: Record<string, unknown> } & DraftSummary,
  options: { operationKey?: string | undefined } = {},
): Promise<{ heldId: number }> {
  return uow.run(
    actor,
    async (unit) => {
      checkDraft(draft);
      const till = await tillOf(unit, actor, registerId);
      const held = await unit.one<{ count: number }>(
        sql`SELECT COUNT(*) AS count FROM held_sale WHERE store_id = ${till.storeId} AND kind = 'held'`,
      );
      if (Number(held?.count ?? 0) >= MOST_HELD) throw invalid('sales:error.too_many_held', { max: MOST_HELD });
      const row = rowOf(unit, till, 'held', draft, summary);
      await unit.insert(heldSale, [row]);
      return { heldId: row.id };
    },
    options,
  );
}

/** Takes a held sale back, its customer an id (see `openDraft`): it leaves the list. Of two tills that take it, one gets it; 409 sales:error.held_taken. */
export function takeHeldSale(
  uow: UnitOfWork,
  actor: Actor,
  { registerId, heldId }: { registerId: number; heldId: number },
  options: { operationKey?: string | undefined } = {},
): Promise<{ draft: Record<string, unknown> }> {
  return uow.run(
    actor,
    async (unit) => {
      const till = await tillOf(unit, actor, registerId);
      const row = await unit.get(heldSale, heldId);
      const taken =
        row?.storeId === till.storeId &&
        (await unit.execute(sql`DELETE FROM held_sale WHERE id = ${heldId} AND kind = 'held'`)) === 1;
      if (!row || !taken) throw new DomainError('sales:error.held_taken', { status: 409 });
      return { draft: row.draft };
    },
    options,
  );
}

/** Keeps what is being typed at a till, so that a broken browser or machine loses nothing; an empty draft is forgotten. */
export function keepDraft(
  uow: UnitOfWork,
  actor: Actor,
  { registerId, draft, ...summary }: { registerId: number; draft: Record<string, unknown> | null } & DraftSummary,
): Promise<{ kept: boolean }> {
  return uow.run(actor, async (unit) => {
    if (draft) checkDraft(draft);
    const till = await tillOf(unit, actor, registerId);
    await unit.execute(sql`DELETE FROM held_sale WHERE register_id = ${till.id} AND kind = 'current'`);
    if (!draft || summary.quantity === 0) return { kept: false };
    await unit.insert(heldSale, [rowOf(unit, till, 'current', draft, summary)]);
    return { kept: true };
  });
}
