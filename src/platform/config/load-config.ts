import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { resourcePath } from '../resources';
import { targetSecrets } from './backup-schema';
import { environmentName, readEnvironment } from './env-source';
import { ConfigError, type ConfigProblem } from './problems';
import { configSchema, secretPaths, type RawConfig } from './schema';
import { readYaml, type YamlSource } from './yaml-source';

type Values = Record<string, unknown>;
type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The configuration as the program uses it: paths absolute, the password in the address, everything derived filled in. */
export type Config = DeepReadonly<
  Omit<RawConfig, 'server' | 'database' | 'logging' | 'security' | 'backup'> & {
    server: Omit<RawConfig['server'], 'tls'> & { tls?: TlsConfig };
    /** `url` holds the password; write maskedConfig() to logs and screens, never this. */
    database: { url: string; poolSize: number };
    logging: RawConfig['logging'] & { dir: string };
    security: RawConfig['security'] & { keyFile: string };
    backup: RawConfig['backup'] & { spoolDir: string };
  }
>;

/** How HTTPS is served; paths absolute. */
export interface TlsConfig {
  mode: 'own' | 'given';
  certFile: string;
  keyFile: string;
  /** Folder of the own authority and its certificate; used by `own` only. */
  folder: string;
  names: readonly string[];
  redirectPort?: number | undefined;
}

export interface ConfigSources {
  /** The --config file; none means built-in values and environment only. */
  file?: string | undefined;
  env?: NodeJS.ProcessEnv;
}

/** built-in values ← file ← environment. Throws ConfigError that names every problem with its file and line. */
export function loadConfig({ file, env = process.env }: ConfigSources = {}): Config {
  const sources = [readYaml(resourcePath('config', 'default.yaml')), ...(file ? [readYaml(file)] : [])];
  const { targetSecrets: secrets, ...fromEnvironment } = readEnvironment(env);
  const merged = [...sources.map((source) => source.values), fromEnvironment].reduce(merge, {});
  const problems = [
    ...readSecretFiles(merged),
    ...readTargetSecrets(merged, (secrets ?? {}) as Record<string, string>),
  ];
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success)
    problems.push(...parsed.error.issues.flatMap((issue) => locate(issue, sources, fromEnvironment)));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(complete(parsed.data));
}

function merge(base: Values, over: Values): Values {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    // A section of which every line is commented out reads as null: it says nothing.
    if (value === null) continue;
    const before = result[key];
    result[key] = isValues(before) && isValues(value) ? merge(before, value) : value;
  }
  return result;
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Replaces each `…File` of a secret by the content of that file; the last line break is not part of the secret. */
function readSecretFiles(values: Values): ConfigProblem[] {
  return secretPaths.flatMap((secret) => {
    const [section = '', key = ''] = secret.split('.');
    const holder = values[section];
    return isValues(holder) ? readSecretFile(holder, key, secret) : [];
  });
}

/** The same for the entries of the list of backup targets, whose secrets may come from the environment too. */
function readTargetSecrets(values: Values, fromEnvironment: Record<string, string>): ConfigProblem[] {
  const { backup } = values;
  if (!isValues(backup) || !Array.isArray(backup.targets)) return [];
  // Copies: what the file says is asked for again where problems are looked up.
  const targets: unknown[] = backup.targets.map((target: unknown) => (isValues(target) ? { ...target } : target));
  backup.targets = targets;
  const unused = new Set(Object.keys(fromEnvironment));
  const problems = targets.flatMap((target, at) => {
    const secrets = isValues(target) ? targetSecrets[target.kind as keyof typeof targetSecrets] : undefined;
    if (!isValues(target) || !secrets) return [];
    return secrets.flatMap((key) => {
      const found = readSecretFile(target, key, `backup.targets.${at}.${key}`);
      const name = environmentName(`backup.targets.${String(target.id).replace(/-/g, '_')}.${key}`);
      if (unused.delete(name)) target[key] = fromEnvironment[name];
      return found;
    });
  });
  const nobody = [...unused].map((key) => ({ source: 'environment', key, message: 'names no backup target' }));
  return [...problems, ...nobody];
}

