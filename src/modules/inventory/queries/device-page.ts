import { type BusinessDate, notFound } from '../../../kernel';
import { type DeviceLife, deviceLife } from '../../../ledger';
import type { Reader } from '../../../platform/database';
import type { Actor } from '../../../platform/permissions';
import { type SkuCard, skusByIds } from '../../catalog';
import { type LocationRow, locationsByIds, type StoreRow, storesByIds } from '../../organization';
import { consignedTerms } from './consigned-terms';
import { pricesOf } from '../../pricing';

export interface DevicePageData extends DeviceLife {
  sku: SkuCard;
  stores: Map<number, StoreRow>;
  locations: Map<number, LocationRow>;
  /** Asked price including tax, individual or from the list; null when there is none. */
  askFen: number | null;
  /** What its supplier gets once it is sold, without tax; null: it is not here on consignment. */
  agreedFen: number | null;
}

/**
 * A device with its whole life, for who may see the store where it is, or one that it has been in: a sold handset that
 * comes back to another shop must be found there. Throws 404 otherwise, as for a device that does not exist.
 */
export async function devicePageData(
  read: Reader,
  actor: Actor,
  deviceId: number,
  { now, today }: { now: number; today: BusinessDate },
): Promise<DevicePageData> {
  const life = await deviceLife(read, deviceId);
  if (!life) throw notFound('inventory.device', deviceId);
  const { device, events } = life;
  const scope = actor.scope('inventory.device.view');
  const storeIds = [
    ...new Set([device.storeId, ...events.flatMap((event) => [event.fromStoreId, event.toStoreId])]),
  ].filter((id): id is number => id !== null);
  if (scope !== 'all' && !storeIds.some((id) => scope.includes(id))) throw notFound('inventory.device', deviceId);
  const sku = (await skusByIds(read, [device.skuId])).get(device.skuId);
  if (!sku) throw notFound('catalog.sku', device.skuId);
  const locationIds = [
    device.locationId,
    ...events.flatMap((event) => [event.fromLocationId, event.toLocationId]),
  ].filter((id): id is number => id !== null);
  const prices =
    device.priceFen === null
      ? await pricesOf(read, [device.skuId], { storeId: device.storeId, at: now, on: today })
      : undefined;
  return {
    ...life,
    sku,
    stores: await storesByIds(read, storeIds),
    locations: await locationsByIds(read, locationIds),
    agreedFen:
      (await consignedTerms(read, device.ownership === 'consigned' ? [device.id] : [])).get(device.id)?.netFen ?? null,
    askFen: device.priceFen ?? prices?.get(device.skuId)?.priceFen ?? null,
  };
}
