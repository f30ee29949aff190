import { execFile, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { migrations } from '../migrations';
import { copyDatabase, restoreBackup } from '../src/app/backup';
import { createBackup } from '../src/app/backup/create-backup';
import { newKeyPair } from '../src/platform/backup';
import { migrate, openDatabase } from '../src/platform/database';
import { parseConnectionUrl } from '../src/platform/database/connection-url';
import { findProgram } from '../test/support/skip';
import { salesBeside } from './b10-sales-beside';
import { fillDevices, LINES_PER_THOUSAND } from './many-devices';
import { atLeast, below, type Bench, type BenchContext, type Figure } from './measurement';
import { programArgs } from './product-server';
import { benchConfig } from './shop';

/** Four fifths of them are sold one by one, with two accessories each: 417,000 are a million sale lines. */
const DEVICES = { tiny: 1000, small: 20_000, full: 417_000 };
const MB = 1024 * 1024;
const HALF = 0.5;
const ROWS_A_SECOND = 15_000;
const MOST_MB = 300;

/** A backup and its restore, encrypted, packed and compared, beside the engine's own dump and its import, which do none of it. */
export const backupBench: Bench = { id: 'B10', title: 'backup and restore', databases: ['sqlite', 'mariadb'], run };

async function run(context: BenchContext): Promise<Figure[]> {
  const { kind, scale, folder, say } = context;
  const figures: Figure[] = [];
  const pattern = `sqlite:${path.join(folder, 'pattern.sqlite')}`;
  const fresh = await openDatabase(pattern);
  await migrate(fresh, migrations);
  await fresh.close();
  const shop = await fillDevices(pattern, folder, DEVICES[scale], 'all');
  let url = pattern;
  if (kind === 'mariadb') {
    url = await context.freshUrl();
    const from = await openDatabase(pattern, { readOnly: true });
    const { ms, value: copied } = await timed(() => copyDatabase({ from, url }));
    await from.close();
    const perSecond = (copied.rows / ms) * 1000;
    figures.push({
      name: 'B10 move from SQLite, with the comparison',
      database: kind,
      value: perSecond,
      unit: 'rows/s',
      better: 'more',
      spread: 0,
      target: { text: `≥ ${ROWS_A_SECOND} rows/s`, met: perSecond >= ROWS_A_SECOND },
    });
  }
  const keys = await newKeyPair();
  const database = await openDatabase(url, { poolSize: 4, readOnly: true });
  const made = await timed(() =>
    createBackup(
      { config: benchConfig(url, folder), database, clock: Date.now },
      { folder: path.join(folder, 'made'), sealing: { recipients: [keys.recipient] } },
    ),
  );
  await database.close();
  const { rows, bytes, file } = made.value;
  const lines = (DEVICES[scale] / 1000) * LINES_PER_THOUSAND;
  say(`B10 ${kind}: ${lines} sale lines, ${rows} rows, backup ${(bytes / MB).toFixed(1)} MB`);
  const into = kind === 'sqlite' ? `sqlite:${path.join(folder, 'restored.sqlite')}` : await context.freshUrl();
  const restored = await timed(() =>
    restoreBackup({ file: createReadStream(file), opening: { identities: [keys.identity] }, url: into }),
  );
  const own = await (kind === 'sqlite' ? sqliteCopy(url, folder) : mariadbDump(url, await context.freshUrl(), folder));
  const resident = await residentMb(url, folder, keys.recipient);
  const beside = await salesBeside(context, url, shop, keys.recipient);
  const rate = (name: string, ms: number, ceilingName: string, ceilingMs: number): Figure => ({
    name,
    database: kind,
    value: (rows / ms) * 1000,
    unit: 'rows/s',
    better: 'more',
    spread: 0,
    ceiling: { name: ceilingName, value: (rows / ceilingMs) * 1000 },
    share: ceilingMs / ms,
    target: atLeast(ceilingMs / ms, HALF),
  });
  return [
    ...figures,
    rate('B10 backup', made.ms, own.dumpName, own.dumpMs),
    rate('B10 restore, with the comparison', restored.ms, own.loadName, own.loadMs),
    {
      name: 'B10 resident memory of a backup',
      database: kind,
      value: resident,
      unit: 'MB',
      better: 'less',
      spread: 0,
      target: below(resident, MOST_MB, 'MB'),
    },
    beside,
  ];
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const startedAt = performance.now();
  const value = await work();
  return { ms: performance.now() - startedAt, value };
}

interface Own {
  dumpName: string;
  dumpMs: number;
  loadName: string;
  loadMs: number;
}

/** The pages of the file as they are; both ways are the same work. */
async function sqliteCopy(url: string, folder: string): Promise<Own> {
  const copy = path.join(folder, 'copy.sqlite');
  const way = async (from: string, to: string): Promise<number> => {
    const source = new DatabaseSync(from, { readOnly: true });
    const { ms } = await timed(() => backup(source, to, { rate: 10_000 }));
    source.close();
    return ms;
  };
  const dumpMs = await way(url.slice('sqlite:'.length), copy);
  const back = path.join(folder, 'back.sqlite');
  const loadMs = await way(copy, back);
  rmSync(copy);
  rmSync(back);
  return { dumpName: 'SQLite .backup', dumpMs, loadName: 'SQLite .backup the other way', loadMs };
}

async function mariadbDump(url: string, into: string, folder: string): Promise<Own> {
  const file = path.join(folder, 'dump.sql');
  const dump = findProgram('mariadb-dump') ?? 'mariadb-dump';
  const client = findProgram('mariadb') ?? 'mariadb';
  const written = await timed(async () => {
    const child = spawn(dump, ['--no-defaults', ...loginOf(url), '--single-transaction', '--quick', nameOf(url)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await pipeline(child.stdout, createWriteStream(file));
  });
  const loaded = await timed(async () => {
    const child = spawn(client, ['--no-defaults', ...loginOf(into), nameOf(into)], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await pipeline(createReadStream(file), child.stdin);
    await ended;
  });
  rmSync(file);
  return { dumpName: 'mariadb-dump', dumpMs: written.ms, loadName: 'mariadb < dump', loadMs: loaded.ms };
}

function serverOf(url: string) {
  const target = parseConnectionUrl(url);
  if (target.kind !== 'mysql') throw new RangeError('a MySQL or MariaDB server');
  return target;
}

const nameOf = (url: string): string => serverOf(url).database;

function loginOf(url: string): string[] {
  const { user, password, host, port, socketPath } = serverOf(url);
  const at = socketPath ? [`--socket=${socketPath}`] : [`--host=${host}`, `--port=${port}`];
  return [`--user=${user}`, ...(password ? [`--password=${password}`] : []), ...at];
}

/** The highest that the program itself had while it made one, as the system counted it. */
async function residentMb(url: string, folder: string, recipient: string): Promise<number> {
  const config = path.join(folder, 'memory.yaml');
  writeFileSync(
    config,
    `dataDir: ${folder}\ndatabase:\n  url: ${url}\nbackup:\n  recipients: [${recipient}]\nlogging:\n  stdout: false\n`,
  );
  const args = programArgs(['backup', 'run', '--config', config, '--folder', `${folder}-target`]);
  const child = execFile(process.execPath, args);
  let highest = 0;
  const look = setInterval(() => {
    try {
      highest = Math.max(
        highest,
        Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0),
      );
    } catch {
      // It has ended, or this is no Linux.
    }
  }, 20);
  try {
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`backup run ended with ${String(code)}`);
  } finally {
    clearInterval(look);
    rmSync(`${folder}-target`, { recursive: true, force: true });
  }
  return highest / 1024;
}
