import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, isDomainError } from '../../kernel';
import { type Text, text } from '../../platform/checks';
import { type Config, loadConfig } from '../../platform/config';
import { embeddedFile } from '../../platform/database';
import { makeOwnFolder, ownerOf, startTick } from '../../platform/files';
import { runJobNow } from '../../platform/jobs';
import type { Actor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { type StartedUpkeep, startUpkeep } from '../../platform/upkeep';
import {
  backupJob,
  createBackup,
  databaseAddress,
  expectSwitchable,
  keptAs,
  lookAtTarget,
  openingOf,
  recentRuns,
  sealedBy,
  verifyBackup,
} from '../backup';
import { keysToLook } from '../key-check';
import { liveServers, type MaintenanceWatch, switchMaintenanceOn } from '../maintenance';
import { openToLook } from '../open-to-look';
import { SchemaMismatch } from '../schema-state';
import type { SwitchDesk } from './desk';
import { endSwitch, runSwitchStep, stepsOf, switchFolder, type SwitchKind, type SwitchState } from './state';

export interface SwitchWish {
  kind: SwitchKind;
  /** The other database with its password; not asked for `back`. */
  url?: string;
  origin?: SwitchState['origin'];
}

export interface SwitchContext {
  services: Services;
  desk: SwitchDesk;
  maintenance: MaintenanceWatch;
  configFile: string | undefined;
}

/**
 * Makes a fresh backup of the data in use while people work, and then lets the server close everything and go over; see
 * ./cross-over. Throws what keeps it from being begun: 'backup:error.no_config_file', '.address_from_environment',
 * '.same_database', '.not_empty', '.foreign', '.half_filled', 'databases:error.…', 'upkeep:error.running'.
 */
export async function startSwitch(context: SwitchContext, actor: Actor, wish: SwitchWish): Promise<StartedUpkeep> {
  const { services } = context;
  const { config } = services;
  const { kind, origin = null } = wish;
  const configFile = expectSwitchable(context.configFile);
  const url = kind === 'back' ? addressBefore(configFile) : (wish.url ?? '');
  const [from, to] = [databaseAddress(config.database.url), databaseAddress(url)];
  if (from === to) throw new DomainError('backup:error.same_database', { status: 409 });
  await expectForEveryServer(services, url);
  if (kind === 'move') await expectEmpty(url);
  else await expectWhole(config, url);
  const state: SwitchState = {
    format: 1,
    id: `switch-${randomUUID().slice(0, 18)}`,
    kind,
    configFile,
    from,
    to,
    origin,
    byName: actor.name.slice(0, 80),
    process: { pid: process.pid, startedAtTick: startTick(process.pid) },
    startedAt: Date.now(),
    finishedAt: null,
    outcome: 'running',
    failure: null,
    steps: stepsOf(kind),
    copied: null,
  };
  const about = { kind, from, to, token: state.id };
  const started = await startUpkeep(
    services,
    actor,
    'switch',
    async (progress, signal) => {
      let rows = 0;
      const onRows = (done: number): void => {
        signal.throwIfAborted();
        rows = done;
      };
      const beat = setInterval(() => void progress(rows, 0).catch(() => undefined), 1000);
      try {
        await runSwitchStep(config, state, 'backup', () => freshBackup(services, actor, onRows));
        signal.throwIfAborted();
      } catch (error) {
        endSwitch(config, state, 'failed', failureOf(error));
        throw error;
      } finally {
        clearInterval(beat);
      }
      return { ...about, done: rows };
    },
    about,
  );
  await services.uow.run(actor, (unit) => unit.audit({ action: 'system.database.switch', detail: { kind, from, to } }));
  const over = started.over.then(async (row) => {
    if (row.state === 'ok') await close(context, actor, { state, url, runId: started.id });
    return row;
  });
  over.catch((error: unknown) => services.log.error({ err: error }, 'the change of the database could not go on'));
  return { id: started.id, over };
}

export function failureOf(error: unknown): NonNullable<SwitchState['failure']> {
  if (isDomainError(error)) return { code: error.code, details: error.details };
  if (error instanceof SchemaMismatch) return { code: 'backup:error.half_filled', details: {} };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'backup:error.defect', details: { message } };
}

