import { expect } from 'chai';
import { completeImei } from '../../../src/kernel';
import type { DeviceState } from '../../../src/ledger';
import { putLinesBack, readPaste, readScan, takeLinesOut } from '../../../src/modules/purchasing/domain/read-scans';
import { checkScans, type KnownNumbers, type Scan } from '../../../src/modules/purchasing/domain/scan-check';
import type { HeldDevice } from '../../../src/modules/purchasing/domain/returning-device';
import type { ScanLine } from '../../../src/modules/purchasing/domain/scan-line-choice';

const imei = (serial: number, tac = '86742106'): string => completeImei(`${tac}${String(serial).padStart(6, '0')}`);
const badImei = (serial: number): string => {
  const right = imei(serial);
  return right.slice(0, 14) + String((Number(right[14]) + 1) % 10);
};

const phone: ScanLine = {
  id: 1,
  lineNo: 1,
  skuId: 101,
  skuName: '小米 17 白',
  productId: 50,
  tracking: 'serial',
  quantity: 3,
  countsScans: false,
  received: 0,
};
const black: ScanLine = { ...phone, id: 2, lineNo: 2, skuId: 102, skuName: '小米 17 黑' };
const other: ScanLine = { ...phone, id: 3, lineNo: 3, skuId: 103, skuName: 'vivo X300', productId: 60 };
const charger: ScanLine = {
  ...phone,
  id: 4,
  lineNo: 4,
  skuId: 104,
  skuName: '充电器',
  productId: 70,
  tracking: 'plain',
};

function known(lines: ScanLine[], more: Partial<KnownNumbers> = {}): KnownNumbers {
  return {
    lines,
    inReceipt: new Map(),
    inBooks: new Map(),
    inDrafts: new Map(),
    models: new Map(),
    mayOverride: false,
    nextSeq: 1,
    ...more,
  };
}

const scans = (texts: string[], lineId: number | null = null): Scan[] =>
  texts.map((text, index) => readScan(`k${index}`, text, lineId));

const outcomes = (texts: string[], lines: ScanLine[], more: Partial<KnownNumbers> = {}, lineId: number | null = null) =>
  checkScans(scans(texts, lineId), known(lines, more)).verdicts.map(({ outcome, reason }) => [
    outcome,
    reason?.code ?? null,
  ]);

