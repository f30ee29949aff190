import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { schemaFound } from '../../src/app/founding';
import { migrateSchema } from '../../src/app/schema-state';
import { type CheckOutcome, text } from '../../src/platform/checks';
import { maskUrl } from '../../src/platform/config';
import { embeddedFile, isMissingFile, openDatabase } from '../../src/platform/database';
import { probeDatabase } from '../../src/platform/database/probe';
import { parseConnectionUrl } from '../../src/platform/database/connection-url';
import { type Context, said, type SetupStep } from './environment';
import { findExisting, isNew, isTechnical, wayOf } from './existing';
import {
  chosenServer,
  connectionUrl,
  databaseAddress,
  defaultEncryption,
  defaultPort,
  encryptionChoices,
  isServer,
  isToBeCreated,
  SERVER_KINDS,
  storedPassword,
  takesAuthority,
} from './database-target';
import { keptFolder } from './paths';

const isFields = (context: Context): boolean => isServer(context) && said(context, 'database.form') === 'fields';
const isUrl = (context: Context): boolean => isServer(context) && said(context, 'database.form') === 'url';

function existingUrl(context: Context): URL | undefined {
  const url = findExisting(context)?.config?.database.url;
  return isNew(context) || url === undefined || embeddedFile(url) ? undefined : new URL(url);
}

export const databaseStep: SetupStep = {
  id: 'database',
  title: text('setup:database.title'),
  say: text('setup:database.say'),
  when: isTechnical,
  questions: () => [
    {
      id: 'database.kind',
      kind: 'choice',
      label: text('setup:database.kind'),
      default: (context) => {
        const before = existingUrl(context)?.protocol.replace(':', '');
        if (before) return before;
        return said(context, 'edition') === 'on-premise' || !isNew(context) ? 'sqlite' : 'mariadb';
      },
      choices: () =>
        (['sqlite', ...SERVER_KINDS] as const).map((value) => ({ value, label: text(`setup:database.${value}`) })),
    },
  ],
  fact: (context) => text(`setup:database.short.${said(context, 'database.kind') || 'sqlite'}`),
};

const isAddress = (value: string): boolean => {
  try {
    return parseConnectionUrl(value).kind !== 'sqlite';
  } catch {
    return false;
  }
};

