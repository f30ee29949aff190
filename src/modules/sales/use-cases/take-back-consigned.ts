import { emptyToNull, invalid, normaliseName, notFound } from '../../../kernel';
import { deviceEvent, devicesFor, post } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { BACK_BUCKETS, type BackBucket, CONSIGNMENT_RETURN_DOCUMENT, takeBackPosting } from '../domain/consignment';
import { typedDevices } from '../domain/typed-devices';
import { findTyped } from '../queries/typed-devices';
import { auditConsignment, consignmentOver, lockConsignment } from '../store/consignment.store';
import {
  consignment,
  consignmentDevice,
  type ConsignmentDeviceRow,
  consignmentReturn,
  type ConsignmentReturnRow,
  type ConsignmentRow,
} from '../store/consignment.table';
import { CONSIGN } from './consign-devices';

export interface TakeBackConsigned {
  id: number;
  version: number;
  /** Rows of the consignment that came back. */
  rows: readonly number[];
  /** More of them, one number a line, as scanned or pasted. */
  numbers: string;
  /** As what they came back; '': each as what it was before. */
  bucket: string;
  note: string;
}

/** Devices that the partner did not sell come back to the location they were taken from, some or all of them. */
export function takeBackConsigned(
  uow: UnitOfWork,
  actor: Actor,
  command: TakeBackConsigned,
  options?: RunOptions,
): Promise<{ number: string; devices: number; open: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockConsignment(unit, command.id, command.version);
      authorise(actor, CONSIGN, row.storeId);
      if (row.state !== 'out') throw consignmentOver(row);
      const { bucket, note } = checkedWords(command);
      const back = await rowsOf(unit, row, command);
      unit.needIds(deviceEvent, back.length);
      const step: ConsignmentReturnRow = {
        id: unit.takeIds(consignmentReturn),
        documentId: row.id,
        number: `${row.number}/${row.returnCount + 1}`,
        businessDate: unit.today,
        devices: back.length,
        note,
        postedAt: unit.now,
        postedByName: actor.name,
      };
      const { id, number, businessDate } = step;
      const document = { type: CONSIGNMENT_RETURN_DOCUMENT, id, number, businessDate, storeId: row.storeId };
      await post(unit, takeBackPosting(document, await devicesBack(unit, back, bucket)));
      await unit.insert(consignmentReturn, [step]);
      await markBack(unit, step, back, bucket);
      const open = row.stillOut - back.length;
      const openFen = row.openFen - back.reduce((total, { priceFen }) => total + priceFen, 0);
      const done = open === 0 ? { state: 'closed' as const, doneAt: unit.now } : {};
      const changes = { stillOut: open, openFen, returnCount: row.returnCount + 1, ...done };
      await unit.update(consignment, row.id, changes, row.version);
      await auditConsignment(unit, row, 'take_back', { devices: back.length, open });
      return { number, devices: back.length, open };
    },
    options,
  );
}

function checkedWords(command: TakeBackConsigned): { bucket: BackBucket | null; note: string | null } {
  const bucket = command.bucket === '' ? null : BACK_BUCKETS.find((one) => one === command.bucket);
  if (bucket === undefined) throw invalid('errors:form', {}, [{ path: 'bucket', code: 'errors:field.invalid' }]);
  const note = emptyToNull(normaliseName(command.note));
  if ([...(note ?? '')].length > 400)
    throw invalid('errors:form', {}, [{ path: 'note', code: 'errors:field.too_long', details: { max: 400 } }]);
  return { bucket, note };
}

/** What was ticked and what was typed, each of it still with the partner by this consignment. */
async function rowsOf(
  unit: Unit,
  row: ConsignmentRow,
  { rows, numbers }: TakeBackConsigned,
): Promise<ConsignmentDeviceRow[]> {
  const all = await unit.find(consignmentDevice, { outId: row.id });
  const out = all.filter(({ returnId, settlementId }) => returnId === null && settlementId === null);
  const ofDevice = new Map(out.map((one) => [one.deviceId, one.id]));
  const typed = await findTyped(unit, typedDevices(numbers));
  const strangers = [
    ...typed.unknown,
    ...[...typed.devices].flatMap(([deviceId, line]) => (ofDevice.has(deviceId) ? [] : [line])),
  ];
  if (strangers.length > 0)
    throw invalid(
      'errors:form',
      {},
      strangers.slice(0, 50).map((line) => ({
        path: 'numbers',
        code: 'sales:error.consignment_not_here',
        details: { number: line.numbers[0] ?? line.text },
      })),
    );
  const ticked = new Set(rows);
  const wanted = new Set([...ticked, ...[...typed.devices.keys()].flatMap((id) => ofDevice.get(id) ?? [])]);
  if (wanted.size === 0) throw invalid('sales:error.consignment_nothing');
  const back = out.filter(({ id }) => wanted.has(id));
  if (back.length < wanted.size) throw consignmentOver(row);
  return back;
}

async function devicesBack(unit: Unit, back: readonly ConsignmentDeviceRow[], bucket: BackBucket | null) {
  const onBooks = await devicesFor(
    unit,
    back.map(({ deviceId }) => deviceId),
  );
  return back.map((one) => {
    const row = onBooks.get(one.deviceId);
    if (!row) throw notFound('ledger.device', one.deviceId);
    return { row, bucket: bucket ?? (one.bucket as BackBucket) };
  });
}

async function markBack(
  unit: Unit,
  { id }: ConsignmentReturnRow,
  back: readonly ConsignmentDeviceRow[],
  bucket: BackBucket | null,
): Promise<void> {
  const as = bucket === null ? sql`bucket` : sql`${bucket}`;
  for (const chunk of chunked(back.map((one) => one.id)))
    await unit.execute(
      sql`UPDATE consignment_out_device SET return_id = ${id}, return_bucket = ${as} WHERE id IN (${sql.list(chunk)})`,
    );
}
