import { tacOf, type ScannedIdentifier, type ScanProblem } from '../../../kernel';
import { type DeviceNumbers, deviceNumbers, valuesOf } from './device-numbers';
import { comesBack, type HeldDevice, numbersToAdd } from './returning-device';
import { chooseLine, type ScanLine, type ScanReason } from './scan-line-choice';

export type ScanOutcome = 'right' | 'double' | 'wrong';

/** One scan, or one line of a paste or file, already read by the kernel. */
export interface Scan {
  /** Made where the scan happened; answers are matched by it. */
  key: string;
  text: string;
  identifiers: readonly ScannedIdentifier[];
  problems: readonly ScanProblem[];
  /** Line of the receipt it was scanned into; null: whatever the model says. */
  lineId: number | null;
  /** Take it although its check digit is wrong or the model is another one. */
  override: boolean;
  /** A product's barcode or code instead of a device: chooses the line of what follows, or counts one piece. */
  skuId?: number;
  /** The box it came in, of a packing list. */
  boxNo?: string | null;
}

/** What is known of the scanned numbers, read set-wise before the check. Keys are numbers, without their kind. */
export interface KnownNumbers {
  lines: readonly ScanLine[];
  /** Devices of this receipt: their place in it and all their numbers. */
  inReceipt: ReadonlyMap<string, { seq: number }>;
  /** Devices in the books that hold a number now. */
  inBooks: ReadonlyMap<string, HeldDevice>;
  /** Other drafts. */
  inDrafts: ReadonlyMap<string, { receiptId: number; number: string }>;
  /** By type allocation code. */
  models: ReadonlyMap<string, { productId: number | null; name: string }>;
  mayOverride: boolean;
  /** The next place in the receipt. */
  nextSeq: number;
}

export type ScanLink = { kind: 'device' | 'receipt'; id: number } | { kind: 'add-line'; text: string };

export interface Verdict {
  key: string;
  text: string;
  outcome: ScanOutcome;
  /** The number as understood. */
  number: string | null;
  lineId: number | null;
  reason: ScanReason | null;
  link?: ScanLink;
  /** A person with the right may take it all the same. */
  overridable?: boolean;
  /** Following scans go into `lineId`. */
  selects?: boolean;
}

export interface AcceptedDevice extends DeviceNumbers {
  lineId: number;
  seq: number;
  checkOverride: boolean;
  boxNo: string | null;
}

export interface ScanCheck {
  verdicts: Verdict[];
  devices: AcceptedDevice[];
  /** Pieces counted by product barcodes, by line. */
  counted: Map<number, number>;
}

