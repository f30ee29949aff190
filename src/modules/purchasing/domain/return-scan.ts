import type { ScannedIdentifier, ScanProblem } from '../../../kernel';
import type { DeviceState } from '../../../ledger';

export interface ReturnScan {
  /** Made where the scan happened; answers are matched by it. */
  key: string;
  text: string;
  identifiers: readonly ScannedIdentifier[];
  problems: readonly ScanProblem[];
}

/** A device of the books that was scanned. */
export interface ReturnableDevice {
  deviceId: number;
  /** Number that it goes by. */
  mainNumber: string;
  skuId: number;
  skuName: string;
  state: DeviceState;
  /** In stock where the return takes from. */
  here: boolean;
  /** Ours; what is here on consignment is not bought. */
  own: boolean;
  /** "新街口店 前仓": where the books have it. */
  place: string;
  supplierId: number | null;
  supplierName: string;
  /** A piece, tax-inclusive, as it was bought from that supplier, less price protection; null: not known. */
  boughtFen: number | null;
  taxRateBp: number;
}

export interface KnownForReturn {
  supplierId: number;
  /** By active number. */
  devices: ReadonlyMap<string, ReturnableDevice>;
  /** Devices of this return → their place in it. */
  own: ReadonlyMap<number, number>;
  /** Devices of other drafts. */
  elsewhere: ReadonlyMap<number, string>;
  /** Whether goods of another supplier may go back to this one. */
  mayForeign: boolean;
  nextSeq: number;
}

export interface ReturnAnswer {
  key: string;
  outcome: 'right' | 'double' | 'wrong';
  /** The number as understood, or what was scanned. */
  number: string;
  deviceId: number | null;
  /** i18n key and its placeholders. */
  reason: { code: string; details: Record<string, unknown> };
}

export interface ReturnScanCheck {
  answers: ReturnAnswer[];
  devices: { device: ReturnableDevice; seq: number; foreign: boolean }[];
}

/** Checks scans in their order against each other, the return and the books. Decides only; the caller writes. */
export function checkReturnScans(scans: readonly ReturnScan[], known: KnownForReturn): ReturnScanCheck {
  const check: ReturnScanCheck = { answers: [], devices: [] };
  const taken = new Map(known.own);
  for (const scan of scans) check.answers.push(answerTo(scan));
  return check;

  function answerTo({ key, text, identifiers, problems }: ReturnScan): ReturnAnswer {
    const found = new Map(
      identifiers.flatMap(({ value }) => {
        const device = known.devices.get(value);
        return device ? [[device.deviceId, device] as const] : [];
      }),
    );
    const [device, other] = [...found.values()];
    const number = device?.mainNumber ?? identifiers[0]?.value ?? text.slice(0, 40);
    const say = (
      outcome: ReturnAnswer['outcome'],
      code: string,
      details: Record<string, unknown> = {},
    ): ReturnAnswer => ({
      key,
      outcome,
      number,
      deviceId: device?.deviceId ?? null,
      reason: { code: `purchasing:return.scan.${code}`, details: { number, ...details } },
    });
    if (device && other) return say('wrong', 'two', { other: other.mainNumber });
    if (!device) {
      const refused = problems.some(({ level }) => level === 'refuse') || identifiers.length === 0;
      return say('wrong', refused ? 'unreadable' : 'unknown');
    }
    const seq = taken.get(device.deviceId);
    if (seq !== undefined) return say('double', 'double', { seq });
    const where = { place: device.place, state: device.state };
    if (device.state !== 'in_stock') return say('wrong', 'not_in_stock', where);
    if (!device.here) return say('wrong', 'elsewhere', where);
    if (!device.own) return say('wrong', 'consigned');
    const draft = known.elsewhere.get(device.deviceId);
    if (draft !== undefined) return say('wrong', 'in_other', { draft });
    const foreign = device.supplierId !== known.supplierId;
    const supplier = device.supplierName;
    const source = device.supplierId === null ? 'unsupplied' : 'foreign';
    if (foreign && !known.mayForeign) return say('wrong', source, { supplier });
    const place = known.nextSeq + check.devices.length;
    taken.set(device.deviceId, place);
    check.devices.push({ device, seq: place, foreign });
    return say('right', foreign ? `${source}_right` : 'right', { name: device.skuName, supplier });
  }
}
