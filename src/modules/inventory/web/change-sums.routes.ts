import { isBusinessDate, parseId } from '../../../kernel';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportAction, exportReply, type ListQuery, listHref, readListQuery } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { List } from '../../../platform/views';
import { CHANGE_SUMS, type ChangeSum, changeSums } from '../queries/change-sums';

const view = { permission: 'inventory.change.view' };

export const changeSumRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/changes/reasons', access: view, handler: show },
  { method: 'get', path: '/inventory/changes/reasons.xlsx', access: view, handler: exportSums },
];

interface Sums {
  query: ListQuery;
  storeId: number | null;
  from: string | null;
  to: string | null;
  cost: boolean;
  rows: ChangeSum[];
}

async function read(ctx: Ctx): Promise<Sums> {
  const query = readListQuery(CHANGE_SUMS, ctx.query);
  const { store, from, to } = query.filters;
  const scope = ctx.actor.scope('inventory.change.view');
  const filter = {
    storeId: parseId(store ?? '') ?? ctx.store?.id ?? null,
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
  };
  return {
    query,
    ...filter,
    cost: seesCostIn(ctx.actor, scope, filter.storeId),
    rows: await changeSums(ctx.read, { ...filter, scope }),
  };
}

async function show(ctx: Ctx): Promise<Reply> {
  const sums = await read(ctx);
  const { t } = ctx;
  const title = t('inventory:change.sums.title');
  const head = {
    title,
    crumbs: [{ label: t('inventory:change.list'), href: '/inventory/changes' }],
    say: t('inventory:change.sums.say'),
    actions: [exportAction(ctx, sums.query)],
  };
  return page('inventory/change-list', title, { head, list: listOf(ctx, sums) });
}

function listOf({ t, f, ...ctx }: Ctx, { query, rows, cost, from, to, storeId }: Sums): List {
  const { filters } = query;
  const hrefOf = ({ reasonId }: ChangeSum): string => {
    const wanted = {
      reason: String(reasonId),
      state: 'posted',
      store: storeId === null ? null : String(storeId),
      from,
      to,
    };
    const pairs = Object.entries(wanted).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as [string, string]],
    );
    return `/inventory/changes?${new URLSearchParams(pairs).toString()}`;
  };
  const total = (of: (row: ChangeSum) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  return {
    filters: {
      action: CHANGE_SUMS.path,
      chips: [
        ...chip('store', ctx.stores.find(({ id }) => String(id) === filters['store'])?.name),
        ...chip('from', from ? t('inventory:movement.fromOn', { date: f.date(from) }) : undefined),
        ...chip('to', to ? t('inventory:movement.toOn', { date: f.date(to) }) : undefined),
      ],
      fields: [
        {
          name: 'store',
          label: t('inventory:device.store'),
          type: 'select',
          value: filters['store'] ?? '',
          choose: ctx.store?.name ?? t('common:frame.allStores'),
          options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
        },
        { name: 'from', label: t('inventory:movement.from'), type: 'date', value: from ?? '' },
        { name: 'to', label: t('inventory:movement.to'), type: 'date', value: to ?? '' },
      ],
    },
    table: {
      id: 'change-sums',
      caption: t('inventory:change.sums.title'),
      columns: [
        { key: 'reason', label: t('inventory:change.reason'), card: 'title' },
        { key: 'effect', label: t('inventory:change.effectTitle'), card: 'full' },
        { key: 'documents', label: t('inventory:change.sums.documents'), num: true, card: 'number' },
        { key: 'devices', label: t('inventory:change.devices'), num: true, card: 'number' },
        { key: 'pieces', label: t('inventory:change.pieces'), num: true, card: 'number' },
        ...(cost ? [{ key: 'net', label: t('inventory:change.netValue'), num: true, card: 'number' as const }] : []),
      ],
      rows: rows.map((row) => ({
        id: row.reasonId,
        label: row.reasonName,
        cells: [
          { text: row.reasonName, href: hrefOf(row), strong: true },
          t(`inventory:change.effect.${row.effect}`),
          f.number(row.documents),
          f.number(row.devices),
          f.number(row.pieces),
          ...(cost ? [f.money(row.netFen)] : []),
        ],
      })),
      totals: [
        { text: t('inventory:stock.total'), strong: true },
        null,
        f.number(total((row) => row.documents)),
        f.number(total((row) => row.devices)),
        f.number(total((row) => row.pieces)),
        ...(cost ? [f.money(total((row) => row.netFen))] : []),
      ],
    },
    empty: { title: t('inventory:change.sums.emptyTitle'), text: t('inventory:change.sums.emptyText') },
    filtered: Object.keys(filters).length > 0,
    clearHref: CHANGE_SUMS.path,
  };
}

async function exportSums(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, rows, cost } = await read(ctx);
  return exportReply(ctx, {
    name: `${t('inventory:change.sums.title')}-${ctx.today}`,
    sheet: t('inventory:change.sums.title'),
    columns: [
      { header: t('inventory:change.reason'), type: 'text' },
      { header: t('inventory:change.effectTitle'), type: 'text' },
      { header: t('inventory:change.sums.documents'), type: 'integer' },
      { header: t('inventory:change.devices'), type: 'integer' },
      { header: t('inventory:change.pieces'), type: 'integer' },
      ...(cost ? [{ header: t('inventory:change.netValue'), type: 'money' as const }] : []),
    ],
    query,
    load: () => Promise.resolve(rows.map((row) => ({ ...row, id: row.reasonId, sortValue: row.reasonId }))),
    toRow: (row) => [
      row.reasonName,
      t(`inventory:change.effect.${row.effect}`),
      row.documents,
      row.devices,
      row.pieces,
      ...(cost ? [row.netFen] : []),
    ],
  });
}
