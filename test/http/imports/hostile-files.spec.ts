import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { TestApp, TestClient } from '../../support/http';
import { testApps } from '../../support/http';
import { checkAsProposed, download, importSettled, proposedFields, uploadImport } from '../../support/import-pages';
import { sampleCatalog } from '../../support/sample-catalog';
import { COLLECTION_ABSENT, sharedFile } from '../../support/shared-data';
import { skipUnlessOutside } from '../../support/skip';
import { rawParts, rawWorkbook, zipOf } from '../../support/workbook';

const cell = (text: string, more = ''): string => `<c t="inlineStr"${more}><is><t>${text}</t></is></c>`;
const row = (...cells: string[]): string => `<row>${cells.join('')}</row>`;
const good = row(cell('商品编码'), cell('成本')) + row(cell('CD67'), cell('50'));

/** Bytes of a file by its name; all made here. */
const REFUSED: Record<string, () => Buffer | string | Promise<Buffer>> = {
  'empty.xlsx': () => '',
  'only-spaces.csv': () => '  \n\n , ,\n',
  'nothing-inside.xlsx': () => rawWorkbook({ rows: '' }),
  'cut-off.xlsx': async () => (await rawWorkbook({ rows: good })).subarray(0, 400),
  'not-a-zip.xlsx': () => Buffer.from('PK\u0003\u0004 and then nothing'),
  'old.xls': () => Buffer.from('d0cf11e0a1b11ae1'.padEnd(1024, '0'), 'hex'),
  'picture.csv': () => Buffer.from('ffd8ffe000104a46494600010100', 'hex'),
  'report.pdf': () => '%PDF-1.7 …',
  'page.xls': () => '<html><table><tr><td>串号</td></tr></table></html>',
  'archive.zip': () => zipOf({ 'stock.csv': '商品编码\nCD67\n' }),
  'no-sheets.xlsx': () =>
    zipOf({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook><sheets/></workbook>' }),
  'outside.xlsx': () =>
    zipOf({
      ...rawParts({ rows: good }),
      'xl/_rels/workbook.xml.rels':
        '<Relationships><Relationship Id="a" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>',
    }),
  'broken-xml.xlsx': () => rawWorkbook({ rows: '<row><c><v>1</c></row' }),
  'billion-laughs.xlsx': () =>
    zipOf({
      ...rawParts({ rows: '' }),
      'xl/worksheets/sheet1.xml':
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>' +
        '<worksheet><sheetData><row><c t="inlineStr"><is><t>&c;&c;&c;</t></is></c></row></sheetData></worksheet>',
    }),
  'many-columns.csv': () => `${'a,'.repeat(1_000_000)}\n`,
  'many-columns.xlsx': () => rawWorkbook({ rows: `<row>${'<c><v>1</v></c>'.repeat(600)}</row>` }),
  'far-column.xlsx': () => rawWorkbook({ rows: '<row><c r="XFD1"><v>1</v></c></row>' }),
  'rows-backwards.xlsx': () =>
    rawWorkbook({ rows: '<row r="5"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>' }),
  'open-quote.csv': () => `商品编码,成本\n"CD67,50\n${'x\n'.repeat(10)}`,
  'long-cell.csv': () => `商品编码,成本\n${'x'.repeat(40_000)},1\n`,
  'bad-text.csv': () => Buffer.from([0xe4, 0xb8, 0xff, 0xfe, 0x41, 0x0a, 0xc3, 0x28, 0xff]),
};

/** Files that are odd but can be read; each holds the charger at 50.00. */
const READ: Record<string, () => Buffer | string | Promise<Buffer>> = {
  'bom.csv': () => '\ufeff商品编码,成本\nCD67,50\n',
  'gb18030.csv': () => Buffer.from('c9ccc6b7b1e0c2eb2cb3c9b1be0a434436372c35300a', 'hex'),
  'utf16.csv': () => Buffer.from('\ufeff商品编码\t成本\r\nCD67\t50\r\n', 'utf16le'),
  'semicolons.csv': () => 'sep=;\n商品编码;成本\nCD67;50\n',
  'tabs.txt': () => '商品编码\t成本\nCD67\t50\n',
  'twice.csv': () => '商品编码,商品编码,成本,成本\nCD67,X,50,99\n',
  'title-above.csv': () => '新街口店库存,,\n制表：周敏,,\n\n商品编码,成本,\nCD67,50,\n',
  'ragged.csv': () => '商品编码,成本\nCD67,50,,,,\n',
  'no-extension': () => '商品编码,成本\nCD67,50\n',
  'wrong-name.xlsx': () => '商品编码,成本\nCD67,50\n',
  'merged.xlsx': () =>
    zipOf({
      ...rawParts({ rows: '' }),
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${row(cell('库存表'))}${good}</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`,
    }),
  'formula.xlsx': () =>
    rawWorkbook({
      rows:
        row(cell('商品编码'), cell('成本')) + row(cell('CD67'), '<c><f>HYPERLINK("http://x/","y")</f><v>50</v></c>'),
    }),
  '../../../evil.csv': () => '商品编码,成本\nCD67,50\n',
};

describe('files that nobody should upload', function () {
  this.timeout(180_000);
  const start = testApps();
  const shop = async (): Promise<TestApp & { storeId: number }> => {
    const on = await start();
    const { storeId } = await sampleCatalog(on.uow);
    return { ...on, storeId };
  };

  for (const [name, make] of Object.entries(REFUSED))
    it(`${name} is refused beside the field, in both languages`, async () => {
      const on = await shop();
      const content = await make();
      for (const client of [on, await on.as({ locale: 'en' })]) {
        const answer = await client.upload('/imports/inventory.opening', [{ field: 'file', name, content }]);
        expect(answer.status, answer.text.slice(0, 300)).to.equal(422);
        expect(answer.text)
          .to.include('enctype="multipart/form-data"')
          .and.match(/id="form-errors"[\s\S]*<li>.+<\/li>/);
      }
      expect(readdirSync(path.join(on.services.config.dataDir, 'imports')), 'nothing is kept').to.deep.equal([]);
    });

  it('an archive that unpacks to far more than it is gets refused without being unpacked', async () => {
    const on = await shop();
    const rows = function* (): Generator<string> {
      for (let at = 0; at < 450; at++) yield `<row>${`<c><v>${'1'.repeat(1000)}</v></c>`.repeat(1000)}</row>`;
    };
    const content = await rawWorkbook({ rows: rows() });
    expect(content.length).to.be.lessThan(5_000_000);
    const answer = await on.upload('/imports/inventory.opening', [{ field: 'file', name: 'bomb.xlsx', content }]);
    expect(answer.status).to.equal(422);
  });

  for (const [name, make] of Object.entries(READ))
    it(`${name} is read for what it is`, async () => {
      const on = await shop();
      const href = await uploadImport(on, 'inventory.opening', name, await make(), { storeId: on.storeId });
      expect(proposedFields((await on.get(href).expect(200)).text)).to.include.keys('column.sku', 'column.cost');
      expect(await checkAsProposed(on, href)).to.include('1 行全部通过检查');
    });

  it('a name with a script or a path in it is only ever text', async () => {
    const on = await shop();
    const href = await uploadImport(
      on,
      'inventory.opening',
      '..\\..\\<img src=x onerror=alert(1)>.csv',
      'code\n<script>alert(1)</script>\n',
    );
    const page = await checkAsProposed(on, href);
    expect(page).to.include('&lt;img src=x').and.not.include('<img src=x').and.not.include('<script>alert');
    expect((await download(on, `${href}/problems.xlsx`)).subarray(0, 2).toString()).to.equal('PK');
  });

  /** Uploads a file as the page would and follows it as far as it goes; nothing on the way may be a fault of ours. */
  async function follow(client: TestClient, importer: string, name: string, content: Buffer): Promise<void> {
    const answer = await client.upload(`/imports/${importer}`, [{ field: 'file', name, content }]);
    expect([303, 422], `${name} as ${importer}`).to.include(answer.status);
    if (answer.status === 422) {
      expect(answer.text, name).to.match(/id="form-errors"[\s\S]*<li>.+<\/li>/);
      return;
    }
    const href = answer.headers.location ?? '';
    const shown = (await client.get(href).expect(200)).text;
    const checked = await client.post(`${href}/check`, proposedFields(shown));
    expect([303, 422], name).to.include(checked.status);
    if (checked.status === 422) return;
    const page = await importSettled(client, href);
    expect(page, name).not.to.include('系统出了问题');
    if (page.includes('problems.xlsx'))
      expect((await download(client, `${href}/problems.xlsx`)).length).to.be.greaterThan(0);
  }

  it('every file of the collection is read or refused with a message', async function () {
    const top = sharedFile('');
    skipUnlessOutside(this, top, COLLECTION_ABSENT);
    const folder = mkdtempSync(path.join(tmpdir(), 'hostile-'));
    try {
      for (const name of readdirSync(path.join(top, 'hostile')))
        if (name.endsWith('.tar.gz')) execFileSync('tar', ['xzf', path.join(top, 'hostile', name), '-C', folder]);
      const files = [top, path.join(top, 'hostile'), folder].flatMap((from) =>
        readdirSync(from, { recursive: from === folder, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name)),
      );
      expect(files.length).to.be.greaterThan(20);
      const on = await shop();
      const english = await on.as({ locale: 'en' });
      for (const [index, file] of files.entries())
        for (const importer of ['inventory.opening', 'catalog.products', 'catalog.tacs', 'purchasing.suppliers'])
          await follow(index % 2 ? english : on, importer, path.basename(file), readFileSync(file));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
