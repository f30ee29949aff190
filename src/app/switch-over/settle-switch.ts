import { existsSync } from 'node:fs';
import { type Config, loadConfig } from '../../platform/config';
import { embeddedFile } from '../../platform/database';
import { openKeyRing } from '../../platform/crypto';
import { isSameProcess, startTick } from '../../platform/files';
import type { Logger } from '../../platform/logging';
import { systemActor } from '../../platform/permissions';
import { lastRun, openAddress } from '../../platform/upkeep';
import { databaseAddress, expectSwitchable, keptAs, lookAtTarget, removeEmbedded, switchDatabase } from '../backup';
import { openServices } from '../create-services';
import { readMaintenance, switchMaintenanceOff } from '../maintenance';
import { openToLook } from '../open-to-look';
import { leave } from './cross-over';
import { endSwitch, readSwitch, stepsOf, type SwitchState, writeSwitch } from './state';

/**
 * Before a server opens its database: what an interruption has left is brought to one of two ends. The configuration file decides:
 * the old database, open again, or the new one.
 */
export async function settleSwitch(config: Config, log: Logger): Promise<void> {
  const state = readSwitch(config);
  if (!state) return;
  // Another server of this machine is at it.
  if (state.outcome === 'running' && state.process.pid !== process.pid && isSameProcess(state.process)) return;
  const inUse = databaseAddress(config.database.url);
  if (state.outcome === 'running' && inUse === state.to) {
    for (const step of state.steps) step.state = 'done';
    endSwitch(config, state, 'done');
    await tellTheOthers(state, config, log);
  } else if (state.outcome === 'running') {
    endSwitch(config, state, 'failed', { code: 'databases:error.interrupted', details: {} });
    await removeHalf(state, inUse);
    await reopen(config, state, log);
  } else if (state.outcome === 'done' && inUse === state.from) await reopen(config, state, log);
}

/** A database that somebody has gone back to by hand must not send this server away again. */
async function reopen(config: Config, { id: token, byName }: SwitchState, log: Logger): Promise<void> {
  const { services, close } = await openServices(config, { log });
  try {
    const state = await readMaintenance(services.database.read).catch(() => null);
    if (state?.token === token) await switchMaintenanceOff(services.uow, systemActor(byName), { token });
  } finally {
    await close();
  }
}

/** A file that was being filled when the server ended. On a server the next run cleans up. */
async function removeHalf({ kind, to }: SwitchState, inUse: string): Promise<void> {
  const file = embeddedFile(to);
  if (kind !== 'move' || file === undefined || to === inUse) return;
  if ((await lookAtTarget(to).catch(() => undefined)) === 'interrupted') removeEmbedded(file);
}

async function tellTheOthers(state: SwitchState, config: Config, log: Logger): Promise<void> {
  const kept = keptAs(state.configFile);
  if (!existsSync(kept)) return;
  try {
    const before = loadConfig({ file: kept });
    const { services, close } = await openServices(before, { log });
    try {
      const run = await lastRun(services.database.read, 'switch');
      if (run) await leave(services, run.id, config.database.url, state);
    } finally {
      await close();
    }
  } catch (error) {
    log.warn({ err: error }, 'the database before could not be told that it is left');
  }
}

/** It is looked at each second, and said once. */
const toldOf = new Set<string>();

/**
 * Another server has gone over to another database: this one follows. True when there is nothing to wait for any more; where the
 * address cannot be changed here, the log says so and the server waits for somebody to do it.
 */
export async function followSwitch(
  config: Config,
  configFile: string | undefined,
  token: string,
  log: Logger,
): Promise<boolean> {
  if (embeddedFile(config.database.url) !== undefined) return true;
  const database = await openToLook(config.database.url);
  let run: Awaited<ReturnType<typeof lastRun>>;
  try {
    if ((await readMaintenance(database.read))?.token !== token) return true;
    run = await lastRun(database.read, 'switch');
  } finally {
    await database.close();
  }
  const { token: of, kind, from, to } = (run?.result ?? {}) as Partial<SwitchState> & Record<string, unknown>;
  if (!run || of !== token || run.addressCipher === null) return false;
  let file: string;
  let url: string | undefined;
  try {
    file = expectSwitchable(configFile);
    url = openAddress(openKeyRing(config.security.keyFile), run);
    if (url === undefined) throw new Error('the key that encrypts the address is not in the key file');
  } catch (error) {
    if (!toldOf.has(token)) log.error({ err: error, to }, 'the address of the database has to be changed by hand here');
    toldOf.add(token);
    return false;
  }
  switchDatabase(file, url);
  const steps = stepsOf('restore').map((step) => ({ ...step, state: 'done' as const }));
  const now = Date.now();
  writeSwitch(config, {
    format: 1,
    id: token,
    kind: kind ?? 'move',
    configFile: file,
    from: from ?? '',
    to: to ?? '',
    origin: null,
    byName: run.startedByName,
    process: { pid: process.pid, startedAtTick: startTick(process.pid) },
    startedAt: run.startedAt,
    finishedAt: now,
    outcome: 'done',
    failure: null,
    steps,
    copied: null,
  });
  log.info({ to }, 'another server has gone over to this database; this one follows');
  return true;
}
