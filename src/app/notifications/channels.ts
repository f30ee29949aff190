import { invalidField, notFound } from '../../kernel';
import { type Reader, sql } from '../../platform/database';
import {
  type ChannelKind,
  type ChannelRow,
  type ChannelSecret,
  type MailSettings,
  notificationChannel,
  type NotificationRow,
  notification,
  type NotifyEvent,
  openSecret,
  sealSecret,
} from '../../platform/notify';
import { type Actor, authorise } from '../../platform/permissions';
import type { Services } from '../../platform/services';

export const NOTIFICATION_VIEW = 'system.notification.view';
export const NOTIFICATION_MANAGE = 'system.notification.manage';

export interface ChannelCommand {
  name: string;
  locale: 'zh-CN' | 'en';
  subscriptions: NotifyEvent[];
  active: boolean;
  /** Whose stock it is told of; null: of all stores. */
  storeId: number | null;
  /** Of a mail channel. */
  mail?: MailSettings;
  /** What was typed anew; a part that was left empty stays as it is. */
  secret: ChannelSecret;
}

type SaveServices = Pick<Services, 'uow' | 'keys'>;

export async function createChannel(
  { uow, keys }: SaveServices,
  actor: Actor,
  command: ChannelCommand & { kind: ChannelKind },
  options: { operationKey?: string | undefined },
): Promise<{ id: number }> {
  authorise(actor, NOTIFICATION_MANAGE);
  const { kind, secret } = command;
  if (kind !== 'mail' && !secret.url) throw invalidField('url', 'errors:field.required');
  if (kind === 'mail' && command.mail?.user && !secret.password)
    throw invalidField('password', 'errors:field.required');
  return uow.run(
    actor,
    async (unit) => {
      const id = unit.takeIds(notificationChannel);
      await unit.insert(notificationChannel, [
        { id, kind, ...columnsOf(command, secret), secret: sealSecret(keys, secret), createdAt: unit.now, version: 1 },
      ]);
      await unit.audit({ ...audited(id), detail: { name: command.name, kind } });
      return { id };
    },
    options,
  );
}

/**
 * A secret goes only where it was entered for: whoever changes the mail server or the account types the password again, so that
 * nobody can have it sent to a server of their own.
 */
export async function updateChannel(
  { uow, keys, database }: SaveServices & Pick<Services, 'database'>,
  actor: Actor,
  { id, version, ...command }: ChannelCommand & { id: number; version: number },
  options: { operationKey?: string | undefined },
): Promise<void> {
  authorise(actor, NOTIFICATION_MANAGE);
  const before = await getChannel(database.read, id);
  const kept = openSecret(keys, before);
  if (before.kind === 'mail') {
    const old = before.settings as MailSettings;
    const { mail } = command;
    const moved = old.host !== mail?.host || old.user !== mail.user || old.security !== mail.security;
    if (mail?.user && !command.secret.password && (moved || !kept.password))
      throw invalidField('password', 'notifications:error.passwordAgain');
    if (!mail?.user) delete kept.password;
  } else if (command.secret.url && !command.secret.signingKey) delete kept.signingKey;
  const secret = { ...kept, ...command.secret };
  await uow.run(
    actor,
    async (unit) => {
      const changes = { ...columnsOf(command, secret), secret: sealSecret(keys, secret) };
      await unit.update(notificationChannel, id, changes, version);
      await unit.audit({ ...audited(id), detail: { name: command.name, kind: before.kind, active: command.active } });
    },
    options,
  );
}

function columnsOf(
  { name, locale, subscriptions, active, storeId, mail }: ChannelCommand,
  { url = '' }: ChannelSecret,
) {
  return { name, locale, subscriptions, active, storeId, settings: mail ?? { origin: new URL(url).origin } };
}

const audited = (subjectId: number) =>
  ({ action: 'system.notification.save', subjectType: 'system.notification', subjectId }) as const;

/** Throws 404. */
export async function getChannel(read: Reader, id: number): Promise<ChannelRow> {
  const row = await read.get(notificationChannel, id);
  if (!row) throw notFound('system.notification', id);
  return row;
}

export async function listChannels(read: Reader, actor: Actor): Promise<ChannelRow[]> {
  authorise(actor, NOTIFICATION_VIEW);
  return read.find(notificationChannel, {});
}

const MOST = 50;

/** The last messages, the newest first. */
export async function lastNotifications(read: Reader, actor: Actor): Promise<NotificationRow[]> {
  authorise(actor, NOTIFICATION_VIEW);
  return read.rows(notification, sql`SELECT * FROM notification ORDER BY created_at DESC, id DESC ${sql.limit(MOST)}`);
}
