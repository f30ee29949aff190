import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../src/platform/database';
import { mariadbInstalled } from '../support/mariadb-server';
import { skipUnless } from '../support/skip';
import { install, type Installed } from '../support/upgrade/installation';
import { joinMachine } from '../support/upgrade/second-machine';
import { notWhole, runKilled, startServer, statusOf } from '../support/upgrade/kill-upgrade';
import { freshDatabase } from '../support/upgrade/mariadb';
import { buildVersions, NEW, OLD, type Versions } from '../support/upgrade/versions';

const textOf = (url: string): Promise<string> =>
  fetch(url, { headers: { accept: 'text/html' } }).then(
    (answer) => answer.text(),
    () => '',
  );

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 60_000; !(await condition()); await pause(100))
    if (Date.now() > late) throw new Error(`it does not come true: ${what}`);
}

describe('several machines on one database', function () {
  this.timeout(400_000);
  let versions: Versions;
  let release: () => void | Promise<void>;
  let first: Installed;
  let second: Installed;

  before(async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (several machines on one database)');
    versions = await buildVersions(['good']);
    const database = await freshDatabase();
    release = database.release;
    first = await install(versions, database.url);
    second = await joinMachine(versions, first);
  });
  after(async () => {
    first?.remove();
    second?.remove();
    await release?.();
    versions?.release();
  });

  const upgradeAt = (machine: Installed, ...args: string[]) =>
    machine.run('upgrade', ...args, '--config', machine.configFile, '--json');
  const resultOf = ({ stdout }: { stdout: string }) =>
    JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as {
      outcome?: string;
      steps?: { id: string; state: string }[];
      error?: { code: string };
    };
  const isBehind = (url: string) => async () => {
    const page = await textOf(`${url}/sign-in`);
    return page.includes('这台服务器需要升级') && page.includes('This server must be upgraded, too');
  };
  /** Everything that a server may write by itself, and what people would. */
  const written = async (): Promise<unknown> => {
    const database = await openDatabase(first.url, { poolSize: 1, readOnly: true });
    try {
      return await database.dataSource.query(
        'SELECT (SELECT COUNT(*) FROM audit_log) AS audit, (SELECT COUNT(*) FROM job_run) AS jobs, (SELECT COUNT(*) FROM server_node) AS nodes',
      );
    } finally {
      await database.close();
    }
  };

  it('the second one stands still, says that it must follow, writes nothing, follows, and goes back after the first', async () => {
    const server = await startServer(second);
    expect(await textOf(`${server.url}/sign-in`)).to.include('name="password"');

    // The first machine upgrades, its own server does not run.
    const done = await upgradeAt(first, versions.next.good, '--yes');
    expect(done.code, done.stdout + done.stderr).to.equal(0);
    expect(first.version()).to.equal(NEW);
    expect(second.version()).to.equal(OLD);

    await until('the second machine says so', isBehind(server.url));
    expect(await textOf(`${server.url}/sign-in`))
      .to.include(NEW)
      .and.include(OLD)
      .and.include('phone-erp upgrade FILE');
    expect(await statusOf(`${server.url}/readyz`)).to.equal(503);
    expect(await statusOf(`${server.url}/healthz`)).to.equal(200);
    const posted = await fetch(`${server.url}/sign-in`, { method: 'POST', headers: { accept: 'application/json' } });
    expect(posted.status).to.equal(503);
    expect(((await posted.json()) as { error: { code: string } }).error.code).to.equal('upgrade:behind');
    const before = await written();
    await pause(6000);
    expect(await written(), 'neither jobs nor signs of life').to.deep.equal(before);

    const tried = await upgradeAt(second, versions.next.good, '--rehearse-only');
    expect(tried.code, tried.stdout + tried.stderr).to.equal(0);
    expect(second.version()).to.equal(OLD);
    const followed = await upgradeAt(second, versions.next.good, '--yes');
    expect(followed.code, followed.stdout + followed.stderr).to.equal(0);
    const { outcome, steps } = resultOf(followed);
    expect(outcome).to.equal('done');
    expect(steps?.map(({ id, state }) => `${id} ${state}`)).to.deep.equal([
      'package done',
      'checks done',
      'place done',
      'switch done',
      'start done',
    ]);
    expect(second.version()).to.equal(NEW);
    await until('the second machine serves the new version', async () =>
      (await textOf(`${server.url}/sign-in`)).includes('next version'),
    );

    const early = await upgradeAt(second, 'rollback');
    expect([early.code, resultOf(early).error?.code]).to.deep.equal([3, 'upgrade:error.follow_back']);
    expect(second.version()).to.equal(NEW);

    const back = await upgradeAt(first, 'rollback', '--yes');
    expect(back.code, back.stdout + back.stderr).to.equal(0);
    await until('the second machine is ahead now', async () =>
      (await textOf(`${server.url}/sign-in`)).includes('phone-erp upgrade rollback'),
    );
    const behindToo = await upgradeAt(second, 'rollback');
    expect(behindToo.code, behindToo.stdout + behindToo.stderr).to.equal(0);
    expect(second.version()).to.equal(OLD);
    await until('both are the old version', async () =>
      (await textOf(`${server.url}/sign-in`)).includes('name="password"'),
    );
    await server.stop();
  });

  it('one that comes up or reaches the database again only after the upgrade does not work on it either', async () => {
    const server = await startServer(second);
    // As if it had been cut off for as long as the upgrade took: no maintenance is seen, only the newer schema.
    const database = await openDatabase(first.url, { poolSize: 1 });
    try {
      await database.dataSource.query("INSERT INTO schema_step (step_key, finished_at) VALUES ('9001-next/0', 1)");
      await until('it notices while it works', isBehind(server.url));
      await server.stop();
      const late = startServer(second).catch((error: unknown) => error);
      await until('it notices when it comes up', isBehind(`http://127.0.0.1:${second.port}`));
      await database.dataSource.query("DELETE FROM schema_step WHERE step_key = '9001-next/0'");
      const served = await late;
      if (served instanceof Error) throw served;
      await (served as Awaited<ReturnType<typeof startServer>>).stop();
    } finally {
      await database.close();
    }
  });

  it('one that is killed while it follows comes to one of two ends, and the next start finishes it', async () => {
    const done = await upgradeAt(first, versions.next.good, '--yes');
    expect(done.code, done.stdout + done.stderr).to.equal(0);
    const { maintenance: _, ...rows } = await first.look();
    const follow = ['upgrade', versions.next.good, '--yes'];
    const killedAt = async (point: string): Promise<void> => {
      const killed = await runKilled(versions, second, follow, point);
      expect(killed.signal, `${point} of ${killed.points.join(', ')}`).to.equal('SIGKILL');
      expect(second.state()?.outcome, point).to.equal('running');
    };
    // Before the link leads to the new version nothing has happened: the old program goes on standing still.
    for (const point of ['after running place running', 'after phone-erp', 'before current']) {
      await killedAt(point);
      expect(second.version(), point).to.equal(OLD);
    }
    const still = startServer(second).catch((error: unknown) => error);
    await until('it stands still and says so', isBehind(`http://127.0.0.1:${second.port}`));
    expect(second.state()).to.include({ outcome: 'failed', follow: true });
    const settled = await upgradeAt(second, 'resume');
    expect([0, 3], settled.stdout + settled.stderr).to.include(settled.code);

    // From then on the next start finishes it; the server that stood still has become the new version's.
    await killedAt('after current');
    expect(second.version()).to.equal(NEW);
    const served = await still;
    if (served instanceof Error) throw served;
    await until('the server that stood still serves the new version', async () =>
      (await textOf(`http://127.0.0.1:${second.port}/sign-in`)).includes('next version'),
    );
    await (served as Awaited<ReturnType<typeof startServer>>).stop();
    const again = await startServer(second);
    await again.stop();
    expect(second.state()).to.include({ outcome: 'done', follow: true });
    expect(await notWhole(second, rows)).to.eql([]);
    expect(await first.look(), 'the data are as the first machine left them').to.deep.include(rows);
  });
});
