import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { backupRun } from '../../src/app/backup';
import { migrateSchema, RESTORE_MARK } from '../../src/app/schema-state';
import { readSwitch } from '../../src/app/switch-over';
import { newKeyPair } from '../../src/platform/backup';
import { isBackupName } from '../../src/platform/backup-targets';
import { loadConfig } from '../../src/platform/config';
import { openDatabase, sql } from '../../src/platform/database';
import { systemActor } from '../../src/platform/permissions';
import { auditLog } from '../../src/platform/unit-of-work';
import { upkeepRun, type UpkeepRunRow } from '../../src/platform/upkeep';
import { databaseContext, type DatabaseContext } from '../support/databases';
import { mariadbInstalled } from '../support/mariadb-server';
import { type ServedShop, servedShop } from '../support/served-shop';
import { skipUnless } from '../support/skip';

const PAGE = '/settings/backups';
const DATABASES = `${PAGE}/databases`;

/** With a real server that gives way and comes back, as in life. */
describe('restoring beside the data in use, and changing over', function () {
  this.timeout(300_000);
  const sqlite = databaseContext('sqlite');
  const mariadb = databaseContext('mariadb');
  let shop: ServedShop | undefined;
  afterEach(async () => {
    await shop?.release();
    shop = undefined;
  });

  const started = async (context: DatabaseContext, options: { recipients?: string[] } = {}): Promise<ServedShop> =>
    (shop = await servedShop(await context.freshUrl(), options));
  const copies = ({ disk }: ServedShop): string[] => readdirSync(disk).filter(isBackupName).sort();
  const sales = ({ inside }: ServedShop): Promise<number> =>
    inside(async ({ database }) =>
      Number((await database.read.one<{ sold: number }>(sql`SELECT COUNT(*) AS sold FROM sale`))?.sold),
    );
  const backUp = async (at: ServedShop): Promise<string> => {
    const before = copies(at);
    await at.post(`${PAGE}/runs`);
    // Read back, and old ones removed: until then it may still go.
    await at.until(() =>
      at.inside(async ({ database }) =>
        (await database.read.find(backupRun, {})).some(
          ({ state, name }) => state === 'ok' && !before.includes(name ?? ''),
        ),
      ),
    );
    return copies(at).find((name) => !before.includes(name)) ?? '';
  };
  /** Goes on as soon as the run is over, however it ended. */
  const restored = async (at: ServedShop, name: string, fields: Record<string, string>): Promise<UpkeepRunRow> => {
    const answer = await at.post(`${PAGE}/copies/disk/${name}/restore`, {
      place: 'embedded',
      file: 'other.sqlite',
      ...fields,
    });
    expect(answer.status, answer.text).to.equal(303);
    const id = Number(/restores\/(\d+)/.exec(answer.headers['location'] ?? '')?.[1]);
    return at.until(() =>
      at.inside(async ({ database }) => {
        const row = await database.read.get(upkeepRun, id);
        return row?.finishedAt ? row : undefined;
      }),
    );
  };
  const switched = async (at: ServedShop, address: string, fields: Record<string, string> = {}): Promise<void> => {
    const before = at.starts();
    const answer = await at.post(address, fields);
    expect(answer.headers['location'], answer.text).to.equal(DATABASES);
    await at.until(() => {
      const { outcome, failure } = stateOf(at) ?? {};
      if (outcome === 'failed') expect.fail(JSON.stringify(failure));
      return Promise.resolve(at.starts() > before);
    });
    await at.signIn();
  };
  const inUse = ({ configFile }: ServedShop): string => loadConfig({ file: configFile, env: {} }).database.url;
  const stateOf = ({ configFile }: ServedShop) => readSwitch(loadConfig({ file: configFile, env: {} }));
  const actions = ({ inside }: ServedShop) =>
    inside(async ({ database }) => (await database.read.find(auditLog, {})).map(({ action }) => action));

  it('fills another database, changes to it after a fresh backup, and takes it back', async () => {
    const at = await started(sqlite);
    const old = inUse(at);
    await at.sellCharger();
    const name = await backUp(at);
    await at.sellCharger();
    const run = await restored(at, name, {});
    expect(run).to.include({ state: 'ok' });
    expect(run.result).to.include({ name, target: 'disk', findings: 0 }).and.not.have.property('fault');
    expect(run.result?.['rows']).to.be.above(100);
    const page = (await at.get(`${PAGE}/restores/${run.id}`)).text;
    expect(page).to.include('every row is as in the backup').and.include('Change to this database');
    expect(await sales(at)).to.equal(2);

    const question = (await at.get(`${PAGE}/restores/${run.id}/switch`)).text;
    expect(question).to.include('NOT in the restored database').and.include('name="lose"');
    const unsaid = await at.post(`${PAGE}/restores/${run.id}/switch`);
    expect(unsaid.headers['location']).to.equal(`${PAGE}/restores/${run.id}/switch`);
    await switched(at, `${PAGE}/restores/${run.id}/switch`, { lose: '1' });
    expect(copies(at)).to.not.deep.equal([name]);
    expect(inUse(at)).to.equal(`sqlite:${path.join(at.folder, 'data', 'other.sqlite')}`);
    expect(stateOf(at)).to.include({ outcome: 'done', kind: 'restore', failure: null });
    expect(await sales(at)).to.equal(1);
    expect(await actions(at)).to.include('system.database.use');
    expect((await at.get(DATABASES)).text)
      .to.include('The restored database is in use')
      .and.include(`${DATABASES}/back`);

    await at.sellCharger();
    expect((await at.get(`${DATABASES}/back`)).text).to.include('NOT in the database of before');
    await switched(at, `${DATABASES}/back`, { lose: '1' });
    expect(inUse(at)).to.equal(old);
    expect(await sales(at)).to.equal(2);
    expect((await at.get(DATABASES)).text).to.include('The earlier database is in use again');
    expect(await actions(at)).to.include.members(['system.backup.restore', 'system.database.switch']);
  });

  it('takes a private key for one restore, and refuses a wrong one', async () => {
    const [{ identity, recipient }, other] = [await newKeyPair(), await newKeyPair()];
    const at = await started(sqlite, { recipients: [recipient] });
    const name = await backUp(at);
    expect((await at.get(`${PAGE}/copies/disk/${name}/restore`)).text).to.include('AGE-SECRET-KEY-');
    for (const secret of ['', other.identity]) {
      const refused = await restored(at, name, { secret });
      expect(refused.result).to.have.nested.property('fault.code').that.matches(/key/);
    }
    expect(readdirSync(path.join(at.folder, 'data')).filter((one) => one.startsWith('other'))).to.deep.equal([]);
    const opened = await restored(at, name, { secret: ` ${identity}\n` });
    expect(opened.result).to.not.have.property('fault');
    const kept = await at.inside(async ({ database: { read } }) =>
      JSON.stringify([await read.find(upkeepRun, {}), await read.find(auditLog, {})]),
    );
    expect(kept).to.not.include(identity.slice(20));
  });

  it('fills nothing that is in use, lies elsewhere or does not answer', async () => {
    const at = await started(sqlite);
    const name = await backUp(at);
    const form = `${PAGE}/copies/disk/${name}/restore`;
    expect((await at.post(form, { place: 'embedded', file: '../x.sqlite' })).status).to.equal(422);
    await restored(at, name, { file: 'full.sqlite' });
    const used = await at.post(form, { place: 'embedded', file: 'full.sqlite' });
    expect(used.status).to.equal(409);
    expect(used.text).to.include('already holds data').and.include('value="full.sqlite"');
    const server = { place: 'server', kind: 'mysql', host: '127.0.0.1', port: '1', database: 'x', user: 'u' };
    const nowhere = await at.post(form, { ...server, password: 's3cret-word' });
    expect(nowhere.status).to.equal(409);
    expect(nowhere.text).to.include('cannot be used').and.not.include('s3cret-word');
    const here = await at.post(`${DATABASES}/move`, { place: 'embedded', file: 'full.sqlite' });
    expect(here.status).to.equal(409);
    expect(stateOf(at)).to.equal(undefined);
  });

  it('names the part of a damaged file, and removes what was filled in', async () => {
    const at = await started(sqlite);
    const name = await backUp(at);
    const file = path.join(at.disk, name);
    truncateSync(file, Math.floor(readFileSync(file).length * 0.7));
    const run = await restored(at, name, {});
    expect(run.result).to.have.nested.property('fault.code', 'backup:error.damaged');
    const page = (await at.get(`${PAGE}/restores/${run.id}`)).text;
    expect(page).to.include('damaged or cut off').and.not.include(`${PAGE}/restores/${run.id}/switch`);
    expect((await at.post(`${PAGE}/restores/${run.id}/switch`)).headers['location']).to.equal(
      `${PAGE}/restores/${run.id}`,
    );
    expect(readdirSync(path.join(at.folder, 'data')).filter((one) => one.startsWith('other'))).to.deep.equal([]);
  });

  it('never offers what a server that ended in the middle has half filled', async () => {
    const at = await started(sqlite);
    const name = await backUp(at);
    const half = `sqlite:${path.join(at.folder, 'data', 'half.sqlite')}`;
    const database = await openDatabase(half);
    await migrateSchema(database);
    await database.transaction((tx) =>
      tx.execute(sql`INSERT INTO schema_step (step_key, finished_at) VALUES (${RESTORE_MARK}, ${1})`),
    );
    await database.close();
    const id = await at.inside(({ uow }) =>
      uow.run(systemActor('test'), async (unit) => {
        const run = unit.takeIds(upkeepRun);
        const result = { name, target: 'disk', address: half };
        await unit.insert(upkeepRun, [
          {
            id: run,
            kind: 'restore',
            state: 'running',
            startedById: null,
            startedByName: 'x',
            startedAt: 1,
            seenAt: 1,
            done: 5,
            total: 10,
            result,
          },
        ]);
        return run;
      }),
    );
    const page = (await at.get(`${PAGE}/restores/${id}`)).text;
    expect(page).to.include('The server ended in the middle').and.not.include(`${PAGE}/restores/${id}/switch`);
    await restored(at, name, {});
    expect(existsSync(path.join(at.folder, 'data', 'half.sqlite'))).to.equal(false);
  });

  it('moves to a database server and back again, every row the same', async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (move in the browser)');
    const at = await started(sqlite);
    await at.sellCharger();
    const url = new URL(await mariadb.freshUrl());
    const fields = {
      place: 'server',
      kind: 'mysql',
      host: url.searchParams.get('socketPath') ?? url.hostname,
      encryption: 'off',
      database: url.pathname.slice(1),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
    await switched(at, `${DATABASES}/move`, fields);
    expect(stateOf(at)).to.include({ outcome: 'done', kind: 'move' });
    expect(stateOf(at)?.copied?.rows).to.be.above(100);
    expect(inUse(at)).to.match(/^mysql:/);
    expect(await sales(at)).to.equal(1);
    expect((await at.get(DATABASES)).text).to.include('The database was moved');
    await switched(at, `${DATABASES}/back`);
    expect(inUse(at)).to.match(/^sqlite:/);
    expect(await sales(at)).to.equal(1);
  });
});
