import type { Ctx } from '../../../platform/http';
import { listHref, type ListQuery } from '../../../platform/lists';
import type { BatchPlaces } from '../queries/batches';
import { idOrNull, VIEW_STOCK } from './stock-filter';

/** Where the reader may look, narrowed to the store that the filter or the top bar names. */
export const placesOf = (ctx: Ctx): BatchPlaces => ({
  scope: ctx.actor.scope(VIEW_STOCK),
  storeId: idOrNull(ctx.query['store']) ?? ctx.store?.id ?? null,
});

export const storeField = (ctx: Ctx) => ({
  name: 'store',
  label: ctx.t('reporting:stock.store'),
  type: 'select' as const,
  value: ctx.query['store'] ?? '',
  choose: ctx.store?.name ?? ctx.t('common:frame.allStores'),
  options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
});

export function storeChip(ctx: Ctx, query: ListQuery): { label: string; removeHref: string }[] {
  const store = ctx.stores.find(({ id }) => String(id) === ctx.query['store']);
  return store ? [{ label: store.name, removeHref: listHref(query, { store: null }) }] : [];
}
