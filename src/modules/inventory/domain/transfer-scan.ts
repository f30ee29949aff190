import type { Bucket, DeviceState } from '../../../ledger';
import type { ScannedIdentifier, ScanProblem } from '../../../kernel';

/** One scan, or one line of a paste or file, already read by the kernel. */
export interface TransferScan {
  /** Made where the scan happened; answers are matched by it. */
  key: string;
  text: string;
  identifiers: readonly ScannedIdentifier[];
  problems: readonly ScanProblem[];
  /** At arrival: it is broken. */
  damaged: boolean;
}

export interface ScannedDevice {
  deviceId: number;
  /** Number that it goes by. */
  mainNumber: string;
  skuId: number;
  state: DeviceState;
  locationId: number | null;
  bucket: Bucket | null;
  /** "新街口店 前仓", where the books say that it is. */
  place: string;
}

export interface TransferScanLine {
  id: number;
  lineNo: number;
  skuId: number;
  skuName: string;
  serial: boolean;
  quantity: number;
  picked: number;
  /** Sent and neither received, returned nor written off. */
  open: number;
  counted: number;
}

/** What is known of the scanned texts, read set-wise before the check. */
export interface KnownForTransfer {
  fromLocationId: number;
  lines: readonly TransferScanLine[];
  /** Active numbers → device. */
  devices: ReadonlyMap<string, ScannedDevice>;
  /** Devices of this transfer. */
  own: ReadonlyMap<number, { seq: number; lineId: number; onTheWay: boolean; arrived: boolean; ended: boolean }>;
  /** Devices picked in other transfers that have not left. */
  elsewhere: ReadonlyMap<number, { transferId: number; number: string }>;
  /** Codes and barcodes → product. */
  products: ReadonlyMap<string, { skuId: number; name: string; serial: boolean; service: boolean }>;
  /** Names of the products of the devices. */
  skuNames: ReadonlyMap<number, string>;
  /** A draft takes what is scanned; what was approved is not exceeded. */
  grows: boolean;
  nextSeq: number;
}

export interface TransferVerdict {
  key: string;
  text: string;
  outcome: 'right' | 'double' | 'wrong';
  /** The number as understood. */
  number: string | null;
  deviceId: number | null;
  /** i18n key and its placeholders. */
  reason: { code: string; details: Record<string, unknown> };
  link?: { kind: 'device' | 'transfer'; id: number };
}

export interface TransferScanCheck {
  verdicts: TransferVerdict[];
  devices: { device: ScannedDevice; damaged: boolean; seq: number }[];
  /** Pieces counted by product barcodes, by SKU. */
  counted: Map<number, number>;
}

