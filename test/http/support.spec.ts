import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { bundleFiles, bundleZip } from '../../src/app/support';
import { createMask } from '../../src/app/support/mask';
import { loadConfig } from '../../src/platform/config';
import { createMetrics } from '../../src/platform/metrics';
import { notification, notificationChannel, sealSecret } from '../../src/platform/notify';
import { jobRun } from '../../src/platform/jobs';
import { auditLog, outboxEvent } from '../../src/platform/unit-of-work';
import { userAccount } from '../../src/platform/auth';
import { sql } from '../../src/platform/database';
import { openArchive } from '../support/unzip';
import { type TestApp, testApps } from '../support/http';

const SUPPORT = '/support';
const CONTACTS = '/administration/contacts';

/** What must never be found in a bundle, whichever way it got near it. */
const PLANTED = {
  databasePassword: 'Pl4nted-Db-Pass',
  passphrase: 'planted backup passphrase',
  targetPassword: 'planted-sftp-password',
  secretKey: 'PlantedS3SecretAccessKey',
  metricsToken: 'planted-metrics-token-1',
  signingKey: 'planted-webhook-token',
  hookUrl: 'https://hooks.example.com/planted/path-token',
  mailPassword: 'planted-mail-password',
  totp: 'JBSWY3DPEHPK3PXPJBSWY3DP',
  customer: '欧阳小满',
  latinCustomer: 'Wilhelmina Planted',
  phone: '13812345678',
  imei: '356938035643809',
  idNumber: '110101199003074514',
  mail: 'xiaoman@example.net',
};
/** Nothing tells an address in the middle of a sentence; what a driver quotes is always hidden. */
const QUOTED = '建设路88号3单元501';

