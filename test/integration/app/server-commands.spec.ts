import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { compareSales, type KnownSale } from '../../support/crash/check-sales';
import { prepareShop } from '../../support/crash/shop';
import { nextOrder, send, signIn } from '../../support/crash/till-client';
import { databaseContext, SERVERS } from '../../support/databases';
import { standInDriver } from '../../support/database-kinds/oracle-stand-in';
import { random } from '../../support/random';
import { skipUnlessOutside } from '../../support/skip';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The program as people run it, each command in a process of its own, on the vendors' servers that can be reached. */
describe('the commands on a vendor’s server', function () {
  this.timeout(1_800_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-commands-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const { kind, variables } of SERVERS)
    describe(kind, () => {
      const { freshUrl } = databaseContext(kind);
      const standIn = kind === 'oracle' && standInDriver() !== undefined;
      let env: NodeJS.ProcessEnv;
      beforeEach(async function () {
        const reached = variables.some((name) => process.env[name]);
        skipUnlessOutside(this, reached, `${variables.join(' or ')} is not set: no command ran on ${kind}`);
        this.timeout(300_000);
        const url = await freshUrl();
        env = {
          ...process.env,
          ...(standIn ? { ERP_TEST_ORACLE_URL: url } : {}),
          ERP_DATABASE_URL: url,
          ERP_DATA_DIR: folder,
          ERP_SERVER_HOST: '127.0.0.1',
          ERP_SERVER_PORT: '0',
          ERP_LOGGING_STDOUT: 'false',
          ERP_LOCALE: 'en',
        };
      });

      function start(...args: string[]) {
        const preload = standIn ? ['--import', './test/support/database-kinds/oracle-preload.ts'] : [];
        return spawn(process.execPath, ['--import', 'tsx', ...preload, 'src/main.ts', ...args], { env });
      }

      function run(...args: string[]): Promise<Ended> {
        const child = start(...args);
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
        child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
        return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
      }

      async function booksVerify(): Promise<void> {
        for (const book of ['ledger', 'audit']) {
          const { code, stdout, stderr } = await run(book, 'verify', '--json');
          expect(code, `${book} verify: ${stdout}${stderr}`).to.equal(0);
          expect(JSON.parse(stdout)).to.have.property('ok', true);
        }
      }

      it('fill the sample company, verify its books, examine it', async () => {
        // The stand-in reads each statement twice: a quarter of an hour for the small one.
        const scale = standIn ? 'tiny' : 'small';
        const demo = await run('demo', '--scale', scale, '--seed', '3', '--until', '2026-11-22T18:00', '--json');
        expect(demo.code, demo.stdout + demo.stderr).to.equal(0);
        expect((JSON.parse(demo.stdout) as { sales: number }).sales).to.be.greaterThan(50);
        await booksVerify();
        const { stdout, stderr } = await run('doctor', '--json');
        const { checks } = JSON.parse(stdout || '{"checks":[]}') as { checks: { id: string; status: string }[] };
        expect(checks.length, stderr).to.be.greaterThan(20);
        const failed = checks.filter(({ status }) => status === 'fail').map(({ id }) => id);
        // A stand-in has no dictionary of a server to be asked about.
        expect(standIn ? failed.filter((id) => !id.startsWith('database.')) : failed, stdout).to.deep.equal([]);
      });

      it('serve: people sign in and sell, and the books verify', async () => {
        const [till] = await prepareShop(env, 1, 4);
        if (!till) throw new Error('no till');
        const server = start('serve');
        const ended = new Promise<number | null>((resolve) => server.on('close', resolve));
        try {
          const url = await addressOf(server);
          const browser = await signIn(url);
          const known = new Map<string, KnownSale>();
          const dice = random(7);
          for (let number = 0; number < 6; number += 1) {
            const order = nextOrder(till, `server-sale-${number}`, dice);
            const answer = await send(url, browser, till, order);
            expect(answer).not.to.equal('unanswered');
            // The same again, as after a lost answer: done once.
            expect(await send(url, browser, till, order)).to.deep.equal(answer);
            known.set(order.key, { order, answer: answer === 'unanswered' ? undefined : answer });
          }
          expect((await compareSales(env['ERP_DATABASE_URL'] ?? '', known)).problems).to.deep.equal([]);
        } finally {
          server.kill('SIGTERM');
          expect(await ended).to.equal(0);
        }
        await booksVerify();
      });
    });
});

function addressOf(server: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const look = (data: Buffer): void => {
      said += String(data);
      const found = /Phone ERP: (http:\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    };
    server.stdout?.on('data', look);
    server.stderr?.on('data', look);
    server.once('close', (code) => reject(new Error(`serve ended with ${code}: ${said}`)));
  });
}
