import { expect } from 'chai';
import { z } from 'zod';
import type { ModuleManifest } from '../../src/platform/modules';
import { readParameters } from '../../src/platform/parameters';
import { modules } from '../../src/app/modules';
import { auditLog } from '../../src/platform/unit-of-work';
import { testApps } from '../support/http';

describe('settings of modules', function () {
  this.timeout(30_000);
  const start = testApps();

  it('are shown with their defaults, saved together, and audited', async () => {
    const app = await start();
    const list = await app.get('/settings/parameters').expect(200);
    expect(list.text).to.include('/settings/parameters/purchasing').and.include('供应商分类');
    const form = await app.get('/settings/parameters/purchasing').expect(200);
    expect(form.text).to.include('国代');
    const schema =
      (modules as readonly ModuleManifest[]).find(({ name }) => name === 'purchasing')?.parameters ?? z.object({});
    const read = () => readParameters(app.database.read, 'purchasing', schema);
    expect((await read())['invoiceAtOnce']).to.equal(false);
    const saved = await app.post('/settings/parameters/purchasing', {
      invoiceAtOnce: '1',
      supplierCategories: '国代\r\n\r\n 省代 ',
    });
    expect(saved.status).to.equal(303);
    expect(await read()).to.deep.equal({ invoiceAtOnce: true, supplierCategories: ['国代', '省代'] });
    const after = await app.get('/settings/parameters?q=供应商').expect(200);
    expect(after.text, 'value, help and who changed it last')
      .to.include('国代、省代')
      .and.include('已经用着它的供应商不变')
      .and.match(/周敏 于 \d{4}-/)
      .and.not.include('保留天数');
    const entries = await app.database.read.find(auditLog, { action: 'system.parameter.change' });
    expect(entries).to.have.length(1);
    const wrong = await app.post('/settings/parameters/purchasing', { supplierCategories: 'x'.repeat(60) });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('x'.repeat(60));
    expect(await read()).to.deep.equal({ invoiceAtOnce: true, supplierCategories: ['国代', '省代'] });
  });

  it('are for who may change them in the whole company', async () => {
    const app = await start();
    const local = await app.as({ permissions: ['system.parameter.edit'], stores: [1] });
    expect((await local.post('/settings/parameters/purchasing', { supplierCategories: 'x' })).status).to.equal(403);
    await app.get('/settings/parameters/nothing').expect(404);
  });
});