describe('the check of scans', () => {
  it('takes devices into the only line, numbered on', () => {
    const check = checkScans(scans([imei(1), `${imei(2)} ${imei(3)} SN: ABC123`]), known([phone], { nextSeq: 44 }));
    expect(check.verdicts.map(({ outcome }) => outcome)).to.eql(['right', 'right']);
    expect(check.devices).to.deep.include({
      mainNumber: imei(2),
      imei1: imei(2),
      imei2: imei(3),
      meid: null,
      sn: 'ABC123',
      lineId: 1,
      seq: 45,
      checkOverride: false,
      boxNo: null,
    });
  });

  it('counts a double once and says which one it was', () => {
    const check = checkScans(scans([imei(1), imei(1)]), known([phone]));
    expect(check.verdicts[1]).to.deep.include({
      outcome: 'double',
      reason: { code: 'purchasing:scan.double', details: { seq: 1 } },
    });
    expect(check.devices).to.have.length(1);
    expect(outcomes([imei(9)], [phone], { inReceipt: new Map([[imei(9), { seq: 44 }]]) })).to.eql([
      ['double', 'purchasing:scan.double'],
    ]);
  });

  it('refuses a number beside different ones: two devices cannot share it', () => {
    expect(outcomes([`${imei(1)} ${imei(2)}`, `${imei(2)} ${imei(3)}`], [phone])).to.eql([
      ['right', 'purchasing:scan.right'],
      ['wrong', 'purchasing:scan.shared_number'],
    ]);
  });

  it('refuses what is in the books or in another draft, and says where', () => {
    const inBooks = new Map([
      [imei(1), { deviceId: 9, state: 'in_stock' as const, place: '新街口店 前仓', numbers: [] }],
    ]);
    const inDrafts = new Map([[imei(2), { receiptId: 4, number: 'RK-4' }]]);
    const { verdicts, devices } = checkScans(scans([imei(1), imei(2)]), known([phone], { inBooks, inDrafts }));
    expect(verdicts[0]).to.deep.include({
      outcome: 'wrong',
      reason: { code: 'purchasing:scan.held.in_stock', details: { number: imei(1), place: '新街口店 前仓' } },
      link: { kind: 'device', id: 9 },
    });
    expect(verdicts[1]).to.deep.include({ outcome: 'wrong', link: { kind: 'receipt', id: 4 } });
    expect(devices).to.eql([]);
  });

  it('takes a device again when it may come back, and only as the device it is', () => {
    const held = (state: DeviceState, ...values: string[]): HeldDevice => ({
      deviceId: 9,
      state,
      place: '新街口店',
      numbers: values.map((value) => ({ kind: 'imei' as const, value })),
    });
    const books = (one: HeldDevice) => ({ inBooks: new Map(one.numbers.map(({ value }) => [value, one])) });
    const gone = books(held('returned_to_supplier', imei(1)));
    expect(outcomes([imei(1)], [phone], gone)).to.eql([['right', 'purchasing:scan.right_again']]);
    expect(outcomes([`${imei(1)} ${imei(2)}`], [phone], gone)).to.eql([['right', 'purchasing:scan.right_again']]);
    const two = books(held('returned_to_supplier', imei(1), imei(2)));
    expect(outcomes([`${imei(1)} ${imei(3)}`], [phone], two)).to.eql([['wrong', 'purchasing:scan.other_numbers']]);
    const mixed = { inBooks: new Map([...gone.inBooks, [imei(4), { ...held('sold', imei(4)), deviceId: 10 }]]) };
    expect(outcomes([`${imei(1)} ${imei(4)}`], [phone], mixed)).to.eql([['wrong', 'purchasing:scan.two_devices']]);
    const sold = books(held('sold', imei(1)));
    const override = (mayOverride: boolean) =>
      checkScans([readScan('k', imei(1), 1, true)], known([phone], { ...sold, mayOverride }));
    expect(checkScans(scans([imei(1)]), known([phone], { ...sold, mayOverride: true })).verdicts[0]).to.deep.include({
      outcome: 'wrong',
      overridable: true,
      link: { kind: 'device', id: 9 },
    });
    expect(override(false).verdicts[0]).to.include({ outcome: 'wrong', overridable: false });
    expect(override(true).devices[0]).to.include({ mainNumber: imei(1), checkOverride: true });
    for (const state of ['in_stock', 'in_transit', 'lent', 'at_repairer', 'scrapped', 'customer_owned'] as const)
      expect(outcomes([imei(1)], [phone], { ...books(held(state, imei(1))), mayOverride: true })[0]?.[0]).to.equal(
        'wrong',
      );
  });

  it('takes a wrong check digit only from who may override, and marks it', () => {
    const override = (mayOverride: boolean) =>
      checkScans([readScan('k', badImei(1), 1, true)], known([phone], { mayOverride }));
    expect(outcomes([badImei(1)], [phone], { mayOverride: true })).to.eql([['wrong', 'errors:imei.check_digit']]);
    expect(override(false).verdicts[0]?.reason?.code).to.equal('purchasing:scan.override_right');
    expect(override(true).devices[0]).to.include({ mainNumber: badImei(1), checkOverride: true });
  });

  it('never takes what a spreadsheet rounded, even with the right', () => {
    const check = checkScans([readScan('k', '8.6742E+14', 1, true)], known([phone], { mayOverride: true }));
    expect(check.verdicts[0]).to.deep.include({ outcome: 'wrong' });
    expect(check.verdicts[0]?.reason?.code).to.equal('errors:imei.excel_number');
  });

  it('goes by the model when no line is chosen', () => {
    const models = new Map([['86742106', { productId: 60, name: 'vivo X300' }]]);
    const check = checkScans(scans([imei(1)]), known([phone, other], { models }));
    expect(check.devices[0]?.lineId).to.equal(3);
    expect(outcomes([imei(1)], [phone, black])).to.eql([['wrong', 'purchasing:scan.choose_line']]);
    expect(outcomes([imei(1)], [phone], { models })).to.eql([['wrong', 'purchasing:scan.model_missing']]);
    expect(outcomes([imei(1)], [])).to.eql([['wrong', 'purchasing:scan.no_lines']]);
  });

  it('stops when the model is not that of the chosen line', () => {
    const models = new Map([['86742106', { productId: 60, name: 'vivo X300' }]]);
    expect(outcomes([imei(1)], [phone, other], { models }, 1)).to.eql([['wrong', 'purchasing:scan.other_model']]);
    const check = checkScans([readScan('k', imei(1), 1, true)], known([phone, other], { models, mayOverride: true }));
    expect(check.devices[0]).to.include({ lineId: 1, checkOverride: true });
  });

  it('stops at the quantity of the delivery note, or goes on where none was given', () => {
    const texts = [1, 2, 3, 4].map((serial) => imei(serial));
    expect(outcomes(texts, [phone], {}, 1)[3]).to.eql(['wrong', 'purchasing:scan.line_full']);
    expect(outcomes(texts, [{ ...phone, quantity: 0, countsScans: true }], {}, 1)[3]?.[0]).to.equal('right');
    const second = { ...phone, id: 9, lineNo: 9 };
    expect(checkScans(scans(texts, 1), known([phone, second])).devices[3]?.lineId).to.equal(9);
  });

  it('takes a product barcode as the choice of the line for what follows, and counts other goods', () => {
    const barcode = (key: string, skuId: number): Scan => ({ ...readScan(key, '6934177700019', 1), skuId });
    const check = checkScans(
      [barcode('a', 103), readScan('b', imei(1), 1), barcode('c', 104), barcode('d', 104)],
      known([phone, other, charger]),
    );
    expect(check.verdicts.map(({ outcome }) => outcome)).to.eql(['right', 'right', 'right', 'right']);
    expect(check.devices[0]?.lineId).to.equal(3);
    expect([...check.counted]).to.eql([[4, 2]]);
  });

  it('refuses a third IMEI and a second serial number', () => {
    expect(outcomes([`${imei(1)} ${imei(2)} ${imei(3)}`, 'SN: AAA111 SN: BBB222'], [phone])).to.eql([
      ['wrong', 'purchasing:scan.too_many.imei'],
      ['wrong', 'purchasing:scan.too_many.sn'],
    ]);
  });
});

