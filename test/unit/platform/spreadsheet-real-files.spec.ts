import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { expect } from 'chai';
import { DomainError, parseScanLine } from '../../../src/kernel';
import { openSpreadsheet, readAllRows } from '../../../src/platform/spreadsheet';
import { COLLECTION_ABSENT, sharedFile } from '../../support/shared-data';
import { skipUnlessOutside } from '../../support/skip';

const texts = async (path: string): Promise<string[][]> =>
  (await readAllRows(path)).map(({ cells }) => cells.map(({ text }) => text));

describe('reading real and hostile files', () => {
  const known: [string, number, string[]][] = [
    ['stock-by-city-crosstab-cn.xlsx', 9, ['商品名称', '北京出库', '上海出库', '广州出库', '天津出库', '苏州出库']],
    ['orders-cn-practice-missing.xlsx', 21, ['商品名称', '销售数量', '单价', '销售日期', '销售区域', '客户名称']],
    ['tac-samsung-ragged-bom.csv', 8576, ['tac', 'model', ...Array.from({ length: 11 }, (_, i) => `model${i + 2}`)]],
    ['region-cn-provinces.csv', 32, ['code', 'name']],
    [
      'repairs-mobifix-1916.csv',
      1917,
      [
        'id',
        'data_provider',
        'country',
        'fault_type',
        'product_category',
        'brand',
        'model',
        'repair_status',
        'age',
        'event_date',
        'problem',
      ],
    ],
    [
      'orders-uci-2010-12-01.csv',
      3109,
      ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'],
    ],
  ];
  for (const [name, count, header] of known) {
    it(`reads ${name}`, async function () {
      const path = sharedFile(name);
      skipUnlessOutside(this, path, COLLECTION_ABSENT);
      const rows = await texts(path);
      expect(rows).to.have.length(count);
      expect(rows[0]).to.deep.equal(header);
    });
  }

  it('reads GB18030 as the same text as its UTF-8 twin', async function () {
    const path = sharedFile('encoding-gb18030.txt');
    const twin = sharedFile('encoding-gb18030-utf8.txt');
    skipUnlessOutside(this, path && twin, COLLECTION_ABSENT);
    expect(await texts(path)).to.deep.equal(await texts(twin));
    expect((await openSpreadsheet(path)).encoding).to.equal('gb18030');
  });

  it('reads any file of the collection to rows or a DomainError', async function () {
    this.timeout(30_000);
    const paths = ['', 'hostile'].flatMap((folder) => {
      const path = sharedFile(folder);
      return path
        ? readdirSync(path, { withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(path, entry.name))
        : [];
    });
    skipUnlessOutside(this, paths.length > 0, COLLECTION_ABSENT);
    for (const path of paths) {
      const error: unknown = await texts(path).then(
        () => null,
        (caught: unknown) => caught,
      );
      if (error !== null) expect(error, path).to.be.instanceOf(DomainError);
    }
  });

  it('takes no device number out of hostile strings without a word', async function () {
    const path = sharedFile('hostile/blns.json');
    skipUnlessOutside(this, path, COLLECTION_ABSENT);
    for (const text of JSON.parse(readFileSync(path, 'utf8')) as string[]) {
      const { identifiers, problems } = parseScanLine(text);
      expect(identifiers.filter(({ kind }) => kind !== 'sn').length, text).to.be.at.most(problems.length);
    }
  });

  describe('in archives', () => {
    let folder = '';
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'sheets-'));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const unpack = (name: string): boolean => {
      const path = sharedFile(`hostile/${name}`);
      if (path) execFileSync('tar', ['xzf', path, '-C', folder]);
      return path !== null;
    };

    it('reads the workbooks of calamine', async function () {
      skipUnlessOutside(this, unpack('xlsx-dev-calamine.tar.gz'), COLLECTION_ABSENT);
      const first = async (name: string): Promise<string[]> =>
        (await texts(join(folder, name))).map((row) => row.join('|'));
      expect(await first('date.xlsx')).to.deep.equal(['2021-01-01|15', '2021-01-02|16', '255:10:10|17']);
      expect(await first('date_1904.xlsx')).to.deep.equal(['2021-01-01|15', '2021-01-02|16', '255:10:10|17']);
      expect(await first('errors.xlsx')).to.include.members(['#DIV/0!', '#NAME?', '#VALUE!']);
      expect(await first('empty_sheet.xlsx')).to.deep.equal([]);
      expect(await first('has_x000D_.xlsx')).to.deep.equal(['ABC\r\nDEF']);
      expect((await first('merged_range.xlsx'))[0]).to.match(/^A1\|B1\|C1\|\|E1/);
      expect((await first('formula.issue.xlsx'))[0]).to.equal('23||23');
      expect((await first('whitespace_trim.xlsx'))[0]).to.match(/^ {2}trimmed value {2}\|/);
      const error: unknown = await first('pass_protected.xlsx').catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(DomainError).with.property('code', 'spreadsheet:error.encrypted');
    });

    it('reads csv-spectrum as its JSON says', async function () {
      skipUnlessOutside(this, unpack('csv-spectrum.tar.gz'), COLLECTION_ABSENT);
      for (const name of readdirSync(join(folder, 'csvs'))) {
        const [header = [], ...rows] = await texts(join(folder, 'csvs', name));
        const json = join(folder, 'json', `${name.slice(0, -extname(name).length)}.json`);
        const expected = [
          JSON.parse(readFileSync(json, 'utf8')) as Record<string, string> | Record<string, string>[],
        ].flat();
        const read = rows.map((row) => Object.fromEntries(header.map((key, index) => [key, row[index] ?? ''])));
        for (const row of [...read, ...expected]) {
          // The phone number of one file is another in its JSON, and its line ends are those of the archive.
          delete row['Contact Phone Number'];
          for (const key of Object.keys(row)) row[key] = row[key]?.replaceAll('\r\n', '\n') ?? '';
        }
        expect(read, name).to.deep.equal(expected);
      }
    });
  });
});
