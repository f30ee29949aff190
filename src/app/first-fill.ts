import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { migrations } from '../../migrations';
import type { Config } from '../platform/config';
import { type Database, migrate, openDatabase, sql } from '../platform/database';
import { silentLogger } from '../platform/logging';
import { jobLease } from '../platform/jobs';
import { parameter, writeParameter } from '../platform/parameters';
import { systemActor } from '../platform/permissions';
import type { Services } from '../platform/services';
import { openServices } from './create-services';
import type { DemoOptions } from './demo';
import { checkKeys } from './key-check';
import { modules } from './modules';

/** There while the sample company is being written: whoever finds it knows that everything in the database is of that. */
const MARKER = 'demo.filling';
/** A filling process renews its marker each day it writes, which takes a second or two. */
const STILL_MS = 60_000;
const DAY_MS = 86_400_000;

/** `interrupted`: an earlier fill was begun and not finished, and nobody has worked with the database since. */
type FillState = { state: 'empty' | 'used' } | { state: 'interrupted'; by: FillMark };

interface FillMark {
  host: string;
  pid: number;
  /** Days written. */
  day: number;
}

export interface FirstFillOptions extends DemoOptions {
  say: (text: string) => void;
}

/**
 * Fills the database of the configuration with the sample company, unless somebody has worked with it. What an interrupted
 * fill left is removed first. `busy`: another process is filling it now.
 */
export async function firstFill(config: Config, options: FirstFillOptions): Promise<'filled' | 'used' | 'busy'> {
  const found = await look(config);
  if (found.state === 'used') return 'used';
  if (found.state === 'interrupted') {
    if (await isFilling(config, found.by, options.say)) return 'busy';
    options.say('An earlier fill was interrupted; it starts anew.   上次写入示例数据被中断，重新开始。');
    await withDatabase(config, clear);
  }
  const { services, close } = await openServices(config, { log: silentLogger() });
  try {
    await migrate(services.database, migrations);
    await checkKeys(services);
    await fill(services, options);
  } finally {
    await close();
  }
  return 'filled';
}

async function fill(services: Services, { onDay, say: _say, ...options }: FirstFillOptions): Promise<void> {
  const { database, uow } = services;
  const { fillDemo } = await import('./demo');
  const actor = systemActor('demo');
  const mark = (day: number): Promise<void> => {
    const value: FillMark = { host: hostname(), pid: process.pid, day };
    return uow.run(actor, (unit) => writeParameter(unit, MARKER, value));
  };
  await mark(0);
  // What a power cut takes is written anew; the file stays whole all the same, which OFF would not promise.
  if (database.dialect === 'sqlite') await database.dataSource.query('PRAGMA synchronous = NORMAL');
  await fillDemo(services, {
    ...options,
    onDay: async (day) => {
      await mark(day.done + 1);
      await onDay?.(day);
    },
  });
  if (database.dialect === 'sqlite') await database.dataSource.query('PRAGMA synchronous = FULL');
  const figures = modules.flatMap(({ jobs }) => jobs ?? []).filter((job) => job.figures);
  await uow.run(actor, (unit) =>
    unit.insert(
      jobLease,
      figures.map((job) => missedYesterday(job.id, unit.now)),
    ),
  );
  await uow.run(actor, (unit) => unit.execute(sql`DELETE FROM parameter WHERE name = ${MARKER}`));
}

/** As if it had last run two days ago: the server that starts makes up for it. */
const missedYesterday = (jobId: string, now: number) => ({
  jobId,
  owner: null,
  leasedUntil: 0,
  lastDueAt: now - 2 * DAY_MS,
});

function look(config: Config): Promise<FillState> {
  return withDatabase(config, async (database): Promise<FillState> => {
    const runner = database.dataSource.createQueryRunner();
    try {
      for (const table of ['parameter', 'store', 'user_account'])
        if (!(await runner.hasTable(table))) return { state: 'empty' };
    } finally {
      await runner.release();
    }
    const [mark] = await database.read.find(parameter, { name: MARKER });
    const counts = await database.read.one<Record<'stores' | 'users' | 'passwords', number>>(
      sql`SELECT (SELECT COUNT(*) FROM store) AS stores, COUNT(*) AS users, COUNT(password_hash) AS passwords
          FROM user_account`,
    );
    // Nobody of the sample company has a password: with one, somebody may have signed in and worked.
    if (mark && Number(counts?.passwords) === 0) return { state: 'interrupted', by: mark.value as FillMark };
    return { state: Number(counts?.stores) + Number(counts?.users) === 0 && !mark ? 'empty' : 'used' };
  });
}

/** Whether the process that left the mark is still at work. */
async function isFilling(config: Config, by: FillMark, say: (text: string) => void): Promise<boolean> {
  if (by.host === hostname() && (by.pid === process.pid || !isAlive(by.pid))) return false;
  say('Another process may be filling this database; looking whether it goes on …   另一个进程可能正在写入，稍候 …');
  for (let waitedMs = 0; waitedMs < STILL_MS; waitedMs += 1000) {
    await pause(1000);
    const now = await look(config);
    if (now.state !== 'interrupted' || now.by.day !== by.day || now.by.pid !== by.pid) return true;
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function clear({ dataSource }: Database): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.clearDatabase();
  } finally {
    await runner.release();
  }
}

async function withDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(config.database.url, { poolSize: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
