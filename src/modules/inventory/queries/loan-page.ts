import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { getStore, locationsByIds } from '../../organization';
import {
  loan,
  loanDevice,
  type LoanDeviceRow,
  loanReturn,
  type LoanReturnRow,
  type LoanRow,
} from '../store/loan.table';
import type { ChangeEventView } from './change-page';
import { VIEW_LOANS } from './loan-list';

export interface LoanView extends LoanRow {
  storeName: string;
  /** "新街口店 前仓" */
  place: string;
}

/** Throws 404 when there is none in the actor's stores. */
export async function loanView(read: Reader, actor: Actor, id: number): Promise<LoanView> {
  const row = await read.get(loan, id);
  if (!row || !can(actor, VIEW_LOANS, row.storeId)) throw notFound('inventory.loan', id);
  const store = await getStore(read, row.storeId);
  const location = (await locationsByIds(read, [row.locationId])).get(row.locationId);
  return { ...row, storeName: store.name, place: `${store.name} ${location?.name ?? ''}`.trim() };
}

export interface LoanDeviceView extends LoanDeviceRow {
  skuName: string;
  skuCode: string;
  /** Of its return. */
  returnedOn: string | null;
}

export async function loanDevices(read: Reader, loanId: number): Promise<LoanDeviceView[]> {
  const rows = await read.find(loanDevice, { loanId });
  const skus = await read.all<{ id: number; skuId: number }>(
    sql`SELECT n.id, d.sku_id FROM loan_device n JOIN device d ON d.id = n.device_id WHERE n.loan_id = ${loanId}`,
  );
  const skuOf = new Map(skus.map(({ id, skuId }) => [id, skuId]));
  const cards = await skusByIds(read, [...new Set(skuOf.values())]);
  const returns = new Map((await loanReturns(read, loanId)).map((one) => [one.id, one.businessDate]));
  return rows
    .map((row) => {
      const card = cards.get(skuOf.get(row.id) ?? 0);
      return {
        ...row,
        skuName: card?.name ?? '',
        skuCode: card?.code ?? '',
        returnedOn: row.returnId === null ? null : (returns.get(row.returnId) ?? null),
      };
    })
    .sort((a, b) => a.seq - b.seq);
}

export const loanReturns = (read: Reader, loanId: number): Promise<LoanReturnRow[]> =>
  read.find(loanReturn, { loanId });

/** Who did what, newest first. */
export async function loanTimeline(read: Reader, loanId: number): Promise<ChangeEventView[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string; detail: string | null }>(
    sql`SELECT at, actor_name, action, detail FROM audit_log
      WHERE subject_type = 'inventory.loan' AND subject_id = ${loanId} ORDER BY id DESC ${sql.limit(50)}`,
  );
  return audit.map(({ at, actorName, action, detail }) => ({
    who: actorName,
    what: action.split('.').at(-1) ?? action,
    at,
    detail: detail === null ? {} : (JSON.parse(detail) as Record<string, unknown>),
  }));
}

/** The loan of a return: who may not see it learns nothing from its page. Throws 404. */
export async function loanOfReturn(read: Reader, returnId: number): Promise<number> {
  const row = await read.get(loanReturn, returnId);
  if (!row) throw notFound('inventory.loan_return', returnId);
  return row.loanId;
}
