import { Readable } from 'node:stream';
import { expect } from 'chai';
import { z } from 'zod';
import { DomainError, invalid, stale } from '../../src/kernel';
import { emptyForm, file, json, page, redirect, type Route, submit } from '../../src/platform/http';
import type { ModuleManifest } from '../../src/platform/modules';
import { testApps } from '../support/http';

const seen: unknown[] = [];
const get = (path: string, handler: Route['handler'], access: Route['access'] = 'signed-in'): Route => ({
  method: 'get',
  path,
  access,
  handler,
});
const post = (path: string, handler: Route['handler'], more: Partial<Route> = {}): Route => ({
  method: 'post',
  path,
  access: 'signed-in',
  handler,
  ...more,
});
const fail = (error: unknown) => () => Promise.reject(error);

/** A module that shows each behaviour of the platform once. */
const probe: ModuleManifest = {
  name: 'probe',
  needs: [],
  core: true,
  tables: [],
  menu: [],
  permissions: [{ id: 'probe.thing.view', roles: [] }],
  routes: [
    get('/probe/defect', fail(new Error('secret detail'))),
    get('/probe/away', fail(Object.assign(new Error('gone'), { code: 'PROTOCOL_CONNECTION_LOST' }))),
    get('/probe/not-found', fail(new DomainError('errors:not_found', { status: 404 }))),
    get('/probe/stale', fail(stale())),
    get('/probe/invalid', fail(invalid('errors:form', {}, [{ path: 'a', code: 'errors:field.invalid' }]))),
    get('/probe/:id/thing', async (ctx) =>
      json({ id: ctx.id(), query: ctx.query, store: ctx.store, stores: ctx.stores.length }),
    ),
    get('/probe/guarded', async () => json({ ok: true }), { permission: 'probe.thing.view' }),
    get('/probe/file', async () => file('单据 1.csv', 'text/csv; charset=utf-8', Readable.from(['a,b\n']))),
    get('/probe/picture', async () => file('a.svg', 'image/svg+xml', Buffer.from('<svg/>'), { inline: true })),
    get('/probe/broken-view', async () => page('system/search', 'x', null)),
    post(
      '/probe/echo',
      async (ctx) => json({ body: ctx.body, files: ctx.files.map(({ name, content }) => [name, content.length]) }),
      {
        upload: { maxBytes: 1000, maxFiles: 2, extensions: ['csv', 'xlsx'] },
      },
    ),
    post('/probe/no-upload', async () => json({})),
    post('/probe/done', async () => redirect('/help', { kind: 'ok', text: '已过账 <b>46</b> 台' })),
    post('/probe/form', (ctx) =>
      submit(
        ctx,
        z.object({ name: z.string().min(2, 'errors:field.invalid') }),
        async ({ name }) => {
          seen.push(name);
          return redirect('/help');
        },
        async (form, status) => json({ form, empty: emptyForm() }, status),
      ),
    ),
  ],
};

