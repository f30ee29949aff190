import { type Ctx, page, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { listBrands, listCategories } from '../queries/categories';
import { productList, productListSpec, skuList, type SkuListRow, skuListSpec } from '../queries/product-list';
import { barcodesOf } from '../queries/product-page';
import { type CatalogChoices, productListPage, PRODUCTS } from './products.page';

const view = { permission: 'catalog.product.view' };

export async function catalogChoices(ctx: Ctx): Promise<CatalogChoices> {
  return { brands: await listBrands(ctx.read), categories: await listCategories(ctx.read) };
}

export const productListRoutes: readonly Route[] = [
  {
    method: 'get',
    path: PRODUCTS,
    access: view,
    handler: async (ctx) => {
      const query = readListQuery(productListSpec, ctx.query);
      const found = pageOf(query, await productList(ctx.read, ctx.actor, query));
      return page(
        'catalog/list',
        ctx.t('catalog:product.title'),
        productListPage(ctx, query, found, await catalogChoices(ctx)),
      );
    },
  },
  {
    method: 'get',
    path: `${PRODUCTS}/export`,
    access: view,
    // One row per variant, with the columns that the import takes back.
    handler: (ctx) =>
      Promise.resolve(
        exportReply<SkuListRow & { barcodes: string }>(ctx, {
          name: ctx.t('catalog:export.name', { date: ctx.today }),
          sheet: ctx.t('catalog:product.title'),
          columns: (
            [
              'code',
              'product',
              'brand',
              'category',
              'model',
              'memory',
              'colour',
              'network',
              'variant',
              'tracking',
              'barcodes',
            ] as const
          )
            .map((key) => ({ header: ctx.t(`catalog:export.${key}`), type: 'text' as 'text' | 'percent' | 'bool' }))
            .concat([
              { header: ctx.t('catalog:export.taxRate'), type: 'percent' },
              { header: ctx.t('catalog:export.active'), type: 'bool' },
            ]),
          query: readListQuery(skuListSpec, ctx.query),
          load: async (query) => {
            const rows = await skuList(ctx.read, ctx.actor, query);
            const barcodes = await barcodesOf(
              ctx.read,
              rows.map((row) => row.id),
            );
            return rows.map((row) => ({ ...row, barcodes: (barcodes.get(row.id) ?? []).join(', ') }));
          },
          toRow: (row) => [
            row.code,
            row.productName,
            row.brandName,
            row.categoryName,
            row.modelNumber,
            row.memory,
            row.colour,
            row.network,
            row.variant,
            ctx.t(`catalog:tracking.${row.tracking}`),
            row.barcodes,
            row.taxRateBp,
            Boolean(row.active),
          ],
        }),
      ),
  },
];
