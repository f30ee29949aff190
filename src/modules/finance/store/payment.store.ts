import { DomainError, notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import { payment, paymentLine, type PaymentLineRow, type PaymentRow } from './payment.table';

/** Throws 404 when there is no such payment. */
export async function getPayment(read: Reader, id: number): Promise<PaymentRow> {
  const found = await read.get(payment, id);
  if (!found) throw notFound('finance.payment', id);
  return found;
}

/** Locks the payment until the end of the unit and reads it afterwards. */
export async function lockPayment(unit: Unit, id: number): Promise<PaymentRow> {
  await unit.lock(payment, [id]);
  return getPayment(unit, id);
}

export const paymentLinesOf = (read: Reader, paymentId: number): Promise<PaymentLineRow[]> =>
  read.rows(paymentLine, sql`SELECT * FROM payment_line WHERE payment_id = ${paymentId} ORDER BY id`);

/** Puts these lines in the place of those that are there. */
export async function replaceLines(
  unit: Unit,
  paymentId: number,
  lines: readonly { openItemId: number; amountFen: number }[],
): Promise<void> {
  await unit.execute(sql`DELETE FROM payment_line WHERE payment_id = ${paymentId}`);
  if (lines.length === 0) return;
  const firstId = unit.takeIds(paymentLine, lines.length);
  await unit.insert(
    paymentLine,
    lines.map(({ openItemId, amountFen }, index) => ({ id: firstId + index, paymentId, openItemId, amountFen })),
  );
}

/** 409: somebody has submitted, approved, posted or reversed it by now. */
export const wrongState = ({ number }: Pick<PaymentRow, 'number'>): DomainError =>
  new DomainError('finance:error.payment_state', { status: 409, details: { number } });
