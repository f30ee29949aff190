import { DomainError, invalidField, notFound } from '../../kernel';
import { customer, type CustomerRow } from '../../modules/crm';
import { type Reader, sql } from '../../platform/database';
import type { OpenMatter, PersonalFile, PersonalPart } from '../../platform/modules';
import { type Actor, authoriseEverywhere } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import type { RunOptions } from '../../platform/unit-of-work';
import { modules } from '../modules';

export const PRIVACY = 'crm.customer.privacy';

const files: readonly PersonalFile[] = modules.flatMap(({ people }) => people ?? []);

/** What `copyFile` writes; `title`: a text key that takes the code. */
export interface PersonCopy {
  code: string;
  title: string;
  parts: PersonalPart[];
}

/** Everything that is kept about a customer, in all modules. That it was taken out is kept in the audit log. */
export async function collectPerson(
  { uow, database, keys }: Pick<Services, 'uow' | 'database' | 'keys'>,
  actor: Actor,
  customerId: number,
): Promise<PersonCopy> {
  authoriseEverywhere(actor, PRIVACY);
  const row = await mustGet(database.read, customerId);
  const parts: PersonalPart[] = [];
  for (const { collect } of files) parts.push(...(await collect(database.read, customerId, keys)));
  parts.push(...(await ownParts(database.read, customerId)));
  await uow.run(actor, (unit) =>
    unit.audit({ action: 'crm.customer.export', subjectType: 'crm.customer', subjectId: customerId }),
  );
  return { code: row.code, title: 'privacy:copy.title', parts };
}

/** What belongs to no module: open items, and who did something with the customer's data. */
async function ownParts(read: Reader, customerId: number): Promise<PersonalPart[]> {
  const items = await read.all<{ openedOn: string; dueOn: string | null; amountFen: number; settledFen: number }>(
    sql`SELECT opened_on, due_on, amount_fen, settled_fen FROM open_item
        WHERE party_type = ${'customer'} AND party_id = ${customerId} ORDER BY id`,
  );
  const entries = await read.all<{ at: number; actorName: string; action: string }>(
    sql`SELECT at, actor_name, action FROM audit_log
        WHERE subject_type = ${'crm.customer'} AND subject_id = ${customerId} ORDER BY id`,
  );
  return [
    {
      title: 'privacy:part.items',
      columns: [
        { label: 'privacy:part.openedOn', type: 'date' },
        { label: 'privacy:part.dueOn', type: 'date' },
        { label: 'privacy:part.amount', type: 'money' },
        { label: 'privacy:part.settled', type: 'money' },
      ],
      rows: items.map((row) => [row.openedOn, row.dueOn, Number(row.amountFen), Number(row.settledFen)]),
    },
    {
      title: 'privacy:part.log',
      columns: [
        { label: 'privacy:part.at', type: 'instant' },
        { label: 'privacy:part.who', type: 'text' },
        { label: 'privacy:part.action', type: 'text' },
      ],
      rows: entries.map((row) => [Number(row.at), row.actorName, row.action]),
    },
  ];
}

/** What speaks against erasing a customer today. */
export async function openWith(read: Reader, customerId: number, today: string): Promise<OpenMatter[]> {
  const matters: OpenMatter[] = [];
  for (const file of files) matters.push(...(await file.openWith(read, customerId, today)));
  const row = await read.one<{ items: number; openFen: number | null }>(
    sql`SELECT COUNT(*) AS items, SUM(amount_fen - settled_fen) AS open_fen FROM open_item
        WHERE party_type = ${'customer'} AND party_id = ${customerId} AND settled_fen < amount_fen`,
  );
  if (Number(row?.items ?? 0) > 0)
    matters.push({
      code: 'privacy:open.items',
      details: { count: Number(row?.items), amountFen: Number(row?.openFen) },
    });
  return matters;
}

/** Why somebody's data was erased; kept in the audit log. */
export const ERASE_REASONS = ['request', 'retention', 'mistake'] as const;
export type EraseReason = (typeof ERASE_REASONS)[number];

export interface EraseCommand {
  customerId: number;
  reason: EraseReason;
  /** The customer's number, typed by who decides: the second confirmation. */
  typedCode: string;
}

/**
 * Erases everything that tells who a customer is. Documents, books and figures stay as they are, with a customer who is only a
 * number. Refused with 422 privacy:error.open while something is open. The audit log keeps entries about the number: it has
 * never held the person's data. It cannot be undone; backups made before hold the data until they are removed.
 */
export async function erasePerson(
  { uow, log }: Pick<Services, 'uow' | 'log'>,
  actor: Actor,
  { customerId, reason, typedCode }: EraseCommand,
  options?: RunOptions,
): Promise<void> {
  authoriseEverywhere(actor, PRIVACY);
  await uow.run(
    actor,
    async (unit) => {
      await unit.lock(customer, [customerId]);
      const row = await mustGet(unit, customerId);
      if (row.erasedAt !== null) throw new DomainError('privacy:error.erased');
      if (typedCode.trim().toUpperCase() !== row.code) throw invalidField('typedCode', 'privacy:error.code');
      const open = await openWith(unit, customerId, unit.today);
      if (open.length > 0) throw new DomainError('privacy:error.open', { details: { count: open.length } });
      for (const { forget } of files) await forget(unit, customerId);
      await unit.audit({
        action: 'crm.customer.erase',
        subjectType: 'crm.customer',
        subjectId: customerId,
        detail: { reason },
      });
    },
    options,
  );
  // Outside the database as well: after a restore from an older backup it tells whom to erase again.
  log.info({ customerId, reason }, 'the data of a customer was erased');
}

/** The id of the customer with this number, KH00000123; throws 404. */
export async function personByCode(read: Reader, code: string): Promise<number> {
  const [row] = await read.find(customer, { code: code.trim().toUpperCase() });
  if (!row) throw notFound('crm.customer', code);
  return row.id;
}

async function mustGet(read: Reader, id: number): Promise<CustomerRow> {
  const row = await read.get(customer, id);
  if (!row) throw notFound('crm.customer', id);
  return row;
}
