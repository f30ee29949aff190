import path from 'node:path';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { parse } from 'yaml';
import { isBackupFile } from '../../src/platform/backup-targets';
import type { Config } from '../../src/platform/config';
import { embeddedFile } from '../../src/platform/database';
import type { ServiceSettings } from './plan';

export interface SettingsSources {
  config: Config;
  /** Absolute. */
  configFile?: string | undefined;
  program: readonly [string, ...string[]];
  account?: string;
  memoryMaxMb?: number | undefined;
}

/** What the service needs to know, out of the configuration. */
export function serviceSettings({
  config,
  configFile,
  program,
  account = 'phone-erp',
  memoryMaxMb,
}: SettingsSources): ServiceSettings {
  const { server, database, dataDir, logging, security, backup } = config;
  const file = embeddedFile(database.url);
  const embedded = file === undefined ? [] : [path.dirname(file)];
  const outside = embedded.filter((folder) => path.relative(dataDir, folder).startsWith('..'));
  const tlsKey = server.tls?.mode === 'given' ? [server.tls.keyFile] : [];
  return {
    program,
    configFile,
    dataDir,
    logDir: logging.dir,
    secretFiles: [
      ...(configFile === undefined ? [] : [configFile, ...passwordFiles(configFile)]),
      security.keyFile,
      ...tlsKey,
    ],
    writableFolders: outside,
    backupFolders: backup.targets
      .filter((target) => target.kind === 'local')
      .map(({ path: folder }) => ({ folder, ours: holdsBackupsOnly(folder) })),
    programFolder: folderOfCurrent(program[0]),
    ports: [server.port, ...(server.tls?.redirectPort === undefined ? [] : [server.tls.redirectPort])],
    database: /^[a-z]+/.exec(database.url)?.[0] ?? '',
    account,
    memoryMaxMb,
  };
}

/** …/current/phone-erp lies in the installation folder, which holds nothing but the product. */
function folderOfCurrent(program: string): string | undefined {
  const folder = path.dirname(program);
  return path.basename(folder) === 'current' ? path.dirname(folder) : undefined;
}

/** A disk that others use as well stays theirs. */
function holdsBackupsOnly(folder: string): boolean {
  try {
    return readdirSync(folder).every(isBackupFile);
  } catch {
    return !existsSync(folder);
  }
}

/** The configuration in memory holds the secret itself; the name of its file stands in the text only. */
function passwordFiles(configFile: string): string[] {
  const values = parse(readFileSync(configFile, 'utf8')) as { database?: { passwordFile?: unknown } } | null;
  const name = values?.database?.passwordFile;
  return typeof name === 'string' ? [path.resolve(name)] : [];
}

/**
 * The program by way of the link `current` when it lies in …/versions/<version>/ and that link leads to it: an upgrade moves the
 * link, and the service follows.
 */
export function throughCurrent(program: string): string {
  const folder = path.dirname(program);
  if (path.basename(path.dirname(folder)) !== 'versions') return program;
  const linked = path.join(folder, '..', '..', 'current', path.basename(program));
  return existsSync(linked) && realpathSync(linked) === realpathSync(program) ? linked : program;
}
