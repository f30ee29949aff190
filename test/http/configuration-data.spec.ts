import { expect } from 'chai';
import { latestRevision } from '../../src/app/configuration';
import { auditLog } from '../../src/platform/unit-of-work';
import { freshSqlite } from '../support/databases';
import { startTestApp, testApps, type TestApp } from '../support/http';

const NUMBERING = '/settings/data/administration.numbering';

const field = (html: string, name: string): string =>
  (new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? '').replaceAll('&#34;', '"');
const hrefOf = (html: string, text: string): string => new RegExp(`href="([^"]*)">${text}<`).exec(html)?.[1] ?? '';

describe('pages of configuration data', function () {
  this.timeout(60_000);
  const start = testApps();

  async function openRule(app: TestApp, name = '销售单（XS）') {
    const list = await app.get(NUMBERING).expect(200);
    const href = hrefOf(list.text, name);
    const form = await app.get(href).expect(200);
    return { list: list.text, href, form: form.text };
  }
  const fieldsOf = (html: string) => ({
    name: field(html, 'name'),
    active: field(html, 'active'),
    seen: field(html, 'seen'),
    operationKey: field(html, 'operationKey'),
    prefix: 'SA',
    datePart: 'yyMM',
    storePart: '1',
    digits: '5',
    'reason-for-change': '按新规定编号',
  });

  it('list the sets, show records in words and save one, with the reason in a version and in the audit log', async () => {
    const app = await start();
    const sets = await app.get('/settings/data').expect(200);
    expect(sets.text).to.include(NUMBERING).and.include('单据编号').and.include('/catalog/categories');
    const { list, href, form } = await openRule(app);
    expect(list).to.include('年月日，如 261123').and.include('采购入库（RK）');
    expect(form).to.include('前缀').and.include('各种单据不能相同');
    const done = await app.post(href, fieldsOf(form));
    expect([done.status, done.headers['location']]).to.eql([303, NUMBERING]);
    const again = await app.post(href, fieldsOf(form));
    expect(again.status, 'sent twice').to.equal(303);
    expect((await latestRevision(app.database.read))?.revision).to.equal(2);
    const version = await app.get('/settings/configuration/revisions/2').expect(200);
    expect(version.text).to.include('销售单（XS）：前缀').and.include('按新规定编号').and.include('年月，如 2611');
    expect(await app.database.read.find(auditLog, { action: 'system.record.change' })).to.have.length(1);
    const english = await app.as({ locale: 'en' });
    expect((await english.get('/settings/configuration/revisions/2')).text).to.include('Sale (XS): Prefix');
    expect((await english.get(NUMBERING)).text).to.include('Code of the store');
  });

  it('keep what was typed when it is wrong, and refuse what somebody changed since', async () => {
    const app = await start();
    const { href, form } = await openRule(app);
    const wrong = await app.post(href, { ...fieldsOf(form), prefix: '红-1' });
    expect([wrong.status, wrong.text.includes('value="红-1"')]).to.eql([422, true]);
    const taken = await app.post(href, { ...fieldsOf(form), prefix: 'RK' });
    expect([taken.status, taken.text.includes('已经给了另一种单据')]).to.eql([422, true]);
    const digits = await app.post(href, { ...fieldsOf(form), digits: 'x' });
    expect([digits.status, digits.text.includes('value="x"')]).to.eql([422, true]);
    await app.post(href, fieldsOf(form));
    const late = await app.post(href, { ...fieldsOf(form), operationKey: 'another-key', prefix: 'SB' });
    expect(late.status).to.equal(409);
    await app.get(`${NUMBERING}/new`).expect(404);
    await app.get(`${NUMBERING}/records/999999`).expect(404);
    await app.get('/settings/data/sales.nothing').expect(404);
    await app.get('/settings/data/catalog.categories').expect(404);
  });

  it('are shown to who may see the configuration and changed by who may change it, in all stores', async () => {
    const app = await start();
    const { href, form } = await openRule(app);
    const reader = await app.as({ permissions: ['system.configuration.view'] });
    expect((await reader.get(NUMBERING).expect(200)).text).not.to.include('/records/');
    await reader.get(href).expect(403);
    expect((await reader.post(href, fieldsOf(form))).status).to.equal(403);
    const local = await app.as({
      permissions: ['system.configuration.view', 'system.configuration.edit'],
      stores: [1],
    });
    expect((await local.post(href, fieldsOf(form))).status).to.equal(403);
    const nobody = await app.as({ permissions: ['sales.sale.view'] });
    await nobody.get('/settings/data').expect(403);
  });
});

describe('two servers on one database', function () {
  this.timeout(60_000);

  it('follow each other’s configuration within five seconds: parameters, module switches, document numbers', async () => {
    const fresh = await freshSqlite();
    const [first, second] = [await startTestApp(fresh.url), await startTestApp(fresh.url)];
    try {
      const within = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
        const since = Date.now();
        while (!(await holds())) {
          expect(Date.now() - since, what).to.be.below(5000);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      const [here, there] = [first.app, second.app];
      await there.get('/crm/customers').expect(200);
      const modules = (await here.get('/settings/modules').expect(200)).text;
      expect(modules).to.include('被谁需要').and.include('收银台、销售、退货、交班');
      const ask = (await here.get('/settings/modules/inventory/switch-off/new').expect(200)).text;
      expect(ask).to.include('同时关闭需要它的模块：采购、销售、报表').and.include('菜单里看不到：');
      const off = await here.post('/settings/modules/sales/switch-off', { reason: '先不用' });
      expect(off.status).to.equal(303);
      await there.get('/sales/sales');
      expect((await here.get('/settings/modules')).text).to.include('要先打开：销售');
      await within('the module is still on', async () => (await there.get('/sales/sales')).status === 404);
      await here.post('/settings/modules/sales/switch-on', {});
      await within('the module is still off', async () => (await there.get('/sales/sales')).status === 200);
      await here.post('/settings/parameters/administration', {
        keepImportFilesDays: '31',
        keepRemovedFilesDays: '90',
        unusedAccountDays: '90',
      });
      await within('the old parameter', async () =>
        (await there.get('/settings/parameters/administration')).text.includes('value="31"'),
      );
      const number = (app: TestApp) =>
        app.uow.run(app.actor, (unit) => Promise.resolve(unit.documentNumber('XS', 'NJ01', '2026-11-23')));
      const given = [await number(here), await number(there)];
      const list = await here.get(NUMBERING);
      const href = hrefOf(list.text, '销售单（XS）');
      const form = (await here.get(href)).text;
      const saved = await here.post(href, {
        name: 'XS',
        active: '1',
        seen: field(form, 'seen'),
        prefix: 'SA',
        datePart: 'yyMMdd',
        storePart: '1',
        digits: '4',
      });
      expect(saved.status).to.equal(303);
      await within('the old rule', async () => {
        given.push(await number(there), await number(here));
        return given.at(-2)?.startsWith('SA') === true;
      });
      expect(new Set(given).size).to.equal(given.length);
    } finally {
      await first.close();
      await second.close();
      await fresh.release();
    }
  });
});
