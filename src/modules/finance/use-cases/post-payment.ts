import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { openItemsFor, type OpenItemOnBooks, post, posting, reverse } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { paymentPosting, type SettledItem } from '../domain/payment-posting';
import { needsApproval } from '../domain/payment-state';
import { roleOf } from '../queries/open-items';
import { approvalFromFen } from '../queries/parameters';
import { authoriseMoney } from '../queries/scope';
import { lockPayment, paymentLinesOf } from '../store/payment.store';
import { payment, type PaymentLineRow, type PaymentRow } from '../store/payment.table';
import { assertEvent, checkedReason, type DecidePayment } from './decide-payment';
import { auditPayment } from './save-payment';

export const POST_PAYMENTS = 'finance.payment.post';
export const REVERSE_PAYMENTS = 'finance.payment.reverse';

/** The money has left: puts the payment into the books, once, on its own date. */
export function postPayment(
  uow: UnitOfWork,
  actor: Actor,
  command: DecidePayment,
  options?: RunOptions,
): Promise<{ id: number; number: string; amountFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockPayment(unit, command.paymentId);
      authoriseMoney(actor, POST_PAYMENTS, row.storeId);
      assertEvent(row, 'post', command.version);
      await assertApproved(unit, row);
      const lines = await paymentLinesOf(unit, row.id);
      if (row.amountFen === 0 && lines.length === 0) throw invalid('finance:error.payment_empty');
      const { id, number, businessDate, storeId, supplierId, account, amountFen } = row;
      const items = await itemsOf(unit, row, lines);
      await post(unit, paymentPosting({ id, number, businessDate, storeId, supplierId, account, amountFen }, items));
      const changes = { state: 'posted' as const, postedAt: unit.now, postedByName: unit.actor.name };
      await unit.update(payment, id, changes, row.version);
      await auditPayment(unit, row, 'post', { supplierId, amountFen });
      await unit.publish('finance.payment.posted', { paymentId: id, number, storeId });
      return { id, number, amountFen };
    },
    options,
  );
}

/** Above the limit of the settings somebody else has approved it, and who approved does not pay as well. */
async function assertApproved(unit: Unit, row: PaymentRow): Promise<void> {
  const fromFen = await approvalFromFen(unit);
  if (!needsApproval(row.amountFen, fromFen)) return;
  if (row.state !== 'approved')
    throw new DomainError('finance:error.needs_approval', { status: 409, details: { number: row.number } });
  if (row.approvedBy !== null && row.approvedBy === unit.actor.userId)
    throw new DomainError('finance:error.approver_pays');
}

/** The items under lock: 409 with each that is settled by now, or was opened after the day of the payment. */
async function itemsOf(unit: Unit, row: PaymentRow, lines: readonly PaymentLineRow[]): Promise<SettledItem[]> {
  const items = await openItemsFor(
    unit,
    lines.map(({ openItemId }) => openItemId),
  );
  const documents = await documentsOf(unit, [...items.values()]);
  const problems: FieldProblem[] = [];
  const settled = lines.map(({ openItemId, amountFen }): SettledItem => {
    const item = items.get(openItemId);
    if (!item || item.partyType !== 'supplier' || item.partyId !== row.supplierId || item.direction === 'accrued')
      throw new RangeError(`open item ${openItemId} is not of supplier ${row.supplierId}`);
    const document = documents.get(item.postingId);
    const path = `lines.i${openItemId}`;
    const number = document?.documentNumber ?? '';
    const openFen = item.amountFen - item.settledFen;
    if (amountFen > openFen)
      problems.push({ path, code: 'finance:error.item_settled', details: { number, openFen, amountFen } });
    if (item.openedOn > row.businessDate)
      problems.push({ path, code: 'finance:error.item_later', details: { number, date: item.openedOn } });
    const role = roleOf({ direction: item.direction, documentType: document?.documentType ?? '' });
    return { openItemId, storeId: item.storeId, role, amountFen };
  });
  if (problems.length > 0)
    throw new DomainError('finance:error.cannot_post', {
      status: 409,
      details: { number: row.number },
      fields: problems,
    });
  return settled;
}

async function documentsOf(unit: Unit, items: readonly OpenItemOnBooks[]) {
  const found = new Map<number, { documentType: string; documentNumber: string }>();
  for (const ids of chunked([...new Set(items.map(({ postingId }) => postingId))]))
    for (const row of await unit.rows(posting, sql`SELECT * FROM posting WHERE id IN (${sql.list(ids)})`))
      found.set(row.id, row);
  return found;
}

/**
 * Books the mirror of a payment with today's date (红冲): what it settled is open again. Refused while a prepayment that it made has
 * been used.
 */
export function reversePayment(
  uow: UnitOfWork,
  actor: Actor,
  command: DecidePayment & { reason: string },
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockPayment(unit, command.paymentId);
      authoriseMoney(actor, REVERSE_PAYMENTS, row.storeId);
      assertEvent(row, 'reverse', command.version);
      const reason = checkedReason(command.reason);
      const store = await getStore(unit, row.storeId);
      const reversalNumber = unit.documentNumber('FK', store.code, unit.today);
      const document = { type: 'finance.payment', id: row.id, storeId: row.storeId };
      await openItemsFor(unit, await touchedItems(unit, row.id));
      await reverse(unit, document, { ...document, number: reversalNumber, businessDate: unit.today });
      const changes = { state: 'reversed' as const, reversedAt: unit.now, reversalNumber, reversalReason: reason };
      await unit.update(payment, row.id, changes, row.version);
      await auditPayment(unit, row, 'reverse', { reversalNumber, reason });
      return { id: row.id, reversalNumber };
    },
    options,
  );
}

/** Open items that a posted payment settled or opened: locked together, in one ascending order. */
async function touchedItems(unit: Unit, paymentId: number): Promise<number[]> {
  const rows = await unit.all<{ id: number }>(
    sql`SELECT l.open_item_id AS id FROM payment_line l WHERE l.payment_id = ${paymentId}
      UNION SELECT i.id FROM open_item i JOIN posting p ON p.id = i.posting_id
        WHERE p.document_type = 'finance.payment' AND p.document_id = ${paymentId}`,
  );
  return rows.map(({ id }) => id);
}
