import { expect } from 'chai';
import { parseBusinessDate } from '../../../src/kernel';
import { placeOrder, receiveGoods } from '../../../src/modules/purchasing';
import {
  boughtProducts,
  defectiveDevices,
  deviceSums,
  dueLines,
  dueSums,
} from '../../../src/modules/purchasing/queries/scorecard';
import { purchaseOrderLine } from '../../../src/modules/purchasing/store/order.table';
import { sql } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';
import { imeisOf, samplePurchasing } from '../../support/purchasing';

const system = systemActor('test');
const clock = () => Date.parse('2026-11-22T04:00:00Z');
const day = parseBusinessDate;
const period = {
  from: day('2026-11-01'),
  to: day('2026-11-22'),
  today: day('2026-11-22'),
  storeId: null,
  supplierId: null,
};

describe('the figures of suppliers', function () {
  this.timeout(60_000);
  forEachDatabase((context) => {
    it('agree with their rows', async () => {
      const { database, uow } = await context.openUow({ clock });
      const { supplierId, storeId, locationId, chargerSkuId, phoneSkuIds } = await samplePurchasing(uow);
      const header = { supplierId, storeId, locationId, deliveryNote: null, withInvoice: false, note: null };
      const { id } = await placeOrder(uow, system, {
        supplierId,
        storeId,
        orderedOn: '2026-11-01',
        expectedOn: '2026-11-10',
        note: null,
        submit: true,
        lines: [
          { skuId: chargerSkuId, storeId, quantity: 20, unitPriceFen: 5500 },
          { skuId: chargerSkuId, storeId, quantity: 5, unitPriceFen: 5500, expectedOn: '2026-11-30' },
        ],
      });
      const [first] = await database.read.find(purchaseOrderLine, { orderId: id });
      const order = { lineId: first?.id ?? 0, unitPriceFen: 5500 };
      const receive = (businessDate: string, lines: Parameters<typeof receiveGoods>[2]['lines']) =>
        receiveGoods(uow, system, { ...header, businessDate, lines });
      await receive('2026-10-20', [{ skuId: chargerSkuId, quantity: 10, unitPriceFen: 5000 }]);
      await receive('2026-11-10', [{ skuId: chargerSkuId, quantity: 12, order }]);
      await receive('2026-11-12', [{ skuId: chargerSkuId, quantity: 5, order }]);
      await receive('2026-11-15', [{ skuId: phoneSkuIds[0], quantity: 2, unitPriceFen: 392_000, devices: imeisOf(2) }]);
      await uow.run(system, (unit) => unit.execute(sql`UPDATE device SET bucket = 'defective' WHERE id > ${0}`));
      const { read } = database;
      expect(await dueSums(read, system, period)).to.eql([
        { supplierId, lines: 1, quantity: 20, onTime: 12, short: 3 },
      ]);
      const lines = await dueLines(read, system, { ...period, supplierId, storeId });
      expect(lines.map(({ orderId, onTime, received, short }) => [orderId, onTime, received, short])).to.eql([
        [id, 12, 17, 3],
      ]);
      expect(await deviceSums(read, system, period)).to.eql([{ supplierId, devices: 2, defective: 2 }]);
      expect(await defectiveDevices(read, system, { ...period, supplierId })).to.have.length(2);
      const bought = await boughtProducts(read, system, period);
      const chargers = bought.find(({ skuId }) => skuId === chargerSkuId);
      expect(chargers).to.include({ pieces: 17, amountFen: 93_500, piecesBefore: 10, amountBeforeFen: 50_000 });
      const earlier = { ...period, from: day('2026-09-01'), to: day('2026-09-30') };
      expect(await dueSums(read, system, earlier)).to.eql([]);
    });
  });
});
