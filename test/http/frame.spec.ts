import { expect } from 'chai';
import { menuFor } from '../../src/app/menu';
import { json } from '../../src/platform/http';
import type { ModuleManifest } from '../../src/platform/modules';
import { makeActor, testApps } from '../support/http';

describe('the frame of the application', () => {
  const start = testApps();

  it('greets the signed-in and sends others to sign in', async () => {
    const app = await start();
    const home = await app.get('/').expect(200);
    expect(home.text).to.include('周敏').and.include('/settings/modules');
    const out = await app.signedOut().get('/alerts?x=1').expect(303);
    expect(out.headers['location']).to.equal('/sign-in?next=%2Falerts%3Fx%3D1');
  });

  it('answers an unknown address with a page that helps', async () => {
    const app = await start();
    const found = await app.get('/no/such/page').expect(404);
    expect(found.text).to.include('没有找到这一页').and.include('<nav');
    const out = await app.signedOut().get('/no/such/page').expect(404);
    expect(out.text).to.include('没有找到这一页').and.not.include('class="side"');
  });
});

describe('switching modules', () => {
  const start = testApps();
  const wordless = { tables: [], permissions: [], menu: [] };
  const stock: ModuleManifest = {
    name: 'probe-stock',
    needs: [],
    ...wordless,
    routes: [{ method: 'get', path: '/probe/stock', access: 'signed-in', handler: async () => json({}) }],
  };
  const till: ModuleManifest = {
    name: 'probe-till',
    needs: ['probe-stock'],
    ...wordless,
    routes: [{ method: 'get', path: '/probe/till', access: 'signed-in', handler: async () => json({}) }],
  };
  const modules = [stock, till];

  it('takes away the pages of a module and of those that need it, and gives them back', async () => {
    const app = await start({ modules });
    await app.get('/probe/till').expect(200);
    const question = await app.get('/settings/modules/probe-stock/switch-off/new').expect(200);
    expect(question.text).to.include(app.t('system:modules.effectDependents', { modules: 'probe-till:module' }));
    expect((await app.post('/settings/modules/probe-stock/switch-off')).status).to.equal(303);
    for (const path of ['/probe/stock', '/probe/till'])
      expect((await app.get(path).expect(404)).text).to.include('没有启用');
    expect((await app.post('/settings/modules/probe-stock/switch-on')).status).to.equal(303);
    await app.get('/probe/till').expect(200);
  });

  it('tells a reader without the right whom to ask, and one with it where to go', async () => {
    const app = await start({ modules, off: ['probe-stock'] });
    expect((await app.get('/probe/stock').expect(404)).text).to.include('href="/settings/modules"');
    const clerk = await app.as({ permissions: [] });
    expect((await clerk.get('/probe/stock').expect(404)).text).to.not.include('href="/settings/modules"');
    expect((await app.signedOut().get('/probe/stock').expect(404)).text).to.not.include('没有启用');
  });

  it('refuses to leave a module on whose foundation is off', async () => {
    const app = await start({ modules });
    await app.post('/settings/modules/probe-till/switch-off');
    await app.post('/settings/modules/probe-stock/switch-off');
    const refused = await app.post('/settings/modules/probe-till/switch-on');
    expect(refused.status).to.equal(409);
    expect(refused.text).to.include('请先打开它需要的模块');
    expect((await app.post('/settings/modules/system/switch-off')).status).to.equal(404);
    expect((await app.post('/settings/modules/nothing/switch-off')).status).to.equal(404);
  });
});

describe('the search box', () => {
  const start = testApps();
  const hit = (title: string, exact: boolean) => ({
    kind: 'probe',
    title,
    detail: '在库',
    href: `/probe/${title}`,
    exact,
  });
  const probe: ModuleManifest = {
    name: 'probe',
    core: true,
    needs: [],
    tables: [],
    menu: [],
    routes: [],
    permissions: [{ id: 'probe.device.view', roles: [] }],
    search: [
      {
        permission: 'probe.device.view',
        find: async (_ctx, text) =>
          ['one', 'two', 'three'].filter((word) => word.includes(text)).map((word) => hit(word, word === text)),
      },
    ],
  };

  it('goes straight to the one thing whose number was typed', async () => {
    const app = await start({ modules: [probe] });
    const found = await app.get('/search?q=%20one%0D').expect(303);
    expect(found.headers['location']).to.equal('/probe/one');
  });

  it('lists what fits otherwise, and says so when nothing does', async () => {
    const app = await start({ modules: [probe] });
    const several = await app.get('/search?q=o').expect(200);
    expect(several.text).to.include('href="/probe/one"').and.include('href="/probe/two"').and.include('共 2 条');
    expect((await app.get('/search?q=%3Cb%3E').expect(200)).text).to.include('没有找到“&lt;b&gt;”');
    expect((await app.get('/search').expect(200)).text).to.include('想找什么');
    const { body } = await app.agent.get('/search?q=o').set('accept', 'application/json').expect(200);
    expect(body.hits).to.have.length(2);
  });

  it('finds nothing for a reader without the right', async () => {
    const app = await start({ modules: [probe], actor: { permissions: [] } });
    expect((await app.get('/search?q=one').expect(200)).text).to.include('没有找到');
  });
});

describe('the bell and the menu', () => {
  const start = testApps();
  const alert = {
    icon: 'bell',
    tone: 'hold' as const,
    title: '在途超时',
    detail: '超过 3 天',
    count: '2',
    href: '/help',
  };
  const probe: ModuleManifest = {
    name: 'system-probe',
    core: true,
    needs: [],
    tables: [],
    routes: [],
    menu: [],
    permissions: [{ id: 'system-probe.a.view', roles: [] }],
    alerts: [{ permission: 'system-probe.a.view', find: async () => [alert] }],
  };

  it('count and list what wants attention, for those who may see it', async () => {
    const app = await start({ modules: [probe] });
    expect((await app.get('/alerts').expect(200)).text)
      .to.include('在途超时')
      .and.include('提醒，1 条未处理');
    const clerk = await app.as({ permissions: [] });
    expect((await clerk.get('/alerts').expect(200)).text).to.not.include('在途超时');
  });

  it('hide what the reader may not use, and show a parent for the sake of its children', () => {
    const entry = (key: string, order: number, more = {}) => ({
      key,
      href: `/${key}`,
      icon: 'home',
      permission: key,
      order,
      ...more,
    });
    const manifest = {
      ...probe,
      name: 'm',
      menu: [
        entry('sales', 10),
        entry('sale-list', 11, { under: 'sales' }),
        entry('stock', 30, { tabbar: true }),
        entry('roles', 90),
      ],
    };
    const actor = makeActor(1, { permissions: ['sale-list', 'stock', 'roles'] });
    const { menu, tabbar } = menuFor([manifest], actor, (key) => key, '/sale-list/17');
    expect(menu.map(({ key, href, gap }) => [key, href, gap ?? false])).to.eql([
      ['home', '/', false],
      ['m.sales', '/sale-list', true],
      ['m.stock', '/stock', false],
      ['m.roles', '/roles', true],
    ]);
    expect(menu[1]?.children).to.eql([{ label: 'm:menu.sale-list', href: '/sale-list', current: true }]);
    expect(tabbar.map(({ href }) => href)).to.eql(['/', '/stock', '#menu']);
  });
});
