import { expect } from 'chai';
import { z } from 'zod';
import type { ModuleManifest } from '../../src/platform/modules';
import { readParameters } from '../../src/platform/parameters';
import { modules } from '../../src/app/modules';
import { auditLog } from '../../src/platform/unit-of-work';
import { testApps } from '../support/http';

const days = { keepImportFilesDays: '30', keepRemovedFilesDays: '90', unusedAccountDays: '90' };

describe('settings of modules', function () {
  this.timeout(30_000);
  const start = testApps();

  it('are shown with their defaults, saved together, and audited', async () => {
    const app = await start();
    const list = await app.get('/settings/parameters').expect(200);
    expect(list.text).to.include('/settings/parameters/purchasing').and.include('保留天数');
    const form = await app.get('/settings/parameters/administration').expect(200);
    expect(form.text).to.include('value="30"').and.include('默认：30');
    const schema =
      (modules as readonly ModuleManifest[]).find(({ name }) => name === 'administration')?.parameters ?? z.object({});
    const read = () => readParameters(app.database.read, 'administration', schema);
    expect((await read())['keepImportFilesDays']).to.equal(30);
    const saved = await app.post('/settings/parameters/administration', { ...days, keepImportFilesDays: ' 31 ' });
    expect(saved.status).to.equal(303);
    expect(await read()).to.include({ keepImportFilesDays: 31, unusedAccountDays: 90 });
    const after = await app.get('/settings/parameters?q=导入').expect(200);
    expect(after.text, 'value, help and who changed it last')
      .to.include('>31<')
      .and.include('由后台任务清掉')
      .and.match(/周敏 于 \d{4}-/)
      .and.not.include('发票随货到');
    const entries = await app.database.read.find(auditLog, { action: 'system.parameter.change' });
    expect(entries).to.have.length(1);
    const wrong = await app.post('/settings/parameters/administration', { ...days, unusedAccountDays: '9'.repeat(8) });
    expect(wrong.status).to.equal(422);
    expect(wrong.text)
      .to.include('9'.repeat(8))
      .and.match(/多少天没有登录算没人用的账号：\d+ 到 \d+。/);
    expect(await read()).to.include({ keepImportFilesDays: 31, unusedAccountDays: 90 });
  });

  it('are for who may change them in the whole company', async () => {
    const app = await start();
    const local = await app.as({ permissions: ['system.parameter.edit'], stores: [1] });
    expect((await local.post('/settings/parameters/administration', days)).status).to.equal(403);
    await app.get('/settings/parameters/nothing').expect(404);
  });
});