export const connectionStep: SetupStep = {
  id: 'connection',
  title: text('setup:connection.title'),
  say: text('setup:connection.say'),
  when: isServer,
  questions: () => [
    {
      id: 'database.form',
      kind: 'choice',
      label: text('setup:connection.form'),
      default: (context) => (existingUrl(context) ? 'url' : 'fields'),
      choices: () => [
        { value: 'fields', label: text('setup:connection.fields') },
        { value: 'url', label: text('setup:connection.url') },
      ],
    },
    {
      id: 'database.url',
      kind: 'text',
      label: text('setup:connection.address'),
      help: text('setup:connection.addressHelp'),
      when: isUrl,
      schema: z.string().refine(isAddress, 'setup:error.databaseUrl'),
      default: (context) => {
        const url = existingUrl(context);
        if (url) url.password = '';
        return url?.href;
      },
    },
    {
      id: 'database.host',
      kind: 'text',
      label: text('setup:connection.host'),
      when: isFields,
      schema: z.string().regex(/^[\w.:-]+$/, 'setup:error.host'),
      default: () => '127.0.0.1',
    },
    {
      id: 'database.port',
      kind: 'number',
      label: text('setup:connection.port'),
      when: isFields,
      schema: z.int('setup:error.port').min(1, 'setup:error.port').max(65_535, 'setup:error.port'),
      default: defaultPort,
    },
    {
      id: 'database.name',
      kind: 'text',
      label: text('setup:connection.name'),
      help: text('setup:connection.nameHelp'),
      when: isFields,
      schema: z.string().regex(/^[\w$.-]{1,63}$/, 'setup:error.databaseName'),
      default: () => 'phone_erp',
    },
    {
      id: 'database.user',
      kind: 'text',
      label: text('setup:connection.user'),
      help: text('setup:connection.userHelp'),
      when: isFields,
      schema: z.string().regex(/^[\w$.#-]{1,32}$/, 'setup:error.databaseUser'),
      default: () => 'phone_erp',
    },
    {
      id: 'database.encryption',
      kind: 'choice',
      label: text('setup:connection.encryption'),
      help: text('setup:connection.encryptionHelp'),
      when: isFields,
      default: defaultEncryption,
      choices: (context) =>
        encryptionChoices(context).map((value) => ({ value, label: text(`setup:connection.encrypted.${value}`) })),
    },
    {
      id: 'database.tlsCa',
      kind: 'text',
      label: text('setup:connection.authority'),
      help: text('setup:connection.authorityHelp'),
      when: (context) => isFields(context) && takesAuthority(context),
      schema: z.string().refine((file) => file === '' || existsSync(file), 'setup:error.noSuchFile'),
      optional: true,
    },
    {
      id: 'database.create',
      kind: 'confirm',
      label: text('setup:connection.create'),
      help: text('setup:connection.createHelp'),
      when: isNew,
      default: () => false,
    },
    {
      id: 'database.password',
      kind: 'secret',
      label: text('setup:connection.password'),
      help: text('setup:connection.passwordHelp'),
      when: isServer,
      stored: (context) => storedPassword(context) !== undefined,
      // An address may bring its own; a local socket may need none.
      optional: true,
    },
  ],
  check: async (context, onResult) => {
    // The step that creates them looks at the server.
    if (isToBeCreated(context)) return [];
    const { ok, checks } = await probeDatabase(chosenServer(context), { onResult });
    return ok ? [...checks, ...(await checkContents(context, onResult))] : checks;
  },
  fact: (context) => text('setup:verbatim', { text: hostOf(context) }),
};

function hostOf(context: Context): string {
  const address = databaseAddress(context);
  return URL.canParse(address) ? new URL(address).host : '';
}

/** Whether the database holds nothing, or what is ours and this setup may work with. */
async function checkContents(
  context: Context,
  onResult: (outcome: CheckOutcome) => void,
): Promise<readonly CheckOutcome[]> {
  const outcome = await schemaOutcome(context);
  onResult(outcome);
  return [outcome];
}

async function schemaOutcome(context: Context): Promise<CheckOutcome> {
  const common = { id: 'database.schema', category: 'database' as const, title: text('setup:schema.check') };
  let found;
  try {
    found = await schemaFound(connectionUrl(context));
  } catch (error) {
    return {
      ...common,
      status: 'fail',
      found: text('setup:schema.unreachable', { address: maskUrl(connectionUrl(context)) }),
      evidence: error instanceof Error ? error.message : String(error),
      remedy: [text('setup:schema.unreachableRemedy')],
    };
  }
  if (found.kind === 'foreign')
    return {
      ...common,
      status: 'fail',
      found: text('setup:schema.foreign', { count: found.tables.length }),
      evidence: found.tables.slice(0, 10).join(', '),
      remedy: [text('setup:schema.foreignRemedy')],
    };
  // What this setup has begun itself is no company that was there before.
  const own = context.facts['schema.begun'] === databaseAddress(context);
  context.note('database.ours', found.kind === 'ours' && found.founded && !own);
  if (found.kind === 'empty') {
    if (wayOf(context) === 'new') return { ...common, status: 'ok', found: text('setup:schema.empty') };
    // The books would seem to be gone.
    return {
      ...common,
      status: 'fail',
      found: text('setup:schema.empty'),
      remedy: [text('setup:schema.moveRemedy')],
    };
  }
  const { schema, tables } = found;
  if (schema.state === 'newer')
    return { ...common, status: 'fail', found: text('setup:schema.newer'), remedy: [text('setup:schema.newerRemedy')] };
  if (schema.state === 'older' && isNew(context) && found.founded && !own)
    return {
      ...common,
      status: 'fail',
      found: text('setup:schema.olderCompany', { count: tables }),
      remedy: [text('setup:schema.olderRemedy')],
    };
  return { ...common, status: 'ok', found: text(`setup:schema.${schema.state}`, { count: tables }) };
}

export const schemaStep: SetupStep = {
  id: 'schema',
  title: text('setup:schema.title'),
  say: text('setup:schema.say'),
  when: (context) => wayOf(context) !== 'upgrade',
  check: (context, onResult) => (isToBeCreated(context) ? Promise.resolve([]) : checkContents(context, onResult)),
  plan: (context) => [text('setup:schema.plan', { address: maskUrl(connectionUrl(context)) })],
  apply: async (context, onProgress) => {
    const url = connectionUrl(context);
    if (context.facts['database.ours'] !== true && isNew(context))
      context.note('schema.begun', databaseAddress(context));
    if (isMissingFile(url)) context.note('schema.made', embeddedFile(url) ?? '');
    const database = await openDatabase(url, { poolSize: 2 });
    try {
      const steps = await migrateSchema(database, ({ migration, step, done, total }) =>
        onProgress({ done, total, label: text('setup:verbatim', { text: `${migration} · ${step}` }) }),
      );
      return text(steps === 0 ? 'setup:schema.nothing' : 'setup:schema.done', { count: steps });
    } finally {
      await database.close();
    }
  },
  undo: async (context) => {
    // A server's tables stay: what has been run is noted there, and the next run goes on behind it.
    const made = context.facts['schema.made'];
    if (typeof made !== 'string' || !existsSync(made)) return;
    const aside = (await mayBeInUse(made)) ? await asidePath(context) : undefined;
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      if (aside === undefined || !existsSync(made + suffix)) await rm(made + suffix, { force: true });
      else await rename(made + suffix, aside + suffix);
    }
  },
};

/** One that cannot be read is taken for one that does. */
async function mayBeInUse(file: string): Promise<boolean> {
  try {
    const found = await schemaFound(`sqlite:${file}`);
    return found.kind === 'foreign' || (found.kind === 'ours' && found.founded);
  } catch {
    return true;
  }
}

/** A setup that stopped after it had made the administrator may have been used all the same: nothing of that is deleted. */
async function asidePath(context: Context): Promise<string> {
  const folder = keptFolder(context);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, `phone-erp-${new Date().toISOString().replace(/[:.]/g, '-')}.sqlite`);
}
