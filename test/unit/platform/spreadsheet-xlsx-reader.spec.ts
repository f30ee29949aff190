import { expect } from 'chai';
import fc from 'fast-check';
import { DomainError } from '../../../src/kernel';
import { openSpreadsheet, readAllRows, type SpreadsheetLimits } from '../../../src/platform/spreadsheet';
import { rawParts, rawWorkbook, zipOf, type RawWorkbook } from '../../support/workbook';

const cellsOf = async (raw: RawWorkbook) => (await readAllRows(await rawWorkbook(raw)))[0]?.cells ?? [];

async function codeOf(bytes: Uint8Array, limits: Partial<SpreadsheetLimits> = {}): Promise<string> {
  try {
    await readAllRows(bytes, limits);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code.replace('spreadsheet:error.', '');
  }
  return 'read';
}

describe('reading .xlsx', () => {
  const cells: [string, RawWorkbook, object][] = [
    [
      'a shared string',
      { rows: '<row><c t="s"><v>0</v></c></row>', sharedStrings: ['<t>手机</t>'] },
      { text: '手机', type: 'text' },
    ],
    [
      'rich text without its reading aid',
      {
        rows: '<row><c t="s"><v>0</v></c></row>',
        sharedStrings: ['<r><t>华</t></r><r><t>为</t></r><rPh sb="0" eb="1"><t>hua</t></rPh>'],
      },
      { text: '华为', type: 'text' },
    ],
    [
      'an inline string',
      { rows: '<row><c t="inlineStr"><is><t> a </t></is></c></row>' },
      { text: ' a ', type: 'text' },
    ],
    ['the text of a formula', { rows: '<row><c t="str"><f>A1</f><v>ok</v></c></row>' }, { text: 'ok', type: 'text' }],
    ['the number of a formula', { rows: '<row><c><f>1+1</f><v>2</v></c></row>' }, { text: '2', type: 'number' }],
    [
      'an escaped character',
      { rows: '<row><c t="str"><v>a_x000D_b_x005F_x0041_</v></c></row>' },
      { text: 'a\rb_x0041_', type: 'text' },
    ],
    ['a CDATA section', { rows: '<row><c t="str"><v><![CDATA[<b>&]]></v></c></row>' }, { text: '<b>&', type: 'text' }],
    ['a truth value', { rows: '<row><c t="b"><v>1</v></c></row>' }, { text: 'TRUE', type: 'bool' }],
    ['an error value', { rows: '<row><c t="e"><v>#N/A</v></c></row>' }, { text: '#N/A', type: 'error' }],
    [
      'an ISO day',
      { rows: '<row><c t="d"><v>2026-11-22T00:00:00Z</v></c></row>' },
      { text: '2026-11-22', type: 'date' },
    ],
    [
      'an ISO moment',
      { rows: '<row><c t="d"><v>2026-11-22T08:30:00Z</v></c></row>' },
      { text: '2026-11-22 08:30:00', type: 'date' },
    ],
    ['a float', { rows: '<row><c><v>0.30000000000000004</v></c></row>' }, { text: '0.3', type: 'number' }],
    ['a small number', { rows: '<row><c><v>1E-7</v></c></row>' }, { text: '0.0000001', type: 'number' }],
    ['a negative number', { rows: '<row><c><v>-1234.50</v></c></row>' }, { text: '-1234.5', type: 'number' }],
    ['a number with an exponent', { rows: '<row><c><v>1.5E+3</v></c></row>' }, { text: '1500', type: 'number' }],
    ['minus zero', { rows: '<row><c><v>-0</v></c></row>' }, { text: '0', type: 'number' }],
    ['zero', { rows: '<row><c><v>0</v></c></row>' }, { text: '0', type: 'number' }],
    [
      '15 digits, exactly',
      { rows: '<row><c><v>869932036356090</v></c></row>' },
      { text: '869932036356090', type: 'number' },
    ],
    [
      '15 digits in short form',
      { rows: '<row><c><v>8.6993203635609E+14</v></c></row>' },
      { text: '869932036356090', type: 'number' },
    ],
    [
      '16 digits as lost',
      { rows: '<row><c><v>3520990017614823</v></c></row>' },
      { text: '3520990017614820', type: 'number', lossy: true },
    ],
    [
      '20 digits as lost',
      { rows: '<row><c><v>8.9860012345678901E+19</v></c></row>' },
      { text: '89860012345678900000', type: 'number', lossy: true },
    ],
    ['no number as an error', { rows: '<row><c><v>abc</v></c></row>' }, { text: 'abc', type: 'error' }],
  ];
  for (const [what, raw, expected] of cells) {
    it(`reads ${what}`, async () => expect((await cellsOf(raw))[0]).to.deep.equal(expected));
  }

  const dates: [string, string, string, string][] = [
    ['yyyy-mm-dd', '46348', '2026-11-22', 'date'],
    ['yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;', '46348', '2026-11-22', 'date'],
    ['yyyy\\-mm\\-dd hh:mm', '46348.5', '2026-11-22 12:00:00', 'date'],
    ['[$-804]yyyy/m/d;@', '46348', '2026-11-22', 'date'],
    ['h:mm AM/PM', '0.75', '18:00:00', 'date'],
    ['[h]:mm', '1.5', '36:00:00', 'date'],
    ['yyyy', '1', '1900-01-01', 'date'],
    ['yyyy', '59', '1900-02-28', 'date'],
    ['yyyy', '61', '1900-03-01', 'date'],
    ['yyyy', '-1', '-1', 'number'],
    ['yyyy', '99999999', '99999999', 'number'],
    ['0.00', '46348', '46348', 'number'],
    ['0.00E+00', '46348', '46348', 'number'],
    ['[Red]#,##0', '46348', '46348', 'number'],
    ['&quot;days&quot; 0', '46348', '46348', 'number'],
    ['0_d', '46348', '46348', 'number'],
    ['General', '46348', '46348', 'number'],
  ];
  for (const [format, stored, text, type] of dates) {
    it(`shows ${stored} in the format ${format} as ${text}`, async () => {
      const raw = { rows: `<row><c s="1"><v>${stored}</v></c></row>`, formats: [format] };
      expect((await cellsOf(raw))[0]).to.deep.equal({ text, type });
    });
  }

  it('counts from 1904 where the workbook says so', async () => {
    const raw = {
      rows: '<row><c s="1"><v>44886</v></c></row>',
      formats: ['yyyy-mm-dd'],
      properties: 'date1904="true"',
    };
    expect((await cellsOf(raw))[0]?.text).to.equal('2026-11-22');
  });

  it('puts cells at their column, keeps row numbers and leaves empty rows and ends out', async () => {
    const rows =
      '<row r="2"><c r="C2"><v>1</v></c><c r="D2"/></row><row r="3"><c r="A3" s="1"/></row>' +
      '<row r="1048576"><c r="AB1048576"><v>2</v></c></row>';
    const read = await readAllRows(await rawWorkbook({ rows }));
    expect(read.map(({ number, cells: all }) => [number, all.map(({ text }) => text).join(',')])).to.deep.equal([
      [2, ',,1'],
      [1048576, `${','.repeat(27)}2`],
    ]);
  });

  it('understands prefixed elements, UTF-16 and cells without references', async () => {
    const parts = rawParts({ rows: '' });
    parts['xl/worksheets/sheet1.xml'] =
      '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c t="str"><x:v>二</x:v></x:c></x:row></x:sheetData></x:worksheet>';
    const [row] = await readAllRows(await zipOf(parts));
    expect(row?.cells.map(({ text }) => text)).to.deep.equal(['1', '二']);
  });

  it('offers the sheets by name, reads the first that shows, and can read again', async () => {
    const parts = rawParts({ rows: '' });
    const sheet = (text: string) =>
      `<worksheet><sheetData><row><c t="str"><v>${text}</v></c></row></sheetData></worksheet>`;
    const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet';
    parts['xl/workbook.xml'] =
      '<workbook><sheets><sheet name="隐藏" state="hidden" r:id="a"/><sheet name="图" r:id="z"/><sheet name="数据" r:id="b"/></sheets></workbook>';
    parts['xl/_rels/workbook.xml.rels'] =
      `<Relationships><Relationship Id="a" Type="${type}" Target="/xl/worksheets/one.xml"/>` +
      `<Relationship Id="z" Type="${type.replace('worksheet', 'chartsheet')}" Target="chartsheets/1.xml"/>` +
      `<Relationship Id="b" Type="${type}" Target="./worksheets/../worksheets/TWO.xml"/></Relationships>`;
    parts['xl/worksheets/one.xml'] = sheet('一');
    parts['xl/worksheets/two.xml'] = sheet('二');
    const opened = await openSpreadsheet(await zipOf(parts));
    expect(opened.sheets).to.deep.equal([
      { name: '隐藏', hidden: true },
      { name: '数据', hidden: false },
    ]);
    for (const [index, text] of [
      [undefined, '二'],
      [0, '一'],
      [1, '二'],
      [1, '二'],
    ] as const) {
      const { value } = await opened.rows(index).next();
      expect(value?.cells[0]?.text).to.equal(text);
    }
    expect(() => opened.rows(2)).to.throw(DomainError, 'spreadsheet:error.sheet_not_found');
  });

  const row = '<row><c><v>1</v></c></row>';
  const limits: [string, RawWorkbook, Partial<SpreadsheetLimits>, string][] = [
    ['too many rows', { rows: row.repeat(11) }, { rows: 10 }, 'too_many_rows'],
    ['as many rows as allowed', { rows: row.repeat(10) }, { rows: 10 }, 'read'],
    ['too many columns', { rows: '<row><c r="K1"><v>1</v></c></row>' }, { columns: 10 }, 'too_many_columns'],
    ['a far column', { rows: '<row><c r="XFD1"><v>1</v></c></row>' }, {}, 'too_many_columns'],
    ['too many cells', { rows: row.repeat(11) }, { cells: 10 }, 'too_many_cells'],
    [
      'too long a cell',
      { rows: `<row><c t="str"><v>${'x'.repeat(11)}</v></c></row>` },
      { cellLength: 10 },
      'cell_too_long',
    ],
    ['a very long cell', { rows: `<row><c t="str"><v>${'x'.repeat(300_000)}</v></c></row>` }, {}, 'cell_too_long'],
    [
      'a bomb of blanks',
      { rows: Array<string>(100).fill(`${' '.repeat(99_996)}<x/>`) },
      { unpackedBytes: 5_000_000 },
      'too_big_inside',
    ],
    ['megabytes without a tag', { rows: Array<string>(100).fill(' '.repeat(100_000)) }, {}, 'damaged'],
    [
      'a bomb of strings',
      { rows: row, sharedStrings: Array<string>(3000).fill(`<t>${'x'.repeat(1000)}</t>`) },
      { unpackedBytes: 8_000_000 },
      'too_big_inside',
    ],
    ['rows that go back', { rows: '<row r="5"/><row r="4"/>' }, {}, 'damaged'],
    ['a row beyond the last', { rows: '<row r="1048577"/>' }, {}, 'damaged'],
    ['a reference that is none', { rows: '<row><c r="1"><v>1</v></c></row>' }, {}, 'damaged'],
    ['a string that does not exist', { rows: '<row><c t="s"><v>7</v></c></row>' }, {}, 'damaged'],
    ['a string number that is none', { rows: '<row><c t="s"><v>__proto__</v></c></row>' }, {}, 'damaged'],
    ['an element that is not closed', { rows: '<row><c>' }, {}, 'damaged'],
    ['entities that expand', { rows: '<row><c t="str"><v>&lol;</v></c></row>' }, {}, 'damaged'],
    ['deep nesting', { rows: '<a>'.repeat(10_000) }, {}, 'damaged'],
  ];
  for (const [what, raw, bounds, expected] of limits) {
    it(`${expected === 'read' ? 'reads' : 'refuses'} ${what}`, async () => {
      expect(await codeOf(await rawWorkbook(raw), bounds)).to.equal(expected);
    });
  }

  it('does not expand entities that the document defines, nor fetch outside ones', async () => {
    const parts = rawParts({ rows: '' });
    parts['xl/worksheets/sheet1.xml'] =
      '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>' +
      '<worksheet><sheetData><row><c t="str"><v>&b;&c;</v></c></row></sheetData></worksheet>';
    expect(await codeOf(await zipOf(parts))).to.equal('damaged');
  });

  it('reads any number of ordinary entities', async () => {
    const rows = '<row><c t="str"><v>&amp;&lt;&#25163;</v></c></row>'.repeat(15_000);
    const read = await readAllRows(await rawWorkbook({ rows }));
    expect(read.at(-1)?.cells[0]?.text).to.equal('&<手');
  });

  it('says what a file is that is no workbook', async () => {
    const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex');
    const bytes = await rawWorkbook({ rows: row });
    for (const [data, code] of [
      [Buffer.alloc(0), 'empty_file'],
      [Buffer.concat([ole, Buffer.alloc(1000)]), 'old_xls'],
      [Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]), 'encrypted'],
      [Buffer.from('0908100000060500', 'hex'), 'old_xls'],
      [await zipOf({ 'xl/workbook.bin': 'x', '[Content_Types].xml': 'x' }), 'binary_xlsb'],
      [await zipOf({ mimetype: 'x', 'content.xml': 'x' }), 'open_document'],
      [await zipOf({ 'readme.txt': 'x' }), 'not_a_workbook'],
      [await zipOf({ '[Content_Types].xml': 'x', 'word/document.xml': 'x' }), 'not_a_workbook'],
      [Buffer.from('<html><table><tr><td>1</td></tr></table></html>'), 'html_table'],
      [Buffer.from('\ufeff\r\n<TABLE>'), 'html_table'],
      [Buffer.from('<html>', 'utf16le'), 'html_table'],
      [Buffer.from('<?xml version="1.0"?><Workbook/>'), 'xml_table'],
      [Buffer.from('%PDF-1.7'), 'not_a_spreadsheet'],
      [Buffer.from('89504e470d0a1a0a0000', 'hex'), 'not_a_spreadsheet'],
      [Buffer.from([1, 0, 0, 2, 3, 4, 0, 0]), 'not_a_spreadsheet'],
      [Buffer.from('PK\u0003\u0004'), 'damaged'],
      [bytes.subarray(0, bytes.length - 30), 'damaged'],
      [await zipOf({ ...rawParts({ rows: '' }), 'xl/workbook.xml': '<workbook/>' }), 'no_sheet'],
      [Buffer.alloc(2_000_001, 'x'), 'too_large'],
    ] as const) {
      expect(await codeOf(data, { fileBytes: 2_000_000 }), code).to.equal(code);
    }
  });

  it('notices a changed byte in the content', async () => {
    const bytes = await rawWorkbook({ rows: row });
    const at = bytes.indexOf('xl/worksheets/sheet1.xml') + 'xl/worksheets/sheet1.xml'.length + 5;
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    expect(await codeOf(bytes)).to.equal('damaged');
  });

  it('ends in rows or a DomainError whatever bytes are changed', async () => {
    const original = await rawWorkbook({ rows: row.repeat(50), sharedStrings: ['<t>a</t>'], formats: ['yyyy'] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.option(fc.nat(original.length), { freq: 4 }),
        async (changes, length) => {
          const bytes = Buffer.from(original);
          for (const [at, value] of changes) bytes[at] = value;
          await codeOf(length === null ? bytes : bytes.subarray(0, length));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('lets the reader stop early', async () => {
    const opened = await openSpreadsheet(await rawWorkbook({ rows: row.repeat(20_000) }));
    let read = 0;
    for await (const one of opened.rows()) {
      read += one.cells.length;
      if (read === 10) break;
    }
    expect(read).to.equal(10);
  });
});
