import type { Ctx, FormState } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery } from '../../../platform/lists';
import { type Field, type List, type PageHead, stateLabel, type TableColumn, type Tabs } from '../../../platform/views';
import { deviceStatus } from '../domain/device-status';
import { isTakeable, type Verdict } from '../domain/stocktake-verdict';
import {
  type CountedDeviceRow,
  type CountedGoodsRow,
  GOODS_VIEWS,
  type GoodsView,
  VERDICTS,
} from '../queries/stocktake-lists';
import type { StocktakeFigures, StocktakeView, UnknownNumber } from '../queries/stocktake-page';
import { stocktakeHref } from './stocktake-words';

export interface StocktakeListsPage {
  head: PageHead;
  list: List;
  unknown: { title: string; say: string; numbers: { number: string; at: string }[] } | null;
}

const headOf = (ctx: Ctx, stocktake: StocktakeView, title: string, query: ListQuery): PageHead => ({
  title,
  crumbs: [
    { label: ctx.t('inventory:stocktake.list'), href: '/inventory/stocktakes' },
    { label: stocktake.number, href: stocktakeHref(stocktake.id) },
  ],
  say: `${stocktake.storeName} ${stocktake.locationName}`,
  actions: [exportAction(ctx, query)],
});

/** Whoever posts may leave a difference as it is: it is not posted then. */
const decides = (ctx: Ctx, stocktake: StocktakeView): boolean =>
  stocktake.state === 'checking' && ctx.can('inventory.stocktake.post', stocktake.storeId);

const keepBar = ({ t }: Ctx, stocktake: StocktakeView, kind: 'devices' | 'goods') => ({
  actions: [
    { label: t('inventory:stocktake.keep'), href: `${stocktakeHref(stocktake.id)}/${kind}/kept` },
    { label: t('inventory:stocktake.unkeep'), href: `${stocktakeHref(stocktake.id)}/${kind}/unkept` },
  ],
});

export interface NumberedDevice extends CountedDeviceRow {
  imei: string;
}

export function countedDevicesPage(
  ctx: Ctx,
  stocktake: StocktakeView,
  figures: StocktakeFigures,
  query: ListQuery,
  found: ListPage<NumberedDevice>,
  verdict: Verdict,
  unknown: readonly UnknownNumber[],
): StocktakeListsPage {
  const { t, f } = ctx;
  const posts = decides(ctx, stocktake) && (verdict === 'missing' || verdict === 'unexpected');
  return {
    head: headOf(ctx, stocktake, t('inventory:stocktake.devicesTitle'), query),
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: VERDICTS.map((one) => ({
          label: t(`inventory:stocktake.list4.${one}`),
          href: listHref(query, { view: one }),
          count: figures.devices[one],
          current: one === verdict,
        })),
      },
      filters: {
        action: `${stocktakeHref(stocktake.id)}/devices`,
        text: { name: 'q', value: query.filters['q'] ?? '', label: t('inventory:device.find') },
        keep: { view: verdict },
        chips: [],
      },
      ...(posts ? { batch: keepBar(ctx, stocktake, 'devices') } : {}),
      table: {
        id: 'counted-devices',
        caption: t(`inventory:stocktake.list4.${verdict}`),
        sticky: true,
        ...(posts ? { pick: { name: 'ids' } } : {}),
        columns: [
          { key: 'product', label: t('inventory:device.product'), card: 'title' },
          { key: 'imei', label: t('inventory:device.imei'), card: 'full' },
          { key: 'state', label: t('inventory:stocktake.bookState'), card: 'state' },
          { key: 'place', label: t('inventory:stocktake.bookPlace'), card: 'full' },
          ...(verdict === 'missing'
            ? []
            : [{ key: 'found', label: t('inventory:stocktake.foundBy'), card: 'full' as const }]),
          ...(stocktake.seesCost
            ? [{ key: 'cost', label: t('inventory:device.cost'), num: true, card: 'number' as const }]
            : []),
          ...(verdict === 'missing' || verdict === 'unexpected'
            ? [{ key: 'effect', label: t('inventory:stocktake.effect'), card: 'full' as const }]
            : []),
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.imei,
          cells: [
            { text: row.skuName, sub: row.skuCode },
            { imei: row.imei, href: `/inventory/devices/${row.deviceId}` },
            { state: stateLabel(t, deviceStatus(row.state, row.bucket)) },
            [row.storeName, row.locationName].filter(Boolean).join(' '),
            ...(verdict === 'missing'
              ? []
              : [row.scannedAt === null ? null : { text: row.scannedByName ?? '', sub: f.dateTime(row.scannedAt) }]),
            ...(stocktake.seesCost ? [f.money(row.costFen)] : []),
            ...(verdict === 'missing' || verdict === 'unexpected'
              ? [{ text: effect(ctx, stocktake, row, verdict) }]
              : []),
          ],
        })),
      },
      pager: {
        say: t(`inventory:stocktake.listSay.${verdict}`),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t(`inventory:stocktake.none.${verdict}`),
        text: t(`inventory:stocktake.listSay.${verdict}`),
      },
      filtered: Boolean(query.filters['q']),
      clearHref: listHref(query, { q: null }),
    },
    unknown:
      verdict === 'unexpected' && unknown.length > 0
        ? {
            title: t('inventory:stocktake.unknownTitle', { count: f.number(figures.unknownNumbers) }),
            say: t('inventory:stocktake.unknownText'),
            numbers: unknown.map(({ number, at }) => ({ number, at: f.dateTime(at) })),
          }
        : null,
  };
}

