import type { Ctx } from '../../../platform/http';
import type { ListQuery } from '../../../platform/lists';
import { readListQuery } from '../../../platform/lists';
import { DEVICE_VIEWS, type DeviceFilter, deviceListSpec, type DeviceView } from '../queries/device-list';
import { BUCKETS } from '../../../ledger';
import { STOCK_LIST, type StockFilter } from '../queries/stock-list';

const idOrNull = (text: string | undefined): number | null =>
  text && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;

/** Address → list and filter of the devices page; the store of the top bar holds unless the address names one. */
export function deviceQuery(ctx: Ctx): { query: ListQuery; filter: DeviceFilter } {
  const view = DEVICE_VIEWS.find((candidate) => candidate === ctx.query.view) ?? 'stock';
  const query = readListQuery(deviceListSpec(view satisfies DeviceView), ctx.query);
  return {
    query,
    filter: {
      view,
      text: query.filters.q ?? '',
      storeId: idOrNull(query.filters.store) ?? ctx.store?.id ?? null,
      brandId: idOrNull(query.filters.brand),
      skuId: idOrNull(query.filters.sku),
      scope: ctx.actor.scope('inventory.device.view'),
      today: ctx.today,
    },
  };
}

export function stockQuery(ctx: Ctx): { query: ListQuery; filter: StockFilter } {
  const query = readListQuery(STOCK_LIST, ctx.query);
  const { kind, bucket } = query.filters;
  return {
    query,
    filter: {
      text: query.filters.q ?? '',
      storeId: idOrNull(query.filters.store) ?? ctx.store?.id ?? null,
      bucket: BUCKETS.find((candidate) => candidate === bucket) ?? null,
      kind: kind === 'devices' || kind === 'goods' ? kind : null,
      scope: ctx.actor.scope('inventory.stock.view'),
    },
  };
}