describe('the support bundle', () => {
  const start = testApps();

  async function planted(app: TestApp) {
    const { services } = app;
    const { keys } = services;
    const sessionSecret = keys.hash('cookies', 'http');
    const everything = [...Object.values(PLANTED), sessionSecret].join(' | ');
    await app.uow.run(app.actor, async (unit) => {
      for (const [name, at] of [
        [PLANTED.customer, 1],
        [PLANTED.latinCustomer, 2],
      ] as const)
        await unit.execute(
          sql`INSERT INTO customer (id, code, name, active, version, created_at, updated_at)
              VALUES (${9000 + at}, ${`C${at}`}, ${name}, ${true}, ${1}, ${unit.now}, ${unit.now})`,
        );
      const channel = {
        locale: 'zh-CN' as const,
        kind: 'webhook' as const,
        subscriptions: [],
        active: true,
        createdAt: unit.now,
        version: 1,
      };
      const secret = sealSecret(keys, { url: PLANTED.hookUrl, signingKey: PLANTED.signingKey });
      const settings = { origin: 'https://hooks.example.com' };
      await unit.insert(notificationChannel, [
        { id: 9000, name: 'hook', settings, secret, ...channel },
        { id: 9001, name: 'mail', settings, secret: sealSecret(keys, { password: PLANTED.mailPassword }), ...channel },
      ]);
      const message = { attempts: 3, createdAt: unit.now, dueAt: unit.now, sentAt: null, state: 'failed' } as const;
      const content = { event: 'test', stage: 'test', values: {}, names: {}, href: null } as const;
      const failure = { code: 'notifications:fault.other', details: { detail: everything } };
      await unit.insert(notification, [{ id: 9000, channelId: 9000, content, failure, ...message }]);
      const run = { id: 9000, jobId: 'system.watch', node: 'a:1', dueAt: 1, startedAt: unit.now, finishedAt: unit.now };
      await unit.insert(jobRun, [{ ...run, outcome: 'failed', error: everything.slice(0, 390) }]);
      const event = { id: 9000, name: 'sales.sale', payload: { everything }, createdAt: 1, dueAt: 1, attempts: 2 };
      await unit.insert(outboxEvent, [{ ...event, lastError: everything.slice(-390) }]);
      const [user] = await unit.find(userAccount, { id: app.actor.userId ?? 0 });
      await unit.update(userAccount, user?.id ?? 0, { totpSecret: keys.encrypt(PLANTED.totp, 'auth.totp') });
    });
    const { dir } = services.config.logging;
    mkdirSync(dir, { recursive: true });
    const time = '2026-11-23T01:00:00.000Z';
    const lines = [
      JSON.stringify({
        level: 'error',
        time,
        err: { message: `Duplicate entry '${QUOTED}' for key 'ux_customer_code'`, stack: everything },
      }),
      JSON.stringify({
        level: 'info',
        time,
        req: { method: 'GET', url: `/search?q=${encodeURIComponent(PLANTED.customer)}` },
      }),
      JSON.stringify({
        level: 'info',
        time,
        msg: `mail to ${PLANTED.mail}, IMEI 35 693803 564380 9, phone +86 138 1234 5678`,
      }),
      `a broken line ${everything}`,
      JSON.stringify({ level: 'info', time, msg: 'kept: listening on port 8480' }),
    ];
    writeFileSync(path.join(dir, 'phone-erp.2026-11-23.1.log'), `${lines.join('\n')}\n`);
    return { everything, sessionSecret };
  }

  it('holds none of what was planted everywhere, and still what support needs', async () => {
    const app = await start();
    const { sessionSecret, everything } = await planted(app);
    const { services } = app;
    const config = {
      ...loadConfig({
        env: {
          ERP_DATA_DIR: services.config.dataDir,
          ERP_DATABASE_URL: 'mysql://erp@db.example/erp',
          ERP_DATABASE_PASSWORD: PLANTED.databasePassword,
          ERP_BACKUP_PASSPHRASE: PLANTED.passphrase,
          ERP_METRICS_TOKEN: PLANTED.metricsToken,
          ERP_BACKUP_TARGETS: JSON.stringify([
            { id: 'a', kind: 'sftp', host: 'h', user: 'u', path: 'p', password: PLANTED.targetPassword },
            {
              id: 'b',
              kind: 's3',
              endpoint: 'https://s3.example',
              region: 'x',
              bucket: 'bucket',
              accessKeyId: 'AK',
              secretAccessKey: PLANTED.secretKey,
            },
          ]),
        },
      }),
      logging: services.config.logging,
    };
    const metrics = createMetrics(Date.now);
    metrics.requests.note('GET', '/sales/sales/:id', 200, 12);
    app.database.watch.note('SELECT * FROM customer WHERE name = ?', [PLANTED.customer], 5000);
    const doctor = {
      ok: false,
      checks: [
        {
          id: 'database.connect',
          category: 'database' as const,
          title: { key: 'checks:schema.state.title' },
          status: 'fail' as const,
          found: { key: 'checks:broken' },
          evidence: `refused for mysql://erp:${PLANTED.databasePassword}@db.example: ${everything}`,
        },
      ],
    };
    const { t, database } = app;
    const files = await bundleFiles({ config, t, now: Date.now(), doctor, database, keys: services.keys, metrics });
    const pieces: Buffer[] = [];
    for await (const piece of bundleZip(files)) pieces.push(piece);
    const archive = openArchive(Buffer.concat(pieces));
    expect(Object.keys(archive)).to.eql([
      'README.txt',
      'doctor.json',
      'configuration.json',
      'versions.json',
      'schema.json',
      'work.json',
      'metrics.json',
      'log.ndjson',
    ]);
    const secrets: string[] = [
      ...Object.values(PLANTED),
      sessionSecret,
      QUOTED,
      '5678',
      '564380 9',
      encodeURIComponent(PLANTED.customer),
    ];
    for (const secret of secrets)
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        for (const [name, text] of Object.entries(archive))
          expect(text.includes(form), `${form} in ${name}`).to.equal(false);
    // Not by leaving everything out.
    expect(archive['log.ndjson']).to.include('kept: listening on port 8480').and.include("for key 'ux_customer_code'");
    expect(archive['doctor.json']).to.include('database.connect').and.include('@db.example');
    expect(archive['metrics.json'])
      .to.include('/sales/sales/:id')
      .and.include('FROM customer WHERE name')
      .and.include('text(4)');
    expect(JSON.parse(archive['schema.json'] ?? '{}')).to.have.nested.property('rows.customer', 2);
    expect(archive['work.json']).to.include('system.watch').and.include('sales.sale');
    expect(archive['configuration.json']).to.include('"bucket": "bucket"').and.include('"passphrase": "***"');
  });

  it('finds each of them if nothing were masked, so that the test above can fail', async () => {
    const app = await start();
    const { everything } = await planted(app);
    for (const secret of Object.values(PLANTED)) expect(everything).to.include(secret);
    const open = createMask({ secrets: [], names: [] });
    expect(open.text(PLANTED.customer), 'a name is known only from the database').to.equal(PLANTED.customer);
    expect(open.text(`IMEI ${PLANTED.imei}, ${PLANTED.phone}`)).to.equal('IMEI [imei], [phone]');
    expect(open.text('1795418413216 and 20261123 stay, port 8480 too')).to.equal(
      '1795418413216 and 20261123 stay, port 8480 too',
    );
    expect(open.value({ password: 'x', list: ['a@b.cn', 7, null, true] })).to.eql({
      password: 'x',
      list: ['[mail]', 7, null, true],
    });
  });

  it('comes from the page, is noted, and only for who may', async () => {
    const app = await start();
    const page = await app.get(SUPPORT).expect(200);
    expect(page.text).to.include('/administration/support-bundle');
    const token = await app.token();
    const answer = await app.agent
      .post('/administration/support-bundle')
      .type('form')
      .send({ _csrf: token })
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-disposition']).to.match(/phone-erp-support-\d{8}-\d{4}\.zip/);
    const archive = openArchive(answer.body as Buffer);
    expect(JSON.parse(archive['doctor.json'] ?? '{}').checks.length).to.be.greaterThan(20);
    const noted = await app.database.read.find(auditLog, { action: 'system.support.bundle' });
    expect(noted.map(({ actorId }) => actorId)).to.eql([app.actor.userId]);
    const clerk = await app.as({ permissions: ['sales.till.use'] });
    expect((await clerk.post('/administration/support-bundle')).status).to.equal(403);
    expect((await clerk.get(SUPPORT)).text).to.not.include('support-bundle');
  });
});

