import { emptyToNull, type FieldProblem, invalid, normaliseName } from '../../../kernel';
import { openItemsFor, post, reverse } from '../../../ledger';
import { sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { type OpenAmount, type SettlementMethod, settlementPosting } from '../domain/settlement-posting';
import { openPayables } from '../queries/claim-item';
import { claimSettlement, type ClaimSettlementRow } from '../store/claim-settlement.table';
import { tooLong } from './receipt-header';

const SETTLEMENT = 'purchasing.claim_settlement';

export interface SettlementTerms {
  method: SettlementMethod;
  /** What came, tax-inclusive; what is missing of the agreed amount is booked as a cost adjustment. */
  amountFen: number | null;
  reference: string | null;
}

export interface SettledClaim {
  type: string;
  id: number;
  supplierId: number;
  storeId: number;
  agreedFen: number;
  taxFen: number;
  /** Open items of what the supplier owes for it. */
  itemIds: readonly number[];
}

/**
 * Ends all that is open of a claim by a credit note against payables, or by money. Null: nothing is open, payments to the
 * supplier have used it.
 */
export async function settleClaim(
  unit: Unit,
  claim: SettledClaim,
  terms: SettlementTerms,
): Promise<{ number: string; openFen: number; amountFen: number } | null> {
  const { items, payables } = await openOf(unit, claim, terms.method);
  const openFen = items.reduce((sum, item) => sum + item.openFen, 0);
  if (openFen === 0) return null;
  const { amountFen, reference } = checkedTerms(terms);
  const owedFen = payables.reduce((sum, item) => sum + item.openFen, 0);
  if (terms.method === 'set_off' && amountFen > owedFen)
    throw invalid('errors:form', {}, [
      { path: 'amount', code: 'purchasing:error.set_off', details: { most: (owedFen / 100).toFixed(2) } },
    ]);
  const store = await getStore(unit, claim.storeId);
  const settled: ClaimSettlementRow = {
    id: unit.takeIds(claimSettlement),
    number: unit.documentNumber('GJ', store.code, unit.today),
    claimType: claim.type,
    claimId: claim.id,
    supplierId: claim.supplierId,
    storeId: claim.storeId,
    method: terms.method,
    claimFen: openFen,
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
  await post(unit, settlementPosting(document, { ...claim, items }, { method: terms.method, amountFen }, payables));
  await unit.insert(claimSettlement, [settled]);
  return { number, openFen, amountFen };
}

/** Takes the last settlement of a claim back with today's business date (红冲). Null: there is none. */
export async function unsettleClaim(
  unit: Unit,
  claim: Pick<SettledClaim, 'type' | 'id'>,
): Promise<{ number: string; reversalNumber: string; settled: ClaimSettlementRow } | null> {
  const [settled] = await unit.rows(
    claimSettlement,
    sql`SELECT * FROM claim_settlement
      WHERE claim_type = ${claim.type} AND claim_id = ${claim.id} AND state = 'posted' ORDER BY id DESC`,
  );
  if (!settled) return null;
  const store = await getStore(unit, settled.storeId);
  const reversalNumber = unit.documentNumber('GJ', store.code, unit.today);
  const document = { type: SETTLEMENT, id: settled.id, storeId: settled.storeId };
  await reverse(unit, document, { ...document, number: reversalNumber, businessDate: unit.today });
  await unit.update(claimSettlement, settled.id, { state: 'reversed', reversalNumber }, settled.version);
  return { number: settled.number, reversalNumber, settled };
}

/** What is open of the claim and of payables, locked in one ascending order. */
async function openOf(
  unit: Unit,
  claim: SettledClaim,
  method: SettlementMethod,
): Promise<{ items: OpenAmount[]; payables: OpenAmount[] }> {
  const ahead = method === 'set_off' ? (await openPayables(unit, claim.supplierId)).map(({ id }) => id) : [];
  const locked = await openItemsFor(unit, [...claim.itemIds, ...ahead]);
  const amounts = (ids: readonly number[]): OpenAmount[] =>
    ids.flatMap((openItemId) => {
      const item = locked.get(openItemId);
      return item ? [{ openItemId, openFen: item.amountFen - item.settledFen, storeId: item.storeId }] : [];
    });
  return { items: amounts(claim.itemIds), payables: amounts(ahead) };
}

function checkedTerms({ amountFen, reference: text }: SettlementTerms): {
  amountFen: number;
  reference: string | null;
} {
  const fields: FieldProblem[] = [];
  if (amountFen === null || amountFen <= 0) fields.push({ path: 'amount', code: 'purchasing:error.settled_amount' });
  const reference = emptyToNull(normaliseName(text ?? ''));
  if ([...(reference ?? '')].length > 80) fields.push(tooLong('reference', 80));
  if (fields.length > 0 || amountFen === null) throw invalid('errors:form', {}, fields);
  return { amountFen, reference };
}
