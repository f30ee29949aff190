import { expect } from 'chai';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import supertest from 'supertest';
import { foundAdministrator } from '../../src/app/founding';
import { openProduct } from '../../src/app/product';
import { createCustomer } from '../../src/modules/crm';
import { loadConfig } from '../../src/platform/config';
import { readKeyFile } from '../../src/platform/crypto';
import { silentLogger } from '../../src/platform/logging';
import { systemActor } from '../../src/platform/permissions';
import { buildProgram, runProgram, type RunningProgram } from '../support/crash/program';
import { freePort } from '../support/free-port';
import { mariadbInstalled } from '../support/mariadb-server';
import { environment } from '../support/packaged';
import { makeScratch } from '../support/scratch-folder';
import { skipUnless } from '../support/skip';
import { freshDatabase } from '../support/upgrade/mariadb';

const PERSON = { login: 'chief', password: 'plover kettle 42' };
/** People are promised five seconds; a machine that runs other tests as well may take longer to answer. */
const LATE_MS = 30_000;

describe('two servers on one database', function () {
  this.timeout(200_000);
  const running: RunningProgram[] = [];
  const cleanups: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const one of running) await one.kill('SIGTERM');
    for (const clean of cleanups.reverse()) await clean();
  });

  it('follow each other: modules, parameters and keys', async function () {
    skipUnless(this, mariadbInstalled(), 'mariadbd is not installed (two servers on one database)');
    const database = await freshDatabase();
    const program = await buildProgram();
    const folder = makeScratch('two-servers');
    cleanups.push(database.release, program.release, () => rmSync(folder, { recursive: true, force: true }));
    const keyFile = path.join(folder, 'secret.key');
    const configFor = async (name: string): Promise<string> => {
      const [file, dataDir] = [path.join(folder, `${name}.yaml`), path.join(folder, name)];
      mkdirSync(dataDir);
      const server = { host: '127.0.0.1', port: await freePort() };
      const more = { logging: { stdout: false, level: 'warn' }, security: { keyFile }, locale: 'en' };
      writeFileSync(file, JSON.stringify({ dataDir, server, database: { url: database.url }, ...more }));
      return file;
    };
    const files = [await configFor('a'), await configFor('b')];
    const { services, close } = await openProduct(loadConfig({ file: files[0] ?? '', env: {} }), silentLogger());
    const actor = systemActor('test');
    const { id: customerId } = await createCustomer(services.uow, actor, services.keys, { name: '王芳', note: '常客' });
    await foundAdministrator(services, { ...PERSON, name: '周敏', locale: 'en' });
    await close();

    const serving = files.map((file) => runProgram(program.entry, ['serve', '--config', file], environment()));
    running.push(...serving);
    const [first, second] = await Promise.all(
      serving.map(async (one) => visitor((await one.printed(/http:\/\/127\.0\.0\.1:\d+/))[0])),
    );
    if (!first || !second) throw new Error('two servers were wanted');

    expect((await second.get('/crm/customers')).status).to.equal(200);
    await first.post('/settings/modules/crm/switch-off', { reason: 'test' });
    await comesTrue('the module is off there, too', async () => (await second.get('/crm/customers')).status === 404);
    await second.post('/settings/modules/crm/switch-on', { reason: 'test' });
    await comesTrue('and on again', async () => (await first.get('/crm/customers')).status === 200);

    const days = { keepImportFilesDays: '31', keepRemovedFilesDays: '91', unusedAccountDays: '92' };
    expect((await first.post('/settings/parameters/administration', days)).status).to.equal(303);
    await comesTrue('the parameter is known there', async () =>
      (await second.get('/settings/parameters/administration')).text.includes('value="92"'),
    );

    expect((await first.post('/settings/data-safety/key-rotation')).status).to.equal(303);
    expect(readKeyFile(keyFile).current).to.equal('k2');
    await comesTrue('what is under the new key is read there', async () =>
      (await second.get(`/crm/customers/${customerId}`)).text.includes('常客'),
    );
    expect((await second.get('/settings/data-safety')).text).to.include('k2');
  });
});

async function visitor(base: string) {
  const agent = supertest.agent(base);
  const get = async (address: string) => agent.get(address).set('accept', 'text/html').redirects(0);
  const post = async (address: string, fields: Record<string, string> = {}) => {
    const token = /<meta name="csrf-token" content="([^"]+)"/.exec((await get('/help')).text)?.[1] ?? '';
    const sent = { _csrf: token, ...fields };
    return agent.post(address).set('accept', 'text/html').type('form').redirects(0).send(sent);
  };
  const entered = await post('/sign-in', { ...PERSON, next: '/' });
  if (entered.status !== 303) throw new Error(`signing in answered ${entered.status}`);
  return { get, post };
}

async function comesTrue(what: string, condition: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + LATE_MS; !(await condition()); await pause(100))
    if (Date.now() > late) throw new Error(`it does not come true: ${what}`);
}
