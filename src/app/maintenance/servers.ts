import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../kernel';
import { duplicateKey, type Reader, sql } from '../../platform/database';
import { nodeName } from '../../platform/jobs';
import { systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { version } from '../../platform/version';
import { type ServerNode, serverNode } from './tables';

const BEAT_MS = 5000;
/** A server that was not heard of for so long is gone. */
const GONE_MS = 3 * BEAT_MS;
const FORGOTTEN_MS = 24 * 3_600_000;
/** Requests that are under way get ten seconds, jobs the rest. */
const STAND_STILL_MS = 60_000;
const LOOK_MS = 200;

type NodeServices = Pick<Services, 'uow' | 'log' | 'clock' | 'database'>;
const actor = systemActor('server');

/** Tells the other servers, and upgrades, that this one works on the database. */
export function startHeartbeat(services: NodeServices, node = nodeName()): { stop: () => Promise<void> } {
  const startedAt = services.clock();
  let beating = Promise.resolve();
  const beat = (): void => {
    beating = beating
      .then(() => write(services, node, startedAt))
      .catch((error: unknown) => {
        services.log.warn({ err: error }, 'no sign of life could be left');
      });
  };
  beat();
  const timer = setInterval(beat, BEAT_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await beating;
    },
  };
}

async function write({ uow }: NodeServices, node: string, startedAt: number): Promise<void> {
  await uow.run(actor, async (unit) => {
    const changed = await unit.execute(
      sql`UPDATE server_node SET seen_at = ${unit.now}, started_at = ${startedAt}, program = ${version}, parked_at = NULL
          WHERE node = ${node}`,
    );
    if (changed > 0) return;
    await unit.execute(sql`DELETE FROM server_node WHERE seen_at < ${unit.now - FORGOTTEN_MS}`);
    await unit
      .insert(serverNode, [{ node, program: version, startedAt, seenAt: unit.now, parkedAt: null }])
      .catch((error: unknown) => (duplicateKey(error) ? undefined : Promise.reject(error)));
  });
}

/** This server has stopped working: it ended, or it is about to close the database and show the maintenance page. */
export async function markParked({ uow }: Pick<NodeServices, 'uow'>, ended: boolean, node = nodeName()): Promise<void> {
  await uow.run(actor, (unit) =>
    ended
      ? unit.execute(sql`DELETE FROM server_node WHERE node = ${node}`)
      : unit.execute(sql`UPDATE server_node SET parked_at = ${unit.now} WHERE node = ${node}`),
  );
}

/** Servers that work on this database now. */
export async function liveServers(read: Reader, now: number): Promise<ServerNode[]> {
  const nodes = await read.find(serverNode, {});
  return nodes.filter(({ seenAt, parkedAt }) => parkedAt === null && seenAt > now - GONE_MS);
}

/** Servers of other machines that stood still for an upgrade with another version than this: each machine follows by itself. */
export async function serversBehind(read: Reader, inForce: string): Promise<string[]> {
  const machine = nodeName().split(':', 1)[0];
  const nodes = await read.find(serverNode, {});
  return nodes
    .filter(
      ({ node, program, parkedAt }) => parkedAt !== null && program !== inForce && node.split(':', 1)[0] !== machine,
    )
    .map(({ node, program }) => `${node} (${program})`);
}

/**
 * Waits until no server works on the database any more; the caller has switched maintenance on. Returns those that showed the
 * maintenance page at the end. Throws 'upgrade:error.servers'.
 */
export async function standStill(
  { database, clock }: Pick<NodeServices, 'database' | 'clock'>,
  onWaiting: (nodes: readonly string[]) => void,
): Promise<string[]> {
  const until = Date.now() + STAND_STILL_MS;
  let told = '';
  for (;;) {
    const live = (await liveServers(database.read, clock())).map(({ node }) => node);
    if (live.length === 0) break;
    if (Date.now() > until)
      throw new DomainError('upgrade:error.servers', { status: 409, details: { servers: live.join(', ') } });
    if (told !== live.join()) onWaiting(live);
    told = live.join();
    await pause(LOOK_MS);
  }
  const nodes = await database.read.find(serverNode, {});
  return nodes.filter(({ parkedAt }) => parkedAt !== null && parkedAt > clock() - FORGOTTEN_MS).map(({ node }) => node);
}
