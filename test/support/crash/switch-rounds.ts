import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import supertest from 'supertest';
import { bookFindings } from '../../../src/app/backup';
import { foundAdministrator } from '../../../src/app/founding';
import { readMaintenance } from '../../../src/app/maintenance';
import { openProduct } from '../../../src/app/product';
import { readSwitch } from '../../../src/app/switch-over';
import { postSale } from '../../../src/modules/sales';
import { loadConfig } from '../../../src/platform/config';
import { sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import type { Services } from '../../../src/platform/services';
import { atEnd } from '../at-end';
import { freePort } from '../free-port';
import { environment } from '../packaged';
import { sampleShop } from '../sample-shop';
import { makeScratch } from '../scratch-folder';
import { buildProgram } from './program';

const HOOK = path.resolve(import.meta.dirname, '../upgrade/kill-at.mjs');
const DATABASES = '/settings/backups/databases';
const PERSON = { login: 'chief', password: 'plover kettle 42' };
/** After so long a server that reports nothing is gone for sure. */
const GONE_MS = 300_000;
const LATE_MS = 120_000;

/** Where the server dies, as kill-at.mjs names it, and which database has to serve afterwards. */
export const SWITCH_POINTS = [
  ['after running backup running', 'old'],
  ['after running close running', 'old'],
  ['after running close done', 'old'],
  ['after running copy running', 'old'],
  ['after running copy done', 'old'],
  ['after running look done', 'old'],
  ['before config.yaml.before-switch', 'old'],
  ['after config.yaml.before-switch', 'old'],
  ['before config.yaml', 'old'],
  ['after config.yaml', 'new'],
  ['after running switch done', 'new'],
  ['after done switch done', 'new'],
] as const;

export type SwitchPoint = (typeof SWITCH_POINTS)[number];

/**
 * A shop that is moved to another database by its page, with the server killed at each point; then it is started again. Tells what
 * is not as it has to be: the database of before or the other one, whole, open, and nothing between.
 */
export async function switchKillRounds(
  points: readonly SwitchPoint[],
  say: (line: string) => void = () => undefined,
): Promise<string[]> {
  const program = await buildProgram();
  const folder = makeScratch('switch');
  const configFile = path.join(folder, 'config.yaml');
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  mkdirSync(path.join(folder, 'disk'));
  writeFileSync(path.join(folder, 'passphrase'), 'correct horse battery staple\n', { mode: 0o600 });
  const backup = {
    targets: [{ id: 'disk', kind: 'local', path: path.join(folder, 'disk') }],
    passphraseFile: path.join(folder, 'passphrase'),
  };
  const dataDir = path.join(folder, 'data');
  const settings = { dataDir, backup, server: { host: '127.0.0.1', port }, logging: { stdout: false } };
  writeFileSync(
    configFile,
    JSON.stringify({ ...settings, database: { url: `sqlite:${path.join(dataDir, 'a.sqlite')}` } }),
  );
  const config = () => loadConfig({ file: configFile, env: {} });
  const inside = async <T>(work: (services: Services) => Promise<T>): Promise<T> => {
    const { services, close } = await openProduct(config(), silentLogger());
    try {
      return await work(services);
    } finally {
      await close();
    }
  };
  const look = () =>
    inside(async ({ database: { read } }) => {
      const sales = await read.one<{ sold: number }>(sql`SELECT COUNT(*) AS sold FROM sale`);
      const sums = await read.one<{ debitFen: number }>(sql`SELECT SUM(debit_fen) AS debit_fen FROM journal_line`);
      const findings = (await bookFindings(read)).filter(({ count }) => count > 0).map(({ id }) => id);
      const books = [Number(sales?.sold), Number(sums?.debitFen), ...findings].join();
      return { books, closed: (await readMaintenance(read)) !== null };
    });

  const start = async (killAt?: string): Promise<ChildProcess> => {
    const hook = killAt === undefined ? [] : ['--import', HOOK];
    const child = spawn(process.execPath, [...hook, program.entry, 'serve', '--config', configFile], {
      cwd: path.resolve(import.meta.dirname, '../../..'),
      env: environment(killAt === undefined ? {} : { KILL_AT: killAt }),
      stdio: 'ignore',
    });
    atEnd(() => void child.kill('SIGKILL'));
    await until(
      () => isReady(base),
      () => child.exitCode !== null || child.signalCode !== null,
    );
    return child;
  };

  try {
    await inside(async (services) => {
      const shop = await sampleShop(services.uow);
      await foundAdministrator(services, { ...PERSON, name: '周敏', locale: 'en' });
      await postSale(services.uow, systemActor('till'), {
        registerId: shop.registerId,
        lines: [{ skuId: shop.chargerSkuId, quantity: 1, discountFen: 0 }],
        tenders: [{ kind: 'cash', amountFen: 14_900 }],
      });
    });
    const { books } = await look();
    const problems: string[] = [];
    for (const [round, [point, wanted]] of points.entries()) {
      const before = config().database.url;
      const other = `b${round}.sqlite`;
      const killed = await start(point);
      await beginMove(base, other);
      await ended(killed);
      const found: string[] = [];
      const expect = (right: boolean, words: string): void => void (right || found.push(words));
      expect(killed.signalCode === 'SIGKILL', `it was not killed (${killed.exitCode})`);
      const again = await start();
      const inUse = config().database.url;
      expect((inUse === before) === (wanted === 'old'), `${inUse} is in use`);
      expect(inUse === before || inUse.endsWith(`/${other}`), `${inUse} is neither`);
      again.kill('SIGTERM');
      await ended(again);
      const state = readSwitch(config());
      expect(state?.outcome === (wanted === 'old' ? 'failed' : 'done'), `the change is told as ${state?.outcome}`);
      const now = await look();
      expect(now.books === books, `the books are ${now.books}, and were ${books}`);
      expect(!now.closed, 'it is still closed');
      problems.push(...found.map((problem) => `${point}: ${problem}`));
      say(`${point}: ${found.length === 0 ? `whole, ${wanted}` : found.join('; ')}`);
    }
    return problems;
  } finally {
    program.release();
  }
}

async function beginMove(base: string, file: string): Promise<void> {
  const agent = supertest.agent(base);
  const post = async (address: string, fields: Record<string, string>) => {
    const { text } = await agent.get('/help').set('accept', 'text/html').redirects(0);
    const token = /<meta name="csrf-token" content="([^"]+)"/.exec(text)?.[1] ?? '';
    const sent = { _csrf: token, ...fields };
    return agent.post(address).set('accept', 'text/html').type('form').redirects(0).send(sent);
  };
  const entered = await post('/sign-in', { ...PERSON, next: '/' });
  if (entered.status !== 303) throw new Error(`signing in answered ${entered.status}`);
  const move = () => post(`${DATABASES}/move`, { place: 'embedded', file }).catch(() => undefined);
  let answer = await move();
  // The server of the round before was killed: until its last report is old enough it counts as a second one.
  for (const late = Date.now() + GONE_MS; answer?.status === 409 && Date.now() < late; answer = await move())
    await pause(2000);
  // It may be dead already.
  if (answer && answer.status !== 303) throw new Error(`the move answered ${answer.status}: ${answer.text}`);
}

const isReady = (base: string): Promise<boolean> =>
  fetch(`${base}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );

async function until(condition: () => Promise<boolean>, isOver: () => boolean): Promise<void> {
  for (const late = Date.now() + LATE_MS; !(await condition()); await pause(50))
    if (isOver() || Date.now() > late) throw new Error('the server does not come up');
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const late = setTimeout(() => child.kill('SIGTERM'), LATE_MS);
  await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(late);
}
