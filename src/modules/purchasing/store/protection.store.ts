import { DomainError, notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import type { Unit } from '../../../platform/unit-of-work';
import type { Coverage } from '../domain/protection-coverage';
import { protectionMachine, type ProtectionStep } from '../domain/protection-state';
import {
  protection,
  protectionDevice,
  type ProtectionDeviceRow,
  protectionLine,
  type ProtectionLineRow,
  type ProtectionRow,
} from './protection.table';

/** Throws 404 when there is no such claim. */
export async function getProtection(read: Reader, id: number): Promise<ProtectionRow> {
  const found = await read.get(protection, id);
  if (!found) throw notFound('purchasing.protection', id);
  return found;
}

/** Locks the claim until the end of the unit and reads it afterwards. */
export async function lockProtection(unit: Unit, id: number): Promise<ProtectionRow> {
  await unit.lock(protection, [id]);
  return getProtection(unit, id);
}

/** Throws 409 when it is in no state for this step any more. */
export function assertStep(row: ProtectionRow, step: ProtectionStep): void {
  if (protectionMachine.can(row.state, step)) return;
  throw new DomainError('purchasing:error.protection_state', { status: 409, details: { number: row.number } });
}

export const protectionLinesOf = (read: Reader, claimId: number): Promise<ProtectionLineRow[]> =>
  read.rows(protectionLine, sql`SELECT * FROM price_protection_line WHERE claim_id = ${claimId} ORDER BY line_no`);

export const protectionDevicesOf = (read: Reader, claimId: number): Promise<ProtectionDeviceRow[]> =>
  read.rows(protectionDevice, sql`SELECT * FROM price_protection_device WHERE claim_id = ${claimId} ORDER BY seq`);

/** Puts these rows in place of those with the same ids: a claim of thousands is a handful of statements. */
export async function replaceDevices(unit: Unit, claimId: number, rows: readonly ProtectionDeviceRow[]): Promise<void> {
  await unit.execute(sql`DELETE FROM price_protection_device WHERE claim_id = ${claimId}`);
  await unit.insert(protectionDevice, rows);
}

/** Writes the counts and sums of the devices and raises the version. Call once, after everything else of a change. */
export async function writeProtection(
  unit: Unit,
  row: ProtectionRow,
  devices: readonly ProtectionDeviceRow[],
  changes: Partial<ProtectionRow> = {},
): Promise<void> {
  const count = (coverage: Coverage): number => devices.filter((one) => one.coverage === coverage).length;
  await unit.update(
    protection,
    row.id,
    {
      deviceCount: devices.length,
      heldCount: count('held'),
      transitCount: count('in_transit'),
      soldCount: count('sold'),
      claimedFen: devices.reduce((sum, { claimedFen }) => sum + claimedFen, 0),
      ...changes,
    },
    row.version,
  );
}
