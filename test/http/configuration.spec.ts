import { expect } from 'chai';
import { latestRevision } from '../../src/app/configuration';
import { auditLog } from '../../src/platform/unit-of-work';
import { createCategory } from '../../src/modules/catalog/use-cases/save-category';
import { testApps } from '../support/http';

const PAGES = '/settings/configuration';

describe('pages of configuration versions', function () {
  this.timeout(60_000);
  const start = testApps();

  const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

  async function startWithChange() {
    const app = await start();
    const saved = await app.post('/settings/parameters/administration', {
      keepImportFilesDays: '31',
      keepRemovedFilesDays: '90',
      unusedAccountDays: '90',
      'reason-for-change': '只留一类',
    });
    expect(saved.status).to.equal(303);
    return app;
  }

  it('list who changed what and why, and show one version in words', async () => {
    const app = await startWithChange();
    const list = await app.get(PAGES).expect(200);
    expect(list.text).to.include('#2').and.include('只留一类').and.include('导入的文件保留天数');
    const one = await app.get(`${PAGES}/revisions/2`).expect(200);
    expect(one.text).to.include('导入的文件保留天数').and.include('只留一类');
    await app.get(`${PAGES}/revisions/1`).expect(200);
    await app.get(`${PAGES}/revisions/99`).expect(404);
    expect((await app.get(`${PAGES}?kind=rollback`).expect(200)).text).not.to.include('#2');
    const english = await app.as({ locale: 'en' });
    expect((await english.get(PAGES).expect(200)).text).to.include('Configuration versions');
  });

  it('compare any two', async () => {
    const app = await startWithChange();
    expect((await app.get(`${PAGES}/compare?from=2&to=1`).expect(200)).text).to.include('导入的文件保留天数');
    expect((await app.get(`${PAGES}/compare?from=2&to=2`).expect(200)).text).to.include('没有差别');
    const wrong = await app.get(`${PAGES}/compare?from=abc&to=77`).expect(422);
    expect(wrong.text).to.include('value="abc"').and.include('1 到 2');
  });

  it('go back after showing what that means, and only with a reason', async () => {
    const app = await startWithChange();
    const ask = await app.get(`${PAGES}/revisions/1/rollback/new`).expect(200);
    expect(ask.text).to.include('导入的文件保留天数');
    const fields = { seenRevision: hidden(ask.text, 'seenRevision'), operationKey: hidden(ask.text, 'operationKey') };
    const silent = await app.post(`${PAGES}/revisions/1/rollback`, { ...fields, reason: ' ' });
    expect(silent.status).to.equal(422);
    const done = await app.post(`${PAGES}/revisions/1/rollback`, { ...fields, reason: '恢复' });
    expect([done.status, done.headers['location']]).to.deep.equal([303, `${PAGES}/revisions/3`]);
    const again = await app.post(`${PAGES}/revisions/1/rollback`, { ...fields, reason: '恢复' });
    expect(again.status).to.equal(303);
    expect((await latestRevision(app.database.read))?.revision).to.equal(3);
    expect((await app.get('/settings/parameters/administration')).text).to.include('value="30"');
    const stale = await app.post(`${PAGES}/revisions/2/rollback`, {
      ...fields,
      operationKey: 'another-key',
      reason: '恢复',
    });
    expect(stale.status).to.equal(409);
    expect(await app.database.read.find(auditLog, { action: 'system.configuration.rollback' })).to.have.length(1);
  });

  it('export a file that comes back, with what it would change first', async () => {
    const app = await startWithChange();
    await createCategory(app.uow, app.actor, { name: '手机', taxRateBp: 1300, tracking: 'serial' });
    const file = await app.get(`${PAGES}/export.yaml`).expect(200);
    const text = Buffer.isBuffer(file.body) ? file.body.toString() : file.text;
    expect(text).to.include('keepImportFilesDays: 31').and.include('手机');
    const upload = (content: string) => app.upload(`${PAGES}/import`, [{ field: 'file', name: 'c.yaml', content }]);
    expect((await upload(text)).text).to.include('没有差别');
    const preview = await upload(
      text.replace('keepImportFilesDays: 31', 'keepImportFilesDays: 32').replace('name: 手机', 'name: 平板'),
    );
    expect(preview.status).to.equal(200);
    expect(preview.text).to.include('校验和不符').and.include('平板').and.include('导入的文件保留天数');
    const raw = /name="text" value="([^"]*)"/.exec(preview.text)?.[1] ?? '';
    const content = raw
      .replace(/&#34;/g, '"')
      .replace(/&#39;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&');
    const applied = await app.post(`${PAGES}/import/apply`, {
      text: content,
      seenRevision: hidden(preview.text, 'seenRevision'),
      operationKey: hidden(preview.text, 'operationKey'),
      reason: '新分类',
    });
    expect(applied.status).to.equal(303);
    expect((await app.get('/catalog/categories')).text).to.include('平板');
    expect((await app.get('/settings/parameters/administration')).text).to.include('value="32"');
  });

  it('say line and reason of everything that is wrong in a file, and change nothing', async () => {
    const app = await startWithChange();
    const text = [
      'format: phone-erp configuration',
      'version: 1',
      'modules:',
      '  nothing: true',
      'parameters:',
      '  purchasing:',
      '    invoiceAtOnce: perhaps',
      '    unheardOf: 1',
      'data:',
      '  catalog.categories:',
      '    - name: 手机',
      '      taxRateBp: 999999',
      '      tracking: serial',
      '    - name: 手机',
      '      taxRateBp: 1300',
      '      tracking: serial',
      '      colour: red',
    ].join('\n');
    const refused = await app.upload(`${PAGES}/import`, [{ field: 'file', name: 'c.yaml', content: text }]);
    expect(refused.status).to.equal(422);
    const lines = [...refused.text.matchAll(/<td class="num"[^>]*>(\d+)<\/td>/g)].map(([, line]) => Number(line));
    expect(lines.sort((a, b) => a - b)).to.deep.equal([4, 7, 8, 12, 14, 17]);
    const broken = await app.upload(`${PAGES}/import`, [{ field: 'file', name: 'c.yaml', content: 'a: [1' }]);
    expect(broken.status).to.equal(422);
    expect((await app.upload(`${PAGES}/import`, [])).status).to.equal(422);
    const forced = await app.post(`${PAGES}/import/apply`, {
      text,
      seenRevision: 2,
      operationKey: 'forced-key',
      reason: 'x',
    });
    expect(forced.status).to.equal(422);
    expect((await latestRevision(app.database.read))?.revision).to.equal(2);
  });

  it('are for who has the right in the whole company', async () => {
    const app = await startWithChange();
    const viewer = await app.as({ permissions: ['system.configuration.view'] });
    expect((await viewer.get(PAGES).expect(200)).text).not.to.include(`${PAGES}/import`);
    await viewer.get(`${PAGES}/revisions/1/rollback/new`).expect(403);
    const local = await app.as({ permissions: ['system.configuration.edit'], stores: [1] });
    const tried = await local.post(`${PAGES}/revisions/1/rollback`, {
      seenRevision: 2,
      operationKey: 'local-key-1',
      reason: 'x',
    });
    expect(tried.status).to.equal(403);
    const nobody = await app.as({ permissions: [] });
    await nobody.get(PAGES).expect(403);
  });
});