/** Checks scans in their order against each other, the transfer and the books. Decides only; the caller writes. */
export function checkTransferScans(
  phase: 'pick' | 'arrive',
  scans: readonly TransferScan[],
  known: KnownForTransfer,
): TransferScanCheck {
  const check: TransferScanCheck = { verdicts: [], devices: [], counted: new Map() };
  const bySku = new Map(known.lines.map((line) => [line.skuId, { ...line }]));
  let lastLine = Math.max(0, ...known.lines.map(({ lineNo }) => lineNo));
  const now = new Set<number>();
  /** The line of a product; in a draft a new one. */
  const lineOf = (skuId: number, skuName: string, serial: boolean): TransferScanLine | undefined => {
    const found = bySku.get(skuId);
    if (found || !known.grows || phase === 'arrive') return found;
    const made = { id: 0, lineNo: ++lastLine, skuId, skuName, serial, quantity: 0, picked: 0, open: 0, counted: 0 };
    bySku.set(skuId, made);
    return made;
  };

  for (const scan of scans) check.verdicts.push(verdictOf(scan));
  return check;

  function verdictOf(scan: TransferScan): TransferVerdict {
    const say = (
      outcome: TransferVerdict['outcome'],
      code: string,
      details: Record<string, unknown> = {},
      more: Partial<TransferVerdict> = {},
    ): TransferVerdict => ({
      key: scan.key,
      text: scan.text,
      outcome,
      number: scan.identifiers[0]?.value ?? null,
      deviceId: null,
      reason: { code: `inventory:transfer.scan.${code}`, details },
      ...more,
    });
    const found = [
      ...new Map(
        scan.identifiers.flatMap(({ value }) => {
          const device = known.devices.get(value);
          return device ? [[device.deviceId, device] as const] : [];
        }),
      ).values(),
    ];
    const [device, other] = found;
    if (device && other) return say('wrong', 'two', { number: device.mainNumber, other: other.mainNumber });
    if (!device) {
      const product = known.products.get(scan.text);
      if (product) return countProduct(product, say);
      const refused = scan.problems.find(({ level }) => level === 'refuse');
      if (scan.identifiers.length === 0 && refused) return say('wrong', 'unreadable', { text: scan.text.slice(0, 40) });
      return say('wrong', phase === 'arrive' ? 'unknownArrived' : 'unknown', {
        number: scan.identifiers[0]?.value ?? scan.text.slice(0, 40),
      });
    }
    const about = {
      number: device.mainNumber,
      deviceId: device.deviceId,
      link: { kind: 'device' as const, id: device.deviceId },
    };
    return phase === 'pick' ? pick(device, say, about) : arrive(device, scan.damaged, say, about);
  }

  type Say = (
    outcome: TransferVerdict['outcome'],
    code: string,
    details?: Record<string, unknown>,
    more?: Partial<TransferVerdict>,
  ) => TransferVerdict;
  type About = Pick<TransferVerdict, 'number' | 'deviceId' | 'link'>;

  function pick(device: ScannedDevice, say: Say, about: About): TransferVerdict {
    const { deviceId, skuId } = device;
    const { link: _link, ...plain } = about;
    const own = known.own.get(deviceId);
    if (own || now.has(deviceId)) return say('double', 'double', { seq: own?.seq ?? seqOf(deviceId) }, plain);
    const where = { number: device.mainNumber, place: device.place, state: device.state };
    if (device.state !== 'in_stock') return say('wrong', 'not_in_stock', where, about);
    if (device.locationId !== known.fromLocationId) return say('wrong', 'elsewhere', where, about);
    if (device.bucket === 'quarantine') return say('wrong', 'quarantine', where, about);
    const other = known.elsewhere.get(deviceId);
    if (other)
      return say(
        'wrong',
        'in_other',
        { number: device.mainNumber, other: other.number },
        {
          ...about,
          link: { kind: 'transfer', id: other.transferId },
        },
      );
    const name = known.skuNames.get(skuId) ?? '';
    const line = lineOf(skuId, name, true);
    if (!line) return say('wrong', 'not_wanted', { name }, about);
    if (!known.grows && line.picked >= line.quantity)
      return say('wrong', 'line_full', { line: line.lineNo, name, count: line.quantity }, about);
    line.picked += 1;
    now.add(deviceId);
    check.devices.push({ device, damaged: false, seq: known.nextSeq + check.devices.length });
    return say('right', 'picked', { line: line.lineNo, name }, plain);
  }

  function arrive(device: ScannedDevice, damaged: boolean, say: Say, about: About): TransferVerdict {
    const { deviceId } = device;
    const { link: _link, ...plain } = about;
    const own = known.own.get(deviceId);
    if (own?.ended) return say('double', 'ended', { seq: own.seq }, plain);
    if (own?.arrived || now.has(deviceId)) return say('double', 'arrivedBefore', { seq: own?.seq ?? 0 }, plain);
    if (!own?.onTheWay) {
      const where = { number: device.mainNumber, place: device.place, state: device.state };
      return say('wrong', device.state === 'in_stock' ? 'unexpected' : 'unexpected_state', where, about);
    }
    now.add(deviceId);
    check.devices.push({ device, damaged, seq: own.seq });
    return say(
      'right',
      damaged ? 'arrivedDamaged' : 'arrived',
      { name: known.skuNames.get(device.skuId) ?? '' },
      plain,
    );
  }

  function countProduct(
    { skuId, name, serial, service }: { skuId: number; name: string; serial: boolean; service: boolean },
    say: Say,
  ): TransferVerdict {
    if (service) return say('wrong', 'service', { name });
    if (serial) return say('wrong', 'scan_number', { name });
    const line = lineOf(skuId, name, false);
    if (!line) return say('wrong', 'not_wanted', { name });
    if (phase === 'pick' && !known.grows && line.picked >= line.quantity)
      return say('wrong', 'line_full', { line: line.lineNo, name, count: line.quantity });
    if (phase === 'arrive' && line.counted >= line.open)
      return say('wrong', 'too_many', { line: line.lineNo, name, count: line.open });
    if (phase === 'pick') line.picked += 1;
    else line.counted += 1;
    check.counted.set(skuId, (check.counted.get(skuId) ?? 0) + 1);
    const count = phase === 'pick' ? line.picked : line.counted;
    return say('right', 'counted', { line: line.lineNo, name, count });
  }

  function seqOf(deviceId: number): number {
    return check.devices.find(({ device }) => device.deviceId === deviceId)?.seq ?? 0;
  }
}
