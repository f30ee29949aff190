import { DomainError, emptyToNull, type FieldProblem, invalid, normaliseName } from '../../../kernel';
import { openItemsFor, post, reverse } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { type SettlementMethod, settlementPosting } from '../domain/settlement-posting';
import { claimItem, claimOpenFen, openPayables } from '../queries/claim-item';
import { claimSettlement, type ClaimSettlementRow } from '../store/claim-settlement.table';
import { protection, type ProtectionRow } from '../store/protection.table';
import { auditProtection, lockForStep } from './save-protection';
import { tooLong } from './receipt-header';

export const SETTLE_PROTECTIONS = 'purchasing.protection.settle';
const CLAIM = 'purchasing.protection';
const SETTLEMENT = 'purchasing.claim_settlement';

export interface SettleProtection {
  claimId: number;
  version: number;
  method: SettlementMethod;
  /** What came, tax-inclusive; what is missing of the agreed amount is booked as a cost adjustment. */
  amountFen: number | null;
  reference: string | null;
}

/** Ends an agreed claim by a credit note against payables, or by money. */
export function settleProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: SettleProtection,
  options?: RunOptions,
): Promise<{ id: number; number: string; differenceFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, SETTLE_PROTECTIONS, 'settle');
      authorise(actor, COST_PERMISSION, row.storeId);
      const { claim, payables } = await openOf(unit, row, command.method);
      if (claim.openFen === 0) return closeUsed(unit, row);
      const { amountFen, reference } = checkedSettlement(command);
      const store = await getStore(unit, row.storeId);
      const owedFen = payables.reduce((sum, { openFen }) => sum + openFen, 0);
      if (command.method === 'set_off' && amountFen > owedFen)
        throw invalid('errors:form', {}, [
          { path: 'amount', code: 'purchasing:error.set_off', details: { most: (owedFen / 100).toFixed(2) } },
        ]);
      const settled: ClaimSettlementRow = {
        id: unit.takeIds(claimSettlement),
        number: unit.documentNumber('GJ', store.code, unit.today),
        claimType: CLAIM,
        claimId: row.id,
        supplierId: row.supplierId,
        storeId: row.storeId,
        method: command.method,
        claimFen: claim.openFen,
        amountFen,
        reference,
        businessDate: unit.today,
        state: 'posted',
        settledAt: unit.now,
        settledByName: unit.actor.name,
        reversalNumber: null,
        version: 1,
      };
      const { id, number, businessDate, storeId } = settled;
      const document = { type: SETTLEMENT, id, number, businessDate, storeId };
      await post(unit, settlementPosting(document, claim, { method: command.method, amountFen }, payables));
      await unit.insert(claimSettlement, [settled]);
      // What payments used before counts as settled, too.
      const settledFen = claim.agreedFen - claim.openFen + amountFen;
      const changes = { state: 'credited' as const, settledFen, closedAt: unit.now };
      await unit.update(protection, row.id, changes, row.version);
      await auditProtection(unit, row, 'settle', { settlement: number, method: command.method });
      return { id: row.id, number, differenceFen: amountFen - claim.openFen };
    },
    options,
  );
}

/** Closes a claim that payments to the supplier have used up. */
async function closeUsed(
  unit: Unit,
  row: ProtectionRow,
): Promise<{ id: number; number: string; differenceFen: number }> {
  const changes = { state: 'credited' as const, settledFen: row.agreedFen, closedAt: unit.now };
  await unit.update(protection, row.id, changes, row.version);
  await auditProtection(unit, row, 'settle', { settlement: row.number });
  return { id: row.id, number: row.number, differenceFen: 0 };
}

/** Takes a settlement back with today's business date (红冲): the supplier owes the claim again. */
export function unsettleProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: { claimId: number; version: number },
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string | null }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, SETTLE_PROTECTIONS, 'unsettle');
      const [settled] = await unit.rows(
        claimSettlement,
        sql`SELECT * FROM claim_settlement
          WHERE claim_type = ${CLAIM} AND claim_id = ${row.id} AND state = 'posted'`,
      );
      const taken = settled ? await takeBack(unit, settled) : null;
      // Without a settlement of its own payments had used it: open again, it waits again.
      if (taken === null && (await claimOpenFen(unit, CLAIM, row.id)) === 0)
        throw new DomainError('purchasing:error.protection_used', { status: 409, details: { number: row.number } });
      await unit.update(protection, row.id, { state: 'agreed', settledFen: null, closedAt: null }, row.version);
      await auditProtection(unit, row, 'unsettle', {
        settlement: settled?.number ?? row.number,
        reversalNumber: taken,
      });
      return { id: row.id, reversalNumber: taken };
    },
    options,
  );
}

async function takeBack(unit: Unit, settled: ClaimSettlementRow): Promise<string> {
  const store = await getStore(unit, settled.storeId);
  const reversalNumber = unit.documentNumber('GJ', store.code, unit.today);
  const document = { type: SETTLEMENT, id: settled.id, storeId: settled.storeId };
  await reverse(unit, document, { ...document, number: reversalNumber, businessDate: unit.today });
  await unit.update(claimSettlement, settled.id, { state: 'reversed', reversalNumber }, settled.version);
  return reversalNumber;
}

/** What is open of the claim and of payables, locked in one ascending order. */
async function openOf(unit: Unit, row: ProtectionRow, method: SettlementMethod) {
  const itemId = await claimItem(unit, CLAIM, row.id);
  const ahead = method === 'set_off' ? await openPayables(unit, row.supplierId) : [];
  const items = await openItemsFor(unit, [...(itemId === null ? [] : [itemId]), ...ahead.map(({ id }) => id)]);
  const openFen = (id: number | null): number => {
    const item = items.get(id ?? 0);
    return item ? item.amountFen - item.settledFen : 0;
  };
  // Nothing may be open: a payment to the supplier used it.
  if (itemId === null)
    throw new DomainError('purchasing:error.protection_state', { status: 409, details: { number: row.number } });
  return {
    claim: {
      supplierId: row.supplierId,
      openItemId: itemId,
      openFen: openFen(itemId),
      agreedFen: row.agreedFen ?? 0,
      taxFen: row.taxFen ?? 0,
    },
    payables: ahead.map(({ id }) => ({ openItemId: id, openFen: openFen(id) })),
  };
}

function checkedSettlement({ amountFen, reference: text }: SettleProtection) {
  const fields: FieldProblem[] = [];
  if (amountFen === null || amountFen <= 0) fields.push({ path: 'amount', code: 'purchasing:error.settled_amount' });
  const reference = emptyToNull(normaliseName(text ?? ''));
  if ([...(reference ?? '')].length > 80) fields.push(tooLong('reference', 80));
  if (fields.length > 0 || amountFen === null) throw invalid('errors:form', {}, fields);
  return { amountFen, reference };
}
