import { expect } from 'chai';
import fc from 'fast-check';
import { DomainError } from '../../../src/kernel';
import { openSpreadsheet, readAllRows, type SpreadsheetLimits } from '../../../src/platform/spreadsheet';

const texts = async (bytes: Uint8Array | string, limits: Partial<SpreadsheetLimits> = {}): Promise<string[][]> =>
  (await readAllRows(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, limits)).map(({ cells }) =>
    cells.map(({ text }) => text),
  );

/** "手机,数量\r\n华为,3" */
const GB18030 = Buffer.from('cad6bbfa2ccafdc1bf0d0abbaace aa2c33'.replaceAll(' ', ''), 'hex');

describe('reading CSV', () => {
  const table: [string, Uint8Array | string, string[][]][] = [
    [
      'commas',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1\t2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons',
      'a;b\n1,5;2',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'bars',
      'a|b\n1|2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a hint of Excel', 'sep=;\r\na;b,c,d\r\n', [['a', 'b,c,d']]],
    ['one column', '352099001761481\n868932036356090', [['352099001761481'], ['868932036356090']]],
    [
      'quotes with everything in them',
      'a,"b,\n""c"""\n1,2',
      [
        ['a', 'b,\n"c"'],
        ['1', '2'],
      ],
    ],
    ['a quote in the middle', 'a,6.1" OLED\n', [['a', '6.1" OLED']]],
    ['ragged rows', 'a,b,c\n1\n1,2,3,4\n', [['a', 'b', 'c'], ['1'], ['1', '2', '3', '4']]],
    [
      'carriage returns',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['an UTF-8 mark', '\ufeffa,b\n', [['a', 'b']]],
    ['an UTF-8 mark before a quote', '\ufeff"a,1",b\n', [['a,1', 'b']]],
    [
      'UTF-16 LE with mark',
      Buffer.from('\ufeff手机,b\r\n1,2', 'utf16le'),
      [
        ['手机', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'UTF-16 BE with mark',
      Buffer.from('\ufeff手机,b\r\n1,2', 'utf16le').swap16(),
      [
        ['手机', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'UTF-16 LE without mark',
      Buffer.from('name,b\r\n1,2', 'utf16le'),
      [
        ['name', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'UTF-16 BE without mark',
      Buffer.from('name,b\r\n1,2', 'utf16le').swap16(),
      [
        ['name', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'GB18030',
      GB18030,
      [
        ['手机', '数量'],
        ['华为', '3'],
      ],
    ],
    [
      'a text kept by ="…"',
      '="0123",1\n"=""352099001761481""",2',
      [
        ['0123', '1'],
        ['352099001761481', '2'],
      ],
    ],
    ['a neutralised formula', "'=1+1,'x", [['=1+1', "'x"]]],
    ['a formula as text', '=1+1,@SUM(A1)', [['=1+1', '@SUM(A1)']]],
    ['only blank lines', '\n\n\n', []],
  ];
  for (const [what, bytes, expected] of table) {
    it(`reads ${what}`, async () => expect(await texts(bytes)).to.deep.equal(expected));
  }

  it('says what it found out', async () => {
    const { encoding, delimiter, format, sheets } = await openSpreadsheet(GB18030);
    expect({ encoding, delimiter, format, sheets }).to.deep.equal({
      encoding: 'gb18030',
      delimiter: ',',
      format: 'csv',
      sheets: [{ name: '', hidden: false }],
    });
  });

  it('numbers rows as a spreadsheet program does', async () => {
    const rows = await readAllRows(Buffer.from('a\n\n"b\nc"\nd'));
    expect(rows.map(({ number }) => number)).to.deep.equal([1, 3, 4]);
  });

  it('marks numbers that a spreadsheet shortened, and only those', async () => {
    const [row] = await readAllRows(
      Buffer.from('8.69932E+14,869932036356090,8.6993203635609E+14,1E+3,1.5E+1,12E5,3E+20'),
    );
    expect(row?.cells.map(({ lossy }) => lossy === true)).to.deep.equal([true, false, true, false, false, false, true]);
    expect(row?.cells.every(({ type }) => type === 'text')).to.equal(true);
  });

  const refused: [string, Uint8Array | string, Partial<SpreadsheetLimits>, string][] = [
    ['an open quote', 'a,b\n"c,d\n1,2\n', {}, 'quote_not_closed'],
    ['too many rows', 'a\n'.repeat(11), { rows: 10 }, 'too_many_rows'],
    ['too many columns', 'a,'.repeat(20) + 'b', { columns: 10 }, 'too_many_columns'],
    ['too many cells', 'a,b\n'.repeat(11), { cells: 20 }, 'too_many_cells'],
    ['too long a cell', 'x'.repeat(200), { cellLength: 100 }, 'cell_too_long'],
    ['a line without end', 'x'.repeat(3_000_000), {}, 'record_too_long'],
    ['half a UTF-16 character', Buffer.concat([Buffer.from('\ufeffab', 'utf16le'), Buffer.from([1])]), {}, 'encoding'],
    ['text in no known encoding', Buffer.from([0x61, 0xff, 0xff, 0x2c, 0x80]), {}, 'encoding'],
  ];
  for (const [what, bytes, limits, code] of refused) {
    it(`refuses ${what}`, async () => {
      const error: unknown = await texts(bytes, limits).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(DomainError);
      expect((error as DomainError).code).to.equal(`spreadsheet:error.${code}`);
    });
  }

  it('ends in rows or a DomainError whatever the bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '\t', ';', '=', '中', '\ufeff'), maxLength: 200 })
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (data) => {
        const error: unknown = await texts(data).then(
          () => null,
          (caught: unknown) => caught,
        );
        if (error !== null) expect(error).to.be.instanceOf(DomainError);
      }),
      { numRuns: 500 },
    );
  });
});