describe('the HTTP platform', () => {
  const start = testApps();
  const startProbe = (options = {}) => start({ modules: [probe], ...options });

  it('answers a defect with a reference and nothing of its inside', async () => {
    const app = await startProbe();
    const { text, headers } = await app.get('/probe/defect').expect(500);
    expect(text).to.include(headers['x-request-id']).and.not.include('secret detail');
    const asJson = await app.agent.get('/probe/defect').set('accept', 'application/json').expect(500);
    expect(asJson.body.error.reference).to.equal(asJson.headers['x-request-id']);
    expect(JSON.stringify(asJson.body)).to.not.include('secret detail');
  });

  it('waits for a database that is away, and says so', async () => {
    const app = await startProbe();
    const { text, headers } = await app.get('/probe/away').expect(503);
    expect(text).to.include('系统正在维护').and.include('src="/readyz"').and.not.include('gone');
    expect(headers['refresh']).to.equal('10');
  });

  it('answers with plain words when even the page about it fails', async () => {
    const app = await startProbe();
    const { text } = await app.get('/probe/broken-view').expect(500);
    expect(text).to.include('系统出了问题');
  });

  it('shows expected failures as what they are', async () => {
    const app = await startProbe();
    expect((await app.get('/probe/not-found').expect(404)).text).to.include('找不到这条记录');
    expect((await app.get('/probe/stale').expect(409)).text).to.include('别人刚改过这张单');
    expect((await app.get('/probe/invalid').expect(422)).text).to.include('这一项没有填对');
    const asJson = await app.agent.get('/probe/invalid').set('accept', 'application/json').expect(422);
    expect(asJson.body.error.fields[0]).to.include({ path: 'a', message: '这一项没有填对。' });
  });

  it('names the permission that is missing, in words', async () => {
    const app = await start({ actor: { permissions: [] } });
    const { text } = await app.get('/settings/modules').expect(403);
    expect(text).to.include('打开和关闭模块').and.not.include('system.module.switch');
  });

  it('reads ids strictly and parameters once', async () => {
    const app = await startProbe();
    const { body } = await app.get('/probe/17/thing?a=1&a=2&b=').expect(200);
    expect(body).to.deep.include({ id: 17, query: { a: '1', b: '' } });
    for (const id of ['0', '-1', '1.0', '01', '9007199254740993', '%31%32x'])
      await app.get(`/probe/${id}/thing`).expect(404);
    await app.get('/probe/%E0%A4%A/thing').expect(400);
  });

  it('keeps what was typed when a form is not right', async () => {
    const app = await startProbe();
    const { body } = await app.post('/probe/form', { name: '李', 'lines.0.note': '<b>' });
    expect(body.form).to.deep.include({ values: { name: '李', 'lines.0.note': '<b>' } });
    expect(body.form.problems.name).to.equal('这一项没有填对。');
    expect(seen).to.eql([]);
  });

  it('says once on the next page what was done', async () => {
    const app = await startProbe();
    const done = await app.post('/probe/done');
    expect(done.status).to.equal(303);
    expect((await app.get('/help')).text).to.include('已过账 &lt;b&gt;46&lt;/b&gt; 台');
    expect((await app.get('/help')).text).to.not.include('已过账');
  });

  it('shows no message that was not signed here', async () => {
    const app = await startProbe();
    const forged = Buffer.from(JSON.stringify({ kind: 'ok', text: 'call 555' })).toString('base64url');
    const { text } = await app.get('/help').set('cookie', `erp_flash=${forged}.AAAA`).expect(200);
    expect(text).to.not.include('call 555');
  });

  it('takes files within the limits and refuses others with the reason', async () => {
    const app = await startProbe();
    const good = await app.upload('/probe/echo', [{ field: 'file', name: 'C:\\temp\\库存.csv', content: 'a,b' }], {
      note: 'x',
    });
    expect(good.body).to.eql({ body: { note: 'x' }, files: [['库存.csv', 3]] });
    const large = await app.upload('/probe/echo', [{ field: 'file', name: 'a.csv', content: 'x'.repeat(1001) }]);
    expect(large.status).to.equal(413);
    const kind = await app.upload('/probe/echo', [{ field: 'file', name: 'a.exe', content: 'x' }]);
    expect(kind.status).to.equal(422);
    expect(kind.text).to.include('a.exe');
    expect((await app.upload('/probe/no-upload', [{ field: 'file', name: 'a.csv', content: 'x' }])).status).to.equal(
      415,
    );
    const broken = await app.agent
      .post('/probe/echo')
      .set('content-type', 'multipart/form-data; boundary=x')
      .set('x-csrf-token', await app.token())
      .send('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut');
    expect(broken.status).to.equal(400);
  });

  it('checks the right before it reads a body', async () => {
    const app = await startProbe();
    const nobody = app.signedOut();
    const { status } = await nobody.agent.post('/probe/echo').redirects(0).attach('file', Buffer.alloc(5000), 'a.csv');
    expect(status).to.equal(303);
  });

  it('refuses bodies that are too large, broken or in an unknown encoding', async () => {
    const app = await startProbe();
    const token = await app.token();
    const send = (type: string, body: string) =>
      app.agent.post('/probe/no-upload').set('x-csrf-token', token).set('content-type', type).send(body);
    expect((await send('application/x-www-form-urlencoded', `a=${'x'.repeat(4.2 * 1024 * 1024)}`)).status).to.equal(
      413,
    );
    expect((await send('application/json', '{"a":')).status).to.equal(400);
    expect((await send('application/json; charset=latin1', '{}')).status).to.equal(415);
    expect((await send('application/x-www-form-urlencoded', Array(20_002).fill('a=1').join('&'))).status).to.equal(413);
  });

  it('sends files as downloads, and never a picture that could carry script for showing', async () => {
    const app = await startProbe();
    const csv = await app.get('/probe/file').expect(200);
    expect(csv.headers['content-disposition']).to.match(/^attachment; .*filename\*=UTF-8''%E5%8D%95%E6%8D%AE%201\.csv/);
    expect(csv.text).to.equal('a,b\n');
    const svg = await app.get('/probe/picture').expect(200);
    expect(svg.headers['content-disposition']).to.match(/^attachment/);
    expect(svg.headers['content-security-policy']).to.include('sandbox');
  });

  it('sends a strict policy with every page', async () => {
    const app = await startProbe();
    const { headers } = await app.get('/').expect(200);
    expect(headers['content-security-policy']).to.include("default-src 'self'").and.not.include('unsafe-inline');
    expect(headers).to.include({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers).to.not.have.any.keys('x-powered-by', 'etag');
    const cookie = (await app.signedOut().agent.get('/test/sign-in/1')).headers['set-cookie']?.[0];
    expect(cookie)
      .to.match(/HttpOnly/)
      .and.match(/SameSite=Lax/);
  });

  it('gives a new session id at sign-in', async () => {
    const app = await startProbe();
    const id = (response: { headers: Record<string, unknown> }) =>
      String((response.headers['set-cookie'] as string[])[0]).replace(/;.*/, '');
    const first = id(await app.agent.get('/test/sign-in/1'));
    const second = id(await app.agent.get('/test/sign-in/1'));
    expect(first)
      .to.match(/^erp_session=/)
      .and.not.equal(second);
    await app.signedOut().get('/').set('cookie', first).expect(303);
    await app.signedOut().get('/').set('cookie', second).expect(200);
  });

  it('serves assets for ever under their version and pages never', async () => {
    const app = await startProbe();
    const { text } = await app.get('/help');
    const address = /href="(\/assets\/[^"]+base\.css)"/.exec(text)?.[1] ?? '';
    expect((await app.agent.get(address).expect(200)).headers['cache-control']).to.include('immutable');
    await app.agent.get('/assets/x/../../package.json').expect(404);
    expect((await app.agent.get('/assets/%E0%A4%A/x')).status).to.equal(400);
  });

  it('tells whether it lives and whether it can work', async () => {
    const app = await startProbe();
    await app.agent.get('/healthz').expect(200, { ok: true, product: 'phone-erp' });
    await app.agent.get('/readyz').expect(200);
    app.app.health.draining = true;
    const { body } = await app.agent.get('/readyz').expect(503);
    expect(body).to.eql({ ok: false, reasons: ['shutting down'] });
  });

  it('limits failed posts without session from one address', async () => {
    const app = await start({ signInAttempts: 3 });
    const nobody = app.signedOut();
    for (let count = 0; count < 3; count += 1)
      expect((await nobody.post('/preferences/theme', { theme: 'pink' })).status).to.equal(400);
    const limited = await nobody.post('/preferences/theme', { theme: 'pink' });
    expect(limited.status).to.equal(429);
    expect(limited.headers['retry-after']).to.equal('300');
  });
});

