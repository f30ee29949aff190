import { type FieldProblem, invalid, parsePaste } from '../../../kernel';
import { deviceEvent, type DeviceOnBooks, devicesFor, findByNumbers, type Identifier, post } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { searchSkus, type SkuCard, skusByCodes } from '../../catalog';
import { getStore, locationsByIds } from '../../organization';
import { type BorrowedDevice, borrowPosting } from '../domain/loan';
import { auditLoan } from '../store/loan.store';
import { loan, loanDevice, type LoanDeviceRow, type LoanRow } from '../store/loan.table';
import { checkedHeader, LEND, type LoanHeader, MOST_LENT } from './lend-devices';

export interface BorrowDevices extends LoanHeader {
  /** Where they are put. */
  locationId: number;
  /** Code, barcode, or words that mean a single variant. */
  sku: string;
  /** Numbers of the devices, a device a line, as scanned or pasted. */
  numbers: string;
}

/** Devices of somebody else come to us for some days: at once in the books, without value. None comes when one line is wrong. */
export function borrowDevices(
  uow: UnitOfWork,
  actor: Actor,
  command: BorrowDevices,
  options?: RunOptions,
): Promise<{ id: number; number: string; devices: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const location = (await locationsByIds(unit, [command.locationId])).get(command.locationId);
      if (!location?.active) throw invalid('errors:form', {}, [{ path: 'locationId', code: 'errors:field.required' }]);
      authorise(actor, LEND, location.storeId);
      const fields: FieldProblem[] = [];
      const sku = await serialSku(unit, command.sku, fields);
      const devices = await arriving(unit, command.numbers, fields);
      const header = checkedHeader(unit, command, fields);
      if (!sku) throw invalid('errors:form', {}, fields);
      unit.needIds(deviceEvent, devices.length);
      const store = await getStore(unit, location.storeId);
      const row: LoanRow = {
        ...header,
        id: unit.takeIds(loan),
        number: unit.documentNumber('JR', store.code, unit.today),
        storeId: store.id,
        inbound: true,
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
      const { deviceIds } = await post(
        unit,
        borrowPosting(
          { type: 'inventory.loan', id, number, businessDate, storeId },
          { lender: row.borrower, locationId: location.id, skuId: sku.id },
          devices,
        ),
      );
      await unit.insert(loan, [row]);
      const firstId = unit.takeIds(loanDevice, devices.length);
      await unit.insert(
        loanDevice,
        devices.map((one, index): LoanDeviceRow => ({
          id: firstId + index,
          loanId: id,
          deviceId: one.known?.id ?? deviceIds.get(one.ref) ?? 0,
          seq: index + 1,
          mainNumber: one.identifiers[0]?.value ?? '',
          bucket: 'demo',
          returnId: null,
          returnBucket: null,
        })),
      );
      await auditLoan(unit, row, 'borrow', { devices: devices.length, borrower: row.borrower });
      return { id, number, devices: devices.length };
    },
    options,
  );
}

async function serialSku(unit: Unit, typed: string, fields: FieldProblem[]): Promise<SkuCard | null> {
  const words = typed.trim();
  const exact = words === '' ? undefined : (await skusByCodes(unit, [words])).get(words);
  const found = exact || words === '' ? [] : (await searchSkus(unit, words, 3)).filter(isSerial);
  const sku = exact ?? (found.length === 1 ? found[0] : undefined);
  if (sku && isSerial(sku)) return sku;
  fields.push({ path: 'sku', code: words === '' ? 'errors:field.required' : 'inventory:error.loan_sku' });
  return null;
}

const isSerial = ({ tracking }: SkuCard): boolean => tracking === 'serial';

/** The devices of a list; what the books know may come only when it went back to somebody before. */
async function arriving(unit: Unit, numbers: string, fields: FieldProblem[]): Promise<BorrowedDevice[]> {
  const problem = (code: string, details: Record<string, unknown>): void =>
    void (fields.length < 50 && fields.push({ path: 'numbers', code: `inventory:error.${code}`, details }));
  const lines = parsePaste(numbers).filter(({ identifiers, problems }) => identifiers.length + problems.length > 0);
  if (lines.length === 0) fields.push({ path: 'numbers', code: 'errors:field.required' });
  if (lines.length > MOST_LENT) problem('loan_many', { max: MOST_LENT });
  const seen = new Set<string>();
  const devices: { identifiers: readonly Identifier[]; text: string }[] = [];
  for (const { identifiers, problems, text } of lines) {
    const number = identifiers[0]?.value ?? text.slice(0, 40);
    if (identifiers.length === 0 || problems.some(({ level }) => level !== 'note')) problem('loan_number', { number });
    else if (identifiers.some(({ value }) => seen.has(value))) problem('loan_twice', { number });
    else devices.push({ identifiers: identifiers.map(({ kind, value }) => ({ kind, value })), text: number });
    for (const { value } of identifiers) seen.add(value);
  }
  const held = new Map(
    (await findByNumbers(unit, [...seen])).filter(({ active }) => active).map((one) => [one.number, one.deviceId]),
  );
  const onBooks = await devicesFor(unit, [...new Set(held.values())]);
  return devices.map(({ identifiers, text }, index): BorrowedDevice => {
    const ids = new Set(identifiers.flatMap(({ value }) => held.get(value) ?? []));
    const [id] = ids;
    const known: DeviceOnBooks | undefined = id === undefined ? undefined : onBooks.get(id);
    if (ids.size > 1 || (known && known.state !== 'returned_to_supplier')) problem('loan_known', { number: text });
    return { ref: String(index + 1), identifiers, known };
  });
}