/** Checks scans in their order against each other, the receipt and the books. Decides only; the caller writes. */
export function checkScans(scans: readonly Scan[], known: KnownNumbers): ScanCheck {
  const room = new Map(known.lines.map((line) => [line.id, { ...line }]));
  const taken = new Map(known.inReceipt);
  const result: ScanCheck = { verdicts: [], devices: [], counted: new Map() };
  /** Line chosen on the page when a barcode was scanned → line that the barcode chose. */
  const selected = new Map<number | null, number>();
  for (const scan of scans) {
    const at = { ...scan, lineId: selected.get(scan.lineId) ?? scan.lineId };
    const verdict = scan.skuId === undefined ? checkDevice(at) : countProduct(at, scan.skuId);
    if (verdict.selects && verdict.lineId !== null) selected.set(scan.lineId, verdict.lineId);
    result.verdicts.push(verdict);
  }
  return result;

  function countProduct(scan: Scan, skuId: number): Verdict {
    const line = [...room.values()].find((candidate) => candidate.skuId === skuId);
    if (!line) return wrong(scan, null, 'purchasing:scan.sku_missing', { text: scan.text.slice(0, 40) });
    const details = { line: line.lineNo, name: line.skuName };
    if (line.tracking === 'serial')
      return { ...right(scan, line.id, 'purchasing:scan.line_selected', details), selects: true };
    line.received += 1;
    result.counted.set(line.id, (result.counted.get(line.id) ?? 0) + 1);
    return right(scan, line.id, 'purchasing:scan.counted', { ...details, count: line.received });
  }

  function checkDevice(scan: Scan): Verdict {
    const numbers = deviceNumbers(scan.identifiers);
    const number = numbers !== null && typeof numbers === 'object' ? numbers.mainNumber : null;
    const refused = scan.problems.find(({ level }) => level === 'refuse');
    if (refused) return wrong(scan, number, refused.code, refused.details);
    if (numbers === null) {
      const note = scan.problems.find(({ code }) => code.endsWith('nothing_found'));
      return wrong(scan, null, 'errors:imei.nothing_found', note?.details ?? { text: scan.text.slice(0, 40) });
    }
    if (typeof numbers !== 'object') {
      const count = scan.identifiers.filter(({ kind }) => kind === numbers).length;
      return wrong(scan, null, `purchasing:scan.too_many.${numbers}`, { count });
    }
    return againstOthers(scan, numbers) ?? intoLine(scan, numbers);
  }

  function againstOthers(scan: Scan, numbers: DeviceNumbers): Verdict | null {
    const values = valuesOf(numbers);
    const earlier = values.map((value) => taken.get(value));
    const place = earlier.find((found) => found !== undefined);
    if (place && earlier.every((found) => found?.seq === place.seq)) {
      const reason = { code: 'purchasing:scan.double', details: { seq: place.seq } };
      return { ...verdictOf(scan, 'double', numbers.mainNumber), reason };
    }
    if (place) {
      const text = values[earlier.indexOf(place)] ?? '';
      return wrong(scan, numbers.mainNumber, 'purchasing:scan.shared_number', { text, seq: place.seq });
    }
    const inBooks = againstBooks(scan, numbers, values);
    if (inBooks) return inBooks;
    for (const value of values) {
      const draft = known.inDrafts.get(value);
      if (draft) {
        const refusal = wrong(scan, value, 'purchasing:scan.in_draft', { number: value, receipt: draft.number });
        return { ...refusal, link: { kind: 'receipt', id: draft.receiptId } };
      }
    }
    const digit = scan.problems.find(({ level }) => level === 'warn');
    if (digit && !(scan.override && known.mayOverride)) {
      const code = scan.override ? 'purchasing:scan.override_right' : digit.code;
      return { ...wrong(scan, numbers.mainNumber, code, digit.details), overridable: known.mayOverride };
    }
    return null;
  }

  /** A device that was here before may come again; its numbers must be its own. */
  function againstBooks(scan: Scan, numbers: DeviceNumbers, values: readonly string[]): Verdict | null {
    const value = values.find((one) => known.inBooks.has(one));
    const held = value === undefined ? undefined : known.inBooks.get(value);
    if (value === undefined || !held) return null;
    const refuse = (code: string, details: Record<string, unknown> = {}): Verdict => ({
      ...wrong(scan, value, `purchasing:scan.${code}`, { number: value, place: held.place, ...details }),
      link: { kind: 'device', id: held.deviceId },
    });
    const way = comesBack(held.state);
    if (way === 'never') return refuse(`held.${held.state}`);
    const another = values.find((one) => (known.inBooks.get(one) ?? held).deviceId !== held.deviceId);
    if (another) return refuse('two_devices', { other: another });
    if (numbersToAdd(held.numbers, numbers) === null)
      return refuse('other_numbers', { numbers: held.numbers.map((one) => one.value).join(' ') });
    if (way === 'freely' || (scan.override && known.mayOverride)) return null;
    return { ...refuse(`held.${held.state}`), overridable: known.mayOverride };
  }

  function intoLine(scan: Scan, numbers: DeviceNumbers): Verdict {
    const override = scan.override && known.mayOverride;
    const model = numbers.imei1 === null ? undefined : known.models.get(tacOf(numbers.imei1));
    const choice = chooseLine([...room.values()], scan.lineId, model, override);
    if ('reason' in choice) {
      const refusal = wrong(scan, numbers.mainNumber, choice.reason.code, choice.reason.details);
      if (choice.overridable) refusal.overridable = known.mayOverride;
      if (choice.addText) refusal.link = { kind: 'add-line', text: choice.addText };
      return refusal;
    }
    const { line } = choice;
    const seq = known.nextSeq + result.devices.length;
    line.received += 1;
    for (const value of valuesOf(numbers)) taken.set(value, { seq });
    const held = valuesOf(numbers).flatMap((value) => known.inBooks.get(value) ?? [])[0];
    const warned = scan.problems.some(({ level }) => level === 'warn');
    const checked = held !== undefined && comesBack(held.state) === 'checked';
    const checkOverride = warned || checked || choice.overridden;
    result.devices.push({ ...numbers, lineId: line.id, seq, checkOverride, boxNo: scan.boxNo ?? null });
    const details = { line: line.lineNo, name: line.skuName };
    const code = held ? 'purchasing:scan.right_again' : 'purchasing:scan.right';
    return { ...right(scan, line.id, code, details), number: numbers.mainNumber };
  }
}

function verdictOf(scan: Scan, outcome: ScanOutcome, number: string | null): Verdict {
  return { key: scan.key, text: scan.text, outcome, number, lineId: scan.lineId, reason: null };
}

function wrong(scan: Scan, number: string | null, code: string, details: Record<string, unknown>): Verdict {
  return { ...verdictOf(scan, 'wrong', number), reason: { code, details } };
}

function right(scan: Scan, lineId: number, code: string, details: Record<string, unknown>): Verdict {
  return { ...verdictOf(scan, 'right', null), lineId, reason: { code, details } };
}
