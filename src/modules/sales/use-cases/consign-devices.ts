import {
  emptyToNull,
  fen,
  type FieldProblem,
  invalid,
  isBusinessDate,
  type Money,
  normaliseName,
} from '../../../kernel';
import { deviceEvent, type DeviceOnBooks, devicesFor, post, reverse } from '../../../ledger';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { deviceStatus, pickedDevices } from '../../inventory';
import { getStore, locationsByIds } from '../../organization';
import { pricesOf } from '../../pricing';
import {
  CONSIGNMENT_DOCUMENT,
  type ConsignmentState,
  consignPosting,
  consignProblem,
  MOST_CONSIGNED,
} from '../domain/consignment';
import { typedDevices } from '../domain/typed-devices';
import { findTyped } from '../queries/typed-devices';
import { auditConsignment, consignmentOver, lockConsignment } from '../store/consignment.store';
import { consignment, consignmentDevice, type ConsignmentRow } from '../store/consignment.table';
import { findPartner } from './find-partner';

export const CONSIGN = 'sales.consignment.edit';
export const REVERSE_CONSIGNMENTS = 'sales.consignment.reverse';

export interface ConsignDevices {
  locationId: number;
  /** Phone number, name or number of the customer who is the partner. */
  partner: string;
  /** For a phone number that nobody has yet. */
  partnerName: string;
  /** YYYY-MM-DD, today or later. */
  dueOn: string;
  /** For devices without a price of their own; null: what the price lists say. */
  priceFen: Money | null;
  note: string;
  /** One device a line, a price behind its number where it has one of its own. */
  numbers: string;
}

/** Gives devices to a partner to sell: at once in the books. Nothing is given when one of the lines cannot be; each says why. */
export function consignDevices(
  { uow, keys }: { uow: UnitOfWork; keys: KeyRing },
  actor: Actor,
  command: ConsignDevices,
  options?: RunOptions,
): Promise<{ id: number; number: string; devices: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const location = (await locationsByIds(unit, [command.locationId])).get(command.locationId);
      if (!location?.active) throw invalid('errors:form', {}, [{ path: 'locationId', code: 'errors:field.required' }]);
      authorise(actor, CONSIGN, location.storeId);
      const header = await checkedHeader(unit, keys, command, location.storeId);
      const given = await devicesToGive(unit, location, command);
      unit.needIds(deviceEvent, given.length);
      const store = await getStore(unit, location.storeId);
      const amountFen = given.reduce((total, { priceFen }) => total + priceFen, 0);
      const row: ConsignmentRow = {
        ...header,
        id: unit.takeIds(consignment),
        number: unit.documentNumber('WT', store.code, unit.today),
        storeId: store.id,
        locationId: location.id,
        businessDate: unit.today,
        state: 'out' satisfies ConsignmentState,
        devices: given.length,
        stillOut: given.length,
        settled: 0,
        amountFen,
        openFen: amountFen,
        returnCount: 0,
        createdAt: unit.now,
        createdBy: actor.userId,
        createdByName: actor.name,
        doneAt: null,
        reversalNumber: null,
        version: 1,
      };
      await write(unit, row, given);
      return { id: row.id, number: row.number, devices: given.length };
    },
    options,
  );
}