describe('support contacts', () => {
  const start = testApps();
  const fields = {
    kind: 'internal',
    name: '小李',
    duty: '收银机',
    phone: '025-83601234',
    mail: 'it@example.com',
    hours: '每天',
    onlineService: '',
  };

  it('are kept, changed, shown to everybody and on pages that report an error, and removed', async () => {
    const app = await start();
    expect((await app.get(SUPPORT)).text).to.include('还没有写联系人');
    expect((await app.post(CONTACTS, fields)).status).to.equal(303);
    expect(
      (await app.post(CONTACTS, { ...fields, kind: 'vendor', name: '供应商热线', phone: '400-800-1234' })).status,
    ).to.equal(303);
    const clerk = await app.as({ permissions: ['sales.till.use'] });
    const page = (await clerk.get(SUPPORT)).text;
    expect(page)
      .to.include('小李')
      .and.include('tel:02583601234')
      .and.include('400-800-1234')
      .and.not.include(`${CONTACTS}/`);
    const refused = await clerk.get('/administration/users');
    expect(refused.status).to.equal(403);
    expect(refused.text).to.include('需要帮忙请找').and.include('025-83601234');
    expect((await app.signedOut().get('/no-such-page')).text).to.not.include('025-83601234');
    const [, id] = new RegExp(`${CONTACTS}/(\\d+)`).exec((await app.get(SUPPORT)).text) ?? [];
    const wrong = await app.post(`${CONTACTS}/${id}`, { ...fields, phone: '打不通', version: '1' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('打不通');
    expect((await app.post(`${CONTACTS}/${id}`, { ...fields, name: '老李', version: '1' })).status).to.equal(303);
    expect((await app.post(`${CONTACTS}/${id}`, { ...fields, version: '1' })).status).to.equal(409);
    expect((await app.get(`${CONTACTS}/${id}/removal/new`)).text).to.include('删除联系人“老李”');
    await app.post(`${CONTACTS}/${id}/removal`);
    expect((await app.post(`${CONTACTS}/${id}/removal`)).status, 'sent twice').to.equal(303);
    expect((await app.get(SUPPORT)).text).to.not.include('老李');
    expect((await clerk.post(CONTACTS, fields)).status).to.equal(403);
  });
});

describe('the guided pages', () => {
  const start = testApps();
  const GUIDE = '/administration/guides';

  it('look, say what was found, what it means and what to do, and lead there', async () => {
    const app = await start();
    const run = { id: 9000, jobId: 'administration.tidy-up', node: 'a:1', dueAt: 1, startedAt: 5, finishedAt: 6 };
    await app.uow.run(app.actor, (unit) =>
      unit.insert(jobRun, [{ ...run, outcome: 'failed', error: 'disk I/O error' }]),
    );
    const imports = (await app.get(`${GUIDE}/imports`).expect(200)).text;
    expect(imports).to.include('导入失败').and.include('disk I/O error').and.include('影响：').and.include('怎么办：');
    expect(imports).to.include('href="/administration/jobs"').and.include('8.6E+14');
    const slow = (await app.get(`${GUIDE}/slow`).expect(200)).text;
    expect(slow).to.include('数据库往返').and.include('程序卡顿').and.not.include('磁盘 I/O');
    const permissions = (await app.get(`${GUIDE}/permissions`).expect(200)).text;
    expect(permissions).to.include('没有可登录的管理员').and.include('没权限被拒绝的次数');
    const database = (await app.get(`${GUIDE}/database`).expect(200)).text;
    expect(database).to.include('数据库往返').and.include('phone-erp doctor');
    await app.get(`${GUIDE}/other`).expect(404);
    const file = await app.get(`${GUIDE}/imports/export`).expect(200);
    expect(file.headers['content-disposition']).to.include('phone-erp-imports.txt');
    expect(file.text).to.include('[警告] 后台任务').and.include('→ ').and.include('jobs.failed');
    const reader = await app.as({ permissions: ['system.support.diagnose'], locale: 'en' });
    const english = (await reader.get(`${GUIDE}/imports`)).text;
    expect(english)
      .to.include('An import fails')
      .and.include('It means:')
      .and.not.include('href="/administration/jobs"');
    const clerk = await app.as({ permissions: ['sales.till.use'] });
    await clerk.get(`${GUIDE}/slow`).expect(403);
  });
});
