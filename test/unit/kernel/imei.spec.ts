import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  completeImei,
  DomainError,
  formatImei,
  imeiCheckDigit,
  isMeid,
  isValidImei,
  meidCheckDigit,
  parsePaste,
  parseScanLine,
  tacOf,
} from '../../../src/kernel';
import { COLLECTION_ABSENT, sharedFile } from '../../support/shared-data';
import { skipUnlessOutside } from '../../support/skip';

const A = '352099001761481';
const B = '868932036356090';
const C = '490154203237518';

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
/** 14 digits as a phone's; not one digit repeated, and no GTIN-14 carton prefix. */
const anyBody = digits(14).filter((body) => !/^(\d)\1*$/.test(body) && !/^[1-7]69/.test(body));
const anyImei = anyBody.map(completeImei);

const values = (text: string): string[] => parseScanLine(text).identifiers.map(({ kind, value }) => `${kind} ${value}`);
const codes = (text: string): string[] =>
  parseScanLine(text).problems.map(({ level, code }) => `${level} ${code.replace('errors:imei.', '')}`);

describe('IMEI and MEID digits', () => {
  it('computes the check digit of known numbers', () => {
    for (const imei of [A, B, C]) {
      expect(isValidImei(imei)).to.equal(true);
      expect(completeImei(imei.slice(0, 14))).to.equal(imei);
    }
    expect(tacOf(A)).to.equal('35209900');
    expect(meidCheckDigit('AF0123450ABCDE')).to.equal('C');
    expect(meidCheckDigit('A10000009296F2')).to.equal('F');
    expect(isMeid('A10000009296F2')).to.equal(true);
    expect(isMeid('35209900176148')).to.equal(false);
    expect(isMeid('1A2B3C4D5E6F70')).to.equal(false);
    expect(isValidImei('000000000000000')).to.equal(false);
    expect(() => completeImei('123')).to.throw(DomainError, 'errors:imei.length');
  });

  it('groups 2-6-6-1', () => {
    expect(formatImei(A)).to.equal('35 209900 176148 1');
    expect(formatImei(A.slice(0, 14))).to.equal('35 209900 176148');
    expect(formatImei('F2LXK0ABCDE')).to.equal('F2LXK0ABCDE');
  });

  it('notices every single wrong digit and every neighbours swap except 09/90', () => {
    fc.assert(
      fc.property(anyImei, fc.nat(14), fc.integer({ min: 1, max: 9 }), (imei, at, by) => {
        const wrong = String((Number(imei[at]) + by) % 10);
        expect(isValidImei(imei.slice(0, at) + wrong + imei.slice(at + 1))).to.equal(false);
        const pair = imei.slice(at, at + 2);
        if (pair.length === 2 && pair[0] !== pair[1] && pair !== '09' && pair !== '90') {
          expect(isValidImei(imei.slice(0, at) + pair[1] + pair[0] + imei.slice(at + 2))).to.equal(false);
        }
      }),
    );
  });
});

