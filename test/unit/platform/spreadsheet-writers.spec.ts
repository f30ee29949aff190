import { Workbook } from '@cj-tech-master/excelts';
import { expect } from 'chai';
import fc from 'fast-check';
import { DomainError } from '../../../src/kernel';
import {
  openSpreadsheet,
  readAllRows,
  writeCsv,
  writeXlsx,
  type ExportColumn,
  type ExportRow,
} from '../../../src/platform/spreadsheet';
import { collect } from '../../support/workbook';

const columns: ExportColumn[] = [
  { header: '串号', type: 'text' },
  { header: '金额', type: 'money' },
  { header: '数量', type: 'integer' },
  { header: '毛利率', type: 'percent' },
  { header: '日期', type: 'date' },
  { header: '时间', type: 'datetime' },
  { header: '整机', type: 'bool' },
];
const soldAt = Date.parse('2026-11-22T01:02:03Z');
const rows: ExportRow[] = [
  ['352099001761481', 899900, 3, 1090, '2026-11-22', soldAt, true],
  ['=1+1', -5, -2, -50, '1900-03-01', soldAt, false],
  [null, undefined, '', null, null, null, null],
  ['last', 0, 0, 0, '2024-02-29', 0, 0],
];

const HOSTILE = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  ' =1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  "=cmd|' /C calc'!A0",
  '"=1"',
];

