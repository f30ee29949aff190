import { globSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { launchMariadb, type MariadbServer, startMariadb, stopMariadb } from '../mariadb-server';
import { random as createRandom } from '../random';
import { compareSales, type KnownSale } from './check-sales';
import { buildProgram, type RunningProgram, runProgram } from './program';
import { type CrashTill, prepareShop } from './shop';
import { type Browser, nextOrder, send, signIn } from './till-client';
import { makeScratch } from '../scratch-folder';

export interface KillOptions {
  database: 'sqlite' | 'mariadb';
  /** How often the server is killed. */
  kills: number;
  seed: number;
  say?: (line: string) => void;
}

export interface KillReport {
  database: 'sqlite' | 'mariadb';
  seed: number;
  serverKills: number;
  databaseKills: number;
  /** Sales that were answered. */
  acknowledged: number;
  /** Requests whose answer was lost. */
  unanswered: number;
  /** Of those that were open when the server was started again: sales that had been done. */
  doneUnanswered: number;
  /** Answered requests sent once more, which got the first answer. */
  repeated: number;
  seconds: number;
  /** What is wrong; empty when nothing is. */
  problems: string[];
}

const TILLS = 6;
/** A start takes about this long; kills during the start fall within. */
const START_MS = 2500;
const LOAD_MS = 900;

type Victim = 'server' | 'database' | 'both';

/**
 * Sells through HTTP, kills the server (on MariaDB now and then the database server too) with SIGKILL at a random moment,
 * starts it again on the same database, repeats what was not answered, and compares: again and again.
 */
export async function killRounds({ database, kills, seed, say = () => undefined }: KillOptions): Promise<KillReport> {
  const startedAt = Date.now();
  const random = createRandom(seed);
  const folder = makeScratch('kill');
  const program = await buildProgram();
  let mariadb: MariadbServer | undefined;
  let server: RunningProgram | undefined;
  const report: KillReport = {
    database,
    seed,
    serverKills: 0,
    databaseKills: 0,
    acknowledged: 0,
    unanswered: 0,
    doneUnanswered: 0,
    repeated: 0,
    seconds: 0,
    problems: [],
  };
  const known = new Map<string, KnownSale>();
  try {
    if (database === 'mariadb') {
      mariadb = await startMariadb({ durable: true });
      await createDatabase(mariadb);
    }
    const databaseUrl = mariadb ? mariadb.url('erp') : `sqlite:${path.join(folder, 'erp.sqlite')}`;
    const env = {
      ...process.env,
      ERP_DATABASE_URL: databaseUrl,
      ERP_DATA_DIR: path.join(folder, 'data'),
      ERP_SERVER_HOST: '127.0.0.1',
      ERP_SERVER_PORT: '0',
      ERP_LOGGING_STDOUT: 'false',
    };
    const tills = await prepareShop(env, TILLS, Math.min(1500, 60 * kills));

    const start = async (): Promise<string> => {
      server = runProgram(program.entry, ['serve'], env);
      return (await server.printed(/Phone ERP: (http:\S+)/))[1] ?? '';
    };

    let url = await start();
    const browser = await signIn(url);
    for (let round = 1; report.serverKills < kills; round++) {
      const victim: Victim =
        database === 'sqlite' ? 'server' : (random.pick<Victim>(['server', 'server', 'database', 'both']) ?? 'server');
      const before = report.acknowledged;
      const load = startLoad(url, browser, tills, known, random, report);
      const delayMs = random.below(LOAD_MS);
      await pause(delayMs);
      if (victim !== 'server' && mariadb) {
        await killMariadb(mariadb);
        report.databaseKills += 1;
      }
      if (victim !== 'database') {
        await server?.kill();
        report.serverKills += 1;
      }
      if (victim !== 'server' && mariadb) mariadb = await launchMariadb(mariadb.folder, { durable: true });
      // A server that lives must find the way back to its database by itself: the tills go on until it answers.
      if (victim === 'database') await load.until(TILLS);
      await load.stop();
      if (victim !== 'database') {
        const during = random.chance(20) && report.serverKills < kills;
        if (during) {
          const starting = runProgram(program.entry, ['serve'], env);
          await Promise.race([pause(random.below(START_MS)), starting.ended]);
          await starting.kill();
          report.serverKills += 1;
        }
        url = await start();
      }
      const atRestart = await compareSales(databaseUrl, known);
      report.doneUnanswered += atRestart.doneUnanswered;
      await settle(url, browser, tills, known, report);
      await repeatSome(url, browser, tills, known, random, report);
      const problems = [...atRestart.problems, ...(await compareSales(databaseUrl, known)).problems];
      report.problems.push(...problems.map((problem) => `round ${round}: ${problem}`));
      say(
        `${String(round).padStart(3)}  kill -9 of ${victim} after ${String(delayMs).padStart(3)} ms  ` +
          `${report.acknowledged - before} sales answered, ${report.acknowledged} in all, ${report.unanswered} unanswered (${report.doneUnanswered} of them done)  ` +
          (problems.length === 0 ? 'ok' : `${problems.length} PROBLEMS`),
      );
    }
    const { code, signal } = (await server?.kill('SIGTERM')) ?? { code: null, signal: null };
    if (code !== 0) report.problems.push(`the server ended with ${signal ?? code} after SIGTERM`);
    for (const book of ['ledger', 'audit']) {
      const { code: verified, stdout, stderr } = await runProgram(program.entry, [book, 'verify', '--json'], env).ended;
      if (verified !== 0) report.problems.push(`${book} verify: ${stdout}${stderr}`);
      say(`${book} verify: exit code ${verified}`);
    }
  } catch (error) {
    throw new Error(`seed ${seed}; the server's last words:\n${lastWords(path.join(folder, 'data'))}`, {
      cause: error,
    });
  } finally {
    await server?.kill();
    if (mariadb) await stopMariadb(mariadb);
    program.release();
    rmSync(folder, { recursive: true, force: true });
  }
  report.seconds = Math.round((Date.now() - startedAt) / 1000);
  return report;
}

/** The complaints at the end of the server's log. */
function lastWords(dataDir: string): string {
  return globSync(path.join(dataDir, '**', '*.log'))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .filter((line) => /"level":"(error|fatal)"/.test(line))
    .slice(-5)
    .join('\n');
}

interface Load {
  /** Until so many more sales were answered. */
  until: (count: number) => Promise<void>;
  stop: () => Promise<void>;
}

/** Each till sells one after another; an order that got no answer is sent again before the next one. */
function startLoad(
  url: string,
  browser: Browser,
  tills: readonly CrashTill[],
  known: Map<string, KnownSale>,
  random: ReturnType<typeof createRandom>,
  report: KillReport,
): Load {
  let stopped = false;
  let waiting: { left: number; done: () => void } | undefined;
  const work = tills.map(async (till, place) => {
    while (!stopped) {
      const key = `kill-${report.seed}-${place}-${known.size}`;
      const sale: KnownSale = { order: nextOrder(till, key, random), answer: undefined };
      known.set(key, sale);
      tillOf.set(sale, till);
      for (;;) {
        const answer = await send(url, browser, till, sale.order);
        if (answer !== 'unanswered') {
          sale.answer = answer;
          report.acknowledged += 1;
          if (waiting && --waiting.left <= 0) waiting.done();
          break;
        }
        report.unanswered += 1;
        if (stopped) return;
        await pause(50);
      }
    }
  });
  const failed = Promise.all(work);
  failed.catch(() => undefined);
  return {
    until: (count) =>
      Promise.race([
        new Promise<void>((resolve) => (waiting = { left: count, done: resolve })),
        failed.then(() => undefined),
      ]),
    stop: async () => {
      stopped = true;
      await failed;
    },
  };
}

const tillOf = new WeakMap<KnownSale, CrashTill>();

/** Every request without an answer is sent again with its key, and now gets one. */
async function settle(
  url: string,
  browser: Browser,
  tills: readonly CrashTill[],
  known: ReadonlyMap<string, KnownSale>,
  report: KillReport,
): Promise<void> {
  for (const sale of known.values()) {
    if (sale.answer) continue;
    const answer = await send(url, browser, tillOf.get(sale) ?? (tills[0] as CrashTill), sale.order);
    if (answer === 'unanswered') throw new Error(`${sale.order.key}: no answer from a server that is there`);
    sale.answer = answer;
    report.acknowledged += 1;
  }
}

/** A client that did not trust its answer asks again: the first answer comes back. */
async function repeatSome(
  url: string,
  browser: Browser,
  tills: readonly CrashTill[],
  known: ReadonlyMap<string, KnownSale>,
  random: ReturnType<typeof createRandom>,
  report: KillReport,
): Promise<void> {
  for (const sale of random.some([...known.values()], 5)) {
    const answer = await send(url, browser, tillOf.get(sale) ?? (tills[0] as CrashTill), sale.order);
    if (answer === 'unanswered' || answer.saleId !== sale.answer?.saleId)
      report.problems.push(`${sale.order.key} sent again: ${JSON.stringify(answer)} instead of ${sale.answer?.saleId}`);
    report.repeated += 1;
  }
}

async function createDatabase({ url }: MariadbServer): Promise<void> {
  const socketPath = new URL(url('mysql')).searchParams.get('socketPath') ?? '';
  const admin = await mysql.createConnection({ socketPath, user: 'root' });
  await admin.query('CREATE DATABASE erp CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci');
  await admin.end();
}

async function killMariadb({ process: server }: MariadbServer): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}
