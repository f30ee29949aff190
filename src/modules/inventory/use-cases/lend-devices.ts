import { emptyToNull, type FieldProblem, invalid, isBusinessDate, normaliseName, parsePaste } from '../../../kernel';
import { deviceEvent, type DeviceOnBooks, devicesFor, findByNumbers, post, reverse } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore, locationsByIds } from '../../organization';
import { deviceStatus } from '../domain/device-status';
import { LOAN_PURPOSES, lendPosting, lendProblem } from '../domain/loan';
import { pickedDevices } from '../queries/known-for-change';
import { auditLoan, loanStale, lockLoan } from '../store/loan.store';
import { loan, loanDevice, type LoanDeviceRow, type LoanRow } from '../store/loan.table';

export const LEND = 'inventory.loan.lend';
export const REVERSE_LOANS = 'inventory.loan.reverse';
export const MOST_LENT = 500;

export interface LendDevices {
  locationId: number;
  borrower: string;
  purpose: string;
  /** YYYY-MM-DD, today or later. */
  dueOn: string;
  note: string;
  /** Numbers of the devices, a device a line, as scanned or pasted. */
  numbers: string;
}

/** Lends devices out: at once in the books. Nothing is lent when one of the lines cannot be; each says why. */
export function lendDevices(
  uow: UnitOfWork,
  actor: Actor,
  command: LendDevices,
  options?: RunOptions,
): Promise<{ id: number; number: string; devices: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const location = (await locationsByIds(unit, [command.locationId])).get(command.locationId);
      if (!location?.active) throw invalid('errors:form', {}, [{ path: 'locationId', code: 'errors:field.required' }]);
      authorise(actor, LEND, location.storeId);
      const header = checkedHeader(unit, command);
      const devices = await devicesOf(unit, location.id, command.numbers);
      unit.needIds(deviceEvent, devices.length);
      const store = await getStore(unit, location.storeId);
      const row: LoanRow = {
        ...header,
        id: unit.takeIds(loan),
        number: unit.documentNumber('JY', store.code, unit.today),
        storeId: store.id,
        inbound: false,
        locationId: location.id,
        businessDate: unit.today,
        state: 'out',
        devices: devices.length,
        stillOut: devices.length,
        returnCount: 0,
        createdAt: unit.now,
        createdBy: actor.userId,
        createdByName: actor.name,
        doneAt: null,
        reversalNumber: null,
        version: 1,
      };
      const { id, number, storeId, businessDate } = row;
      await post(
        unit,
        lendPosting(
          { type: 'inventory.loan', id, number, businessDate, storeId },
          row.borrower,
          devices.map((one) => one.device),
        ),
      );
      await unit.insert(loan, [row]);
      const firstId = unit.takeIds(loanDevice, devices.length);
      await unit.insert(
        loanDevice,
        devices.map(({ device, text }, index): LoanDeviceRow => ({
          id: firstId + index,
          loanId: id,
          deviceId: device.id,
          seq: index + 1,
          mainNumber: text,
          bucket: device.bucket ?? 'sellable',
          returnId: null,
          returnBucket: null,
        })),
      );
      await auditLoan(unit, row, 'lend', { devices: devices.length, borrower: row.borrower });
      return { id, number, devices: devices.length };
    },
    options,
  );
}

/** Takes a loan back that was a mistake, while nothing of it came back; dated today. */
export function reverseLoan(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockLoan(unit, id, version);
      authorise(actor, REVERSE_LOANS, row.storeId);
      if (row.state !== 'out' || row.stillOut < row.devices) throw loanStale(row);
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber(row.inbound ? 'JR' : 'JY', store.code, unit.today);
      const document = { type: 'inventory.loan', id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(
        loan,
        id,
        { state: 'reversed', stillOut: 0, doneAt: unit.now, reversalNumber: number },
        version,
      );
      await auditLoan(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}

export type LoanHeader = Pick<LendDevices, 'borrower' | 'purpose' | 'dueOn' | 'note'>;

/** Throws errors:form with every field that is wrong. */
export function checkedHeader(unit: Unit, { borrower, purpose, dueOn, note }: LoanHeader, fields: FieldProblem[] = []) {
  const who = normaliseName(borrower);
  if (who === '') fields.push({ path: 'borrower', code: 'errors:field.required' });
  if ([...who].length > 80) fields.push({ path: 'borrower', code: 'errors:field.too_long', details: { max: 80 } });
  const why = LOAN_PURPOSES.find((one) => one === purpose);
  if (!why) fields.push({ path: 'purpose', code: 'errors:field.required' });
  if (!isBusinessDate(dueOn) || dueOn < unit.today) fields.push({ path: 'dueOn', code: 'inventory:error.loan_due' });
  const words = emptyToNull(normaliseName(note));
  if ([...(words ?? '')].length > 400)
    fields.push({ path: 'note', code: 'errors:field.too_long', details: { max: 400 } });
  if (fields.length > 0 || !why) throw invalid('errors:form', {}, fields);
  return { borrower: who, purpose: why, dueOn, note: words };
}

interface Lent {
  device: DeviceOnBooks;
  /** The number as it was entered. */
  text: string;
}

/** The devices, locked. Throws errors:form at `numbers` with every line that cannot be lent. */
async function devicesOf(unit: Unit, locationId: number, numbers: string): Promise<Lent[]> {
  const lines = parsePaste(numbers).filter(({ identifiers }) => identifiers.length > 0);
  const problem = (code: string, details: Record<string, unknown> = {}): FieldProblem => ({
    path: 'numbers',
    code: `inventory:error.${code}`,
    details,
  });
  if (lines.length === 0) throw invalid('errors:form', {}, [{ path: 'numbers', code: 'errors:field.required' }]);
  if (lines.length > MOST_LENT) throw invalid('errors:form', {}, [problem('loan_many', { max: MOST_LENT })]);
  const values = [...new Set(lines.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)))];
  const held = new Map(
    (await findByNumbers(unit, values)).filter(({ active }) => active).map((one) => [one.number, one.deviceId]),
  );
  const ids = new Map<number, string>();
  const problems: FieldProblem[] = [];
  for (const { identifiers, text } of lines) {
    const found = new Set(identifiers.flatMap(({ value }) => held.get(value) ?? []));
    const number = identifiers[0]?.value ?? text.slice(0, 40);
    const [id] = found;
    if (id === undefined || found.size > 1) problems.push(problem('loan_unknown', { number }));
    else if (!ids.has(id)) ids.set(id, number);
  }
  const onBooks = await devicesFor(unit, [...ids.keys()]);
  const picked = await pickedDevices(unit, [...ids.keys()]);
  const lent = [...ids].flatMap(([id, number]): Lent[] => {
    const device = onBooks.get(id);
    if (!device) return [];
    const why = picked.has(id) ? 'in_transfer' : lendProblem(device, locationId);
    if (why === null) return [{ device, text: number }];
    const details = { number, status: deviceStatus(device.state, device.bucket), transfer: picked.get(id) ?? '' };
    problems.push(problem(`loan_${why}`, details));
    return [];
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems.slice(0, 50));
  return lent;
}