describe('a pasted list', () => {
  const options = { lineId: null, imeisPerDevice: 2, overrides: new Set<number>() } as const;

  it('reads one or two numbers a line, scanner noise and full-width digits, without headings', () => {
    const fullWidth = [...imei(2)].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
    const text = `串号\r\n\r\nIMEI: ${imei(1)}\u0000\r\n${fullWidth}\t${imei(3)}\r\n${imei(4).replace(/(\d{5})/g, '$1 ')}`;
    const read = readPaste(text, options);
    expect(read.map(({ line, identifiers }) => [line, identifiers.map(({ value }) => value)])).to.eql([
      [3, [imei(1)]],
      [4, [imei(2), imei(3)]],
      [5, [imei(4)]],
    ]);
  });

  it('gives wrong lines out for correction and takes them back in their places', () => {
    const text = [imei(1), '8.6E+14', `IMEI1: ${imei(2)}`, `IMEI2: ${imei(3)}`, '', imei(4)].join('\n');
    const lines = readPaste(text, options).map(({ line }) => line);
    expect(lines).to.eql([1, 2, 3, 6]);
    const { rest, taken } = takeLinesOut(text, lines, new Set([2, 3]));
    expect([...taken]).to.eql([
      [2, '8.6E+14'],
      [3, `IMEI1: ${imei(2)} IMEI2: ${imei(3)}`],
    ]);
    expect(rest).to.equal(`${imei(1)}\n\n\n\n\n${imei(4)}`);
    const back = putLinesBack(
      rest,
      new Map([
        [2, imei(5)],
        [3, taken.get(3) ?? ''],
      ]),
    );
    expect(readPaste(back, options).map(({ line, identifiers }) => [line, identifiers.length])).to.eql([
      [1, 1],
      [2, 1],
      [3, 2],
      [6, 1],
    ]);
  });
});
