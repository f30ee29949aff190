import {
  businessDate,
  DomainError,
  emptyToNull,
  fen,
  type FieldProblem,
  invalid,
  isBusinessDate,
  normaliseName,
  splitTax,
} from '../../../kernel';
import { deviceEvent, devicesFor, post } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { type OwedDevice, owedDevices } from '../../inventory';
import { type SettledDevice, settlementPosting } from '../domain/consignment-settlement';
import { dueDate } from '../domain/payment-terms';
import { type UnsettledDevice, unsettledDevices } from '../queries/unsettled-consigned';
import { auditConsignment } from '../store/consignment.store';
import { consignment, type ConsignmentDeviceRow, consignmentRow } from '../store/consignment.table';
import { supplier } from '../store/supplier.table';
import { checkedNote, newConsignment } from './consignment-receipt';
import { tooLong } from './receipt-header';

export const SETTLE_CONSIGNMENTS = 'purchasing.consignment.settle';

export interface SettleConsigned {
  supplierId: number;
  /** The store that sold them, and owes. */
  storeId: number;
  untilOn: string;
  /** The supplier's, where it came with the settlement. */
  invoiceNumber: string;
  /** Why other prices than agreed; required when there are any. */
  note: string;
  /** The devices that are settled, with what the supplier gets for each now (with tax). */
  rows: readonly { id: number; priceFen: number | null }[];
}

/**
 * Settles what was sold for a supplier, at once in the books: what was accrued becomes payable. 409 when a device was settled or
 * came back meanwhile.
 */
export function settleConsigned(
  uow: UnitOfWork,
  actor: Actor,
  command: SettleConsigned,
  options?: RunOptions,
): Promise<{ id: number; number: string; devices: number; grossFen: number }> {
  authorise(actor, SETTLE_CONSIGNMENTS, command.storeId);
  authorise(actor, COST_PERMISSION, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const party = await unit.get(supplier, command.supplierId);
      if (!party) throw invalid('errors:form', {}, [{ path: 'supplierId', code: 'purchasing:error.supplier_unknown' }]);
      const { chosen, note, invoiceNumber } = await checked(unit, command);
      unit.needIds(deviceEvent, chosen.length);
      const devices = await lockedDevices(unit, chosen);
      const total = (of: (one: SettledDevice) => number): number => devices.reduce((sum, one) => sum + of(one), 0);
      const sums = { grossFen: total((one) => one.grossFen), taxFen: total((one) => one.taxFen) };
      const dueOn = dueDate(businessDate(unit.today), party);
      const row = await newConsignment(unit, 'settlement', command.storeId, party, {
        ...sums,
        state: 'posted',
        devices: devices.length,
        untilOn: command.untilOn,
        dueOn,
        invoiceNumber,
        note,
        postedAt: unit.now,
        postedByName: actor.name,
      });
      const { id, number, storeId, supplierId } = row;
      await post(
        unit,
        settlementPosting({ id, number, storeId, businessDate: unit.today }, { supplierId, dueOn }, devices),
      );
      await unit.insert(consignment, [row]);
      await writeRows(
        unit,
        id,
        chosen.map(({ device, priceFen }, index) => ({
          consignedId: device.id,
          openItemId: devices[index]?.openItemId ?? null,
          agreedFen: device.priceFen,
          priceFen,
          taxFen: devices[index]?.taxFen ?? 0,
        })),
        'settled',
      );
      await auditConsignment(unit, row, 'post', { devices: devices.length, grossFen: sums.grossFen });
      return { id, number, devices: devices.length, grossFen: sums.grossFen };
    },
    options,
  );
}

interface Chosen {
  device: UnsettledDevice;
  priceFen: number;
}

/** Every field that is wrong, each at its place. */
async function checked(unit: Unit, command: SettleConsigned) {
  const fields: FieldProblem[] = [];
  if (!isBusinessDate(command.untilOn))
    throw invalid('errors:form', {}, [{ path: 'untilOn', code: 'errors:field.invalid' }]);
  const note = checkedNote(command.note, fields);
  const invoiceNumber = emptyToNull(normaliseName(command.invoiceNumber).toUpperCase());
  if ([...(invoiceNumber ?? '')].length > 40) fields.push(tooLong('invoiceNumber', 40));
  if (command.rows.length === 0) throw invalid('purchasing:error.consigned_nothing');
  const open = new Map((await unsettledDevices(unit, command)).map((one) => [one.id, one]));
  const chosen: Chosen[] = [];
  for (const { id, priceFen } of command.rows) {
    const device = open.get(id);
    if (!device) throw changed();
    if (priceFen === null || priceFen <= 0)
      fields.push({ path: `price.d${id}`, code: 'purchasing:error.line_without_price' });
    chosen.push({ device, priceFen: priceFen ?? 0 });
  }
  if (note === null && fields.length === 0 && chosen.some(({ device, priceFen }) => device.priceFen !== priceFen))
    fields.push({ path: 'note', code: 'purchasing:error.consigned_reason' });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return { chosen, note, invoiceNumber };
}

const changed = (): DomainError => new DomainError('purchasing:error.consigned_changed', { status: 409 });

/** Locks the devices, and asks only then what is owed for each: a customer may have brought one back meanwhile. */
async function lockedDevices(unit: Unit, chosen: readonly Chosen[]): Promise<SettledDevice[]> {
  const onBooks = await devicesFor(
    unit,
    chosen.map(({ device }) => device.deviceId),
  );
  const owed = new Map<number, OwedDevice>();
  for (const [type, of] of Map.groupBy(chosen, ({ device }) => device.sourceType))
    for (const one of (await owedDevices(unit, { type, ids: of.map(({ device }) => device.sourceId) })).values())
      owed.set(one.id, one);
  return chosen.map(({ device, priceFen }) => {
    const row = onBooks.get(device.deviceId);
    const its = owed.get(device.id);
    if (!row || !its) throw changed();
    const { grossFen, taxFen } = splitTax(fen(priceFen), device.taxRateBp);
    const { openItemId, netFen: agreedNetFen } = its;
    return { row, skuId: device.skuId, openItemId, agreedNetFen, grossFen, taxFen };
  });
}

/** The devices of a document, and what they are from now on. */
export async function writeRows(
  unit: Unit,
  consignmentId: number,
  rows: readonly Omit<ConsignmentDeviceRow, 'id' | 'consignmentId' | 'seq'>[],
  state: 'settled' | 'returned' | null,
): Promise<void> {
  const firstId = unit.takeIds(consignmentRow, rows.length);
  await unit.insert(
    consignmentRow,
    rows.map((row, index) => ({ ...row, id: firstId + index, consignmentId, seq: index + 1 })),
  );
  if (state === null) return;
  for (const chunk of chunked(rows))
    await unit.execute(
      sql`UPDATE consigned_device SET state = ${state} WHERE id IN (${sql.list(chunk.map((row) => row.consignedId))})`,
    );
}
