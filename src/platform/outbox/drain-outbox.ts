import { randomBytes } from 'node:crypto';
import { decodeRow, type Row, sql } from '../database';
import { errorText, nodeName, takeLease } from '../jobs';
import type { EventHandler, ModuleManifest } from '../modules';
import { systemActor } from '../permissions';
import type { Services } from '../services';
import { outboxEvent } from '../unit-of-work';

/** After so many failures an event waits for an administrator. About five hours after it happened. */
export const GIVE_UP_AFTER = 12;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 3_600_000;
const FETCH = 200;
/** Delivered in one transaction; if one of them fails, one by one. */
const TOGETHER = 20;

type Event = Row<typeof outboxEvent>;
export type OutboxServices = Pick<Services, 'uow' | 'database' | 'log' | 'clock'>;
type Handlers = ReadonlyMap<string, readonly EventHandler[]>;
type Listener = Pick<ModuleManifest, 'events'>;

export interface Drained {
  delivered: number;
  failed: number;
}

const actor = systemActor('outbox');
const LEASE = 'platform.outbox';

/**
 * Delivers every event that is due to the handlers of these manifests: at least once, those of one name in the order in
 * which they happened (one that fails holds back the later ones of its name until it succeeds or is given up). One node at
 * a time; `{ delivered: 0, failed: 0 }` when another is at it.
 */
export async function drainOutbox(services: OutboxServices, manifests: readonly Listener[]): Promise<Drained> {
  const drained: Drained = { delivered: 0, failed: 0 };
  const names = await pendingNames(services);
  if (names.length === 0) return drained;
  const lease = await takeLease(
    services.uow,
    LEASE,
    `${nodeName()}#${randomBytes(4).toString('hex')}`,
    Date.now() * 1000 + tick(),
  );
  if (!lease) return drained;
  try {
    const handlers = handlersOf(manifests);
    for (const name of names) {
      if (!lease.held) break;
      if (handlers.has(name)) await drainName(services, handlers, name, drained, () => lease.held);
      else await dropUnheard(services, name);
    }
  } finally {
    await lease.release();
  }
  return drained;
}

/** Several passes may fall into one millisecond; each has a moment of its own for the lease. */
let ticks = 0;
const tick = (): number => (ticks = (ticks + 1) % 1000);

async function pendingNames({ database, clock }: OutboxServices): Promise<string[]> {
  const rows = await database.read.all<{ name: string }>(
    sql`SELECT name FROM outbox_event WHERE delivered_at IS NULL AND attempts < ${GIVE_UP_AFTER} AND due_at <= ${clock()}
        GROUP BY name ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

function handlersOf(manifests: readonly Listener[]): Handlers {
  const handlers = new Map<string, EventHandler[]>();
  for (const { events } of manifests)
    for (const [name, handler] of Object.entries(events ?? {}))
      handlers.set(name, [...(handlers.get(name) ?? []), handler]);
  return handlers;
}

/** News that nobody listens to. */
async function dropUnheard({ uow }: OutboxServices, name: string): Promise<void> {
  await uow.run(actor, (unit) =>
    unit.execute(sql`UPDATE outbox_event SET delivered_at = ${unit.now} WHERE delivered_at IS NULL AND name = ${name}`),
  );
}

async function drainName(
  services: OutboxServices,
  handlers: Handlers,
  name: string,
  drained: Drained,
  mayGoOn: () => boolean,
): Promise<void> {
  for (;;) {
    const raw = await services.database.read.all<Record<string, unknown>>(
      sql`SELECT * FROM outbox_event WHERE delivered_at IS NULL AND attempts < ${GIVE_UP_AFTER} AND name = ${name}
          ORDER BY created_at, id ${sql.limit(FETCH)}`,
    );
    const events = raw.map((row) => decodeRow(outboxEvent, row));
    const waiting = events.findIndex(({ dueAt }) => dueAt > services.clock());
    const due = waiting < 0 ? events : events.slice(0, waiting);
    if (due.length === 0) return;
    for (let at = 0; at < due.length; at += TOGETHER) {
      if (!mayGoOn()) return;
      const done = await deliverSome(services, handlers, due.slice(at, at + TOGETHER));
      drained.delivered += done.delivered;
      drained.failed += done.failed;
      if (done.failed > 0) return;
    }
    if (events.length < FETCH) return;
  }
}

async function deliverSome(services: OutboxServices, handlers: Handlers, events: readonly Event[]): Promise<Drained> {
  try {
    await deliver(services, handlers, events);
    return { delivered: events.length, failed: 0 };
  } catch (error) {
    const [only] = events;
    if (events.length === 1 && only) {
      await noteFailure(services, only, error);
      return { delivered: 0, failed: 1 };
    }
  }
  for (const [index, event] of events.entries()) {
    const { failed } = await deliverSome(services, handlers, [event]);
    if (failed > 0) return { delivered: index, failed };
  }
  return { delivered: events.length, failed: 0 };
}

/** The handlers' work and the mark that the event was delivered are committed together. */
async function deliver({ uow }: OutboxServices, handlers: Handlers, events: readonly Event[]): Promise<void> {
  await uow.run(actor, async (unit) => {
    for (const { id, name, payload } of events) {
      const marked = await unit.execute(
        sql`UPDATE outbox_event SET delivered_at = ${unit.now} WHERE id = ${id} AND delivered_at IS NULL`,
      );
      if (marked === 0) continue;
      for (const handle of handlers.get(name) ?? []) await handle(unit, payload);
    }
  });
}

async function noteFailure({ uow, log }: OutboxServices, event: Event, error: unknown): Promise<void> {
  const attempts = event.attempts + 1;
  const lastError = errorText(error);
  const level = attempts >= GIVE_UP_AFTER ? 'error' : 'warn';
  log[level]({ err: error, event: event.name, eventId: event.id, attempts }, 'an event could not be delivered');
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
  await uow.run(actor, (unit) =>
    unit.update(outboxEvent, event.id, { attempts, lastError, dueAt: unit.now + pauseMs }),
  );
}
