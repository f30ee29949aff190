import { notFound } from '../../kernel';
import type { Reader } from '../../platform/database';
import { type Actor, authorise } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { sql } from '../../platform/database';
import { supportContact, type SupportContactRow } from './support-contact.table';

export const SUPPORT_MANAGE = 'system.support.manage';
export const SUPPORT_BUNDLE = 'system.support.bundle';
export const SUPPORT_DIAGNOSE = 'system.support.diagnose';

export type ContactCommand = Omit<SupportContactRow, 'id' | 'version'>;

interface SaveOptions {
  operationKey?: string | undefined;
}

export async function createContact(
  { uow }: Pick<Services, 'uow'>,
  actor: Actor,
  command: ContactCommand,
  options: SaveOptions,
): Promise<{ id: number }> {
  authorise(actor, SUPPORT_MANAGE);
  return uow.run(
    actor,
    async (unit) => {
      const id = unit.takeIds(supportContact);
      await unit.insert(supportContact, [{ id, ...command, version: 1 }]);
      await unit.audit({ action: 'system.support.save', ...subject(id), detail: { name: command.name } });
      return { id };
    },
    options,
  );
}

export async function updateContact(
  { uow }: Pick<Services, 'uow'>,
  actor: Actor,
  { id, version, ...command }: ContactCommand & { id: number; version: number },
  options: SaveOptions,
): Promise<void> {
  authorise(actor, SUPPORT_MANAGE);
  await uow.run(
    actor,
    async (unit) => {
      await unit.update(supportContact, id, command, version);
      await unit.audit({ action: 'system.support.save', ...subject(id), detail: { name: command.name } });
    },
    options,
  );
}

/** A second time there is nothing left to remove, and nothing wrong either. */
export async function removeContact({ uow }: Pick<Services, 'uow'>, actor: Actor, id: number): Promise<void> {
  authorise(actor, SUPPORT_MANAGE);
  await uow.run(actor, async (unit) => {
    const [row] = await unit.find(supportContact, { id });
    if (!row) return;
    await unit.execute(sql`DELETE FROM support_contact WHERE id = ${id}`);
    await unit.audit({ action: 'system.support.remove', ...subject(id), detail: { name: row.name } });
  });
}

const subject = (subjectId: number) => ({ subjectType: 'system.support', subjectId }) as const;

/** Throws 404. */
export async function getContact(read: Reader, id: number): Promise<SupportContactRow> {
  const row = await read.get(supportContact, id);
  if (!row) throw notFound('system.support', id);
  return row;
}

/** The company's own people first: they are asked first. Open to everybody who may sign in. */
export async function listContacts(read: Reader): Promise<SupportContactRow[]> {
  const rows = await read.find(supportContact, {});
  return rows.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.id - b.id);
}

const KEPT_MS = 60_000;

/** For error pages: a minute old at most, and the last known when the database is away. */
export function keepContacts(read: Reader, clock: () => number): () => Promise<SupportContactRow[]> {
  let known: { until: number; rows: SupportContactRow[] } = { until: 0, rows: [] };
  return async () => {
    const now = clock();
    if (known.until > now) return known.rows;
    try {
      known = { until: now + KEPT_MS, rows: await listContacts(read) };
    } catch {
      known = { ...known, until: now + KEPT_MS / 10 };
    }
    return known.rows;
  };
}
