import { createPayment, type CreatePayment } from '../../src/modules/finance';
import { payment } from '../../src/modules/finance/store/payment.table';
import { changePayment } from '../../src/modules/finance/use-cases/save-payment';
import { postPayment } from '../../src/modules/finance/use-cases/post-payment';
import { type Database, sql } from '../../src/platform/database';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import type { SamplePurchasing } from './purchasing';

const system = systemActor('test');

/** A draft from the bank account of the first store. */
export const draftPayment = (
  uow: UnitOfWork,
  sample: SamplePurchasing,
  { actor = system, ...more }: Partial<CreatePayment> & { actor?: Actor } = {},
) =>
  createPayment(uow, actor, {
    supplierId: sample.supplierId,
    storeId: sample.storeId,
    account: 'bank',
    businessDate: '2026-11-22',
    amountFen: null,
    reference: null,
    note: null,
    ...more,
  });

export const paymentVersion = async (database: Database, id: number): Promise<number> =>
  (await database.read.get(payment, id))?.version ?? 0;

export const postPaymentNow = async (database: Database, uow: UnitOfWork, paymentId: number, actor: Actor = system) =>
  postPayment(uow, actor, { paymentId, version: await paymentVersion(database, paymentId) });

/** Settles exactly these items with this amount. */
export const settleWith = async (
  database: Database,
  uow: UnitOfWork,
  paymentId: number,
  amountFen: number | null,
  lines: readonly { openItemId: number; amountFen: number }[],
) =>
  changePayment(uow, system, {
    paymentId,
    version: await paymentVersion(database, paymentId),
    account: 'bank',
    businessDate: '2026-11-22',
    amountFen,
    reference: null,
    note: null,
    lines,
  });

export interface OpenItemView {
  id: number;
  direction: string;
  storeId: number;
  openFen: number;
}

/** What is open with suppliers, in the order it was opened. */
export const openItems = async (database: Database): Promise<OpenItemView[]> =>
  (
    await database.read.all<OpenItemView>(
      sql`SELECT id, direction, store_id, amount_fen - settled_fen AS open_fen FROM open_item
        WHERE party_type = 'supplier' AND settled_fen < amount_fen ORDER BY id`,
    )
  ).map((row) => ({ ...row, openFen: Number(row.openFen) }));

/** Debits less credits of an account, in one store or all. */
export async function accountFen(database: Database, role: string, storeId?: number): Promise<number> {
  const row = await database.read.one<{ net: number | null }>(
    sql`SELECT SUM(l.debit_fen - l.credit_fen) AS net FROM journal_line l
      JOIN account_role r ON r.account_id = l.account_id
      WHERE r.role = ${role} AND (l.store_id = ${storeId ?? 0} OR 0 = ${storeId ?? 0})`,
  );
  return Number(row?.net ?? 0);
}