/** What posting will do with it, or did. */
export function effect(
  { t }: Pick<Ctx, 't'>,
  stocktake: StocktakeView,
  row: Pick<CountedDeviceRow, 'state' | 'booked'> & { kept: number | boolean },
  verdict: 'missing' | 'unexpected',
): string {
  if (stocktake.state === 'posted' || stocktake.state === 'reversed')
    return t(`inventory:stocktake.effects.${row.kept ? 'kept' : row.booked ? `${verdict}Done` : 'left'}`);
  if (row.kept) return t('inventory:stocktake.effects.kept');
  if (verdict === 'missing') return t('inventory:stocktake.effects.missing');
  return isTakeable(row.state)
    ? t('inventory:stocktake.effects.unexpected')
    : t(`inventory:stocktake.effects.other.${row.state}`);
}

export interface CountedGoodsPage {
  head: PageHead;
  list: List;
  /** While people count: a field for each row of the page. */
  form: {
    tabs: Tabs;
    action: string;
    rows: { title: string; sub: string; hidden: Record<string, string>; field: Field }[];
  } | null;
  message: string | null;
}

export function countedGoodsPage(
  ctx: Ctx,
  stocktake: StocktakeView,
  figures: StocktakeFigures,
  query: ListQuery,
  found: ListPage<CountedGoodsRow>,
  view: GoodsView,
  form: FormState,
): CountedGoodsPage {
  const { t, f } = ctx;
  const posts = decides(ctx, stocktake) && view === 'different';
  const counts = stocktake.state === 'counting' && ctx.can('inventory.stocktake.count', stocktake.storeId);
  const number = {
    all: figures.goods.lines,
    different: figures.goods.different,
    uncounted: figures.goods.lines - figures.goods.counted,
  };
  const views = GOODS_VIEWS.filter((one) => one !== 'different' || stocktake.seesBooks);
  const tabs: Tabs = {
    label: t('common:list.views'),
    tabs: views.map((one) => ({
      label: t(`inventory:stocktake.goods.view.${one}`),
      href: listHref(query, { view: one }),
      ...(stocktake.seesBooks ? { count: number[one] } : {}),
      current: one === view,
    })),
  };
  const columns: TableColumn[] = [
    { key: 'product', label: t('inventory:device.product'), card: 'title' },
    ...(stocktake.seesBooks
      ? [{ key: 'book', label: t('inventory:stocktake.goods.book'), num: true, card: 'number' as const }]
      : []),
    { key: 'counted', label: t('inventory:stocktake.goods.counted'), num: true, card: 'number' },
    ...(stocktake.seesBooks
      ? [{ key: 'difference', label: t('inventory:stocktake.goods.difference'), num: true, card: 'number' as const }]
      : []),
    { key: 'by', label: t('inventory:stocktake.foundBy'), card: 'full' },
  ];
  return {
    head: headOf(ctx, stocktake, t('inventory:stocktake.goods.title'), query),
    message: form.message,
    list: {
      tabs,
      filters: {
        action: `${stocktakeHref(stocktake.id)}/goods`,
        text: { name: 'q', value: query.filters['q'] ?? '', label: t('inventory:stock.find') },
        keep: { view },
        chips: [],
      },
      ...(posts ? { batch: keepBar(ctx, stocktake, 'goods') } : {}),
      table: {
        id: 'counted-goods',
        caption: t('inventory:stocktake.goods.title'),
        sticky: true,
        ...(posts ? { pick: { name: 'ids' } } : {}),
        columns,
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.skuName,
          cells: [
            { text: row.skuName, sub: goodsSub(ctx, row) },
            ...(stocktake.seesBooks ? [f.number(row.bookPieces ?? row.expected)] : []),
            row.counted === null ? { text: t('inventory:stocktake.goods.notYet'), muted: true } : f.number(row.counted),
            ...(stocktake.seesBooks ? [difference(ctx, row)] : []),
            row.countedByName ?? null,
          ],
        })),
      },
      pager: {
        say: t('inventory:stocktake.goods.pager', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t(`inventory:stocktake.goods.none.${view}`), text: t('inventory:stocktake.goods.emptyText') },
      filtered: Boolean(query.filters['q']),
      clearHref: listHref(query, { q: null }),
    },
    form: counts
      ? {
          tabs,
          action: listHref(query),
          rows: found.rows.map((row, index) => {
            const name = `goods.${index}.pieces`;
            const error = form.problems[name];
            return {
              title: row.skuName,
              sub: [
                goodsSub(ctx, row),
                stocktake.seesBooks ? t('inventory:stocktake.goods.bookSays', { count: f.number(row.expected) }) : '',
                row.countedByName ?? '',
              ]
                .filter(Boolean)
                .join(' · '),
              hidden: {
                [`goods.${index}.id`]: String(row.id),
                [`goods.${index}.version`]: String(row.version),
              },
              field: {
                name,
                label: t('inventory:stocktake.goods.counted'),
                value: form.values[name] ?? (row.counted === null ? '' : String(row.counted)),
                inputmode: 'numeric',
                autocomplete: 'off',
                ...(error ? { error } : {}),
              },
            };
          }),
        }
      : null,
  };
}

const goodsSub = ({ t }: Pick<Ctx, 't'>, row: CountedGoodsRow): string =>
  [
    row.skuCode,
    row.batchCode && t('inventory:stock.batch', { code: row.batchCode }),
    row.bucket === 'sellable' ? '' : t(`inventory:bucket.${row.bucket}`),
  ]
    .filter(Boolean)
    .join(' · ');

function difference({ t, f }: Pick<Ctx, 't' | 'f'>, row: CountedGoodsRow) {
  if (row.counted === null || row.bookPieces === null) return null;
  const pieces = Number(row.counted) - Number(row.bookPieces);
  if (pieces === 0) return { text: '0', muted: true };
  const text = pieces > 0 ? `+${f.number(pieces)}` : `−${f.number(-pieces)}`;
  return {
    text,
    tone: pieces > 0 ? ('hold' as const) : ('bad' as const),
    ...(row.kept
      ? { sub: t('inventory:stocktake.effects.kept') }
      : Number(row.movedPieces) > 0
        ? { sub: t('inventory:stocktake.goods.movedWhile', { count: f.number(row.movedPieces) }) }
        : {}),
  };
}
