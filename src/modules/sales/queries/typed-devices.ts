import { findByNumbers } from '../../../ledger';
import type { Reader } from '../../../platform/database';
import type { TypedDevice } from '../domain/typed-devices';

export interface FoundTyped {
  /** Device → the line that named it first. */
  devices: Map<number, TypedDevice>;
  /** Lines whose numbers no device has, or several devices have. */
  unknown: TypedDevice[];
}

/** Which devices the lines mean, by their active numbers: one look-up for all. */
export async function findTyped(read: Reader, lines: readonly TypedDevice[]): Promise<FoundTyped> {
  const values = [...new Set(lines.flatMap(({ numbers }) => numbers))];
  const held = new Map(
    (await findByNumbers(read, values)).filter(({ active }) => active).map((one) => [one.number, one.deviceId]),
  );
  const devices = new Map<number, TypedDevice>();
  const unknown: TypedDevice[] = [];
  for (const line of lines) {
    const found = new Set(line.numbers.flatMap((number) => held.get(number) ?? []));
    const [id] = found;
    if (id === undefined || found.size > 1) unknown.push(line);
    else if (!devices.has(id)) devices.set(id, line);
  }
  return { devices, unknown };
}
