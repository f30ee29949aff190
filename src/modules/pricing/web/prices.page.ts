import { fen, plainMoney } from '../../../kernel';
import type { Ctx, FormState } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery } from '../../../platform/lists';
import type { FilterBar, FormErrors, PageHead, Pager, Tabs } from '../../../platform/views';
import type { PriceListRow, PriceRow } from '../queries/price-page';
import type { ScopeNames } from '../queries/price-lists';
import { sayList } from './say-list';

export const PRICES = '/pricing/prices';

export interface PriceLine {
  index: number;
  skuId: number;
  code: string;
  name: string;
  historyHref: string;
  price: string;
  floor: string;
  wasPrice: string;
  wasFloor: string;
  /** What a rule makes of it where none is set here; '' when none does or the reader may not know. */
  ruleFloor: string;
  basePrice: string;
  since: string;
  priceError: string;
  floorError: string;
}

export interface PricesModel {
  head: PageHead;
  tabs: Tabs;
  filters: FilterBar;
  errors: FormErrors['errors'];
  message: string | null;
  lines: PriceLine[];
  mayEdit: boolean;
  showFloor: boolean;
  showBase: boolean;
  action: string;
  hidden: Record<string, string>;
  pager: Pager;
  filtered: boolean;
  clearHref: string;
}

const money = (amount: number | null): string => (amount === null ? '' : plainMoney(fen(amount)));

export function pricesPage(
  ctx: Ctx,
  query: ListQuery,
  { rows, previousHref, nextHref }: ListPage<PriceRow>,
  {
    lists,
    list,
    names,
    floors,
    mayEdit,
    form,
    operationKey,
    back,
  }: {
    lists: readonly PriceListRow[];
    list: PriceListRow | null;
    names: ScopeNames;
    /** By rule, where none stands beside the price. */
    floors: ReadonlyMap<number, number>;
    mayEdit: boolean;
    form: FormState | null;
    operationKey: string;
    /** This very page of the list, to come back to. */
    back: string;
  },
): PricesModel {
  const { t } = ctx;
  const showFloor = ctx.can('pricing.floor.view');
  const lines = rows.map((row, index) => lineOf(ctx, row, index, form, floors.get(row.id) ?? null));
  return {
    head: {
      title: t('pricing:price.title'),
      say: list ? t('pricing:price.sayOf', { list: sayList(ctx, list, names) }) : t('pricing:price.say'),
      ...(ctx.can('pricing.list.edit')
        ? { actions: [{ label: t('pricing:list.create'), href: '/pricing/lists/new', icon: 'plus' }] }
        : {}),
    },
    tabs: {
      label: t('pricing:list.title'),
      tabs:
        lists.length > 0
          ? lists.map((one) => ({
              label: one.name,
              href: listHref(query, { list: one.kind === 'base' ? null : one.id }),
              current: one.id === list?.id,
            }))
          : [{ label: t('pricing:list.base'), href: PRICES, current: true }],
    },
    filters: filterBar(ctx, query, rows),
    errors: form ? problemsOf(form, lines) : [],
    message: form && Object.keys(form.problems).length === 0 ? form.message : null,
    lines,
    mayEdit,
    showFloor,
    showBase: list !== null && list.kind !== 'base',
    action: PRICES,
    hidden: {
      operationKey,
      list: list ? String(list.id) : '',
      back,
    },
    pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
    filtered: Object.keys(query.filters).some((name) => name !== 'list'),
    clearHref: list && list.kind !== 'base' ? `${PRICES}?list=${list.id}` : PRICES,
  };
}

/** After a refusal a row shows what was typed, found by its SKU: the page may have changed meanwhile. */
function lineOf(
  { f }: Ctx,
  row: PriceRow,
  index: number,
  form: FormState | null,
  ruleFloorFen: number | null,
): PriceLine {
  const at = typedIndex(form, row.id);
  const typed = (field: string): string | undefined => (at === null ? undefined : form?.values[`items.${at}.${field}`]);
  const problem = (field: string): string => (at === null ? '' : (form?.problems[`items.${at}.${field}`] ?? ''));
  const price = money(row.priceFen);
  const floor = money(row.floorFen);
  return {
    index,
    skuId: row.id,
    code: row.code,
    name: row.name,
    historyHref: `/pricing/skus/${row.id}`,
    price: typed('price') ?? price,
    floor: typed('floor') ?? floor,
    wasPrice: price,
    wasFloor: floor,
    ruleFloor: money(ruleFloorFen),
    basePrice: money(row.basePriceFen),
    since: f.dateTime(row.fromAt),
    priceError: problem('price'),
    floorError: problem('floor'),
  };
}

function typedIndex(form: FormState | null, skuId: number): string | null {
  if (!form) return null;
  const found = Object.entries(form.values).find(([path, value]) => path.endsWith('.skuId') && value === String(skuId));
  return found?.[0].split('.')[1] ?? null;
}

function problemsOf(form: FormState, lines: readonly PriceLine[]): FormErrors['errors'] {
  return Object.entries(form.problems).map(([path, message]) => {
    const [, at = '', field = ''] = path.split('.');
    const line = lines.find((one) => String(one.skuId) === form.values[`items.${at}.skuId`]);
    return line ? { field: `items.${line.index}.${field}`, message: `${line.name}: ${message}` } : { message };
  });
}

function filterBar({ t }: Ctx, query: ListQuery, rows: readonly PriceRow[]): FilterBar {
  const { q = '', product, missing, list } = query.filters;
  const chips: FilterBar['chips'] = [];
  if (product)
    chips.push({
      label: rows[0]?.name ?? t('pricing:price.oneProduct'),
      removeHref: listHref(query, { product: null }),
    });
  if (missing === 'yes')
    chips.push({ label: t('pricing:price.missing'), removeHref: listHref(query, { missing: null }) });
  return {
    action: PRICES,
    text: { name: 'q', value: q, label: t('pricing:price.searchFor') },
    keep: { ...(list ? { list } : {}), ...(product ? { product } : {}) },
    chips,
    fields: [
      {
        name: 'missing',
        label: t('pricing:price.missing'),
        type: 'checkbox',
        value: 'yes',
        checked: missing === 'yes',
      },
    ],
  };
}
