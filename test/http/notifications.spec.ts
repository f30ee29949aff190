import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { alarm, findConditions, sayWhatChanged, verifyBooksJob } from '../../src/app/alarms';
import { backupRun } from '../../src/app/backup';
import { findAlerts } from '../../src/app/alerts';
import { senderOf } from '../../src/app/notifications';
import { runJob } from '../../src/platform/jobs';
import { createLogger } from '../../src/platform/logging';
import {
  deliverDue,
  GIVE_UP_AFTER,
  isForbidden,
  notification,
  notificationChannel,
  openSecret,
} from '../../src/platform/notify';
import { hostFacts } from '../../src/platform/checks';
import { certificateFolders } from '../support/certificates';
import { hookServer, type HookServer } from '../support/hook-server';
import { type TestApp, testApps } from '../support/http';
import { smtpServer, type SmtpServer } from '../support/smtp-server';

const PAGE = '/settings/notifications';
const PASSWORD = 'planted-Mail-Pa55word';
const KEY = 'planted-signing-key-1';
const MINUTE = 60_000;

describe('notifications', () => {
  const start = testApps();
  const certificates = certificateFolders();
  const closing: { close: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of closing.splice(0)) await one.close();
  });
  const mailServer = async (options?: Parameters<typeof smtpServer>[0]): Promise<SmtpServer> => {
    const server = await smtpServer(options);
    closing.push(server);
    return server;
  };
  const receiver = async (): Promise<HookServer> => {
    const server = await hookServer();
    closing.push(server);
    return server;
  };
  const all = { 'events.backup-late': '1', 'events.job-failed': '1', 'events.disk-low': '1', active: '1' };
  const mailFields = (port: number, more: Record<string, string> = {}) => ({
    kind: 'mail',
    name: '店长邮箱',
    locale: 'zh-CN',
    host: '127.0.0.1',
    port: String(port),
    security: 'none',
    user: '',
    password: '',
    from: 'erp@example.com',
    to: 'boss@example.com, it@example.com',
    ...all,
    ...more,
  });
  const hookFields = (kind: string, url: string, more: Record<string, string> = {}) => ({
    kind,
    name: '群',
    locale: 'zh-CN',
    url,
    ...all,
    ...more,
  });
  const add = async (app: TestApp, fields: Record<string, string>): Promise<number> => {
    const answer = await app.post(`${PAGE}/channels`, fields);
    expect(answer.status, answer.text).to.equal(303);
    const rows = await app.database.read.find(notificationChannel, {});
    return rows.at(-1)?.id ?? 0;
  };
  const channel = async (app: TestApp, id: number) => (await app.database.read.find(notificationChannel, { id }))[0];
  const messages = (app: TestApp) => app.database.read.find(notification, {});
  const send = (app: TestApp) => deliverDue(senderOf(app.services, app.app.translator));
  const late = { event: 'backup-late' as const, values: { hours: 30 }, names: {}, href: '/settings/backups' };
  const raise = (app: TestApp, conditions: Parameters<typeof sayWhatChanged>[2] = [late]) =>
    sayWhatChanged(app.services, app.actor, conditions);

  it('go by mail after a test, over an encrypted line with the password, in the language of the channel', async () => {
    const folder = certificates.folder();
    await certificates.make(folder);
    const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    const server = await mailServer({
      certificate: { cert: read('server.crt'), key: read('server.key') },
      account: { user: 'erp', password: PASSWORD },
    });
    const app = await start({ env: { ERP_SERVER_PUBLIC_URL: 'https://erp.example.com' } });
    const secure = { security: 'starttls', user: 'erp', password: PASSWORD, host: 'localhost' };
    const id = await add(app, mailFields(server.port, { ...secure, authority: read('authority.crt') }));
    await app.post(`${PAGE}/channels/${id}/test`);
    expect((await app.get(PAGE)).text)
      .to.include('试发成功')
      .and.include('已送达');
    expect(server.received).to.have.length(1);
    expect(server.received[0]).to.include({ encrypted: true, user: 'erp', from: 'erp@example.com' });
    expect(server.received[0]?.to).to.eql(['boss@example.com', 'it@example.com']);

    await raise(app);
    expect(await send(app)).to.eql({ sent: 1, failed: 0 });
    const { content = '' } = server.received[1] ?? {};
    const body = Buffer.from(content.split('\n\n').slice(1).join('').replaceAll('\n', ''), 'base64').toString('utf8');
    expect(body).to.include('30 小时前').and.include('https://erp.example.com/settings/backups');
    expect(content).to.match(/^Auto-Submitted: auto-generated$/m);
  });

  it('say what is wrong with a mail server, and never the password: not on pages, in rows or in logs', async () => {
    const server = await mailServer({ account: { user: 'erp', password: 'another one' } });
    const app = await start();
    const lines: string[] = [];
    Object.assign(app.services, { log: createLogger('trace', { write: (line: string) => void lines.push(line) }) });
    const id = await add(app, mailFields(server.port, { user: 'erp', password: PASSWORD }));
    await app.post(`${PAGE}/channels/${id}/test`);
    expect((await app.get(PAGE)).text)
      .to.include('账号或密码不对')
      .and.include('授权码')
      .and.include('没送到');
    await raise(app);
    expect(await send(app)).to.eql({ sent: 0, failed: 1 });
    const row = await channel(app, id);
    expect(openSecret(app.services.keys, row ?? { secret: null })).to.eql({ password: PASSWORD });
    const form = (await app.get(`${PAGE}/channels/${id}`)).text;
    expect(form).to.include('已经保存，不再显示');
    const everything = JSON.stringify([row, await messages(app), lines, form, (await app.get(PAGE)).text]);
    for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString('base64')])
      expect(everything).to.not.include(secret);
    expect(lines.join('')).to.include('not notified');

    server.refuseRecipient = 'boss@example.com';
    await app.post(`${PAGE}/channels/${await add(app, mailFields(1))}/test`);
    expect((await app.get(PAGE)).text).to.include('连不上对方');
  });

  it('try a mail again that the server did not take, once and only once', async () => {
    const server = await mailServer();
    let now = Date.UTC(2026, 10, 23, 1);
    const app = await start({ clock: () => now });
    await add(app, mailFields(server.port));
    server.busy = 1;
    await raise(app);
    expect(await send(app)).to.eql({ sent: 0, failed: 1 });
    expect(server.received).to.eql([]);
    now += MINUTE;
    expect(await send(app)).to.eql({ sent: 1, failed: 0 });
    now += MINUTE;
    expect(await send(app)).to.eql({ sent: 0, failed: 0 });
    expect(server.received.map(({ to }) => to)).to.eql([['boss@example.com', 'it@example.com']]);
    // Whoever else is reached must not get it again; but who tries the channel learns of it.
    server.refuseRecipient = 'it@example.com';
    await raise(app, []);
    expect(await send(app)).to.eql({ sent: 1, failed: 0 });
    expect(server.received.at(-1)?.to).to.eql(['boss@example.com']);
    const [{ id } = { id: 0 }] = await app.database.read.find(notificationChannel, {});
    await app.post(`${PAGE}/channels/${id}/test`);
    expect((await app.get(PAGE)).text).to.include('发件或收件地址被拒绝（it@example.com）');
  });

  it('ask for the password again when it would go to another server', async () => {
    const app = await start();
    const id = await add(app, mailFields(2525, { user: 'erp', password: PASSWORD }));
    const version = '1';
    const moved = await app.post(
      `${PAGE}/channels/${id}`,
      mailFields(2525, { user: 'erp', host: 'evil.example', version }),
    );
    expect(moved.status).to.equal(422);
    expect(moved.text).to.include('请重新输入密码').and.include('evil.example');
    const same = await app.post(`${PAGE}/channels/${id}`, mailFields(2526, { user: 'erp', version, name: '新名字' }));
    expect(same.status).to.equal(303);
    const row = await channel(app, id);
    expect(row).to.include({ name: '新名字', version: 2 });
    expect(openSecret(app.services.keys, row ?? { secret: null })).to.eql({ password: PASSWORD });
  });

  it('go to a webhook signed, and again with pauses until it is taken', async () => {
    const hook = await receiver();
    let now = Date.UTC(2026, 10, 23, 1);
    const app = await start({ clock: () => now });
    const id = await add(app, hookFields('webhook', `${hook.url}/erp/planted-path-token`, { signingKey: KEY }));
    expect((await app.get(PAGE)).text)
      .to.include(hook.url)
      .and.not.include('planted-path-token');
    hook.answer = { status: 503 };
    await raise(app);
    expect(await send(app)).to.eql({ sent: 0, failed: 1 });
    expect(await send(app), 'not before its pause is over').to.eql({ sent: 0, failed: 0 });
    expect((await app.get(PAGE)).text)
      .to.include('对方回答 503')
      .and.include('待发送');
    hook.answer = { status: 204 };
    now += MINUTE;
    expect(await send(app)).to.eql({ sent: 1, failed: 0 });
    const [first, second] = hook.received;
    expect(second?.headers['x-phone-erp-delivery'], 'the same message').to.equal(
      first?.headers['x-phone-erp-delivery'],
    );
    const stamp = String(second?.headers['x-phone-erp-timestamp']);
    const signature = createHmac('sha256', KEY)
      .update(`${stamp}.${second?.body ?? ''}`)
      .digest('hex');
    expect(second?.headers['x-phone-erp-signature']).to.equal(`sha256=${signature}`);
    expect(JSON.parse(second?.body ?? '{}')).to.include({ event: 'backup-late', stage: 'raised', at: now });
    expect((await messages(app))[0]).to.include({ state: 'sent', attempts: 2, channelId: id });
  });

  it('let one channel that does not answer wait, and the others go first', async () => {
    const hook = await receiver();
    const app = await start();
    await add(app, hookFields('webhook', 'http://127.0.0.1:1/nobody'));
    await add(app, hookFields('webhook', hook.url));
    const full = { event: 'disk-low' as const, values: { freeGb: '1', folder: '/' }, names: {}, href: '/' };
    await raise(app, [late, full]);
    expect(await send(app)).to.eql({ sent: 2, failed: 1 });
    expect(await send(app)).to.eql({ sent: 0, failed: 1 });
    expect(hook.received).to.have.length(2);
  });

  it('give a message up after many failures, and say so on the home page', async () => {
    const hook = await receiver();
    let now = Date.UTC(2026, 10, 23, 1);
    const app = await start({ clock: () => now });
    await add(app, hookFields('webhook', hook.url));
    hook.answer = { status: 302, headers: { location: 'http://127.0.0.1:9/elsewhere' } };
    await raise(app);
    for (let tries = 0; tries < GIVE_UP_AFTER; tries++) {
      await send(app);
      now += 61 * MINUTE;
    }
    expect(hook.received).to.have.length(GIVE_UP_AFTER);
    const [row] = await messages(app);
    expect(row).to.include({ state: 'failed', attempts: GIVE_UP_AFTER });
    expect(row?.failure?.code).to.equal('notifications:fault.redirected');
    await send(app);
    expect(hook.received).to.have.length(GIVE_UP_AFTER);
    const reader = { read: app.database.read, t: app.t, actor: app.actor, now, today: '2026-11-23', store: null };
    const alerts = await findAlerts(app.app.manifests, reader as never);
    expect(alerts.map(({ title }) => title)).to.include('通知没有送到');
  });

  it('reach the robots in their own form and read their answers', async () => {
    const hook = await receiver();
    const now = Date.UTC(2026, 10, 23, 1);
    const app = await start({ clock: () => now });
    const wecom = await add(app, hookFields('wecom', `${hook.url}/cgi-bin/webhook/send?key=planted-robot`));
    hook.answer = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
    await app.post(`${PAGE}/channels/${wecom}/test`);
    expect(JSON.parse(hook.received[0]?.body ?? '{}'))
      .to.have.nested.property('text.content')
      .that.includes('试发');
    expect((await app.get(PAGE)).text).to.include('试发成功');

    hook.answer = { status: 200, body: '{"errcode":310000,"errmsg":"sign not match, key=planted-robot"}' };
    const url = `${hook.url}/robot/send?access_token=planted-token`;
    const dingtalk = await add(app, hookFields('dingtalk', url, { signingKey: 'SECplanted' }));
    await app.post(`${PAGE}/channels/${dingtalk}/test`);
    const asked = new URL(hook.received[1]?.path ?? '', hook.url).searchParams;
    const sign = createHmac('sha256', 'SECplanted').update(`${now}\nSECplanted`).digest('base64');
    expect([asked.get('access_token'), asked.get('timestamp'), asked.get('sign')]).to.eql([
      'planted-token',
      String(now),
      sign,
    ]);
    const page = (await app.get(PAGE)).text;
    expect(page).to.include('机器人拒绝了消息').and.include('310000').and.not.include('planted-token');
  });

  it('tell once, remind after a day, tell when it is over, and only who asked for it', async () => {
    const hook = await receiver();
    let now = Date.UTC(2026, 10, 23, 1);
    const app = await start({ clock: () => now });
    await add(app, hookFields('webhook', hook.url));
    await add(app, { ...hookFields('webhook', hook.url), 'events.backup-late': '' });
    const stages = async () => (await messages(app)).map(({ content }) => content.stage);
    await raise(app);
    await raise(app);
    expect(await stages()).to.eql(['raised']);
    now += 25 * 60 * MINUTE;
    await raise(app);
    expect(await stages()).to.eql(['raised', 'reminder']);
    await raise(app, []);
    expect(await stages()).to.eql(['raised', 'reminder', 'resolved']);
    expect(await app.database.read.find(alarm, {})).to.eql([]);
    await raise(app, []);
    expect(await stages()).to.have.length(3);
  });

  it('find what is wrong: jobs, disk, books', async () => {
    const app = await start();
    const facts = (freeBytes: number) => ({
      ...hostFacts,
      disk: () => Promise.resolve({ freeBytes, totalBytes: 1e12 }),
    });
    const events = async (free = 1e11) => (await findConditions(app.services, facts(free))).map(({ event }) => event);
    expect(await events()).to.eql([]);
    expect(await events(1e9)).to.eql(['disk-low']);
    const job = {
      id: 'administration.tidy-up',
      schedule: '* * * * *',
      run: () => Promise.reject(new Error('no room')),
    };
    await runJob(app.services, job, app.services.clock());
    expect(await events()).to.eql(['job-failed']);
    const [found] = await findConditions(app.services, facts(1e11));
    expect(found).to.deep.include({ subject: job.id, values: { error: 'no room' } });
    const broken = { id: 'test', run: () => Promise.resolve({ count: 1, findings: ['stock and journal differ'] }) };
    await runJob(app.services, verifyBooksJob([{ checks: [broken] }]), app.services.clock());
    expect((await events()).sort()).to.eql(['job-failed', 'ledger-failed']);
    await runJob(app.services, verifyBooksJob([]), app.services.clock() + 1);
    await runJob(app.services, { ...job, run: () => Promise.resolve() }, app.services.clock() + 1);
    expect(await events()).to.eql([]);
  });

  it('find backups that failed, are late or shrank, and a certificate that ends', async () => {
    let now = Date.UTC(2026, 10, 23, 1);
    const hour = 60 * MINUTE;
    const folder = certificates.folder();
    await certificates.make(folder, { now });
    const app = await start({
      clock: () => now,
      env: {
        ERP_BACKUP_TARGETS: JSON.stringify([{ id: 'usb', kind: 'local', path: folder }]),
        ERP_BACKUP_PASSPHRASE: 'twelve characters',
        ERP_SERVER_TLS_CERT_FILE: path.join(folder, 'server.crt'),
        ERP_SERVER_TLS_KEY_FILE: path.join(folder, 'server.key'),
      },
    });
    const disk = () => Promise.resolve({ freeBytes: 1e12, totalBytes: 2e12 });
    const found = () => findConditions(app.services, { ...hostFacts, disk });
    const run = (startedAt: number, bytes: number | null, good = true) =>
      app.uow.run(app.actor, async (unit) => {
        const id = unit.takeIds(backupRun);
        const place = { target: 'usb', place: folder, ok: good, removed: 0 };
        const state = good ? ('ok' as const) : ('failed' as const);
        const row = { id, state, startedAt, bytes, seenAt: startedAt, finishedAt: startedAt, results: [place] };
        const rest = { origin: 'schedule' as const, startedByName: null, name: null, encrypted: true, progress: null };
        await unit.insert(backupRun, [{ ...row, ...rest, failure: null, cancelled: false }]);
      });
    expect(await found(), 'nothing before the first one').to.eql([]);
    for (const back of [4, 3, 2]) await run(now - back * 24 * hour, 1000);
    await run(now - hour, 200);
    expect((await found()).map(({ event, values }) => [event, values])).to.eql([['backup-shrunk', { percent: 20 }]]);
    await run(now, null, false);
    now += 30 * hour;
    const events = (await found()).map(({ event, values }) => [event, values]);
    expect(events).to.deep.include.members([
      ['backup-failed', { targets: 'usb' }],
      ['backup-late', { hours: 31 }],
    ]);
    now += 1000 * 24 * hour;
    const certificate = (await found()).find(({ event }) => event === 'certificate-expiring');
    expect(Number(certificate?.values['days'])).to.be.lessThan(0);
  });

  it('never leave a neutralised copy', async () => {
    const hook = await receiver();
    const app = await start();
    const id = await add(app, hookFields('webhook', hook.url));
    await raise(app);
    Object.assign(app.services, { neutralised: true });
    expect(await send(app)).to.eql({ sent: 0, failed: 0 });
    await app.post(`${PAGE}/channels/${id}/test`);
    expect((await app.get(PAGE)).text).to.include('预演用的副本');
    expect(hook.received).to.eql([]);
  });

  it('go nowhere near the inside of a cloud, and keep what was typed when a form is wrong', async () => {
    const app = await start();
    expect(['169.254.169.254', 'fe80::1', '0.0.0.0', '::'].map(isForbidden)).to.eql([true, true, true, true]);
    expect(['10.0.0.5', '127.0.0.1', '192.168.1.9', '8.8.8.8'].map(isForbidden)).to.eql([false, false, false, false]);
    const id = await add(app, hookFields('webhook', 'http://169.254.169.254/latest/meta-data'));
    await app.post(`${PAGE}/channels/${id}/test`);
    expect((await app.get(PAGE)).text).to.include('169.254.169.254 是不允许发送的地址');
    const wrong = await app.post(`${PAGE}/channels`, hookFields('webhook', 'ftp://x/', { name: '保留我' }));
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('保留我').and.include('应是 http://');
    const bad = await app.post(`${PAGE}/channels`, mailFields(0, { to: 'nobody', host: 'a b' }));
    expect(bad.status).to.equal(422);
    expect(bad.text).to.include('请填 1 到 20 个邮箱地址').and.include('填服务器名称');
  });

  it('may be seen by some and changed by few', async () => {
    const app = await start();
    const id = await add(app, hookFields('webhook', 'https://example.com/x'));
    const reader = await app.as({ permissions: ['system.notification.view'] });
    expect((await reader.get(PAGE)).text)
      .to.include('群')
      .and.not.include('/test');
    expect((await reader.get(`${PAGE}/channels/${id}`)).status).to.equal(403);
    expect((await reader.post(`${PAGE}/channels/${id}/test`)).status).to.equal(403);
    const nobody = await app.as({ permissions: ['sales.till.use'] });
    expect((await nobody.get(PAGE)).status).to.equal(403);
  });
});
