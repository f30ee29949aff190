import { addDays } from '../../../kernel';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import {
  exportAction,
  exportReply,
  listHref,
  type ListPage,
  type ListQuery,
  pageOf,
  readListQuery,
  sortLink,
  stateTabs,
  sumByState,
} from '../../../platform/lists';
import type { AlertSource } from '../../../platform/modules';
import { seesCostIn } from '../../../platform/permissions';
import type { List, PageHead, Table } from '../../../platform/views';
import { REBATE_KINDS } from '../domain/rebate';
import { readParameters } from '../queries/parameters';
import {
  REBATE_LIST,
  type RebateFilter,
  rebateList,
  type RebateListRow,
  type RebateState,
  type RebateTotals,
  rebateTotals,
  VIEW_REBATES,
} from '../queries/rebate-list';
import { activeSuppliers } from '../queries/suppliers';
import { REBATE_STATES, rebateHref, rebateState } from './rebate-words';

const view = { permission: VIEW_REBATES };

export const rebateListRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/rebates', access: view, handler: list },
  { method: 'get', path: '/purchasing/rebates.xlsx', access: view, handler: exportList },
];

async function filterOf(ctx: Pick<Ctx, 'read' | 'store' | 'today'>): Promise<RebateFilter> {
  const { claimAlertDays } = await readParameters(ctx.read);
  return { storeId: ctx.store?.id ?? null, late: addDays(ctx.today, -claimAlertDays) };
}

const showsCost = ({ actor, store }: Pick<Ctx, 'actor' | 'store'>): boolean =>
  seesCostIn(actor, actor.scope(VIEW_REBATES), store?.id ?? null);

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(REBATE_LIST, ctx.query);
  const filter = await filterOf(ctx);
  const found = pageOf(query, await rebateList(ctx.read, ctx.actor, query, filter));
  const totals = await rebateTotals(ctx.read, ctx.actor, query, filter);
  const model = listPage(ctx, query, found, totals, await activeSuppliers(ctx.read));
  return page('purchasing/list', ctx.t('purchasing:rebate.title'), model);
}

type Suppliers = readonly { id: number; name: string }[];