describe('writing .xlsx', () => {
  it('is read back with its types', async () => {
    const read = await readAllRows(await collect(writeXlsx([{ name: '销售', columns, rows }])));
    expect(read.map(({ cells }) => cells.map(({ text, type }) => `${text}/${type}`))).to.deep.equal([
      ['串号/text', '金额/text', '数量/text', '毛利率/text', '日期/text', '时间/text', '整机/text'],
      [
        '352099001761481/text',
        '8999/number',
        '3/number',
        '0.109/number',
        '2026-11-22/date',
        '2026-11-22 09:02:03/date',
        '是/text',
      ],
      [
        '=1+1/text',
        '-0.05/number',
        '-2/number',
        '-0.005/number',
        '1900-03-01/date',
        '2026-11-22 09:02:03/date',
        '否/text',
      ],
      ['last/text', '0/number', '0/number', '0/number', '2024-02-29/date', '1970-01-01 08:00:00/date', '否/text'],
    ]);
  });

  it('is a workbook for another program: typed cells, frozen bold header, filter, widths', async () => {
    const workbook = new Workbook();
    await workbook.xlsx.load(
      await collect(
        writeXlsx([
          { name: '销售/日报', columns, rows },
          { name: '销售 日报', columns, rows: [] },
        ]),
      ),
    );
    expect(workbook.worksheets.map(({ name }) => name)).to.deep.equal(['销售 日报', '销售 日报 2']);
    const sheet = workbook.worksheets[0];
    expect(sheet?.getCell('A2').value).to.equal('352099001761481');
    expect(sheet?.getCell('B2').value).to.equal(8999);
    expect(sheet?.getCell('B2').numFmt).to.match(/^#,##0\.00/);
    expect(sheet?.getCell('E2').value).to.deep.equal(new Date('2026-11-22T00:00:00Z'));
    expect(sheet?.getCell('A3').value).to.equal('=1+1');
    expect(sheet?.getCell('A3').formula).to.equal(undefined);
    expect(sheet?.getCell('A1').font?.bold).to.equal(true);
    expect(sheet?.getColumn(1).width).to.equal(16);
    expect(sheet?.views[0]).to.include({ state: 'frozen', ySplit: 1 });
    expect(JSON.stringify(sheet?.autoFilter)).to.contain('A1:G5');
  });

  it('stores every text as text', async () => {
    const one: ExportColumn[] = [{ header: 'x', type: 'text' }];
    const any = fc.string({ unit: 'binary', minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(any, fc.constantFrom(...HOSTILE, '_x0041_', '\r\n', ' a ', '</t>')), {
          minLength: 1,
          maxLength: 20,
        }),
        async (all) => {
          const read = await readAllRows(
            await collect(writeXlsx([{ name: 's', columns: one, rows: all.map((text) => [text]) }])),
          );
          const byNumber = new Map(read.map(({ number, cells }) => [number, cells[0]]));
          all.forEach((text, index) => {
            const kept = text
              .replace(/\p{Surrogate}/gu, '\ufffd')
              .replace(/(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu, '');
            const cell = byNumber.get(index + 2);
            expect(cell?.text ?? '').to.equal(kept);
            if (cell) expect(cell.type).to.equal('text');
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes rows only as fast as the output is read, and stops with it', async () => {
    let taken = 0;
    let ended = false;
    function* many(): Generator<ExportRow> {
      try {
        for (; taken < 500_000; taken += 1) yield [`${Math.random()}`];
      } finally {
        ended = true;
      }
    }
    const stream = writeXlsx([{ name: 's', columns: [{ header: 'x', type: 'text' }], rows: many() }]);
    let bytes = 0;
    for await (const piece of stream) {
      bytes += (piece as Buffer).length;
      if (bytes > 100_000) break;
    }
    expect(taken).to.be.below(100_000);
    await new Promise<void>((resolve) => {
      const look = (): unknown => (ended ? resolve() : setImmediate(look));
      look();
    });
  });

  it('passes a failure of the rows on', async () => {
    async function* broken(): AsyncGenerator<ExportRow> {
      yield ['a'];
      await Promise.resolve();
      throw new Error('database gone');
    }
    const error: unknown = await collect(
      writeXlsx([{ name: 's', columns: [{ header: 'x', type: 'text' }], rows: broken() }]),
    ).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(Error).with.property('message', 'database gone');
  });

  it('gives the same bytes for the same content', async () => {
    const write = () => collect(writeXlsx([{ name: 's', columns, rows }]));
    expect((await write()).equals(await write())).to.equal(true);
  });

  it('refuses a value of the wrong type instead of writing nonsense', async () => {
    for (const [type, value] of [
      ['money', '12'],
      ['money', 0.5],
      ['integer', 'x'],
      ['date', '22.11.2026'],
      ['datetime', 'now'],
    ] as const) {
      const error: unknown = await collect(
        writeXlsx([{ name: 's', columns: [{ header: 'x', type }], rows: [[value]] }]),
      ).catch((e: unknown) => e);
      expect(error, `${type} ${value}`).to.be.instanceOf(Error);
    }
  });

  it('cuts a text longer than a cell may be', async () => {
    const bytes = await collect(
      writeXlsx([{ name: 's', columns: [{ header: 'x', type: 'text' }], rows: [['手'.repeat(40_000)]] }]),
    );
    expect((await readAllRows(bytes))[1]?.cells[0]?.text).to.have.length(32_766);
  });
});

describe('writing CSV', () => {
  it('begins with the UTF-8 mark and writes units as people read them', async () => {
    const text = (await collect(writeCsv(columns, rows))).toString('utf8');
    expect(text).to.equal(
      '\ufeff串号,金额,数量,毛利率,日期,时间,整机\r\n' +
        '352099001761481,8999.00,3,10.90%,2026-11-22,2026-11-22 09:02:03,是\r\n' +
        "'=1+1,-0.05,-2,-0.50%,1900-03-01,2026-11-22 09:02:03,否\r\n" +
        ',,,,,,\r\n' +
        'last,0.00,0,0.00%,2024-02-29,1970-01-01 08:00:00,否\r\n',
    );
  });

  it('neutralises what would run as a formula, in the header too', async () => {
    const text = (
      await collect(
        writeCsv(
          [{ header: '=x', type: 'text' }],
          HOSTILE.map((value) => [value]),
        ),
      )
    ).toString('utf8');
    const opened = await openSpreadsheet(Buffer.from(text));
    expect(opened.encoding).to.equal('utf-8');
    expect(text).to.match(/^\ufeff'=x\r\n/);
    for (const line of text.slice(1).split('\r\n')) expect(line).not.to.match(/^"?\s*[=+\-@＝＋－＠]/);
  });

  it('is read back as it was', async () => {
    const unit = fc.constantFrom(...'=+-@",;|\t\r\n \'ab中📱');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit, maxLength: 12 }), fc.string({ unit, maxLength: 12 })), { maxLength: 10 }),
        async (all) => {
          const kept = all.filter(([a, b]) => a !== '' || b !== '');
          fc.pre(kept.every((row) => row.every((text) => !/^(?:'[=+\-@\t\r]|=")/.test(text))));
          const pair: ExportColumn[] = [
            { header: 'a', type: 'text' },
            { header: 'b', type: 'text' },
          ];
          const read = await readAllRows(await collect(writeCsv(pair, kept)));
          const texts = read.slice(1).map(({ cells }) => [cells[0]?.text ?? '', cells[1]?.text ?? '']);
          // A text behind blanks keeps its apostrophe: taking it off could change a text that began with one.
          const bare = (text: string): string => text.replace(/^'(?=[\s\uff1d\uff0b\uff0d\uff20])/, '');
          expect(texts.map((row) => row.map(bare))).to.deep.equal(kept.map((row) => row.map(bare)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is a DomainError when a sheet would overflow', async function () {
    this.timeout(60_000);
    function* endless(): Generator<ExportRow> {
      for (;;) yield [];
    }
    const error: unknown = await collect(
      writeXlsx([{ name: 's', columns: [{ header: 'x', type: 'text' }], rows: endless() }]),
    ).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(DomainError).with.property('code', 'spreadsheet:error.export_too_many_rows');
  });
});
