import type { Importer, ImportPlan, ImportProblem } from '../../../platform/modules';
import { PRODUCT_COLUMNS, planProductImport } from '../../catalog';
import { priceItem, priceList } from '../store/pricing.table';
import { setPrices } from './set-prices';

/**
 * Products with their prices from one file. It stands here and not in the catalog because it writes prices too; its id and
 * words are the catalog's.
 */
export const productImporter: Importer = {
  id: 'catalog.products',
  permission: 'catalog.product.edit',
  columns: PRODUCT_COLUMNS,
  plan: async (read, actor, rows, { onProgress: onRead }): Promise<ImportPlan> => {
    const products = await planProductImport(read, rows, onRead);
    const priced = products.rows.filter((row) => row.priceFen !== null);
    const problems: ImportProblem[] = [...products.problems];
    if (priced[0] && actor.scope('pricing.price.edit') !== 'all')
      problems.unshift({ line: priced[0].line, column: 'price', code: 'catalog:import.problem.price_right' });
    return {
      problems,
      summary: { ...products.summary, 'catalog:import.prices': priced.length },
      apply: async (unit, onProgress) => {
        unit.needIds(priceList, 1);
        unit.needIds(priceItem, priced.length);
        const total = products.rows.length + priced.length;
        const skuIds = await products.apply(unit, (done) => onProgress(done, total));
        const items = products.rows.flatMap(({ priceFen, floorFen }, index) =>
          priceFen === null ? [] : [{ skuId: skuIds[index] as number, priceFen, floorFen }],
        );
        if (items.length > 0) await setPrices(unit, { items });
        await onProgress(total, total);
      },
    };
  },
};
