import { DomainError } from '../../kernel';
import { text } from '../../platform/checks';
import type { Config } from '../../platform/config';
import type { Logger } from '../../platform/logging';
import { systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { sealAddress, upkeepRun } from '../../platform/upkeep';
import { copyDatabase, switchBack, switchDatabase } from '../backup';
import { openServices } from '../create-services';
import { endUpgradeMaintenance, standStill, switchMaintenanceOff } from '../maintenance';
import type { SwitchOrder } from './desk';
import { endSwitch, runSwitchStep, type SwitchState, writeSwitch } from './state';
import { expectWhole, failureOf } from './start-switch';

export interface Crossing {
  config: Config;
  log: Logger;
  /** The server is told to end: nothing is switched. */
  signal: AbortSignal;
}

/**
 * What the server does between two databases, with its own closed: waits for the other servers, copies (move), looks at the other
 * database, and names it in the configuration file. Up to that one step a failure opens the old database again and nothing has
 * changed. Never throws: how it ended is written down.
 */
export async function crossOver({ state, url, runId }: SwitchOrder, { config, log, signal }: Crossing): Promise<void> {
  const actor = systemActor(state.byName);
  const step = (id: Parameters<typeof runSwitchStep>[2], work: Parameters<typeof runSwitchStep>[3]): Promise<void> => {
    signal.throwIfAborted();
    return runSwitchStep(config, state, id, work);
  };
  const { services: old, close } = await openServices(config, { log });
  let named = false;
  try {
    await step('close', async () => {
      const nodes = await standStill(old, (waiting) => log.info({ waiting }, 'servers still work on the database'));
      return text('upgrade:found.close', { count: nodes.length });
    });
    await step('copy', async () => {
      state.copied = await copyDatabase({ from: old.database, url, onProgress: teller(config, state, signal) });
      const { rows, tables } = state.copied;
      return text('databases:found.copied', { rows, tables });
    });
    await step('look', async () => {
      await expectWhole(config, url);
      await openTheOther(config, log, url, state);
      return undefined;
    });
    await step('switch', () => {
      const { file } = state.kind === 'back' ? switchBack(state.configFile) : switchDatabase(state.configFile, url);
      named = true;
      return Promise.resolve(text('databases:found.switched', { file }));
    });
    endSwitch(config, state, 'done');
    await leave(old, runId, url, state);
  } catch (error) {
    log.error({ err: error }, 'the change to another database did not go as wanted');
    if (named) return endSwitch(config, state, 'done');
    endSwitch(config, state, 'failed', failureOf(signal.aborted ? new DomainError('upkeep:error.cancelled') : error));
    await switchMaintenanceOff(old.uow, actor, { token: state.id }).catch((reason: unknown) =>
      log.error({ err: reason }, 'the database could not be opened again; the next start does it'),
    );
  } finally {
    await close();
  }
}

const TELL_MS = 1000;

/** How far the copying is, for the page that everybody sees meanwhile. */
function teller(config: Config, state: SwitchState, signal: AbortSignal) {
  let told = 0;
  return ({ step, rows }: { step: 'copy' | 'compare'; rows: number }): void => {
    signal.throwIfAborted();
    const copy = state.steps.find(({ id }) => id === 'copy');
    if (!copy || Date.now() - told < TELL_MS) return;
    told = Date.now();
    copy.found = text(`databases:found.${step}`, { rows });
    writeSwitch(config, state);
  };
}

/** It may be closed by what was going on when it was backed up or copied. Its audit log says how it came into use. */
async function openTheOther(config: Config, log: Logger, url: string, state: SwitchState): Promise<void> {
  const { kind, from, to } = state;
  const other = await openServices({ ...config, database: { ...config.database, url } }, { log });
  try {
    const { uow } = other.services;
    const actor = systemActor(state.byName);
    await uow.run(actor, (unit) => unit.audit({ action: 'system.database.use', detail: { kind, from, to } }));
    await endUpgradeMaintenance(uow, actor);
  } finally {
    await other.close();
  }
}

/**
 * The other servers of the database that is left read there where to go; it stays closed, so that none of them goes on with it. An
 * embedded one has no others.
 */
export async function leave(old: Services, runId: number, url: string, state: SwitchState): Promise<void> {
  const actor = systemActor(state.byName);
  if (old.database.dialect === 'sqlite') {
    await switchMaintenanceOff(old.uow, actor, { token: state.id });
    return;
  }
  const { kind, from, to, id: token } = state;
  const result = { kind, from, to, token };
  const addressCipher = sealAddress(old.keys, url);
  await old.uow.run(actor, (unit) => unit.update(upkeepRun, runId, { result, addressCipher }));
}
