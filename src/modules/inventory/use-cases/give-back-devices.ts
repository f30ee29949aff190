import { emptyToNull, type FieldProblem, invalid, normaliseName, notFound } from '../../../kernel';
import { deviceEvent, type DeviceOnBooks, devicesFor, post } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { pickedDevices } from '../queries/known-for-change';
import { giveBackPosting, handBackPosting, handBackProblem, RETURN_BUCKETS, type ReturnBucket } from '../domain/loan';
import { auditLoan, loanStale, lockLoan } from '../store/loan.store';
import { loan, loanDevice, type LoanDeviceRow, loanReturn, type LoanReturnRow } from '../store/loan.table';
import { LEND } from './lend-devices';

export interface GiveBackDevices {
  id: number;
  version: number;
  /** Rows of the loan that came back. */
  rows: readonly number[];
  /** As what they came back; '': each as what it was before. */
  bucket: string;
  note: string;
}

/** Lent devices come back to the location they were taken from, borrowed ones go back to who lent them; some or all of them. */
export function giveBackDevices(
  uow: UnitOfWork,
  actor: Actor,
  command: GiveBackDevices,
  options?: RunOptions,
): Promise<{ number: string; devices: number; open: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockLoan(unit, command.id, command.version);
      authorise(actor, LEND, row.storeId);
      if (row.state !== 'out') throw loanStale(row);
      const bucket = row.inbound || command.bucket === '' ? null : RETURN_BUCKETS.find((one) => one === command.bucket);
      if (bucket === undefined) throw invalid('errors:form', {}, [{ path: 'bucket', code: 'errors:field.invalid' }]);
      const note = emptyToNull(normaliseName(command.note));
      if ([...(note ?? '')].length > 400)
        throw invalid('errors:form', {}, [{ path: 'note', code: 'errors:field.too_long', details: { max: 400 } }]);
      const wanted = new Set(command.rows);
      const out = (await unit.find(loanDevice, { loanId: row.id })).filter(({ returnId }) => returnId === null);
      const back = out.filter(({ id }) => wanted.has(id));
      if (back.length === 0) throw invalid('inventory:error.loan_nothing');
      if (back.length < wanted.size) throw loanStale(row);
      unit.needIds(deviceEvent, back.length);
      const devices = await lentDevices(unit, back, bucket);
      if (row.inbound) await requireHere(unit, back, devices);
      const step: LoanReturnRow = {
        id: unit.takeIds(loanReturn),
        loanId: row.id,
        number: `${row.number}/${row.returnCount + 1}`,
        businessDate: unit.today,
        devices: back.length,
        note,
        postedAt: unit.now,
        postedByName: actor.name,
      };
      const { storeId } = row;
      const { id, number, businessDate } = step;
      const document = { type: 'inventory.loan_return', id, number, businessDate, storeId };
      const rows = devices.map((one) => one.row);
      await post(unit, row.inbound ? handBackPosting(document, rows) : giveBackPosting(document, devices));
      await unit.insert(loanReturn, [step]);
      await markBack(unit, step, back, bucket);
      const open = row.stillOut - back.length;
      const done = open === 0 ? { state: 'back' as const, doneAt: unit.now } : {};
      await unit.update(loan, row.id, { stillOut: open, returnCount: row.returnCount + 1, ...done }, row.version);
      await auditLoan(unit, row, 'give_back', { devices: back.length, open });
      return { number, devices: back.length, open };
    },
    options,
  );
}

async function lentDevices(unit: Unit, back: readonly LoanDeviceRow[], bucket: ReturnBucket | null) {
  const onBooks = await devicesFor(
    unit,
    back.map(({ deviceId }) => deviceId),
  );
  return back.map((one) => {
    const row = onBooks.get(one.deviceId);
    if (!row) throw notFound('ledger.device', one.deviceId);
    return { row, bucket: bucket ?? (one.bucket as ReturnBucket) };
  });
}

/** Throws 422 with every borrowed device that is on its way to another place. */
async function requireHere(
  unit: Unit,
  back: readonly LoanDeviceRow[],
  devices: readonly { row: DeviceOnBooks }[],
): Promise<void> {
  const picked = await pickedDevices(
    unit,
    devices.map(({ row }) => row.id),
  );
  const problems = devices.flatMap(({ row }, index): FieldProblem[] => {
    const why = handBackProblem(row, picked.has(row.id));
    const details = { number: back[index]?.mainNumber ?? '', transfer: picked.get(row.id) ?? '' };
    return why === null ? [] : [{ path: `rows.d${back[index]?.id}`, code: `inventory:error.loan_${why}`, details }];
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
}

async function markBack(
  unit: Unit,
  { id }: LoanReturnRow,
  back: readonly LoanDeviceRow[],
  bucket: ReturnBucket | null,
): Promise<void> {
  const as = bucket === null ? sql`bucket` : sql`${bucket}`;
  for (const chunk of chunked(back.map((one) => one.id)))
    await unit.execute(
      sql`UPDATE loan_device SET return_id = ${id}, return_bucket = ${as}
        WHERE id IN (${sql.list(chunk)})`,
    );
}
