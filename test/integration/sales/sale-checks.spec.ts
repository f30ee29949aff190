import { expect } from 'chai';
import { postSale, returnSale, reverseSale, saleLine } from '../../../src/modules/sales';
import { saleChecks } from '../../../src/modules/sales/queries/checks';
import type { Database } from '../../../src/platform/database';
import { systemActor } from '../../../src/platform/permissions';
import { forEachDatabase } from '../../support/databases';
import { sampleShop } from '../../support/sample-shop';

const actor = systemActor('李婷');

class Undone extends Error {}

/** Which checks find something after the statement, and how often; it is rolled back afterwards. */
async function findingsAfter(database: Database, statement: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const work = database.transaction(async (tx) => {
    expect(await tx.execute({ pieces: [statement] }), statement).to.be.greaterThan(0);
    for (const { id, run } of saleChecks) {
      const { count, findings } = await run(tx);
      if (count > 0) found[id] = count;
      expect(findings.length).to.equal(count);
      for (const finding of findings) expect(finding).to.match(/^(X[ST]|JB)/);
    }
    throw new Undone();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return found;
}

describe('checks of sales', () => {
  forEachDatabase((context) => {
    it('find what was changed by hand, and only that', async () => {
      const { uow, database } = await context.openUow();
      const shop = await sampleShop(uow);
      const sell = (index: number) =>
        postSale(uow, actor, {
          registerId: shop.registerId,
          lines: [
            { skuId: shop.phoneSkuIds[0], deviceId: shop.devices[index]!.id, quantity: 1, discountFen: 0 },
            { skuId: shop.chargerSkuId, quantity: 2, discountFen: 0 },
          ],
          tenders: [{ kind: 'cash', amountFen: 500_000 }],
        });
      const { saleId } = await sell(0);
      const other = await sell(1);
      const [, chargers] = await database.read.find(saleLine, { saleId });
      const back = await returnSale(uow, actor, {
        originalSaleId: saleId,
        registerId: shop.registerId,
        lines: [{ lineId: chargers!.id, quantity: 1 }],
        bucket: 'sellable',
        refunds: [{ kind: 'cash', amountFen: null }],
        reason: '不想要了',
      });
      const undone = await sell(2);
      await reverseSale(uow, actor, { saleId: undone.saleId, reason: '扫错了' });
      const faults: [statement: string, expected: Record<string, number>][] = [
        [`UPDATE sale SET version = version + 1 WHERE id = ${saleId}`, {}],
        [`UPDATE sale_tender SET amount_fen = amount_fen + 1 WHERE sale_id = ${saleId}`, { 'sales.tenders': 1 }],
        [`DELETE FROM sale_tender WHERE sale_id = ${other.saleId}`, { 'sales.tenders': 1 }],
        [`UPDATE sale SET gross_fen = gross_fen + 1`, { 'sales.tenders': 4, 'sales.lines': 4, 'sales.shift': 1 }],
        [`UPDATE shift SET sale_count = sale_count + 1 WHERE sale_count > 0`, { 'sales.shift': 1 }],
        [`UPDATE shift SET sale_gross_fen = 0`, { 'sales.shift': 1 }],
        [`UPDATE sale_line SET cost_fen = cost_fen - 1 WHERE id = ${chargers!.id}`, { 'sales.lines': 1 }],
        [`UPDATE sale_line SET net_fen = net_fen + 1, tax_fen = tax_fen - 1`, { 'sales.lines': 4 }],
        [`UPDATE sale_line SET returned_quantity = 0 WHERE id = ${chargers!.id}`, { 'sales.returned': 1 }],
        [`UPDATE sale_line SET returned_quantity = 1 WHERE sale_id = ${other.saleId}`, { 'sales.returned': 1 }],
        [
          `UPDATE sale_line SET original_line_id = NULL WHERE sale_id = ${back.saleId} AND original_line_id IS NOT NULL`,
          { 'sales.returned': 1 },
        ],
        [`UPDATE sale SET kind = 'return' WHERE id = ${other.saleId}`, { 'sales.posted': 1 }],
      ];
      for (const [statement, expected] of faults)
        expect(await findingsAfter(database, statement), statement).to.deep.equal(expected);
    });
  });
});
