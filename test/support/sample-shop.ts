import { completeImei } from '../../src/kernel';
import { postOpeningStock } from '../../src/modules/inventory';
import { openShift, saveRegister } from '../../src/modules/sales';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { sampleCatalog, type SampleCatalog } from './sample-catalog';

export interface SampleShop extends SampleCatalog {
  /** Sellable handsets of the first store: five white 小米 17 (cost 3900.00 + index), then one of the other store. */
  devices: { id: number; imei: string; skuId: number; costFen: number }[];
  otherDevice: { id: number; imei: string };
  registerId: number;
  secondRegisterId: number;
  shiftId: number;
}

export const imeiOf = (index: number): string => completeImei(`86742106${String(300000 + index)}`);

/** A shop that can sell: stock of handsets and 10 chargers worth 500.01, two tills with open shifts. */
export async function sampleShop(uow: UnitOfWork, opener: Actor = systemActor('test')): Promise<SampleShop> {
  const catalog = await sampleCatalog(uow);
  const actor = systemActor('test');
  const costs = [390_000, 390_001, 390_002, 390_003, 390_004];
  const [white] = catalog.phoneSkuIds;
  await uow.run(actor, async (unit) => {
    const line = (lineNo: number, skuId: number, quantity: number, valueFen: number, imei?: string) => ({
      lineNo,
      skuId,
      storeId: catalog.storeId,
      locationId: catalog.locationId,
      quantity,
      valueFen,
      identifiers: imei ? [{ kind: 'imei' as const, value: imei }] : [],
      receivedOn: unit.today,
      makerWarrantyUntil: null,
    });
    await postOpeningStock(unit, {
      storeId: catalog.storeId,
      businessDate: unit.today,
      lines: [
        ...costs.map((costFen, index) => line(index + 1, white, 1, costFen, imeiOf(index))),
        line(6, catalog.chargerSkuId, 10, 50_001),
      ],
    });
    await postOpeningStock(unit, {
      storeId: catalog.otherStoreId,
      businessDate: unit.today,
      lines: [
        {
          ...line(1, white, 1, 388_000, imeiOf(50)),
          storeId: catalog.otherStoreId,
          locationId: catalog.otherLocationId,
        },
      ],
    });
  });
  const rows = await uow.database.read.all<{ id: number; value: string; skuId: number; costFen: number }>({
    pieces: [
      'SELECT d.id, i.value, d.sku_id, d.cost_fen FROM device d JOIN device_identifier i ON i.device_id = d.id ORDER BY d.id',
    ],
  });
  const devices = rows.map(({ id, value, skuId, costFen }) => ({ id, imei: value, skuId, costFen }));
  const register = (code: string) =>
    saveRegister(uow, actor, {
      id: null,
      storeId: catalog.storeId,
      code,
      name: `${code} 号机`,
      active: true,
      version: null,
    });
  const { registerId } = await register('1');
  const { registerId: secondRegisterId } = await register('2');
  const { shiftId } = await openShift(uow, opener, { registerId, openingFloatFen: 50_000 });
  await openShift(uow, actor, { registerId: secondRegisterId, openingFloatFen: 0 });
  const other = devices.find((device) => device.imei === imeiOf(50));
  if (!other) throw new Error('no device in the other store');
  return {
    ...catalog,
    devices: devices.filter((device) => device !== other),
    otherDevice: other,
    registerId,
    secondRegisterId,
    shiftId,
  };
}