/** From here on nobody gets in; the server that runs this finds the order when it has closed its database. */
async function close(
  { services, desk, maintenance }: SwitchContext,
  actor: Actor,
  order: Parameters<SwitchDesk['put']>[0],
): Promise<void> {
  const { state } = order;
  try {
    desk.put(order);
    await switchMaintenanceOn(services.uow, actor, { kind: 'upgrade', token: state.id });
    maintenance.refresh();
  } catch (error) {
    desk.take(state.id);
    endSwitch(services.config, state, 'failed', failureOf(error));
    throw error;
  }
}

/** The database that the configuration named before the last switch. */
function addressBefore(configFile: string): string {
  const kept = keptAs(configFile);
  if (!existsSync(kept)) throw new DomainError('backup:error.nothing_to_take_back', { status: 409 });
  return loadConfig({ file: kept }).database.url;
}

/** A file of this machine, or an address that each machine understands otherwise, is for one server alone. */
async function expectForEveryServer({ database, clock }: Services, url: string): Promise<void> {
  const servers = await liveServers(database.read, clock());
  if (servers.length < 2) return;
  const isHere = embeddedFile(url) !== undefined || /^(localhost|127\..*|\[?::1\]?)$/.test(new URL(url).hostname);
  if (isHere)
    throw new DomainError('databases:error.several_servers', { status: 409, details: { count: servers.length } });
}

async function expectEmpty(url: string): Promise<void> {
  const state = await lookAtTarget(url);
  if (state === 'foreign') throw new DomainError('backup:error.foreign', { status: 409 });
  if (state === 'used') throw new DomainError('backup:error.not_empty', { status: 409 });
}

/** Filled to its end, of this version, readable with the keys of this installation. */
export async function expectWhole(config: Config, url: string): Promise<void> {
  let database: Awaited<ReturnType<typeof openToLook>>;
  try {
    database = await openToLook(url);
  } catch (error) {
    const { code, details } = failureOf(error);
    throw new DomainError(code, { status: 409, details, cause: error });
  }
  try {
    await keysToLook(database.read, config.security.keyFile);
  } catch (error) {
    throw new DomainError('backup:error.other_key', {
      status: 409,
      details: { file: config.security.keyFile },
      cause: error,
    });
  } finally {
    await database.close();
  }
}

/** To the places of the backups, read back; where there is none, a copy in the data folder, read again as well. */
async function freshBackup(services: Services, actor: Actor, onRows: (rows: number) => void): Promise<Text> {
  const { config } = services;
  if (config.backup.targets.length === 0 || sealedBy(config) === undefined) return ownCopy(services, onRows);
  const job = backupJob(config, { origin: 'person', startedBy: actor });
  const outcome = await runJobNow(services, actor, job);
  if (outcome === 'elsewhere') throw new DomainError('databases:error.backup_runs', { status: 409 });
  const [run] = await recentRuns(services.database.read, 1);
  const places = run?.results.filter(({ ok }) => ok).map(({ target }) => target) ?? [];
  if (!run || places.length === 0) {
    const { code, details } = run?.failure ??
      run?.results.find(({ error }) => error)?.error ?? { code: 'databases:error.no_backup', details: {} };
    throw new DomainError(code, { details });
  }
  return text('databases:found.backup', { name: run.name ?? '', places: places.join(', ') });
}

async function ownCopy(services: Services, onRows: (rows: number) => void): Promise<Text> {
  const { config } = services;
  const folder = path.join(switchFolder(config), 'copy');
  // Of an earlier switch: what was in use then has long been backed up, or is a database that nobody has touched.
  await rm(folder, { recursive: true, force: true });
  makeOwnFolder(switchFolder(config), ownerOf(config.dataDir));
  makeOwnFolder(folder, ownerOf(config.dataDir));
  const made = await createBackup(services, { folder, sealing: undefined, onProgress: ({ rows }) => onRows(rows) });
  const open = () => Promise.resolve(createReadStream(made.file));
  const verified = await verifyBackup({ name: made.name, bytes: made.bytes, open }, openingOf(config));
  if (!verified.ok) throw new DomainError('backup:error.damaged', { details: { part: verified.part } });
  return text('databases:found.copy', { file: made.file });
}
