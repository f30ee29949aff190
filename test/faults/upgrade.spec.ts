import { expect } from 'chai';
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { verifyBackup } from '../../src/app/backup';
import { newKeyPair } from '../../src/platform/backup';
import { freshDatabase } from '../support/upgrade/mariadb';
import { install, type Installed } from '../support/upgrade/installation';
import { comeBack, notWhole, runKilled, snapshot, startServer, type Way } from '../support/upgrade/kill-upgrade';
import { buildVersions, NEW, OLD, type Versions } from '../support/upgrade/versions';
import { mariadbInstalled } from '../support/mariadb-server';
import { skipUnless } from '../support/skip';

// Every point of an upgrade: npm run test:faults -- --upgrade.
describe('an upgrade', function () {
  this.timeout(600_000);
  let versions: Versions;
  let one: Installed;
  let again: () => void;

  let shop: object;
  const rowsOf = async (installed: Installed): Promise<object> => {
    const { maintenance: _, ...rows } = await installed.look();
    return rows;
  };
  const upgrade = (file: string, ...args: string[]) => one.run('upgrade', file, '--config', one.configFile, ...args);

  before(async () => {
    versions = await buildVersions(['good', 'broken', 'spiteful', 'losing']);
    one = await install(versions);
    shop = await rowsOf(one);
    again = snapshot(one);
  });
  beforeEach(() => again());
  after(() => {
    one?.remove();
    versions?.release();
  });

  it('is rehearsed and leaves nothing; people go on working, and what goes wrong on the copy is said', async () => {
    const tried = await upgrade(versions.next.good, '--rehearse-only', '--json');
    expect(tried.code, tried.stdout + tried.stderr).to.equal(0);
    const lines = tried.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const result = lines.at(-1) as { outcome: string; from: string; to: string; rehearsal: { migratedSteps: number } };
    expect(result).to.include({ type: 'result', ok: true, outcome: 'rehearsed', from: OLD, to: NEW });
    expect(result.rehearsal.migratedSteps).to.equal(3);
    expect(
      lines.filter(({ type }) => type === 'step').map(({ step, state }) => `${String(step)} ${String(state)}`),
    ).to.eql(['package', 'checks', 'backup', 'rehearsal'].flatMap((step) => [`${step} running`, `${step} done`]));
    expect(one.version()).to.equal(OLD);
    expect(readdirSync(path.join(one.dataDir, 'upgrade'))).to.eql(['state.json']);
    expect(readdirSync(path.join(one.folder, 'versions'))).to.eql([OLD]);
    expect(await notWhole(one, shop)).to.eql([]);

    const broken = await upgrade(versions.next.broken, '--yes');
    expect(broken.code).to.equal(1);
    expect(broken.stdout).to.include('no such table: no_such_table').and.include('before anything was changed');
    const losing = await upgrade(versions.next.losing, '--yes');
    expect(losing.code).to.equal(1);
    expect(losing.stdout).to.match(/debitFen|journal/);
    expect(await notWhole(one, shop)).to.eql([]);
    expect(readdirSync(path.join(one.dataDir, 'upgrade'))).to.eql(['state.json']);
  });

  it('refuses a package that was changed, that nobody signed or that is not newer', async () => {
    const folder = path.dirname(versions.next.good);
    const [list, program] = [path.join(folder, 'CHECKSUMS.sha256.sig'), versions.next.good];
    const [signature, text] = [readFileSync(list, 'utf8'), readFileSync(program, 'utf8')];
    try {
      rmSync(list);
      const unsigned = await upgrade(program, '--rehearse-only');
      expect(unsigned.code).to.equal(1);
      expect(unsigned.stdout).to.include('Nobody we know has signed this package');
      writeFileSync(list, signature);
      writeFileSync(program, `${text}# changed\n`);
      for (const more of [[], ['--allow-unsigned']]) {
        const changed = await upgrade(program, '--rehearse-only', ...more);
        expect(changed.code).to.equal(1);
        expect(changed.stdout).to.include('not as it was published');
      }
    } finally {
      writeFileSync(list, signature);
      writeFileSync(program, text);
    }
    const missing = await upgrade('/nowhere/phone-erp');
    expect(missing.code).to.equal(2);
    expect(await notWhole(one, shop)).to.eql([]);
  });

  it('takes a running server along: maintenance page, new version, and back again', async () => {
    const server = await startServer(one);
    const seen = new Set<string>();
    let watching = true;
    const watch = (async () => {
      while (watching) {
        const answer = await fetch(`${server.url}/sign-in`, { headers: { accept: 'text/html' } }).catch(
          () => undefined,
        );
        if (answer) {
          const body = await answer.text();
          seen.add(
            `${answer.status} ${answer.headers.get('retry-after') ?? '-'} ${body.includes('next version') ? 'next' : ''}`,
          );
          if (answer.status === 503)
            expect(body).to.include('系统正在升级').and.include('The system is being upgraded');
        }
        await pause(50);
      }
    })();
    try {
      const done = await upgrade(versions.next.good, '--yes');
      expect(done.code, done.stdout + done.stderr).to.equal(0);
      expect(await notWhole(one, shop)).to.eql([]);
      expect(one.version()).to.equal(NEW);
      await until(async () => (await textOf(`${server.url}/sign-in`)).includes('next version'));
      const back = await one.run('upgrade', 'rollback', '--config', one.configFile, '--json');
      expect(back.code, back.stdout + back.stderr).to.equal(0);
      expect(one.version()).to.equal(OLD);
      expect(await notWhole(one, shop)).to.eql([]);
      await until(async () => /name="password"/.test(await textOf(`${server.url}/sign-in`)));
    } finally {
      watching = false;
      await watch;
      await server.stop();
    }
    expect([...seen].sort()).to.include.members(['200 - ', '200 - next', '503 10 ']);
    const twice = await one.run('upgrade', 'rollback', '--config', one.configFile);
    expect(twice.code).to.equal(3);
  });

  it('that fails where it counts puts the old version and the old data back by itself', async () => {
    const failed = await upgrade(versions.next.spiteful, '--yes');
    expect(failed.code).to.equal(1);
    expect(failed.stdout).to.include('not here').and.include('were put back');
    expect(one.version()).to.equal(OLD);
    expect(await notWhole(one, shop)).to.eql([]);
  });

  it('makes its copies encrypted, sends one to every place of the backups, and goes back without the private key', async () => {
    const { identity, recipient } = await newKeyPair();
    const disk = path.join(path.dirname(one.folder), 'disk');
    const full = path.join(path.dirname(one.folder), 'full');
    writeFileSync(full, 'no folder');
    const targets = [disk, full].map((place) => ({ id: path.basename(place), kind: 'local', path: place }));
    const config = parse(readFileSync(one.configFile, 'utf8')) as object;
    writeFileSync(one.configFile, stringify({ ...config, backup: { recipients: [recipient], targets } }));
    const work = (...names: string[]): string => path.join(one.dataDir, 'upgrade', ...names);

    const done = await upgrade(versions.next.good, '--yes');
    expect(done.code, done.stdout + done.stderr).to.equal(0);
    expect(done.stdout).to.include('sent to disk; NOT sent to full');
    expect(statSync(work('way-back.key')).mode & 0o777).to.equal(0o600);
    const [name = '', ...others] = readdirSync(disk).filter((file) => !file.startsWith('.'));
    expect(others).to.eql([]);
    const file = path.join(disk, name);
    expect(readFileSync(file).subarray(0, 21).toString()).to.equal('age-encryption.org/v1');
    const opened = async (key: string) => {
      const found = { name, bytes: 0, open: () => Promise.resolve(createReadStream(file)) };
      return (await verifyBackup(found, { identities: [key] })).ok;
    };
    expect(await opened(identity)).to.equal(true);

    const back = await one.run('upgrade', 'rollback', '--config', one.configFile);
    expect(back.code, back.stdout + back.stderr).to.equal(0);
    expect(back.stdout).to.include('Files do not go back');
    expect(one.version()).to.equal(OLD);
    expect(await notWhole(one, shop)).to.eql([]);
    expect(readdirSync(work()).sort()).to.eql(['given-up', 'state.json', 'way-back.key']);

    const tried = await upgrade(versions.next.good, '--rehearse-only');
    expect(tried.code, tried.stdout).to.equal(0);
    expect(readdirSync(work()), 'destroyed with the way back').to.eql(['state.json']);
  });

  it('by a passphrase, or with nothing to encrypt with, needs no place and sends nothing', async () => {
    const disk = path.join(path.dirname(one.folder), 'disk');
    const config = parse(readFileSync(one.configFile, 'utf8')) as object;
    const write = (backup: object): void => writeFileSync(one.configFile, stringify({ ...config, backup }));
    write({ targets: [{ id: 'disk', kind: 'local', path: disk }] });
    const without = await upgrade(versions.next.good, '--rehearse-only');
    expect(without.code, without.stdout).to.equal(0);
    expect(without.stdout).to.include('sent to no place');
    expect(existsSync(disk)).to.equal(false);
    write({ passphrase: 'forty-two-blue-bicycles', targets: [{ id: 'disk', kind: 'local', path: disk }] });
    const by = await upgrade(versions.next.good, '--rehearse-only');
    expect(by.code, by.stdout).to.equal(0);
    expect(by.stdout).to.include('sent to disk');
  });

  // How far the migration has come by then, the machine decides: either version is right, with its own data.
  const KILLS: readonly [point: string, way: Way, versions: readonly string[]][] = [
    ['after running migrate running child+700', 'serve', [OLD, NEW]],
    ['after current', 'serve', [NEW]],
  ];
  for (const [point, way, right] of KILLS)
    it(`killed ${point}, then ${way}: ${right.join(' or ')} and its data, nothing between`, async () => {
      const killed = await runKilled(versions, one, ['upgrade', versions.next.good, '--yes'], point);
      expect(killed.signal).to.equal('SIGKILL');
      await comeBack(versions, one, way);
      expect(await notWhole(one, shop)).to.eql([]);
      expect(one.version()).to.be.oneOf(right);
    });

  describe('on a MariaDB server', () => {
    for (const [point, way, right] of [
      ['after running migrate running child+700', 'resume', [OLD, NEW]],
      ['after current', 'resume', [NEW]],
    ] as const)
      it(`killed ${point}, then ${way}: ${right.join(' or ')} and its data`, async function () {
        skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (tests on MariaDB)');
        const { url, release } = await freshDatabase();
        const there = await install(versions, url);
        try {
          const rows = await rowsOf(there);
          writeFileSync(
            there.configFile,
            stringify({
              ...(parse(readFileSync(there.configFile, 'utf8')) as object),
              backup: { recipients: [(await newKeyPair()).recipient] },
            }),
          );
          const killed = await runKilled(versions, there, ['upgrade', versions.next.good, '--yes'], point);
          expect(killed.signal).to.equal('SIGKILL');
          await comeBack(versions, there, way);
          expect(await notWhole(there, rows)).to.eql([]);
          expect(there.version()).to.be.oneOf(right);
        } finally {
          there.remove();
          await release();
        }
      });
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 60_000; !(await condition()); await pause(100))
    if (Date.now() > late) throw new Error('it does not come true');
}

const textOf = (url: string): Promise<string> =>
  fetch(url, { headers: { accept: 'text/html' } }).then(
    (answer) => answer.text(),
    () => '',
  );
