import type { ScannedIdentifier, ScanProblem } from '../../../kernel';
import type { DeviceState } from '../../../ledger';

export interface CountScan {
  key: string;
  text: string;
  identifiers: readonly ScannedIdentifier[];
  problems: readonly ScanProblem[];
}

/** A device of the books that was scanned. */
export interface ScannedDevice {
  id: number;
  skuId: number;
  skuName: string;
  lastSeq: number;
  state: DeviceState;
  /** The books have it in stock at the counted location. */
  here: boolean;
  /** Its SKU belongs to what is counted. */
  inScope: boolean;
  /** "中山路店 前仓": where the books have it. */
  place: string;
}

/** Goods without serial numbers whose barcode was scanned. */
export interface ScannedGoods {
  skuId: number;
  name: string;
  /** `choose`: kept by batch, and there are several. */
  way: 'count' | 'choose' | 'serial' | 'service' | 'out_of_scope';
  counted: number;
}

export interface CountKnowledge {
  /** By number. */
  devices: ReadonlyMap<string, ScannedDevice>;
  /** By text of the scan. */
  goods: ReadonlyMap<string, ScannedGoods>;
  /** Devices that this stocktake knows already; `by` and `at` of those that were scanned. */
  rows: ReadonlyMap<number, { expected: boolean; scanned: boolean; by: string | null; at: number | null }>;
  /** Blind counts do not tell what the books say. */
  blind: boolean;
}

export interface CountAnswer {
  key: string;
  text: string;
  number: string | null;
  outcome: 'right' | 'double' | 'wrong';
  reason: { code: string; details: Record<string, unknown> };
  deviceId: number | null;
}

export interface CheckedScans {
  answers: CountAnswer[];
  /** Devices found now, by id: the books had them there all along, or they have to be added. */
  found: Map<number, ScannedDevice>;
  /** Pieces counted now, by SKU. */
  pieces: Map<number, number>;
}

/**
 * Reads scans against what is known, in their order. Nothing is decided here: a device that the books have elsewhere is kept
 * as found, and the list of differences says what may be done. With an SN beside an IMEI, both must mean the same device.
 */
export function checkCountScans(scans: readonly CountScan[], known: CountKnowledge): CheckedScans {
  const result: CheckedScans = { answers: [], found: new Map(), pieces: new Map() };
  const counted = new Map([...known.goods.values()].map(({ skuId, counted: before }) => [skuId, before]));
  for (const scan of scans) result.answers.push(check(scan));
  return result;

  function check(scan: CountScan): CountAnswer {
    const number = scan.identifiers[0]?.value ?? null;
    const answer = (
      outcome: CountAnswer['outcome'],
      code: string,
      details: Record<string, unknown> = {},
      deviceId: number | null = null,
    ): CountAnswer => ({
      key: scan.key,
      text: scan.text.slice(0, 200),
      number,
      outcome,
      reason: { code: `inventory:stocktake.scan.${code}`, details },
      deviceId,
    });
    const devices = new Map(
      scan.identifiers.flatMap(({ value }) => {
        const device = known.devices.get(value);
        return device ? [[device.id, device] as const] : [];
      }),
    );
    const [device, another] = [...devices.values()];
    if (another) return answer('wrong', 'two_devices', { number });
    if (device) return checkDevice(device, answer);
    const goods = known.goods.get(scan.text);
    if (goods) return checkGoods(goods, answer);
    if (number === null) return answer('wrong', 'nothing', { text: scan.text.slice(0, 40) });
    const refused = scan.problems.find(({ level }) => level !== 'note');
    return answer('wrong', refused ? 'wrong_number' : 'unknown', { number });
  }

  function checkDevice(device: ScannedDevice, answer: Answer): CountAnswer {
    const row = known.rows.get(device.id);
    const details = { name: device.skuName, place: device.place };
    if (result.found.has(device.id)) return answer('double', 'double_now', details, device.id);
    if (row?.scanned) return answer('double', 'double', { ...details, who: row.by ?? '', at: row.at }, device.id);
    if (!row && !device.inScope) return answer('wrong', 'out_of_scope', details, device.id);
    result.found.set(device.id, device);
    if (row?.expected || device.here) return answer('right', 'right', details, device.id);
    return answer('wrong', known.blind ? 'elsewhere_blind' : `elsewhere.${device.state}`, details, device.id);
  }

  function checkGoods({ skuId, name, way }: ScannedGoods, answer: Answer): CountAnswer {
    if (way !== 'count') return answer('wrong', `goods_${way}`, { name });
    const now = (counted.get(skuId) ?? 0) + 1;
    counted.set(skuId, now);
    result.pieces.set(skuId, (result.pieces.get(skuId) ?? 0) + 1);
    return answer('right', 'counted', { name, count: now });
  }
}

type Answer = (
  outcome: CountAnswer['outcome'],
  code: string,
  details?: Record<string, unknown>,
  deviceId?: number | null,
) => CountAnswer;
