import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Config, loadConfig, maskUrl } from '../../src/platform/config';
import { text } from '../../src/platform/checks';
import { type Context, said, type SetupEnvironment, type SetupStep } from './environment';

/** An installation of the product on this machine. */
export interface Existing {
  file: string;
  /** undefined: the file cannot be used as it is. */
  config: Config | undefined;
  problem: string | undefined;
}

export type Way = 'new' | 'repair' | 'reconfigure' | 'upgrade';

const CONFIG = 'config.yaml';

/** Where the program is installed unless somebody says otherwise. */
export function defaultFolders({ administrator, cwd, facts }: SetupEnvironment): { install: string; data: string } {
  if (facts.platform === 'win32') {
    const base = administrator ? path.win32.join(process.env.ProgramData ?? 'C:\\ProgramData', 'PhoneERP') : cwd;
    return { install: base, data: path.join(base, 'data') };
  }
  return administrator
    ? { install: '/opt/phone-erp', data: '/var/lib/phone-erp' }
    : { install: cwd, data: path.join(cwd, 'data') };
}

const seen = new Map<string, { mtimeMs: number; existing: Existing }>();

/** The installation that this setup finds: named, in the chosen folder, here, or in the usual place. One that it is just writing is none. */
export function findExisting({ env, given, facts }: Pick<Context, 'env' | 'given' | 'facts'>): Existing | undefined {
  const install = given['paths.install'];
  const chosen = typeof install === 'string' && install !== '' ? install : undefined;
  const places = [
    env.configFile,
    ...(typeof facts['existing.file'] === 'string' ? [facts['existing.file']] : []),
    ...(chosen === undefined ? [env.cwd, defaultFolders(env).install] : [path.resolve(chosen)]).map((folder) =>
      path.join(folder, CONFIG),
    ),
  ];
  const file = places.find((one) => one !== undefined && one !== facts['configuration.file'] && existsSync(one));
  return file === undefined ? undefined : readExisting(file);
}

function readExisting(file: string): Existing {
  const { mtimeMs } = statSync(file);
  const known = seen.get(file);
  if (known?.mtimeMs === mtimeMs) return known.existing;
  let existing: Existing;
  try {
    existing = { file, config: loadConfig({ file, env: {} }), problem: undefined };
  } catch (error) {
    existing = { file, config: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
  seen.set(file, { mtimeMs, existing });
  return existing;
}

/** What this run is: a new installation, or one of the three ways to treat the one that is there. */
export function wayOf(context: Context): Way {
  const way = said(context, 'existing.action');
  return way === 'repair' || way === 'reconfigure' || way === 'upgrade' ? way : 'new';
}

/** Questions about the company are for a new installation only. */
export const isNew = (context: Context): boolean => wayOf(context) === 'new';
/** Questions about the machine are for a new installation or one that gets a new configuration. */
export const isTechnical = (context: Context): boolean => ['new', 'reconfigure'].includes(wayOf(context));

/** The configuration file that this setup writes or works with. */
export function configFileOf(context: Context): string {
  const existing = isNew(context) ? undefined : findExisting(context);
  return existing?.file ?? path.join(said(context, 'paths.install'), CONFIG);
}

/** The configuration as it stands in the file; throws ConfigError. */
export const installedConfig = (context: Context, env: NodeJS.ProcessEnv = {}): Config =>
  loadConfig({ file: configFileOf(context), env });

/** The first is the usual one. What cannot be read can only be left alone. */
const waysFor = (context: Context): readonly Way[] =>
  findExisting(context)?.config ? ['repair', 'reconfigure', 'upgrade', 'new'] : ['new'];

export const existingStep: SetupStep = {
  id: 'existing',
  title: text('setup:existing.title'),
  say: text('setup:existing.say'),
  questions: (context) => [
    {
      id: 'existing.action',
      kind: 'choice',
      label: text('setup:existing.action', { file: findExisting(context)?.file ?? '–' }),
      help: text('setup:existing.help'),
      when: (asked) => findExisting(asked) !== undefined,
      default: (asked) => waysFor(asked)[0],
      choices: (asked) => waysFor(asked).map((value) => ({ value, label: text(`setup:existing.${value}`) })),
    },
  ],
  check: (context) => {
    const existing = findExisting(context);
    const common = { id: 'setup.existing', category: 'host' as const, title: text('setup:existing.title') };
    if (!existing) return Promise.resolve([{ ...common, status: 'ok' as const, found: text('setup:existing.none') }]);
    if (existing.problem !== undefined)
      return Promise.resolve([
        {
          ...common,
          status: 'warn' as const,
          found: text('setup:existing.damaged', { file: existing.file }),
          evidence: existing.problem,
          remedy: [text('setup:existing.damagedRemedy')],
        },
      ]);
    const { config, file } = existing;
    const found = text('setup:existing.found', { file, database: maskUrl(config?.database.url ?? '') });
    return Promise.resolve([{ ...common, status: 'ok' as const, found }]);
  },
  fact: (context) => text(`setup:existing.${wayOf(context)}`),
};