describe('the preferences of a reader', () => {
  const start = testApps();

  it('switch the language of the next page, and go back where they came from', async () => {
    const app = await start();
    const switched = await app.post('/preferences/locale', { locale: 'en', back: '/alerts?x=1' });
    expect(switched.headers['location']).to.equal('/alerts?x=1');
    expect((await app.get('/')).text)
      .to.include('<html lang="en"')
      .and.include('Phone Retail ERP');
    await app.post('/preferences/theme', { theme: 'dark' });
    expect((await app.get('/')).text).to.include('data-theme="dark"');
  });

  it('never lead to another site', async () => {
    const app = await start();
    for (const back of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'javascript:1',
      '',
    ])
      expect((await app.post('/preferences/theme', { theme: 'dark', back })).headers['location']).to.equal('/');
  });

  it('choose a store among those of the reader, or all of them', async () => {
    const { createStore } = await import('../../src/modules/organization');
    const app = await start();
    const made: number[] = [];
    for (const [code, name] of [
      ['NJ01', '新街口店'],
      ['NJ02', '湖南路店'],
      ['SZ01', '观前街店'],
    ] as const) {
      made.push((await createStore(app.uow, app.actor, { code, name, kind: 'store' })).id);
    }
    const clerk = await app.as({ permissions: ['system.style-guide.view'], stores: made.slice(0, 2) });
    expect((await clerk.get('/')).text)
      .to.include('湖南路店')
      .and.not.include('观前街店');
    expect((await clerk.post('/preferences/store', { storeId: made[1] ?? 0, back: '/' })).status).to.equal(303);
    expect((await clerk.get('/')).text).to.include('aria-current="true"');
    expect((await clerk.post('/preferences/store', { storeId: made[2] ?? 0 })).status).to.equal(400);
    expect((await clerk.post('/preferences/store', { storeId: 0 })).status).to.equal(303);
  });
});
