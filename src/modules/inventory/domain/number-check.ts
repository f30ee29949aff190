import type { Bucket, DeviceState, Identifier } from '../../../ledger';
import { mayChangeNumbers, type NumberLine } from './number-change';

export interface NumberedDevice {
  deviceId: number;
  state: DeviceState;
  bucket: Bucket | null;
  storeId: number | null;
  /** Active ones, the one shown first in front. */
  numbers: readonly Identifier[];
}

export interface KnownForNumbers {
  storeId: number;
  devices: ReadonlyMap<number, NumberedDevice>;
  /** Active numbers that lines bring → the device that has them now. */
  holders: ReadonlyMap<string, number>;
}

export type NumberProblem = 'state' | 'elsewhere' | 'gone' | 'taken' | 'none_left';

/**
 * What stands against each line as the books are now: index of the line → problem. A number that another line of the same
 * document takes off its device is free: two devices exchange theirs in one posting.
 */
export function numberProblems(
  lines: readonly NumberLine[],
  { storeId, devices, holders }: KnownForNumbers,
): Map<number, NumberProblem> {
  const leaving = new Map(lines.flatMap(({ deviceId, before }) => (before ? [[before.value, deviceId] as const] : [])));
  const left = new Map([...devices.values()].map((one) => [one.deviceId, one.numbers.length]));
  for (const { deviceId, before, after } of lines)
    left.set(deviceId, (left.get(deviceId) ?? 0) - Number(before !== null) + Number(after !== null));
  const problems = new Map<number, NumberProblem>();
  for (const [index, { deviceId, before, after }] of lines.entries()) {
    const device = devices.get(deviceId);
    const holder = after ? holders.get(after.value) : undefined;
    if (!device || !mayChangeNumbers(device.state)) problems.set(index, 'state');
    else if (device.storeId !== storeId) problems.set(index, 'elsewhere');
    else if (before && !device.numbers.some(({ value }) => value === before.value)) problems.set(index, 'gone');
    else if (after && holder !== undefined && leaving.get(after.value) !== holder) problems.set(index, 'taken');
    else if ((left.get(deviceId) ?? 0) < 1) problems.set(index, 'none_left');
  }
  return problems;
}
