import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import mysql from 'mysql2/promise';
import { atEnd } from './at-end';
import { findProgram } from './skip';
import { makeScratch, memoryFolder } from './scratch-folder';

export interface MariadbServer {
  /** Connection URL of a database of this server, as its administrator. */
  url(database: string): string;
  folder: string;
  process: ChildProcess;
}

export interface MariadbOptions {
  durable?: boolean;
  /** Listens on 127.0.0.1 as well; otherwise it is reached by its local socket only. */
  port?: number;
  /** Further arguments of mariadbd. */
  arguments?: readonly string[];
}

let running: Promise<MariadbServer> | undefined;

export const mariadbInstalled = (): boolean => Boolean(findProgram('mariadbd') && findProgram('mariadb-install-db'));

/** One private server for this test process, reached by a local socket only; ended with the process. */
export function mariadbServer(): Promise<MariadbServer> {
  running ??= startMariadb().then((server) => {
    atEnd(() => stopMariadb(server));
    return server;
  });
  return running;
}

/** `durable`: flushes at each commit, as in production (for fault tests); otherwise fast and forgetful. */
export async function startMariadb(options: MariadbOptions = {}): Promise<MariadbServer> {
  const folder = makeScratch('mariadb', options.durable ? tmpdir() : memoryFolder());
  const data = path.join(folder, 'data');
  const asUser = process.getuid?.() === 0 ? mysqlUser(folder) : undefined;
  const owner = asUser ? [`--user=${asUser}`] : [];
  const install = findProgram('mariadb-install-db') ?? 'mariadb-install-db';
  await promisify(execFile)(
    install,
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...owner],
    { env: ownTemporaryFolder(folder) },
  );
  return launchMariadb(folder, options);
}

/** Starts (again) on the folder of an earlier start. */
export async function launchMariadb(
  folder: string,
  { durable = false, port, arguments: more = [] }: MariadbOptions = {},
): Promise<MariadbServer> {
  const socket = path.join(folder, 's.sock');
  const program = findProgram('mariadbd') ?? 'mariadbd';
  const asUser = process.getuid?.() === 0 ? [`--user=${mysqlUser(folder)}`] : [];
  const server = spawn(
    program,
    [
      '--no-defaults',
      `--datadir=${path.join(folder, 'data')}`,
      `--socket=${socket}`,
      ...(port ? [`--port=${port}`, '--bind-address=127.0.0.1'] : ['--skip-networking']),
      `--pid-file=${path.join(folder, 'pid')}`,
      `--log-error=${path.join(folder, 'error.log')}`,
      '--character-set-server=utf8mb4',
      '--innodb-buffer-pool-size=256M',
      '--innodb-log-file-size=64M',
      `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
      ...(durable ? [] : ['--innodb-doublewrite=0']),
      ...asUser,
      ...more,
    ],
    { stdio: 'ignore', env: ownTemporaryFolder(folder) },
  );
  const url = (database: string): string =>
    `mariadb://root@localhost/${database}?socketPath=${encodeURIComponent(socket)}`;
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      const connection = await mysql.createConnection({ socketPath: socket, user: 'root' });
      await connection.end();
      return { url, folder, process: server };
    } catch (error) {
      if (server.exitCode !== null || server.signalCode !== null || Date.now() > deadline)
        throw new Error(`mariadbd did not start: ${lastWords(folder)}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function lastWords(folder: string): string {
  const log = path.join(folder, 'error.log');
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : 'it wrote no log';
}

export async function stopMariadb({ process: server, folder }: MariadbServer): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

/**
 * A server that starts removes what looks like left-over temporary tables from its temporary folder: in a shared one it takes
 * them from its neighbours, which then fail or end.
 */
function ownTemporaryFolder(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: folder };
}

/** mariadbd refuses to run as root; Debian's package makes the user. */
function mysqlUser(folder: string): string {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'mysql');
  if (entry) chownSync(folder, Number(entry[2]), Number(entry[3]));
  return 'mysql';
}