describe('parseScanLine', () => {
  const clean: [string, string[]][] = [
    [A, [`imei ${A}`]],
    [` ${A}\r\n`, [`imei ${A}`]],
    ['３５２０９９００１７６１４８１', [`imei ${A}`]],
    ['35 209900 176148 1', [`imei ${A}`]],
    ['35-209900-176148-1', [`imei ${A}`]],
    ['35－209900－176148－1', [`imei ${A}`]],
    ['35.209900.176148.1', [`imei ${A}`]],
    ['352099 00 176148 1', [`imei ${A}`]],
    ['35209900 176148 1', [`imei ${A}`]],
    ['3520 9900 1761 481', [`imei ${A}`]],
    ['35209900176148 1', [`imei ${A}`]],
    [`IMEI:${A}`, [`imei ${A}`]],
    [`IMEI：${A}`, [`imei ${A}`]],
    [`imei ${A}`, [`imei ${A}`]],
    [`IMEI${A}`, [`imei ${A}`]],
    [`ＩＭＥＩ１：${A}`, [`imei ${A}`]],
    [`串号：${A}`, [`imei ${A}`]],
    [`IMEI号码:${A}`, [`imei ${A}`]],
    [`IMEI/MEID: 35 209900 176148 1`, [`imei ${A}`]],
    [`IMEI1:${A} IMEI2:${B}`, [`imei ${A}`, `imei ${B}`]],
    [`IMEI1:${A}IMEI2:${B}`, [`imei ${A}`, `imei ${B}`]],
    [`IMEI 1: ${A}, IMEI 2: ${B}`, [`imei ${A}`, `imei ${B}`]],
    [`IMEI(1) ${A} IMEI（2） ${B}`, [`imei ${A}`, `imei ${B}`]],
    [`IMEI1${A}`, [`imei ${A}`]],
    [`IMEI1/IMEI2: ${A}/${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A} ${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A},${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A}，${B}；${C}`, [`imei ${A}`, `imei ${B}`, `imei ${C}`]],
    [`${A}、${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A}\t${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A}/${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A}|${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A}${B}`, [`imei ${A}`, `imei ${B}`]],
    [`${A}${B}${C}`, [`imei ${A}`, `imei ${B}`, `imei ${C}`]],
    ['35 209900 176148 1 86 893203 635609 0', [`imei ${A}`, `imei ${B}`]],
    [`"${A}"`, [`imei ${A}`]],
    [`'${A}`, [`imei ${A}`]],
    [`="${A}"`, [`imei ${A}`]],
    [`*${A}*`, [`imei ${A}`]],
    [`【${A}】`, [`imei ${A}`]],
    [`\ufeff\u200e${A}\u200b`, [`imei ${A}`]],
    [`SN:F2LXK0ABCDE`, ['sn F2LXK0ABCDE']],
    [`S/N: f2lxk0abcde`, ['sn F2LXK0ABCDE']],
    [`序列号：27634/A0WV12345`, ['sn 27634/A0WV12345']],
    [`SN:1234567890`, ['sn 1234567890']],
    [`SN 35209900176148O`, ['sn 35209900176148O']],
    ['F2LXK0ABCDE', ['sn F2LXK0ABCDE']],
    ['27634/A0WV12345', ['sn 27634/A0WV12345']],
    ['SNB123456', ['sn SNB123456']],
    [`IMEI1:${A} SN:R58M123456X`, [`imei ${A}`, 'sn R58M123456X']],
    [`SN:R58M123456X ${A}`, ['sn R58M123456X', `imei ${A}`]],
    ['A10000009296F2', ['meid A10000009296F2']],
    ['MEID: A1-000000-9296F2-F', ['meid A10000009296F2']],
    ['A10000009296F2F', ['meid A10000009296F2']],
    ['MEID:99000012345678', ['meid 99000012345678']],
    ['MEID:35209900176148', ['meid 35209900176148']],
    [`IMEI:${A} MEID:A10000009296F2`, [`imei ${A}`, 'meid A10000009296F2']],
  ];
  for (const [text, expected] of clean) {
    it(`takes ${JSON.stringify(text)} without a word`, () => {
      expect(values(text)).to.deep.equal(expected);
      expect(codes(text)).to.deep.equal([]);
    });
  }

  const spoken: [string, string[], string[]][] = [
    ['', [], []],
    ['   ', [], []],
    ['35209900176148', [`imei ${A}`], ['note completed']],
    ['35 209900 176148', [`imei ${A}`], ['note completed']],
    ['49-015420-323751', [`imei ${C}`], ['note completed']],
    ['3520990017614823', [`imei ${A}`], ['note software_version']],
    ['35-209900-176148-23', [`imei ${A}`], ['note software_version']],
    ['35 209900 176148 23', [`imei ${A}`], ['note software_version']],
    [`${A}78`, [`imei ${A}`], ['note software_version']],
    [`${A} / 01`, [`imei ${A}`], ['note ignored']],
    [`${A}/01`, [`imei ${A}`], ['note ignored']],
    ['490154203237517', ['imei 490154203237517'], ['warn check_digit']],
    ['49 015420 323751 7', ['imei 490154203237517'], ['warn check_digit']],
    [`${A} ${A}`, [`imei ${A}`], ['note repeated_on_line']],
    [`1\t${A}`, [`imei ${A}`], ['note ignored']],
    [`1 ${A}`, [`imei ${A}`], ['note ignored']],
    [`12 35209900176148`, [`imei ${A}`], ['note completed', 'note ignored']],
    [`华为 Mate 70 ${A}`, [`imei ${A}`], ['note ignored']],
    [`${A} R58M123456X`, [`imei ${A}`, 'sn R58M123456X'], ['note serial_assumed']],
    [`EID: 89049032007008882600012345678901 IMEI: ${A}`, [`imei ${A}`], ['note ignored']],
    [`UPC: 6901443424344 ${A}`, [`imei ${A}`], ['note ignored']],
    ['8.6E+14', [], ['refuse excel_number']],
    ['8.69932E14', [], ['refuse excel_number']],
    ['8.69932e+14', [], ['refuse excel_number']],
    ['８．６Ｅ＋１４', [], ['refuse excel_number']],
    ['8E+14', [], ['refuse excel_number']],
    ['8,69932E+14', [], ['refuse excel_number', 'refuse length']],
    ['IMEI: 8.69932E+14', [], ['refuse excel_number']],
    ['SN: 8.69932E+14', [], ['refuse excel_number']],
    [`${A} 8.69932E+14`, [`imei ${A}`], ['refuse excel_number']],
    ['869932000000000', [], ['refuse excel_rounded']],
    ['000000000000000', [], ['refuse placeholder']],
    ['11111111111111', [], ['refuse placeholder']],
    ['6901443424344', [], ['refuse product_barcode']],
    ['16901443424341', [], ['refuse product_barcode']],
    ['89860000000000000000', [], ['refuse sim_card']],
    ['123456', [], ['refuse length']],
    ['12', [], ['refuse length']],
    ['35209900176148199', [`imei ${A}`], ['note software_version']],
    ['35209900176148099', [], ['refuse length']],
    ['35209900176148O', [], ['refuse letters']],
    ['3S2O9900176148I', [], ['refuse letters']],
    ['IMEI:35209900l76l48l', [], ['refuse letters']],
    ['IMEI', [], ['note nothing_found']],
    ['华为 Mate', [], ['note nothing_found']],
    ['SN:', [], ['note nothing_found']],
    ['SN:??', [], ['note nothing_found']],
    ['SN:中文1', [], ['refuse serial_format']],
    ['6222 0212 3456 7890', [], ['refuse nothing_found']],
    ['9'.repeat(1001), [], ['refuse line_too_long']],
  ];
  for (const [text, expected, problems] of spoken) {
    it(`says ${problems.join(', ') || 'nothing'} of ${JSON.stringify(text.slice(0, 50))}`, () => {
      expect(values(text)).to.deep.equal(expected);
      expect(codes(text)).to.have.members(problems);
    });
  }

  it('tells which of the two numbers a label names', () => {
    expect(parseScanLine(`IMEI2:${B} IMEI1:${A}`).identifiers).to.deep.equal([
      { kind: 'imei', value: B, slot: 2 },
      { kind: 'imei', value: A, slot: 1 },
    ]);
  });

  it('gives the right check digit with the warning', () => {
    expect(parseScanLine('490154203237517').problems[0]?.details).to.deep.equal({
      text: '490154203237517',
      expected: '8',
    });
  });

  it('finds any numbers in any usual notation', () => {
    const written = fc
      .tuple(anyImei, fc.constantFrom('', ' ', '-', '.'), fc.constantFrom('', 'IMEI:', 'imei ', '串号：', '* '))
      .map(([imei, gap, label]) => ({
        imei,
        text: label + [imei.slice(0, 2), imei.slice(2, 8), imei.slice(8, 14), imei.slice(14)].join(gap),
      }));
    fc.assert(
      fc.property(
        fc.array(written, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', '\t', ' ; ', '|', '、'),
        (all, by) => {
          const line = all.map(({ text }) => text).join(by);
          expect(values(line)).to.deep.equal([...new Set(all.map(({ imei }) => `imei ${imei}`))]);
        },
      ),
    );
  });

  it('survives any text: stored form only, every refusal with a code', () => {
    const noise = fc.string({
      unit: fc.oneof(fc.constantFrom(...'0123456789 -/:,EISNM+.\t'), fc.string({ unit: 'binary', maxLength: 1 })),
      maxLength: 120,
    });
    fc.assert(
      fc.property(noise, (text) => {
        const { identifiers, problems } = parseScanLine(text);
        for (const { kind, value } of identifiers) {
          expect(value).to.match(
            kind === 'imei' ? /^\d{15}$/ : kind === 'meid' ? /^[0-9A-F]{14}$/ : /^[A-Z0-9][A-Z0-9/.+_-]{2,39}$/,
          );
          if (kind === 'imei' && !isValidImei(value))
            expect(problems.some((p) => p.level === 'warn' && p.text === value)).to.equal(true);
        }
        for (const { code } of problems) expect(code).to.match(/^errors:imei\.[a-z_]+$/);
        if (/\d/.test(text.normalize('NFKC')) && identifiers.length === 0) expect(problems.length).to.be.at.least(1);
      }),
      { numRuns: 1500 },
    );
  });

  it('ends on lines made to mislead a pattern', () => {
    // A pattern that backtracks would not return within the time limit of a test.
    for (const unit of ['1 ', '12 ', 'IMEI ', 'SN:', '1-', '12345 ', 'E+1 ', 'IMEI 1 (', '1/', 'A1 ']) {
      expect(parseScanLine(unit.repeat(1000 / unit.length)).problems.length, unit).to.be.at.least(1);
    }
  });
});

describe('parsePaste', () => {
  const shape = (text: string, options = {}) =>
    parsePaste(text, options).map(({ line, identifiers, problems, repeats }) => ({
      line,
      ids: identifiers.map(({ value }) => value).join(' '),
      ...(problems.length > 0 && { codes: problems.map(({ code }) => code.replace('errors:imei.', '')).join(' ') }),
      ...(repeats && { repeats }),
    }));

  it('reads one or two numbers a line and skips empty lines', () => {
    expect(shape(`${A}\n\n${B}\t${C}\r\n`)).to.deep.equal([
      { line: 1, ids: A },
      { line: 3, ids: `${B} ${C}` },
    ]);
  });

  it('reports a double scan and leaves it to the reader', () => {
    expect(shape(`${A}\n${B}\n${A}`)).to.deep.equal([
      { line: 1, ids: A },
      { line: 2, ids: B },
      { line: 3, ids: A, repeats: 1 },
    ]);
  });

  it('refuses one number on two different devices', () => {
    expect(shape(`${A} ${B}\n${A} ${C}`)[1]).to.deep.equal({ line: 2, ids: `${A} ${C}`, codes: 'on_other_line' });
    expect(shape(`${A}\n${B}\n${A} ${B}`)[2]).to.include({ codes: 'on_other_line' });
  });

  it('joins the labelled lines of one phone, and only those', () => {
    expect(shape(`IMEI1: ${A}\nIMEI2: ${B}\nSN: R58M123456X\nIMEI1: ${C}`)).to.deep.equal([
      { line: 1, ids: `${A} ${B} R58M123456X` },
      { line: 4, ids: C },
    ]);
    expect(shape(`IMEI1: ${A}\nIMEI1: ${B}`)).to.have.length(2);
    expect(shape(`${A}\n${B}`)).to.have.length(2);
    expect(shape(`IMEI1: ${A}\n\nIMEI2: ${B}`)).to.have.length(2);
  });

  it('asks when a line has more numbers than a phone, unless each is a device', () => {
    expect(shape(`${A} ${B} ${C}`)).to.deep.equal([{ line: 1, ids: '', codes: 'too_many_on_line' }]);
    expect(shape(`${A} ${B} ${C}`, { imeisPerDevice: 1 }).map(({ ids }) => ids)).to.deep.equal([A, B, C]);
    expect(shape(`${A} ${B} SN:R58M123456X`, { imeisPerDevice: 1 })[0]).to.include({ codes: 'other_numbers' });
  });

  it('keeps every unreadable line with its reason', () => {
    expect(shape(`${A}\n8.6E+14\nabc1`)).to.deep.equal([
      { line: 1, ids: A },
      { line: 2, ids: '', codes: 'excel_number' },
      { line: 3, ids: '', codes: 'nothing_found' },
    ]);
  });

  it('limits the number of lines', () => {
    expect(() => parsePaste('\n'.repeat(10), { maxLines: 10 })).to.throw(DomainError, 'errors:imei.too_many_lines');
  });

  it('loses no scan of a flood', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyImei, { minLength: 1, maxLength: 200 }),
        fc.constantFrom('\n', '\r\n', '\r', '\n\n'),
        (all, end) => {
          expect(parsePaste(all.join(end)).map(({ identifiers }) => identifiers[0]?.value)).to.deep.equal(all);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('IMEI vectors of other projects', function () {
  const validator = 'vectors-imei-idcard-mobile-zhCN.json';
  const stdnum = 'vectors-imei-imeisv-stdnum.json';

  it(`agrees with ${validator}`, function () {
    const file = sharedFile(validator);
    skipUnlessOutside(this, file, COLLECTION_ABSENT);
    const { imei, imei_hyphens: hyphens } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      'imei' | 'imei_hyphens',
      Record<'valid' | 'invalid', string[]>
    >;
    for (const text of [...imei.valid, ...hyphens.valid]) {
      expect(values(text), text).to.deep.equal([`imei ${text.replaceAll('-', '')}`]);
      expect(codes(text), text).to.deep.equal([]);
    }
    // Sixteen digits are refused there and a version number (IMEISV) here; both are spoken of.
    for (const text of [...imei.invalid, ...hyphens.invalid]) {
      expect(codes(text), text).to.deep.equal([
        text.replaceAll('-', '').length === 15 ? 'warn check_digit' : 'note software_version',
      ]);
    }
  });

  it(`agrees with ${stdnum}`, function () {
    const file = sharedFile(stdnum);
    skipUnlessOutside(this, file, COLLECTION_ABSENT);
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { call: string; result: string }[] };
    let compared = 0;
    for (const { call, result } of cases) {
      const argument = /'([^']+)'/.exec(call)?.[1] ?? '';
      const bare = argument.replaceAll('-', '');
      const expected = result.replace(/['-]/g, '');
      if (call.startsWith('validate') && bare.length === 15)
        expect(values(argument)).to.deep.equal([`imei ${expected}`]);
      else if (call.includes('add_check_digit') && bare.length === 14) expect(completeImei(bare)).to.equal(expected);
      else if (result === "'IMEISV'") expect(codes(argument)).to.deep.equal(['note software_version']);
      else if (call.startsWith('format') && bare.length < 16)
        expect(formatImei(bare).replaceAll(' ', '')).to.equal(bare);
      else continue;
      compared += 1;
    }
    expect(compared).to.be.at.least(9);
  });

  it('knows that the check digit is the Luhn digit', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const total = [...(body + imeiCheckDigit(body))].reverse().reduce((sum, digit, index) => {
          const value = Number(digit) * (index % 2 ? 2 : 1);
          return sum + (value > 9 ? value - 9 : value);
        }, 0);
        expect(total % 10).to.equal(0);
      }),
    );
  });
});
