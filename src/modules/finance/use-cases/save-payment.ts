import {
  DomainError,
  emptyToNull,
  type FieldProblem,
  invalid,
  isBusinessDate,
  normaliseName,
  stale,
} from '../../../kernel';
import { sql } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { type PayingAccount, PAYING_ACCOUNTS } from '../domain/payment-posting';
import { type ProposedLine, proposeLines, totalOf } from '../domain/payment-proposal';
import { supplierItems } from '../queries/open-items';
import { authoriseMoney, EDIT_PAYMENTS, supplierName } from '../queries/scope';
import { lockPayment, paymentLinesOf, replaceLines, wrongState } from '../store/payment.store';
import { payment, type PaymentRow } from '../store/payment.table';

export interface PaymentHeader {
  account: PayingAccount;
  /** Day on which the money leaves; not in the future. */
  businessDate: string;
  reference: string | null;
  note: string | null;
}

export interface CreatePayment extends PaymentHeader {
  supplierId: number;
  storeId: number;
  /** null: what is due by the business date, less what was paid before. */
  amountFen: number | null;
}

export interface PaymentMade {
  id: number;
  number: string;
}

/** Opens a draft that proposes what to settle: what is due first first. */
export function createPayment(
  uow: UnitOfWork,
  actor: Actor,
  command: CreatePayment,
  options?: RunOptions,
): Promise<PaymentMade> {
  authoriseMoney(actor, EDIT_PAYMENTS, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const fields: FieldProblem[] = [];
      if (!(await supplierName(unit, command.supplierId)))
        fields.push({ path: 'supplierId', code: 'finance:error.supplier_unknown' });
      if (command.amountFen !== null && command.amountFen < 0)
        fields.push({ path: 'amount', code: 'finance:error.amount' });
      const header = checkedHeader(unit, command, fields);
      const items = await supplierItems(unit, actor, command.supplierId);
      const lines = proposeLines(items, { amountFen: command.amountFen, until: unit.today });
      const owed = new Set(items.filter(({ direction }) => direction === 'payable').map(({ id }) => id));
      return openDraft(unit, { ...command, ...header }, lines, owed);
    },
    options,
  );
}

/** The caller has checked the header and the right. `payables`: which of the items are owed by the company. */
export async function openDraft(
  unit: Unit,
  command: PaymentHeader & { supplierId: number; storeId: number; amountFen: number | null },
  lines: readonly ProposedLine[],
  payables: ReadonlySet<number>,
): Promise<PaymentMade> {
  const store = await getStore(unit, command.storeId);
  const { supplierId, account, businessDate, reference, note } = command;
  const sums = sumsOf(lines, payables);
  const row: PaymentRow = {
    id: unit.takeIds(payment),
    number: unit.documentNumber('FK', store.code, unit.today),
    supplierId,
    storeId: store.id,
    account,
    businessDate,
    state: 'draft',
    ...sums,
    amountFen: command.amountFen ?? sums.payableFen - sums.creditFen,
    reference,
    note,
    lineCount: lines.length,
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    createdByName: unit.actor.name,
    submittedBy: null,
    approvedAt: null,
    approvedBy: null,
    approvedByName: null,
    postedAt: null,
    postedByName: null,
    reversedAt: null,
    reversalNumber: null,
    reversalReason: null,
    version: 1,
  };
  await unit.insert(payment, [row]);
  await replaceLines(unit, row.id, lines);
  await auditPayment(unit, row, 'create', { supplierId, amountFen: row.amountFen });
  return { id: row.id, number: row.number };
}

export interface ChangePayment extends PaymentHeader {
  paymentId: number;
  version: number;
  /** null: as much as the chosen items need. */
  amountFen: number | null;
  /** Items that stay out are not settled. */
  lines: readonly ProposedLine[];
}

