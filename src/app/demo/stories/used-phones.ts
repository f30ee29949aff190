import { priceDevices, testDevice } from '../../../modules/inventory';
import { receiveGoods } from '../../../modules/purchasing';
import { type Reader, sql } from '../../../platform/database';
import type { DemoStore } from '../company';
import type { Market, Story } from '../shelf';

const BOUGHT_EVERY = 9;
const BOUGHT = 3;
/** Grade, battery in percent, its price in basis points of one in good order, what was found. */
const CONDITIONS = [
  { grade: '99新', battery: 98, price: 10_500, failed: null },
  { grade: '95新', battery: 91, price: 10_000, failed: null },
  { grade: '9成新', battery: 86, price: 9300, failed: null },
  { grade: '8成新', battery: 81, price: 8500, failed: null },
  { grade: '外观瑕疵', battery: 84, price: 7800, failed: '听筒、扬声器、话筒' },
] as const;

/** Used phones come from a dealer, are tested the day after, get a grade and a price of their own. The last ones wait. */
export const usedPhones =
  (): Story =>
  async ({ market, uow, date, day, daysLeft }) => {
    const { company, random, newNumbers } = market;
    const store = company.stores[Math.floor(daysLeft / BOUGHT_EVERY) % 2 === 0 ? 0 : 2];
    if (!store) return;
    if (daysLeft % BOUGHT_EVERY === 0 && day > 0) {
      const lines = Array.from({ length: BOUGHT }, () => random.pick(company.usedPhones));
      await receiveGoods(uow, company.buyer, {
        supplierId: company.usedSupplierId,
        storeId: store.id,
        locationId: store.locationId,
        businessDate: date,
        deliveryNote: null,
        withInvoice: true,
        note: '二手机，入库后检测定级',
        lines: [...new Set(lines)].map((phone) => {
          const devices = lines.filter((one) => one === phone).map(() => newNumbers(phone.model.tac));
          return { skuId: phone.skuId, quantity: devices.length, unitPriceFen: phone.costFen, devices };
        }),
      });
    }
    if (daysLeft % BOUGHT_EVERY === BOUGHT_EVERY - 1)
      for (const place of company.stores) await testNew(market, uow, place);
  };

async function testNew(
  { company, random }: Market,
  uow: Parameters<typeof testDevice>[0],
  { locationId, manager }: DemoStore,
): Promise<void> {
  const { read } = uow.database;
  const skuIds = company.usedPhones.map(({ skuId }) => skuId);
  const untested = await read.all<{ id: number; skuId: number }>(
    sql`SELECT id, sku_id FROM device
      WHERE location_id = ${locationId} AND state = 'in_stock' AND grade IS NULL AND sku_id IN (${sql.list(skuIds)}) ORDER BY id`,
  );
  for (const { id, skuId } of untested) {
    const condition = random.pick(CONDITIONS);
    const checks = await wordsOf(read, 'inventory.deviceChecks');
    await testDevice(uow, manager, {
      deviceId: id,
      gradeId: (await wordsOf(read, 'inventory.deviceGrades')).get(condition.grade) ?? 0,
      batteryHealth: condition.battery,
      note: condition.failed === null ? '' : '扬声器破音，已在价格中扣减',
      results: new Map(
        [...checks].map(([name, checkId]) => [
          checkId,
          { outcome: name === condition.failed ? 'fail' : 'pass', remark: '' },
        ]),
      ),
    });
    const listFen = company.usedPhones.find((phone) => phone.skuId === skuId)?.priceFen ?? 0;
    await priceDevices(uow, company.owner, {
      deviceIds: [id],
      way: 'amount',
      value: Math.round((listFen * condition.price) / 10_000 / 1000) * 1000,
      reason: `${condition.grade}，电池 ${condition.battery}%`,
    });
  }
}

async function wordsOf(read: Reader, set: string): Promise<Map<string, number>> {
  const rows = await read.all<{ id: number; name: string }>(
    sql`SELECT id, name FROM config_record WHERE set_name = ${set} ORDER BY id`,
  );
  return new Map(rows.map(({ id, name }) => [name, id]));
}
