import { fromInstant } from '../../../kernel';
import { deviceTotals, stockTotals } from '../../../modules/inventory';
import { daySums, salesByBrand } from '../../../modules/reporting';
import { type SelfTestFlow, stock, words, yuan } from '../bench';

/**
 * The figures of the dashboard and of the stock lists: the sale of 4746.00 less the return of 226.00, at the cost that left;
 * 2 + 2 handsets, 15 chargers and 26 cases.
 */
export const reports: SelfTestFlow = {
  id: 'reports',
  run: async ({ services: { database, clock, timeZone }, shop, expect }) => {
    const now = clock();
    const today = fromInstant(now, timeZone);
    const filter = { scope: 'all' as const, storeId: shop.storeId, today, now, timeZone };
    const day = await daySums(database.read, filter, today, now);
    expect('sales', words('step.salesToday'), yuan(day.grossFen), yuan(452_000));
    expect('net', words('step.netToday'), yuan(day.netFen), yuan(400_000));
    expect('profit', words('step.profitToday'), yuan(day.netFen - day.costFen), yuan(100_000));
    expect('count', words('step.countToday'), `${day.sales} / ${day.devices}`, '1 / 1');
    const brands = await salesByBrand(database.read, filter);
    expect('brand', words('step.brandSales'), yuan(brands.reduce((sum, row) => sum + row.grossFen, 0)), yuan(452_000));
    const where = { storeId: shop.storeId, text: '', scope: 'all' as const };
    const all = await stockTotals(database.read, { ...where, bucket: null, kind: null });
    expect('stock', words('step.stockTotal'), stock(all.quantity, all.valueFen), stock(45, 1_163_000));
    const listed = { ...where, view: 'stock' as const, brandId: null, skuId: null, today };
    const devices = await deviceTotals(database.read, listed);
    expect('devices', words('step.deviceTotal'), stock(devices.count, devices.costFen), stock(4, 1_000_000));
  },
};