/** Changes a draft: how much is paid, and what it settles. Problems stand at `lines.i<openItemId>` and `amount`. */
export function changePayment(
  uow: UnitOfWork,
  actor: Actor,
  command: ChangePayment,
  options?: RunOptions,
): Promise<PaymentMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, command);
      const fields: FieldProblem[] = [];
      const header = checkedHeader(unit, command, fields);
      const items = new Map((await supplierItems(unit, actor, row.supplierId, row.id)).map((item) => [item.id, item]));
      // Lines that this reader does not see would be lost.
      if ((await paymentLinesOf(unit, row.id)).some(({ openItemId }) => !items.has(openItemId)))
        throw new DomainError('finance:error.other_stores', { status: 409, details: { number: row.number } });
      for (const { openItemId, amountFen } of command.lines) {
        const item = items.get(openItemId);
        const path = `lines.i${openItemId}`;
        if (!item || amountFen <= 0) fields.push({ path, code: 'finance:error.amount' });
        else if (amountFen > item.openFen)
          fields.push({ path, code: 'finance:error.more_than_open', details: { openFen: item.openFen } });
      }
      const payables = new Set([...items.values()].filter((one) => one.direction === 'payable').map(({ id }) => id));
      const sums = sumsOf(command.lines, payables);
      const neededFen = sums.payableFen - sums.creditFen;
      const amountFen = command.amountFen ?? Math.max(0, neededFen);
      if (amountFen < 0) fields.push({ path: 'amount', code: 'finance:error.amount' });
      if (neededFen < 0) fields.push({ path: 'amount', code: 'finance:error.credit_over' });
      else if (amountFen < neededFen)
        fields.push({ path: 'amount', code: 'finance:error.amount_short', details: { neededFen } });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      await replaceLines(unit, row.id, command.lines);
      const changes = { ...header, ...sums, amountFen, lineCount: command.lines.length };
      await unit.update(payment, row.id, changes, row.version);
      await auditPayment(unit, row, 'edit', { amountFen });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** Deletes a draft; nothing of it is in the books. Its number is not used again. */
export function deletePayment(
  uow: UnitOfWork,
  actor: Actor,
  command: { paymentId: number; version: number },
  options?: RunOptions,
): Promise<PaymentMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, command);
      await replaceLines(unit, row.id, []);
      await unit.execute(sql`DELETE FROM payment WHERE id = ${row.id}`);
      await auditPayment(unit, row, 'delete', { supplierId: row.supplierId, amountFen: row.amountFen });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

async function lockDraft(
  unit: Unit,
  actor: Actor,
  { paymentId, version }: { paymentId: number; version: number },
): Promise<PaymentRow> {
  const row = await lockPayment(unit, paymentId);
  authoriseMoney(actor, EDIT_PAYMENTS, row.storeId);
  if (row.state !== 'draft') throw wrongState(row);
  if (row.version !== version) throw stale();
  return row;
}

function sumsOf(lines: readonly ProposedLine[], payables: ReadonlySet<number>) {
  const payableFen = totalOf(lines.filter(({ openItemId }) => payables.has(openItemId)));
  return { payableFen, creditFen: totalOf(lines) - payableFen };
}

export function checkedHeader(unit: Unit, header: PaymentHeader, fields: FieldProblem[]): PaymentHeader {
  const { account, businessDate } = header;
  if (!PAYING_ACCOUNTS.includes(account)) fields.push({ path: 'account', code: 'errors:field.required' });
  if (!isBusinessDate(businessDate)) fields.push({ path: 'businessDate', code: 'finance:error.date' });
  else if (businessDate > unit.today) fields.push({ path: 'businessDate', code: 'finance:error.future' });
  const reference = emptyToNull(normaliseName(header.reference ?? ''));
  const note = emptyToNull((header.note ?? '').normalize('NFC').trim());
  for (const [path, value, max] of [
    ['reference', reference, 80],
    ['note', note, 400],
  ] as const)
    if ([...(value ?? '')].length > max) fields.push({ path, code: 'errors:field.too_long', details: { max } });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { account, businessDate, reference, note };
}

export const auditPayment = (
  unit: Unit,
  { id, number, storeId }: Pick<PaymentRow, 'id' | 'number' | 'storeId'>,
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> =>
  unit.audit({
    action: `finance.payment.${action}`,
    subjectType: 'finance.payment',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
