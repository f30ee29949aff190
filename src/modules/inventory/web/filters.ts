import type { Ctx } from '../../../platform/http';
import { type ListQuery, type ListSpec, readListQuery, withoutCostSorts } from '../../../platform/lists';
import { seesCostIn, type StoreScope } from '../../../platform/permissions';
import { DEVICE_VIEWS, type DeviceFilter, deviceListSpec, type DeviceView } from '../queries/device-list';
import { BUCKETS } from '../../../ledger';
import { isBusinessDate } from '../../../kernel';
import { categoryBranch, type CategoryNode } from '../../catalog';
import { AGE_BANDS } from '../domain/device-status';
import { MOVEMENT_LIST, type MovementFilter, STOCK_DOCUMENTS } from '../queries/movement-list';
import { STOCK_LIST, type StockFilter } from '../queries/stock-list';

/** Whose stock may be. */
export const STOCK_OWNERS = ['own', 'consigned', 'borrowed'] as const;

/** Of purchasing: who may not see suppliers is not shown whose devices are whose. */
export const SUPPLIER_PERMISSION = 'purchasing.supplier.view';

const idOrNull = (text: string | undefined): number | null =>
  text && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;

/** Address → list and filter of the devices page; the store of the top bar holds unless the address names one. */
export function deviceQuery(ctx: Ctx, categories: readonly CategoryNode[]): { query: ListQuery; filter: DeviceFilter } {
  const view = DEVICE_VIEWS.find((candidate) => candidate === ctx.query.view) ?? 'stock';
  const scope = ctx.actor.scope('inventory.device.view');
  const query = costlyQuery(ctx, deviceListSpec(view satisfies DeviceView), scope);
  const categoryId = idOrNull(query.filters.category);
  return {
    query,
    filter: {
      view,
      text: query.filters.q ?? '',
      storeId: idOrNull(query.filters.store) ?? ctx.store?.id ?? null,
      brandId: idOrNull(query.filters.brand),
      skuId: idOrNull(query.filters.sku),
      productId: idOrNull(query.filters.product) ?? undefined,
      categoryIds: categoryId === null ? undefined : categoryBranch(categories, categoryId).slice(0, 500),
      supplierId: (ctx.can(SUPPLIER_PERMISSION) ? idOrNull(query.filters.supplier) : null) ?? undefined,
      ownership: STOCK_OWNERS.find((known) => known === query.filters.ownership),
      age: AGE_BANDS.find((band) => band === query.filters.age),
      grade: query.filters.grade?.slice(0, 10),
      batteryFrom: idOrNull(query.filters.battery?.slice(0, 3)) ?? undefined,
      priceFromFen: yuanOf(query.filters.priceFrom),
      priceToFen: yuanOf(query.filters.priceTo),
      scope,
      today: ctx.today,
    },
  };
}

/** Fen of whole yuan as typed; what is no amount does not filter. */
const yuanOf = (text: string | undefined): number | undefined =>
  text && /^\d{1,9}$/.test(text) ? Number(text) * 100 : undefined;

export function stockQuery(ctx: Ctx): { query: ListQuery; filter: StockFilter } {
  const scope = ctx.actor.scope('inventory.stock.view');
  const query = costlyQuery(ctx, STOCK_LIST, scope);
  const { kind, bucket } = query.filters;
  return {
    query,
    filter: {
      text: query.filters.q ?? '',
      storeId: idOrNull(query.filters.store) ?? ctx.store?.id ?? null,
      bucket: BUCKETS.find((candidate) => candidate === bucket) ?? null,
      kind: kind === 'devices' || kind === 'goods' ? kind : null,
      scope,
    },
  };
}

/** The list as the reader may sort it, in the stores that its address asks for. */
function costlyQuery(ctx: Ctx, spec: ListSpec, scope: StoreScope): ListQuery {
  const storeId = idOrNull(readListQuery(spec, ctx.query).filters.store) ?? ctx.store?.id ?? null;
  return readListQuery(seesCostIn(ctx.actor, scope, storeId) ? spec : withoutCostSorts(spec), ctx.query);
}

export function movementQuery(ctx: Ctx): { query: ListQuery; filter: MovementFilter } {
  const query = readListQuery(MOVEMENT_LIST, ctx.query);
  const { q, store, location, document, bucket, product, sku, device, from, to } = query.filters;
  const dateOrNull = (text: string | undefined): string | null => (isBusinessDate(text) ? text : null);
  return {
    query,
    filter: {
      text: q ?? '',
      storeId: idOrNull(store) ?? ctx.store?.id ?? null,
      locationId: idOrNull(location),
      documentType: STOCK_DOCUMENTS.find((candidate) => candidate === document) ?? null,
      bucket: BUCKETS.find((candidate) => candidate === bucket) ?? null,
      productId: idOrNull(product),
      skuId: idOrNull(sku),
      deviceId: idOrNull(device),
      from: dateOrNull(from),
      to: dateOrNull(to),
      scope: ctx.actor.scope('inventory.stock.view'),
    },
  };
}
