import { DomainError, type FieldProblem, invalidField, normaliseName, notFound } from '../../../kernel';
import { deviceEvent, type DeviceOnBooks, devicesFor, post, reverse, shownNumbers } from '../../../ledger';
import { type Actor, authorise, can } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { newPrice, pricePosting, type PriceWay, type RepricedDevice } from '../domain/device-pricing';
import { type ListPrice, listPricesOf } from '../queries/price-floors';
import { devicePriceChange, type DevicePriceChangeRow, devicePriceLine } from '../store/device-price.table';

export const PRICE_PERMISSION = 'inventory.price.change';
/** To ask less for a device than the floor of its product: the till then sells at it without approval. */
const BELOW_FLOOR = 'inventory.price.below';
export const MOST_PRICED = 1000;

export interface PriceDevices {
  deviceIds: readonly number[];
  way: PriceWay;
  /** Fen, or basis points for `percent`; nothing for `clear`. */
  value: number | null;
  reason: string;
}

export interface DevicesPriced {
  documents: { id: number; number: string }[];
  devices: number;
  /** Not in stock any more, or asking this price already. */
  left: number;
}

/**
 * Gives single devices prices of their own, a document for each store, all or none. Devices that were sold meanwhile and those
 * that ask this price already are left out. 422 with each device by number when a price cannot be made, or lies below the floor
 * without the right.
 */
export function priceDevices(
  uow: UnitOfWork,
  actor: Actor,
  command: PriceDevices,
  options?: RunOptions,
): Promise<DevicesPriced> {
  return uow.run(
    actor,
    async (unit) => {
      const { way } = command;
      const reason = normaliseName(command.reason);
      if (reason === '') throw invalidField('reason', 'errors:field.required');
      if ([...reason].length > 200) throw invalidField('reason', 'errors:field.too_long', { max: 200 });
      const value = way === 'clear' ? 0 : command.value;
      if (value === null || value < 0 || (value === 0 && way !== 'clear') || (way === 'percent' && value > 100_000))
        throw invalidField('value', 'inventory:error.price_value');
      const ids = [...new Set(command.deviceIds)];
      if (ids.length > MOST_PRICED)
        throw new DomainError('inventory:error.price_many', { details: { max: MOST_PRICED } });
      unit.needIds(deviceEvent, ids.length);
      const rows = [...(await devicesFor(unit, ids)).values()];
      for (const storeId of new Set(rows.map((row) => row.storeId)))
        authorise(actor, PRICE_PERMISSION, storeId ?? undefined);
      const priced = await pricesFor(unit, rows.filter(inStock), { ...command, value });
      if (priced.length === 0) throw new DomainError('inventory:error.price_nothing');
      const documents: DevicesPriced['documents'] = [];
      for (const [storeId, here] of Map.groupBy(priced, ({ row }) => row.storeId ?? 0))
        documents.push(await writeChange(unit, storeId, here, { way, value: way === 'clear' ? null : value, reason }));
      return { documents, devices: priced.length, left: ids.length - priced.length };
    },
    options,
  );
}

const inStock = ({ state, bucket }: DeviceOnBooks): boolean =>
  (state === 'in_stock' || state === 'in_transit') && bucket !== null;

type Priced = RepricedDevice & ListPrice & { belowFloor: boolean };

async function pricesFor(
  unit: Unit,
  rows: readonly DeviceOnBooks[],
  { way, value }: { way: PriceWay; value: number },
): Promise<Priced[]> {
  const { prices, skus } = await listPricesOf(unit, rows, { at: unit.now, on: unit.today });
  const wrong: { id: number; code: string; name: string }[] = [];
  const priced: Priced[] = [];
  for (const row of rows) {
    const { listFen = null, floorFen = null } = prices.get(row.id) ?? {};
    const found = newPrice(way, value, { ownFen: row.priceFen, listFen });
    const refuse = (code: string): void =>
      void wrong.push({ id: row.id, code: `inventory:error.price_${code}`, name: skus.get(row.skuId)?.name ?? '' });
    if ('problem' in found) {
      refuse(found.problem);
      continue;
    }
    const { priceFen } = found;
    if (priceFen === row.priceFen) continue;
    const belowFloor = priceFen !== null && floorFen !== null && priceFen < floorFen;
    if (belowFloor && !can(unit.actor, BELOW_FLOOR, row.storeId ?? undefined)) refuse('below_floor');
    else priced.push({ row, priceFen, listFen, floorFen, belowFloor });
  }
  if (wrong.length > 0) throw await refused(unit, wrong);
  return priced;
}

async function refused(unit: Unit, wrong: readonly { id: number; code: string; name: string }[]): Promise<DomainError> {
  const named = wrong.slice(0, 20);
  const numbers = await shownNumbers(
    unit,
    named.map(({ id }) => id),
  );
  const fields = named.map(({ id, code, name }): FieldProblem => {
    const details = { name, number: numbers.get(id) ?? '' };
    return { path: `device.${id}`, code, details };
  });
  return new DomainError('inventory:error.price_refused', { details: { count: wrong.length }, fields });
}

async function writeChange(
  unit: Unit,
  storeId: number,
  priced: readonly Priced[],
  { way, value, reason }: { way: PriceWay; value: number | null; reason: string },
): Promise<{ id: number; number: string }> {
  const store = await getStore(unit, storeId);
  const id = unit.takeIds(devicePriceChange);
  const number = unit.documentNumber('TJ', store.code, unit.today);
  await unit.insert(devicePriceChange, [
    {
      id,
      number,
      storeId,
      businessDate: unit.today,
      way,
      value,
      reason,
      state: 'posted',
      devices: priced.length,
      reversalNumber: null,
      createdAt: unit.now,
      createdBy: unit.actor.userId,
      createdByName: unit.actor.name,
      version: 1,
    },
  ]);
  const firstId = unit.takeIds(devicePriceLine, priced.length);
  await unit.insert(
    devicePriceLine,
    priced.map(({ row, priceFen, listFen, belowFloor }, index) => ({
      id: firstId + index,
      changeId: id,
      lineNo: index + 1,
      deviceId: row.id,
      listFen,
      beforeFen: row.priceFen,
      afterFen: priceFen,
      belowFloor,
    })),
  );
  const document = { type: 'inventory.price', id, number, businessDate: unit.today, storeId };
  await post(unit, pricePosting(document, { reason, devices: priced }));
  await auditPrice(unit, { id, number, storeId }, 'post', { reason, devices: priced.length });
  return { id, number };
}

/** Puts the prices back as they were, dated today, while nothing later happened to the devices. */
export function reverseDevicePrices(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      await unit.lock(devicePriceChange, [id]);
      const row = await unit.get(devicePriceChange, id);
      if (!row) throw notFound('inventory.price', id);
      authorise(actor, PRICE_PERMISSION, row.storeId);
      if (row.state !== 'posted')
        throw new DomainError('inventory:error.change_state', { status: 409, details: { number: row.number } });
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('TJ', store.code, unit.today);
      const document = { type: 'inventory.price', id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(devicePriceChange, id, { state: 'reversed', reversalNumber: number }, version);
      await auditPrice(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}

const auditPrice = (
  unit: Unit,
  { id, number, storeId }: Pick<DevicePriceChangeRow, 'id' | 'number' | 'storeId'>,
  what: string,
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `inventory.price.${what}`,
    subjectType: 'inventory.price',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
