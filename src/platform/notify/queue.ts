import { randomBytes } from 'node:crypto';
import { sql } from '../database';
import type { Locale, Translate } from '../i18n';
import { nodeName, takeLease } from '../jobs';
import { systemActor } from '../permissions';
import type { Services } from '../services';
import type { Unit } from '../unit-of-work';
import { type ChannelSecret, openSecret } from './channel-secret';
import type { NotifyEvent } from './events';
import { failureOf, notifyError } from './faults';
import { messageOf } from './message';
import { sendHook } from './send-hook';
import { sendMail } from './send-mail';
import {
  type ChannelRow,
  type Content,
  type Failure,
  type MailSettings,
  notification,
  notificationChannel,
  type NotificationRow,
} from './tables';

/** After so many failures a message is given up: about five hours after it was due first. */
export const GIVE_UP_AFTER = 12;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 3_600_000;
const EVERY_MS = 3000;
const FETCH = 50;
const LEASE = 'platform.notify';

const actor = systemActor('notify');

export interface Sender {
  services: Services;
  translator: (locale: Locale) => Translate;
  /** How messages call this installation: the company. */
  from: () => Promise<string>;
}

/** Puts a message into the queue of every channel that wants to know; sent once the unit is committed. Returns how many. */
export async function notify(unit: Unit, content: Content & { event: NotifyEvent }): Promise<number> {
  const wanted = (await unit.find(notificationChannel, { active: true })).filter(({ subscriptions }) =>
    subscriptions.includes(content.event),
  );
  for (const { id } of wanted) await enqueue(unit, id, content);
  return wanted.length;
}

/** The same with what each channel is told of its store (null: all); no content: nothing to tell. Returns how many. */
export async function notifyByStore(
  unit: Unit,
  event: NotifyEvent,
  contentFor: (storeId: number | null) => Promise<Content | null>,
): Promise<number> {
  const wanted = (await unit.find(notificationChannel, { active: true })).filter(({ subscriptions }) =>
    subscriptions.includes(event),
  );
  let told = 0;
  for (const { id, storeId } of wanted) {
    const content = await contentFor(storeId);
    if (!content) continue;
    await enqueue(unit, id, content);
    told++;
  }
  return told;
}

async function enqueue(unit: Unit, channelId: number, content: Content): Promise<number> {
  const id = unit.takeIds(notification);
  const { now } = unit;
  await unit.insert(notification, [
    { id, channelId, content, state: 'waiting', attempts: 0, createdAt: now, dueAt: now, sentAt: null, failure: null },
  ]);
  return id;
}

/**
 * Sends what is due, a channel after the other and at least once; what fails is tried again with growing pauses. One node at a
 * time. Nothing leaves a neutralised copy.
 */
export async function deliverDue(sender: Sender): Promise<{ sent: number; failed: number }> {
  const { uow, database, clock, neutralised } = sender.services;
  const done = { sent: 0, failed: 0 };
  if (neutralised) return done;
  const due = await database.read.all<{ id: number }>(
    sql`SELECT id FROM notification WHERE state = ${'waiting'} AND due_at <= ${clock()} ORDER BY id ${sql.limit(FETCH)}`,
  );
  if (due.length === 0) return done;
  const owner = `${nodeName()}#${randomBytes(4).toString('hex')}`;
  const lease = await takeLease(uow, LEASE, owner, Date.now() * 1000 + tick());
  if (!lease) return done;
  // One that does not answer takes its time: its other messages wait for the next pass, those of other channels go first.
  const silent = new Set<number>();
  try {
    for (const { id } of due) {
      if (!lease.held) break;
      const row = await database.read.get(notification, Number(id));
      if (row?.state !== 'waiting' || silent.has(row.channelId)) continue;
      const failure = await deliverOne(sender, row);
      if (failure) silent.add(row.channelId);
      done[failure ? 'failed' : 'sent']++;
    }
  } finally {
    await lease.release();
  }
  return done;
}

/** Several passes may fall into one millisecond; each has a moment of its own for the lease. */
let ticks = 0;
const tick = (): number => (ticks = (ticks + 1) % 1000);

async function deliverOne(sender: Sender, row: NotificationRow): Promise<Failure | undefined> {
  const { uow, database, log } = sender.services;
  const channel = await database.read.get(notificationChannel, row.channelId);
  const failure = channel?.active ? await sendNow(sender, channel, row.id, row.content) : switchedOff;
  const attempts = row.attempts + 1;
  const over = failure === switchedOff || attempts >= GIVE_UP_AFTER;
  if (failure)
    log.warn({ notification: row.id, channel: row.channelId, failure: failure.code, attempts }, 'not notified');
  await uow.run(actor, (unit) =>
    unit.update(
      notification,
      row.id,
      failure
        ? { attempts, failure, ...(over ? { state: 'failed' } : { dueAt: unit.now + pauseAfter(attempts) }) }
        : { attempts, failure: null, state: 'sent', sentAt: unit.now },
    ),
  );
  return failure;
}

const switchedOff: Failure = { code: 'notifications:fault.switchedOff', details: {} };
const pauseAfter = (attempts: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));

/** Sends at once; undefined when the other side has taken it, else why not. */
async function sendNow(
  { services, translator, from }: Sender,
  channel: ChannelRow,
  id: number,
  content: Content,
): Promise<Failure | undefined> {
  let secret: ChannelSecret = {};
  try {
    if (services.neutralised) throw notifyError('neutralised');
    secret = openSecret(services.keys, channel);
    const baseUrl = services.config.server.publicUrl;
    const message = messageOf(content, { id, t: translator(channel.locale), from: await from(), baseUrl });
    if (channel.kind === 'mail') await sendMail(channel.settings as MailSettings, secret, message);
    else await sendHook(channel.kind, secret, message, services.clock());
    return undefined;
  } catch (error) {
    return failureOf(error, Object.values(secret));
  }
}

/** A message to try a channel: sent at once, kept in the history, never tried again. */
export async function sendTest(sender: Sender, channel: ChannelRow): Promise<Failure | undefined> {
  const { uow, clock } = sender.services;
  const content: Content = { event: 'test', stage: 'test', values: {}, names: {}, href: '/settings/notifications' };
  const id = await uow.run(actor, async (unit) => {
    const made = await enqueue(unit, channel.id, content);
    await unit.update(notification, made, { state: 'tryfailed', attempts: 1, failure: cutShort });
    return made;
  });
  const failure = await sendNow(sender, channel, id, content);
  await uow.run(actor, (unit) =>
    unit.update(notification, id, failure ? { failure } : { state: 'sent', failure: null, sentAt: clock() }),
  );
  return failure;
}

/** What a test reads as until it is over: the server may end in between. */
const cutShort: Failure = { code: 'notifications:fault.cutShort', details: {} };

/** Delivers for as long as the server runs. */
export function startNotifier(sender: Sender): { stop: () => Promise<void> } {
  let pass: Promise<unknown> | null = null;
  const timer = setInterval(() => {
    pass ??= deliverDue(sender)
      .catch((error: unknown) => sender.services.log.error({ err: error }, 'notifications could not be sent'))
      .finally(() => (pass = null));
  }, EVERY_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await pass;
    },
  };
}
