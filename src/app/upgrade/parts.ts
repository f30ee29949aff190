import { createReadStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { migrations } from '../../../migrations';
import { type Config, loadConfig } from '../../platform/config';
import { openDatabase, type Reader } from '../../platform/database';
import { silentLogger } from '../../platform/logging';
import { systemActor } from '../../platform/permissions';
import { type PayloadState, payloadSignature } from '../../platform/release';
import { version } from '../../platform/version';
import { clearDatabase, restoreBackup } from '../backup';
import { openServices } from '../create-services';
import { acceptProduct } from '../founding';
import { endUpgradeMaintenance, recordUpgrade, serversBehind, standStill, switchMaintenanceOn } from '../maintenance';
import { openToLook } from '../open-to-look';
import { selfTest } from '../selftest';
import { migrateSchema, schemaState } from '../schema-state';
import { readFigures } from './figures';
import { seenDatabase } from './follow';
import { makeCopy, openingWith } from './own-copy';
import { preflight } from './preflight';
import { releaseNotes } from './release-notes';
import { workSince } from './work-since';

export interface PartInput {
  configFile: string;
  /** Another database than the configured one. */
  url?: string;
  dataDir?: string;
  file?: string;
  folder?: string;
  token?: string;
  by?: string;
  from?: string;
  to?: string;
  outcome?: 'done' | 'rolled-back' | 'back';
  unsigned?: boolean;
  /** File of the key that the upgrade's own copies are encrypted to. */
  keyFile?: string;
  /** The copy goes to the places of the backups as well. */
  send?: boolean;
  /** Epoch milliseconds. */
  since?: number;
  say: (text: string) => void;
}

/** What a version of the program does for an upgrade, from that version or to it. Names and answers never change. */
export const parts: Readonly<Record<string, (input: PartInput) => Promise<object>>> = {
  describe: () => {
    const signature: PayloadState['signature'] | null = payloadSignature() ?? null;
    return Promise.resolve({ version, steps: migrations.length, notes: releaseNotes(), signature });
  },

  preflight: async (input) => ({ checks: await preflight(configOf(input)) }),

  /** Of a database that several machines use: whether it is that of this version already. */
  database: async (input) => ({ seen: (await seenDatabase(configOf(input))) ?? null }),

  figures: async (input) => ({ figures: await look(input, readFigures) }),

  backup: (input) => {
    const { keyFile, send = false, say } = input;
    return makeCopy(configOf(input), { folder: given(input.folder), keyFile, send, say });
  },

  restore: async (input) => {
    const config = configOf(input);
    const { rows } = await restoreBackup({
      file: createReadStream(given(input.file)),
      opening: openingWith(config, input.keyFile),
      url: config.database.url,
      onProgress: ({ part = '', rows: done }) => input.say(`${part} ${done}`),
    });
    return { rows };
  },

  clear: async (input) => {
    await clearDatabase(configOf(input).database.url);
    return {};
  },

  migrate: async (input) => {
    const database = await openDatabase(configOf(input).database.url, { poolSize: 2 });
    try {
      const { state } = await schemaState(database);
      if (state === 'newer') throw new DomainError('upgrade:error.newer_schema', { status: 409 });
      const steps = await migrateSchema(database, ({ step, done, total }) => input.say(`${done + 1}/${total} ${step}`));
      return { steps };
    } finally {
      await database.close();
    }
  },

  /** The business on a scratch database, as the doctor of a new program would want it tried. */
  selftest: async (input) => {
    const { ok, flows } = await selfTest({
      url: configOf(input).database.url,
      onFlow: ({ id }) => input.say(id),
    });
    const bad = flows.flatMap(({ steps }) => steps).find((step) => !step.ok);
    if (bad) throw new DomainError('upgrade:error.selftest', { details: { step: bad.id, found: bad.found } });
    return { passed: ok, steps: flows.flatMap(({ steps }) => steps).length };
  },

  /** What would be lost with a way back. */
  writes: async (input) => ({ lost: await look(input, (read) => workSince(read, input.since ?? 0)) }),

  /** Opens and serves it on a free port of this machine; nothing runs in the background, nothing is sent out. */
  accept: async (input) => {
    if (input.dataDir !== undefined) mkdirSync(input.dataDir, { recursive: true, mode: 0o700 });
    // What is opened for a rehearsal is a copy: neither messages nor backups leave it.
    const neutralised = input.url !== undefined;
    const findings = await acceptProduct(configOf(input), { neutralised });
    // What was wrong in the books before is compared by its figures.
    const bad = findings.filter(({ id, ok }) => !ok && (id === 'ready' || id === 'sign-in'));
    if (bad[0])
      throw new DomainError('upgrade:error.accept', { details: { id: bad[0].id, evidence: bad[0].evidence } });
    return { findings: findings.length, neutralised };
  },

  close: (input) =>
    act(input, async ({ services, actor }) => {
      await switchMaintenanceOn(services.uow, actor, { kind: 'upgrade', token: given(input.token) });
      return { servers: await standStill(services, (waiting) => input.say(waiting.join(', '))) };
    }),

  open: (input) =>
    act(input, async ({ services, actor }) => {
      const [from, to, outcome] = [given(input.from), given(input.to), given(input.outcome)];
      await recordUpgrade(services.uow, actor, { from, to, outcome, unsignedAllowed: input.unsigned === true });
      await endUpgradeMaintenance(services.uow, actor);
      return { at: Date.now(), others: await serversBehind(services.database.read, to) };
    }),
};

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an option of the part is missing');
  return value;
}

/** In a scratch folder the keys are those of the installation: what is encrypted in the copy must be readable. */
function configOf({ configFile, url, dataDir }: PartInput): Config {
  const config = loadConfig({ file: configFile });
  if (url === undefined && dataDir === undefined) return config;
  return loadConfig({
    file: configFile,
    env: {
      ...process.env,
      ERP_SECURITY_KEY_FILE: config.security.keyFile,
      ...(url === undefined ? {} : { ERP_DATABASE_URL: url, ERP_BACKUP_TARGETS: '[]' }),
      ...(dataDir === undefined ? {} : { ERP_DATA_DIR: dataDir, ERP_LOGGING_DIR: path.join(dataDir, 'logs') }),
    },
  });
}

async function look<T>(input: PartInput, work: (read: Reader) => Promise<T>): Promise<T> {
  const database = await openToLook(configOf(input).database.url);
  try {
    return await work(database.read);
  } finally {
    await database.close();
  }
}

async function act<T>(
  input: PartInput,
  work: (context: {
    services: Awaited<ReturnType<typeof openServices>>['services'];
    actor: ReturnType<typeof systemActor>;
  }) => Promise<T>,
): Promise<T> {
  const { services, close } = await openServices(configOf(input), { log: silentLogger() });
  try {
    return await work({ services, actor: systemActor(input.by ?? 'upgrade') });
  } finally {
    await close();
  }
}
