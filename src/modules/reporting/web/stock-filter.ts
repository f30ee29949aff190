import { isBusinessDate } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import { type ListQuery, listHref, readListQuery } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { Field, FilterBar } from '../../../platform/views';
import { type BrandRow, categoryBranch, type CategoryNode, listBrands, listCategories } from '../../catalog';
import { type MatrixFilter, MEASURES, STOCK_MATRIX } from '../queries/stock-matrix';
import type { StockFilter } from '../queries/stock-sums';

export const VIEW_STOCK = 'inventory.stock.view';

export const idOrNull = (text: string | undefined): number | null =>
  text && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;

/** What stock pages let the reader choose from. */
export interface Choices {
  brands: BrandRow[];
  categories: CategoryNode[];
}

export async function choicesOf({ read }: Pick<Ctx, 'read'>): Promise<Choices> {
  return { brands: await listBrands(read), categories: await listCategories(read) };
}

type Texts = Readonly<Record<string, string | undefined>>;

/** The filter that the address asks for, in the stores in which the reader has `permission`. A day to come is now. */
export function stockFilter(ctx: Ctx, texts: Texts, { categories }: Choices, permission = VIEW_STOCK): StockFilter {
  const { q, store, category, brand, on } = texts;
  const categoryId = idOrNull(category);
  return {
    scope: ctx.actor.scope(permission),
    storeId: idOrNull(store) ?? ctx.store?.id ?? null,
    text: q ?? '',
    brandId: idOrNull(brand),
    categoryIds: categoryId === null ? null : categoryBranch(categories, categoryId).slice(0, 500),
    on: isBusinessDate(on) && on < ctx.today ? on : null,
  };
}

export function matrixQuery(ctx: Ctx, choices: Choices): { query: ListQuery; filter: MatrixFilter; seesCost: boolean } {
  const query = readListQuery(STOCK_MATRIX, ctx.query);
  const filter = stockFilter(ctx, query.filters, choices);
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  const measure = MEASURES.find((known) => known === query.filters['measure']) ?? 'on_hand';
  return {
    query,
    filter: {
      ...filter,
      measure: measure === 'value' && !seesCost ? 'on_hand' : measure,
      allGoods: query.filters['goods'] === 'all',
    },
    seesCost,
  };
}

/** The stores that the reader's page has, in their order. */
export function storesShown(ctx: Ctx, { scope, storeId }: StockFilter): { id: number; name: string }[] {
  return ctx.stores.filter(({ id }) => (scope === 'all' || scope.includes(id)) && (storeId === null || storeId === id));
}

export const whereWords = (ctx: Ctx, { storeId, on }: Pick<StockFilter, 'storeId' | 'on'>): string => {
  const place = ctx.stores.find(({ id }) => id === storeId)?.name ?? ctx.t('common:frame.allStores');
  return on === null ? place : `${place} · ${ctx.t('reporting:stock.asOf', { date: ctx.f.date(on) })}`;
};

type Picked = 'store' | 'category' | 'brand' | 'on';

/** Chips and fields of the filters that stock pages share; `more` stand before them. */
export function stockFilterBar(
  ctx: Ctx,
  query: ListQuery,
  { brands, categories }: Choices,
  names: readonly Picked[],
  more: { fields?: Field[]; chips?: FilterBar['chips'] } = {},
): Pick<FilterBar, 'chips' | 'fields'> {
  const { t, f, stores } = ctx;
  const { filters } = query;
  const value = (name: string): string => filters[name] ?? '';
  const named = (rows: readonly { id: number; name: string }[], name: string): string | undefined =>
    rows.find(({ id }) => String(id) === filters[name])?.name;
  const words: Record<Picked, string | undefined> = {
    store: named(stores, 'store'),
    category: categories.find(({ id }) => String(id) === filters['category'])?.path,
    brand: named(brands, 'brand'),
    on: isBusinessDate(filters['on']) ? t('reporting:stock.asOf', { date: f.date(filters['on']) }) : undefined,
  };
  const select = (name: string, label: string, choose: string, options: { value: number; label: string }[]): Field => ({
    name,
    label,
    type: 'select',
    value: value(name),
    choose,
    options,
  });
  const fields: Record<Picked, Field> = {
    store: select(
      'store',
      t('reporting:stock.store'),
      ctx.store?.name ?? t('common:frame.allStores'),
      stores.map(({ id, name }) => ({ value: id, label: name })),
    ),
    category: select(
      'category',
      t('reporting:stock.category'),
      t('reporting:stock.allCategories'),
      categories.map(({ id, path }) => ({ value: id, label: path })),
    ),
    brand: select(
      'brand',
      t('reporting:brand'),
      t('reporting:stock.allBrands'),
      brands.map(({ id, name }) => ({ value: id, label: name })),
    ),
    on: { name: 'on', label: t('reporting:stock.on'), type: 'date', value: value('on'), max: ctx.today },
  };
  return {
    chips: [
      ...(more.chips ?? []),
      ...names.flatMap((name) => {
        const label = words[name];
        return label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
      }),
    ],
    fields: [...(more.fields ?? []), ...names.map((name) => fields[name])],
  };
}
