import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { databaseAddress } from '../../../src/app/backup';
import { openServices } from '../../../src/app/create-services';
import { readMaintenance, switchMaintenanceOn } from '../../../src/app/maintenance';
import { followSwitch, readSwitch, settleSwitch, type SwitchState } from '../../../src/app/switch-over';
import { leave } from '../../../src/app/switch-over/cross-over';
import { stepsOf, writeSwitch } from '../../../src/app/switch-over/state';
import { loadConfig } from '../../../src/platform/config';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { startUpkeep } from '../../../src/platform/upkeep';
import { databaseContext } from '../../support/databases';
import { mariadbInstalled } from '../../support/mariadb-server';
import { skipUnless } from '../../support/skip';

const TOKEN = 'switch-0001';
const log = silentLogger();

describe('changing the database under servers', function () {
  this.timeout(120_000);
  const sqlite = databaseContext('sqlite');
  const mariadb = databaseContext('mariadb');
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-switch-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The configuration of one server; all have the same keys. */
  const server = (name: string, url: string) => {
    const file = path.join(folder, `${name}.yaml`);
    mkdirSync(path.join(folder, name), { recursive: true });
    const security = { keyFile: path.join(folder, 'secret.key') };
    writeFileSync(file, JSON.stringify({ database: { url }, dataDir: path.join(folder, name), security }));
    return { file, config: () => loadConfig({ file, env: {} }) };
  };
  const stateFor = (from: string, to: string, configFile: string): SwitchState => ({
    format: 1,
    id: TOKEN,
    kind: 'move',
    configFile,
    from: databaseAddress(from),
    to: databaseAddress(to),
    origin: null,
    byName: '周敏',
    process: { pid: process.pid, startedAtTick: null },
    startedAt: 1,
    finishedAt: null,
    outcome: 'running',
    failure: null,
    steps: stepsOf('move'),
    copied: null,
  });
  const inside = async <T>(
    { config }: ReturnType<typeof server>,
    work: (services: Awaited<ReturnType<typeof openServices>>['services']) => Promise<T>,
  ): Promise<T> => {
    const { services, close } = await openServices(config(), { log });
    try {
      return await work(services);
    } finally {
      await close();
    }
  };
  const close = (at: ReturnType<typeof server>) =>
    inside(at, ({ uow }) => switchMaintenanceOn(uow, systemActor('test'), { kind: 'upgrade', token: TOKEN }));
  const isClosed = (at: ReturnType<typeof server>) =>
    inside(at, async ({ database }) => (await readMaintenance(database.read)) !== null);

  it('an interruption before the configuration was changed opens the old database again', async () => {
    const old = server('a', await sqlite.freshUrl());
    const other = `sqlite:${path.join(folder, 'other.sqlite')}`;
    writeSwitch(old.config(), stateFor(old.config().database.url, other, old.file));
    await close(old);
    await settleSwitch(old.config(), log);
    expect(await isClosed(old)).to.equal(false);
    expect(readSwitch(old.config()))
      .to.include({ outcome: 'failed' })
      .and.have.nested.property('failure.code', 'databases:error.interrupted');
  });

  it('an interruption afterwards counts as done, and going back by hand opens what was left', async () => {
    const [from, to] = [await sqlite.freshUrl(), await sqlite.freshUrl()];
    const now = server('a', to);
    writeSwitch(now.config(), stateFor(from, to, now.file));
    await settleSwitch(now.config(), log);
    expect(readSwitch(now.config())).to.include({ outcome: 'done', failure: null });
    const back = server('a', from);
    await close(back);
    await settleSwitch(back.config(), log);
    expect(await isClosed(back)).to.equal(false);
  });

  it('other servers read in the database that was left where to go', async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (servers that follow to another database)');
    const [from, to] = [await mariadb.freshUrl(), await mariadb.freshUrl()];
    const [first, second] = [server('a', from), server('b', from)];
    const state = stateFor(from, to, first.file);
    const actor = systemActor('test');
    await inside(first, async (services) => {
      const { id, over } = await startUpkeep(services, actor, 'switch', () => Promise.resolve({}));
      await over;
      await switchMaintenanceOn(services.uow, actor, { kind: 'upgrade', token: TOKEN });
      // Not switched yet: the others wait.
      expect(await followSwitch(second.config(), second.file, TOKEN, log)).to.equal(false);
      await leave(services, id, to, state);
    });
    // The address cannot be changed there: it waits for somebody who does it.
    expect(await followSwitch(second.config(), undefined, TOKEN, log)).to.equal(false);
    expect(await followSwitch(second.config(), second.file, TOKEN, log)).to.equal(true);
    expect(second.config().database.url).to.equal(loadConfig({ file: server('c', to).file, env: {} }).database.url);
    expect(readSwitch(second.config())).to.include({ id: TOKEN, outcome: 'done' });
    expect(readFileSync(second.file, 'utf8')).to.include(databaseAddress(to));
    expect(await isClosed(first)).to.equal(true);
  });
});