/** Takes a consignment back that was a mistake, while nothing of it was settled or came back; dated today. */
export function reverseConsignment(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockConsignment(unit, id, version);
      authorise(actor, REVERSE_CONSIGNMENTS, row.storeId);
      if (row.state !== 'out' || row.stillOut < row.devices) throw consignmentOver(row);
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('WT', store.code, unit.today);
      const document = { type: CONSIGNMENT_DOCUMENT, id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      const changes = { state: 'reversed' as const, stillOut: 0, openFen: 0, doneAt: unit.now, reversalNumber: number };
      await unit.update(consignment, id, changes, version);
      await auditConsignment(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}

async function checkedHeader(unit: Unit, keys: KeyRing, command: ConsignDevices, storeId: number) {
  const fields: FieldProblem[] = [];
  const { dueOn, priceFen } = command;
  if (!isBusinessDate(dueOn) || dueOn < unit.today) fields.push({ path: 'dueOn', code: 'sales:error.consignment_due' });
  if (priceFen !== null && priceFen <= 0) fields.push({ path: 'price', code: 'sales:error.consignment_price_zero' });
  const note = emptyToNull(normaliseName(command.note));
  if ([...(note ?? '')].length > 400)
    fields.push({ path: 'note', code: 'errors:field.too_long', details: { max: 400 } });
  const partner = await findPartner(unit, keys, { ...command, storeId });
  if ('path' in partner) fields.push(partner);
  if (fields.length > 0 || 'path' in partner) throw invalid('errors:form', {}, fields);
  return { customerId: partner.id, dueOn, note };
}

interface Given {
  device: DeviceOnBooks;
  /** The number as it was entered. */
  number: string;
  priceFen: number;
}

/** The devices, locked, each with its agreed price. Throws errors:form at `numbers` with every line that cannot be given. */
async function devicesToGive(
  unit: Unit,
  location: { id: number; storeId: number },
  { numbers, priceFen }: ConsignDevices,
): Promise<Given[]> {
  const lines = typedDevices(numbers);
  const problem = (code: string, details: Record<string, unknown> = {}): FieldProblem => ({
    path: 'numbers',
    code: `sales:error.${code}`,
    details,
  });
  if (lines.length === 0) throw invalid('errors:form', {}, [{ path: 'numbers', code: 'errors:field.required' }]);
  if (lines.length > MOST_CONSIGNED)
    throw invalid('errors:form', {}, [problem('consignment_many', { max: MOST_CONSIGNED })]);
  const typed = await findTyped(unit, lines);
  const problems = typed.unknown.map(({ numbers: [number], text }) =>
    problem('consignment_unknown', { number: number ?? text }),
  );
  const ids = [...typed.devices.keys()];
  const onBooks = await devicesFor(unit, ids);
  const picked = await pickedDevices(unit, ids);
  const question = { storeId: location.storeId, at: unit.now, on: unit.today };
  const listed = await pricesOf(
    unit,
    [...onBooks.values()].map(({ skuId }) => skuId),
    question,
  );
  const given = [...typed.devices].flatMap(([id, line]): Given[] => {
    const device = onBooks.get(id);
    if (!device) return [];
    const number = line.numbers[0] ?? line.text;
    const why = picked.has(id) ? 'in_transfer' : consignProblem(device, location.id);
    const price = line.priceFen ?? priceFen ?? device.priceFen ?? listed.get(device.skuId)?.priceFen ?? 0;
    if (why === null && price > 0) return [{ device, number, priceFen: fen(price) }];
    const details = { number, status: deviceStatus(device.state, device.bucket), transfer: picked.get(id) ?? '' };
    problems.push(problem(`consignment_${why ?? 'no_price'}`, details));
    return [];
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems.slice(0, 50));
  return given;
}

async function write(unit: Unit, row: ConsignmentRow, given: readonly Given[]): Promise<void> {
  const { id, number, storeId, businessDate, customerId } = row;
  await post(
    unit,
    consignPosting(
      { type: CONSIGNMENT_DOCUMENT, id, number, businessDate, storeId },
      customerId,
      given.map(({ device }) => device),
    ),
  );
  await unit.insert(consignment, [row]);
  const firstId = unit.takeIds(consignmentDevice, given.length);
  await unit.insert(
    consignmentDevice,
    given.map(({ device, number: mainNumber, priceFen }, index) => ({
      id: firstId + index,
      outId: id,
      deviceId: device.id,
      skuId: device.skuId,
      seq: index + 1,
      mainNumber: mainNumber.slice(0, 40),
      bucket: device.bucket ?? 'sellable',
      priceFen,
      returnId: null,
      returnBucket: null,
      settlementId: null,
      soldFen: null,
    })),
  );
  await auditConsignment(unit, row, 'consign', { devices: row.devices, amountFen: row.amountFen, customerId });
}
