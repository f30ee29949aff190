import { expect } from 'chai';
import type { Importer, ModuleManifest } from '../../../src/platform/modules';
import { sql } from '../../../src/platform/database';
import { readAllRows, writeXlsx } from '../../../src/platform/spreadsheet';
import { organizationModule } from '../../../src/modules/organization/organization.module';
import { readFileSync } from 'node:fs';
import { COLLECTION_ABSENT, sharedFile } from '../../support/shared-data';
import { skipUnlessOutside } from '../../support/skip';
import { download, importSettled } from '../../support/import-pages';
import { testApps, type TestApp } from '../../support/http';

/** Writes each code into the audit log; refuses 'bad' ones. The words are those of the opening stock. */
const importer: Importer = {
  id: 'inventory.opening',
  permission: 'inventory.opening.post',
  columns: [
    { key: 'sku', required: true, aliases: ['商品编码', 'code'] },
    { key: 'imei1', required: false, aliases: ['串号', 'IMEI'] },
  ],
  plan: (_read, _actor, rows) =>
    Promise.resolve({
      problems: rows
        .filter(({ values }) => values.sku === 'bad')
        .map(({ line }) => ({ line, column: 'sku', code: 'imports:error.cell', details: { text: 'bad' } })),
      summary: { 'inventory:import.devices': rows.length },
      apply: async (unit, onProgress) => {
        for (const [index, { values }] of rows.entries()) {
          await unit.audit({ action: 'probe.row', detail: values });
          await onProgress(index + 1, rows.length);
        }
      },
    }),
};
const probe: ModuleManifest = {
  name: 'inventory',
  needs: [],
  tables: [],
  permissions: [{ id: 'inventory.opening.post', roles: [] }],
  menu: [],
  routes: [],
  imports: [importer],
};

describe('imports', () => {
  const start = testApps();
  const app = () => start({ modules: [organizationModule, probe] });

  const upload = async (on: TestApp, content: Buffer | string, name = 'stock.csv') =>
    on.upload('/imports/inventory.opening', [{ field: 'file', name, content }]);
  const settled = importSettled;
  const rowsWritten = async (on: TestApp) =>
    (
      await on.database.read.all<{ detail: string }>(
        sql`SELECT detail FROM audit_log WHERE action = ${'probe.row'} ORDER BY id`,
      )
    ).map(({ detail }) => JSON.parse(detail) as unknown);

  it('finds the columns, checks everything, then writes everything once', async () => {
    const on = await app();
    const answer = await upload(on, '门店库存表\n商品编码,IMEI\nA1,860000000000001\nA2,\n');
    expect(answer.status, answer.text).to.equal(303);
    const href = answer.headers.location ?? '';
    expect((await on.get(href).expect(200)).text).to.include('860000000000001');
    await on.post(`${href}/check`, { 'column.sku': 0, 'column.imei1': 1, headerRow: 2, sheet: 0 });
    expect(await settled(on, href)).to.include('2 行全部通过检查');
    expect(await rowsWritten(on)).to.deep.equal([]);
    await Promise.all([on.post(`${href}/application`), on.post(`${href}/application`)]);
    expect(await settled(on, href)).to.include('已导入 2 行');
    expect(await rowsWritten(on)).to.deep.equal([{ sku: 'A1', imei1: '860000000000001' }, { sku: 'A2' }]);
  });

  it('is not there for a module that is switched off', async () => {
    const on = await start({ modules: [organizationModule, probe], off: ['inventory'] });
    expect((await upload(on, 'code\nA1\n')).status).to.equal(404);
    expect((await on.get('/imports').expect(200)).text).not.to.include('/imports/inventory.opening');
  });

  it('writes nothing when one row is wrong, and gives the wrong rows back with their reasons', async () => {
    const on = await app();
    const href = (await upload(on, 'code\nA1\nbad\n')).headers.location ?? '';
    await on.post(`${href}/check`, { 'column.sku': 0, headerRow: 1, sheet: 0 });
    expect(await settled(on, href)).to.include('1 处要改');
    expect((await on.post(`${href}/application`)).status).to.equal(422);
    const rows = await readAllRows(await download(on, `${href}/problems.xlsx`));
    expect(rows[1]?.cells.map(({ text }) => text)).to.deep.equal([
      '3',
      'bad',
      '商品编码：这一格是公式错误（bad），请在原表改好。',
    ]);
    expect(await rowsWritten(on)).to.deep.equal([]);
  });

  it('asks for a column that is required', async () => {
    const on = await app();
    const href = (await upload(on, 'x,y\n1,2\n')).headers.location ?? '';
    const answer = await on.post(`${href}/check`, { headerRow: 1, sheet: 0 });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.include('这一列必须对应');
  });

  it('refuses numbers whose digits Excel has dropped, with the reason', async () => {
    const on = await app();
    const workbook: Buffer[] = [];
    for await (const part of writeXlsx([
      {
        name: 'a',
        columns: [
          { header: 'code', type: 'text' },
          { header: 'IMEI', type: 'integer' },
        ],
        rows: [['A1', 8_600_000_000_000_000]],
      },
    ]))
      workbook.push(part as Buffer);
    const href = (await upload(on, Buffer.concat(workbook), 'stock.xlsx')).headers.location ?? '';
    await on.post(`${href}/check`, { 'column.sku': 0, 'column.imei1': 1, headerRow: 1, sheet: 0 });
    expect(await settled(on, href)).to.include('不能还原');
  });

  it('refuses files it cannot read and says what to do', async () => {
    const on = await app();
    for (const [name, content] of [
      ['old.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
      ['empty.csv', ''],
      ['broken.xlsx', Buffer.from('PK\u0003\u0004 not a zip')],
    ] as const) {
      const answer = await upload(on, content, name);
      expect(answer.status, name).to.equal(422);
      expect(answer.text, name).to.include('<form');
    }
  });

  it('is closed to who has no right, and to stores outside the scope', async () => {
    const on = await app();
    const href = (await upload(on, 'code\nA1\n')).headers.location ?? '';
    const clerk = await on.as({ permissions: ['organization.store.view'] });
    for (const path of ['/imports/inventory.opening', href, `${href}/progress`, `${href}/problems.xlsx`])
      expect((await clerk.get(path)).status, path).to.equal(404);
    expect((await clerk.post(`${href}/application`)).status).to.equal(404);
    expect((await clerk.get('/imports')).text).not.to.include('stock.csv');
  });

  it('reads the real workbook of a phone shop and names the missing column', async function () {
    const file = sharedFile('stock-by-city-crosstab-cn.xlsx');
    skipUnlessOutside(this, file, COLLECTION_ABSENT);
    const on = await app();
    const answer = await upload(on, readFileSync(file), 'stock.xlsx');
    expect(answer.status).to.equal(303);
    const shown = await on.get(answer.headers.location ?? '').expect(200);
    expect(shown.text).to.include('小米13');
  });
});
