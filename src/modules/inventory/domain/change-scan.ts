import type { ScannedIdentifier, ScanProblem } from '../../../kernel';
import type { Bucket, DeviceState, Ownership } from '../../../ledger';
import type { ChangeEffect } from './change-effect';
import { deviceStatus } from './device-status';

export interface ChangeScan {
  /** Made where the scan happened; what is sent twice is taken once. */
  key: string;
  text: string;
  identifiers: readonly ScannedIdentifier[];
  problems: readonly ScanProblem[];
}

export interface DeviceToChange {
  deviceId: number;
  skuId: number;
  name: string;
  state: DeviceState;
  bucket: Bucket | null;
  ownership: Ownership;
  locationId: number | null;
  /** "新街口店 前仓" */
  place: string;
}

export interface KnownForChange {
  locationId: number;
  effect: ChangeEffect;
  /** Active numbers → device. */
  devices: ReadonlyMap<string, DeviceToChange>;
  /** Devices of this change → the key of their scan. */
  own: ReadonlyMap<number, string | null>;
  /** Devices picked for transfers that have not left → the number of the transfer. */
  picked: ReadonlyMap<number, string>;
  /** Texts that are codes of goods without serial numbers. */
  goods: ReadonlySet<string>;
}

export interface ChangeAnswer {
  key: string;
  text: string;
  number: string | null;
  outcome: 'right' | 'double' | 'wrong';
  deviceId: number | null;
  reason: { code: string; details: Record<string, unknown> };
}

/** Reads scans in their order against the books and each other; `taken` are the devices to be added. Decides only. */
export function checkChangeScans(
  scans: readonly ChangeScan[],
  known: KnownForChange,
): { answers: ChangeAnswer[]; taken: { scan: ChangeScan; device: DeviceToChange }[] } {
  const taken = new Map<number, { scan: ChangeScan; device: DeviceToChange }>();
  const answers = scans.map((scan): ChangeAnswer => {
    const number = scan.identifiers[0]?.value ?? null;
    const say = (
      outcome: ChangeAnswer['outcome'],
      code: string,
      details: Record<string, unknown> = {},
      deviceId: number | null = null,
    ): ChangeAnswer => ({
      key: scan.key,
      text: scan.text.slice(0, 200),
      number,
      outcome,
      deviceId,
      reason: { code: `inventory:change.scan.${code}`, details },
    });
    const found = new Map(
      scan.identifiers.flatMap(({ value }) => {
        const device = known.devices.get(value);
        return device ? [[device.deviceId, device] as const] : [];
      }),
    );
    const [device, another] = [...found.values()];
    if (another) return say('wrong', 'two_devices');
    if (!device) {
      if (known.goods.has(scan.text)) return say('wrong', 'goods');
      const refused = scan.problems.some(({ level }) => level !== 'note');
      return say('wrong', refused ? 'wrong_number' : number === null ? 'nothing' : 'unknown', {
        number: number ?? scan.text.slice(0, 40),
      });
    }
    const { deviceId, name, place } = device;
    const before = taken.get(deviceId)?.scan.key ?? known.own.get(deviceId);
    if (before === scan.key) return say('right', 'right', { name }, deviceId);
    if (before !== undefined) return say('double', 'double', { name }, deviceId);
    const problem = problemOf(device, known);
    if (problem)
      return say(
        'wrong',
        problem,
        {
          name,
          place,
          status: deviceStatus(device.state, device.bucket),
          transfer: known.picked.get(deviceId) ?? '',
        },
        deviceId,
      );
    taken.set(deviceId, { scan, device });
    return say('right', 'right', { name }, deviceId);
  });
  return { answers, taken: [...taken.values()] };
}

/** Why this device cannot be changed so; also asked again when it is posted. */
export function problemOf(
  { state, bucket, ownership, locationId, deviceId }: Omit<DeviceToChange, 'skuId' | 'name' | 'place'>,
  known: Pick<KnownForChange, 'effect' | 'locationId' | 'picked'>,
): 'not_in_stock' | 'not_missing' | 'elsewhere' | 'already' | 'not_ours' | 'in_transfer' | null {
  // What no document has written off comes into stock by a receipt, not by being found.
  if (known.effect === 'gain') return state === 'missing' ? null : 'not_missing';
  if (state !== 'in_stock') return 'not_in_stock';
  if (locationId !== known.locationId) return 'elsewhere';
  if (bucket === known.effect) return 'already';
  // What is somebody else's is bought or given back before it can be used up; it has no value to correct.
  if (ownership !== 'own' && ['value', 'scrap', 'issue'].includes(known.effect)) return 'not_ours';
  if (ownership === 'borrowed' && known.effect === 'sellable') return 'not_ours';
  return known.picked.has(deviceId) ? 'in_transfer' : null;
}