function listPage(
  ctx: Ctx,
  query: ListQuery,
  found: ListPage<RebateListRow>,
  byState: ReadonlyMap<RebateState, RebateTotals>,
  suppliers: Suppliers,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const sum = sumByState(query, REBATE_STATES, byState);
  const add = {
    label: t('purchasing:rebate.new'),
    href: '/purchasing/rebates/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const creates = ctx.can('purchasing.rebate.edit');
  const totalText = t('purchasing:rebate.total', { count: f.number(sum('rebates')) });
  return {
    head: {
      title: t('purchasing:rebate.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query), ...(creates ? [add] : [])],
    },
    list: {
      tabs: stateTabs(ctx, query, REBATE_STATES, {
        label: (state) => (state ? t(`purchasing:rebate.state.${state}`) : t('purchasing:receipt.tab.all')),
        count: (state) => byState.get(state)?.rebates ?? 0,
      }),
      filters: filters(ctx, query, suppliers),
      table: {
        ...table(ctx, query, found),
        totals: [
          { text: totalText },
          null,
          null,
          null,
          null,
          ...(showsCost(ctx) ? [f.money(sum('earnedFen')), f.money(sum('settledFen')), null] : []),
        ],
      },
      pager: {
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:rebate.empty'),
        text: t('purchasing:rebate.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: '/purchasing/rebates',
    },
  };
}

function filters({ t }: Ctx, query: ListQuery, suppliers: Suppliers): NonNullable<List['filters']> {
  const given = query.filters;
  const kinds = REBATE_KINDS.map((value) => ({ value, label: t(`purchasing:rebate.kind.${value}`) }));
  const named = suppliers.map(({ id, name }) => ({ value: String(id), label: name }));
  const late = [{ value: 'late', label: t('purchasing:rebate.late') }];
  const select = (name: string, label: string, choose: string, options: { value: string; label: string }[]) => ({
    name,
    label,
    type: 'select' as const,
    value: given[name] ?? '',
    choose,
    options,
  });
  const chip = (key: string, options: readonly { value: string; label: string }[]) => {
    const label = options.find(({ value }) => value === given[key])?.label;
    return label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  };
  return {
    action: '/purchasing/rebates',
    text: { name: 'q', value: given['q'] ?? '', label: t('purchasing:order.find') },
    keep: given['state'] ? { state: given['state'] } : {},
    chips: [...chip('supplier', named), ...chip('kind', kinds), ...chip('waiting', late)],
    fields: [
      select('supplier', t('purchasing:receipt.supplier'), t('purchasing:receipt.allSuppliers'), named),
      select('kind', t('purchasing:rebate.kindLabel'), t('purchasing:return.anySettle'), kinds),
      select('waiting', t('purchasing:protection.waiting'), t('purchasing:return.anySettle'), late),
    ],
  };
}

function table(ctx: Ctx, query: ListQuery, found: ListPage<RebateListRow>): Table {
  const { t, f } = ctx;
  const seesCost = showsCost(ctx);
  const money = (key: string) => ({ key, label: t(`purchasing:rebate.${key}`), num: true, card: 'number' as const });
  return {
    id: 'rebates',
    caption: t('purchasing:rebate.title'),
    sticky: true,
    columns: [
      { key: 'number', label: t('purchasing:receipt.number'), card: 'title', sort: sortLink(query, 'number') },
      { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
      { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
      { key: 'kind', label: t('purchasing:rebate.kindLabel'), card: 'full' },
      { key: 'period', label: t('purchasing:rebate.period'), card: 'number', keep: true, sort: sortLink(query, 'to') },
      ...(seesCost ? [money('earned'), money('settled'), money('openAmount')] : []),
    ],
    rows: found.rows.map((row) => ({
      id: row.id,
      label: row.number,
      cells: [
        { text: row.name, sub: row.number, href: rebateHref(row.id), strong: true },
        { state: rebateState(ctx, row.state) },
        { text: row.supplierName, sub: row.storeName },
        t(`purchasing:rebate.kind.${row.kind}`),
        `${f.date(row.fromOn)} – ${f.date(row.toOn)}`,
        ...(seesCost ? [f.money(row.earnedFen), f.money(row.settledFen), f.money(row.openFen)] : []),
      ],
    })),
  };
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const seesCost = showsCost(ctx);
  const filter = await filterOf(ctx);
  const money = (key: string) => ({ header: t(`purchasing:rebate.${key}`), type: 'money' as const });
  return exportReply(ctx, {
    name: `${t('purchasing:rebate.title')}-${ctx.today}`,
    sheet: t('purchasing:rebate.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:rebate.name'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:rebate.kindLabel'), type: 'text' },
      { header: t('purchasing:rebate.fromOn'), type: 'date' },
      { header: t('purchasing:rebate.toOn'), type: 'date' },
      { header: t('purchasing:rebate.accruedUntil'), type: 'date' },
      ...(seesCost ? [money('earned'), money('settled'), money('openAmount')] : []),
    ],
    query: readListQuery(REBATE_LIST, ctx.query),
    load: (query) => rebateList(ctx.read, ctx.actor, query, filter),
    toRow: (row) => [
      row.number,
      row.name,
      t(`purchasing:rebate.state.${row.state}`),
      row.supplierName,
      t(`purchasing:rebate.kind.${row.kind}`),
      row.fromOn,
      row.toOn,
      row.accruedUntil,
      ...(seesCost ? [row.earnedFen, row.settledFen, row.openFen] : []),
    ],
  });
}

/** Booked rebates that suppliers have not settled for too long. */
export const rebateAlerts: AlertSource = {
  permission: VIEW_REBATES,
  switch: 'reporting.alertRebate',
  async find(ctx) {
    const { claimAlertDays: days } = await readParameters(ctx.read);
    const filter = { storeId: ctx.store?.id ?? null, late: addDays(ctx.today, -days) };
    const query = readListQuery(REBATE_LIST, { waiting: 'late' });
    const totals = await rebateTotals(ctx.read, ctx.actor, query, filter);
    const count = [...totals.values()].reduce((sum, { rebates }) => sum + rebates, 0);
    if (count === 0) return [];
    return [
      {
        icon: 'percentage',
        tone: 'hold',
        title: ctx.t('purchasing:alert.rebate', { count }),
        detail: ctx.t('purchasing:alert.rebateDetail', { days }),
        count: String(count),
        href: '/purchasing/rebates?waiting=late',
      },
    ];
  },
};