function readSecretFile(holder: Values, key: string, path: string): ConfigProblem[] {
  if (!(`${key}File` in holder)) return [];
  const name = holder[`${key}File`];
  delete holder[`${key}File`];
  if (typeof name !== 'string')
    return [{ source: 'configuration', key: `${path}File`, message: 'must be the name of a file' }];
  try {
    holder[key] = readFileSync(name, 'utf8').replace(/\r?\n$/, '');
    return [];
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return [{ source: name, key: `${path}File`, message: `cannot be read (${reason})` }];
  }
}

/** Says for each problem in which source the bad value stands: the environment wins over the file, the file over the defaults. */
function locate(issue: z.core.$ZodIssue, sources: readonly YamlSource[], env: Values): ConfigProblem[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  return paths.map((at) => {
    const key = at.join('.');
    const message = issue.code === 'unrecognized_keys' ? 'unknown key' : issue.message;
    if (isIn(env, at)) return { source: 'environment', key: environmentName(key), message };
    const source = sources.findLast((candidate) => isIn(candidate.values, at)) ?? sources.at(-1);
    return { source: source?.name ?? 'configuration', key, message, ...source?.placeOf(at) };
  });
}

function isIn(values: Values, at: readonly PropertyKey[]): boolean {
  let here: unknown = values;
  for (const key of at) {
    if (typeof here !== 'object' || here === null || !(key in here)) return false;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return true;
}

function complete(raw: RawConfig): Config {
  const dataDir = path.resolve(raw.dataDir);
  const { url, password, poolSize } = raw.database;
  const { tls, ...server } = raw.server;
  return {
    ...raw,
    server: tls ? { ...server, tls: completeTls(tls, dataDir) } : server,
    dataDir,
    database: { url: databaseUrl(url ?? `sqlite:${path.join(dataDir, 'phone-erp.sqlite')}`, password), poolSize },
    logging: { ...raw.logging, dir: path.resolve(raw.logging.dir ?? path.join(dataDir, 'log')) },
    security: { ...raw.security, keyFile: path.resolve(raw.security.keyFile ?? path.join(dataDir, 'secret.key')) },
    backup: completeBackup(raw.backup, dataDir),
  };
}

function completeBackup(raw: RawConfig['backup'], dataDir: string): Config['backup'] {
  return {
    ...raw,
    targets: raw.targets.map((target) =>
      target.kind === 'local' ? { ...target, path: path.resolve(target.path) } : target,
    ),
    ...(raw.identityFile === undefined ? {} : { identityFile: path.resolve(raw.identityFile) }),
    spoolDir: path.resolve(raw.spoolDir ?? path.join(dataDir, 'backup-spool')),
  };
}

function completeTls(tls: NonNullable<RawConfig['server']['tls']>, dataDir: string): TlsConfig {
  const folder = path.join(dataDir, 'tls');
  const { certFile = path.join(folder, 'server.crt'), keyFile = path.join(folder, 'server.key'), redirectPort } = tls;
  return {
    mode: tls.mode ?? (tls.certFile === undefined ? 'own' : 'given'),
    certFile: path.resolve(certFile),
    keyFile: path.resolve(keyFile),
    folder,
    names: (tls.names ?? '').split(/[,\s]+/).filter(Boolean),
    redirectPort,
  };
}

function databaseUrl(url: string, password: string | undefined): string {
  if (url === 'sqlite::memory:') return url;
  if (url.startsWith('sqlite:')) return `sqlite:${path.resolve(url.slice('sqlite:'.length))}`;
  if (password === undefined) return url;
  const withPassword = new URL(url);
  withPassword.password = password;
  return withPassword.href;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
