import { invalid } from '../../../kernel';
import { activeNumbers, deviceEvent, devicesFor, findByNumbers, placeOf, post } from '../../../ledger';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { ConsignedDeviceRow } from '../../inventory';
import { type ArrivingDevice, arrivalPosting, CONSIGNMENT_DOCUMENT } from '../domain/consignment';
import { auditConsignment, receivedDevices, writeArrived } from '../store/consignment.store';
import { consignment } from '../store/consignment.table';
import { supplier } from '../store/supplier.table';
import { draftFor } from './consignment-receipt';

/** Puts a receipt of goods on consignment into the books, once: devices only, no value and no debt. */
export function postConsignment(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string; devices: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await draftFor(unit, actor, command);
      const rows = await receivedDevices(unit, row.id);
      if (rows.length === 0 || row.locationId === null) throw invalid('purchasing:error.no_lines');
      unit.needIds(deviceEvent, rows.length);
      const party = await unit.get(supplier, row.supplierId);
      const devices = await arriving(unit, rows);
      const { id, number, storeId, supplierId, locationId } = row;
      const { deviceIds } = await post(
        unit,
        arrivalPosting(
          { type: CONSIGNMENT_DOCUMENT, id, number, businessDate: unit.today, storeId },
          { locationId, supplierId, supplierName: party?.name ?? '' },
          devices,
        ),
      );
      const ids = devices.map((one) => [one.id, one.known?.deviceId ?? deviceIds.get(String(one.id)) ?? 0] as const);
      await writeArrived(unit, new Map(ids), unit.today);
      await unit.update(
        consignment,
        id,
        { state: 'posted', businessDate: unit.today, postedAt: unit.now, postedByName: actor.name },
        row.version,
      );
      await auditConsignment(unit, row, 'post', { devices: rows.length });
      return { number, devices: rows.length };
    },
    options,
  );
}

/** The devices as the books know them. Numbers that came into the books since they were scanned are all named. */
async function arriving(unit: Unit, rows: readonly ConsignedDeviceRow[]): Promise<ArrivingDevice[]> {
  const values = rows.flatMap(({ numbers }) => numbers.map(({ value }) => value));
  const held = (await findByNumbers(unit, values)).filter(({ active }) => active);
  const holders = new Map(held.map(({ number, deviceId }) => [number, deviceId]));
  const onBooks = await devicesFor(unit, [...new Set(holders.values())]);
  const theirs = await activeNumbers(unit, [...onBooks.keys()]);
  const inTheWay: string[] = [];
  const devices = rows.map(({ id, skuId, numbers: identifiers, mainNumber }): ArrivingDevice => {
    const ids = new Set(identifiers.flatMap(({ value }) => holders.get(value) ?? []));
    const [deviceId] = ids;
    if (deviceId === undefined) return { id, skuId, identifiers };
    const device = onBooks.get(deviceId);
    if (ids.size > 1 || device?.state !== 'returned_to_supplier') {
      inTheWay.push(mainNumber);
      return { id, skuId, identifiers };
    }
    const has = new Set((theirs.get(deviceId) ?? []).map(({ value }) => value));
    const add = identifiers.filter(({ value }) => !has.has(value));
    return { id, skuId, identifiers, known: { deviceId, place: placeOf(device), costFen: device.costFen, add } };
  });
  if (inTheWay.length > 0)
    throw invalid(
      'purchasing:error.numbers_in_books',
      { count: inTheWay.length, number: inTheWay[0] },
      inTheWay.slice(0, 20).map((number) => ({
        path: `device.${number}`,
        code: 'purchasing:error.number_in_books',
        details: { number },
      })),
    );
  return devices;
}
