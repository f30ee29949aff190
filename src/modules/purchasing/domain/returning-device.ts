import type { DeviceState, Identifier } from '../../../ledger';
import { type DeviceNumbers, identifiersOf } from './device-numbers';

/** A device of the books whose numbers were scanned; `numbers` are its active ones. */
export interface HeldDevice {
  deviceId: number;
  state: DeviceState;
  place: string;
  numbers: readonly Identifier[];
}

/**
 * How a supplier may bring a device that the books know: what went back to a supplier comes again as it is; a sold one (a
 * dealer bought it, and sells it back) only when somebody with the right has looked at it, for most often it is a slip for
 * a customer's return; anything else cannot be at a supplier's.
 */
export function comesBack(state: DeviceState): 'freely' | 'checked' | 'never' {
  if (state === 'returned_to_supplier') return 'freely';
  return state === 'sold' ? 'checked' : 'never';
}

const MOST_OF_A_KIND: Readonly<Record<Identifier['kind'], number>> = { imei: 2, meid: 1, sn: 1 };

/** Numbers scanned now that the device did not have; null when it would have more of a kind than one device has. */
export function numbersToAdd(
  known: readonly Identifier[],
  scanned: Omit<DeviceNumbers, 'mainNumber'>,
): Identifier[] | null {
  const values = new Set(known.map(({ value }) => value));
  const fresh = identifiersOf(scanned).filter(({ value }) => !values.has(value));
  const tooMany = fresh.some(
    ({ kind }) => [...known, ...fresh].filter((one) => one.kind === kind).length > MOST_OF_A_KIND[kind],
  );
  return tooMany ? null : fresh;
}
