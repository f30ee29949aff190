import { priceDevices } from '../../../modules/inventory';
import type { Story } from '../shelf';
import { changeStock } from './changes';
import { devicesIn, oneOfEach } from './devices';

const ON_DISPLAY = 3;
/** Basis points of the list price. */
const DISPLAYED_AT = 9200;
const LONG_HELD_AT = 9500;

/** Handsets on the display table, found broken or held back; old ones that are made cheaper. */
export const devicesOutOfSale =
  (): Story =>
  async ({ market: { company }, uow, day, daysLeft }) => {
    const { read } = uow.database;
    const turn = company.stores[Math.floor(daysLeft / 8) % company.stores.length];
    const [first] = company.stores;
    if (!turn || !first) return;
    if (day === 1)
      for (const store of company.stores)
        await changeStock(uow, {
          store,
          reason: '出样陈列',
          devices: await oneOfEach(read, store, { most: ON_DISPLAY }),
        });
    if (daysLeft % 8 === 5 && day > 1)
      await changeStock(uow, {
        store: turn,
        reason: '检出不良',
        note: '开箱屏幕有亮点',
        devices: await oneOfEach(read, turn, { most: 1, skip: 2 }),
      });
    if (daysLeft === 6 && day > 1)
      await changeStock(uow, {
        store: first,
        reason: '来货待检',
        note: '外箱破损，等待开箱查验',
        devices: await oneOfEach(read, first, { most: 3, skip: 4 }),
      });
    if (daysLeft === 3) {
      const held = await devicesIn(read, first, 'quarantine', 1);
      if (held.length > 0) await changeStock(uow, { store: first, reason: '检测合格', devices: held });
    }
    // What was on the table is sold cheaper than new.
    if (daysLeft % 15 === 4 && day > 1) {
      const shown = await devicesIn(read, turn, 'demo', 1);
      if (shown.length > 0) {
        await changeStock(uow, { store: turn, reason: '撤样上架', devices: shown });
        await cheaper(shown, DISPLAYED_AT, '样机清仓');
      }
    }
    if (daysLeft % 20 === 8 && day > 5)
      await cheaper(await oneOfEach(read, turn, { most: 3 }), LONG_HELD_AT, '库龄较长');

    async function cheaper(devices: readonly { id: number }[], value: number, reason: string): Promise<void> {
      if (devices.length === 0) return;
      const deviceIds = devices.map(({ id }) => id);
      await priceDevices(uow, company.owner, { deviceIds, way: 'percent', value, reason });
    }
  };
