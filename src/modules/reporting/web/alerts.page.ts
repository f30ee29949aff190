import { setTimeout as pause } from 'node:timers/promises';
import { isDomainError, notFound } from '../../../kernel';
import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import { exportAction, exportReply, listHref, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import { isRunning, lastRun } from '../../../platform/upkeep';
import type { Action, Cell } from '../../../platform/views';
import { ALERT_KINDS, type AlertKind } from '../domain/stock-alerts';
import {
  ALERT_LIST,
  alertById,
  alertCounts,
  type AlertFilter,
  type AlertRow,
  alertRows,
  VIEW_ALERTS,
} from '../queries/alert-list';
import { actOnAlert, actsOf, type AlertAct } from '../use-cases/act-on-alert';
import { ANALYSE } from '../use-cases/analyse-stock';
import { startAlerts } from '../use-cases/compute-alerts';
import { type Choices, choicesOf, stockFilter, stockFilterBar, whereWords } from './stock-filter';

const PATH = ALERT_LIST.path;
const RUNS = `${PATH}/runs`;
const WAIT_MS = 3000;
const view = { permission: VIEW_ALERTS };

export const alertRoutes: readonly Route[] = [
  { method: 'get', path: PATH, access: view, handler: showAlerts },
  { method: 'get', path: `${PATH}.xlsx`, access: view, handler: exportAlerts },
  { method: 'post', path: RUNS, access: { permission: ANALYSE }, handler: compute },
  { method: 'post', path: `${PATH}/:id/transfer`, access: view, handler: (ctx) => act(ctx, 'transfer') },
  { method: 'post', path: `${PATH}/:id/requisition`, access: view, handler: (ctx) => act(ctx, 'requisition') },
];

interface Found {
  query: ListQuery;
  choices: Choices;
  filter: AlertFilter;
}

async function found(ctx: Ctx): Promise<Found> {
  const choices = await choicesOf(ctx);
  const query = readListQuery(ALERT_LIST, ctx.query);
  const filter: AlertFilter = {
    ...stockFilter(ctx, query.filters, choices, VIEW_ALERTS),
    kind: ALERT_KINDS.find((kind) => kind === query.filters['kind']) ?? null,
    state: query.filters['state'] === 'done' ? 'done' : 'open',
  };
  return { query, choices, filter };
}

/** What is the matter, in one sentence. */
function saidOf({ t, f }: Pick<Ctx, 't' | 'f'>, row: AlertRow): string {
  const { kind, days, dueOn } = row;
  const words = kind === 'batch' && days !== null && days < 0 ? 'expired' : kind;
  const said = t(`reporting:alerts.said.${words}`, {
    quantity: f.number(row.quantity),
    limit: f.number(row.limitQuantity ?? 0),
    days: f.number(Math.abs(days ?? 0)),
    date: dueOn ? f.date(dueOn) : '',
    store: row.otherStoreName ?? '',
  });
  return (kind === 'below' || kind === 'above') && days !== null
    ? t('reporting:alerts.both', { said, more: t('reporting:alerts.lasts', { days: f.number(days) }) })
    : said;
}

/** Where the documents of a kind are, and the right to open them. */
const DOCUMENTS: Partial<Record<AlertKind, readonly [path: string, permission: string]>> = {
  order: ['/purchasing/orders', 'purchasing.order.view'],
  transit: ['/inventory/transfers', 'inventory.transfer.view'],
  loan: ['/inventory/loans', 'inventory.loan.view'],
  exchange: ['/purchasing/returns', 'purchasing.return.view'],
  claim: ['/purchasing/protections', 'purchasing.protection.view'],
  rebate: ['/purchasing/rebates', 'purchasing.rebate.view'],
};

/** The goods that it is about, or the document for who may open it. */
function hrefOf(ctx: Ctx, { kind, skuId, storeId, documentId }: AlertRow): string | undefined {
  const [path, permission] = DOCUMENTS[kind] ?? [];
  if (path !== undefined && permission !== undefined) return ctx.can(permission) ? `${path}/${documentId}` : undefined;
  if (kind === 'batch') return `/reporting/batches/${documentId}`;
  if (kind === 'ageing') return `/inventory/devices?view=old&store=${storeId}&q=`;
  return `/reporting/availability/${skuId}`;
}

function subjectOf(ctx: Ctx, row: AlertRow): Cell {
  const href = hrefOf(ctx, row);
  const { skuName, documentNumber } = row;
  if (skuName === null) return { text: documentNumber ?? '', ...(href ? { href } : {}), strong: true };
  return {
    text: skuName,
    sub: [row.skuCode, documentNumber].filter(Boolean).join(' · '),
    ...(href ? { href: row.kind === 'ageing' ? `${href}${encodeURIComponent(skuName)}` : href } : {}),
  };
}

const madeHref = ({ madeType, madeId }: Pick<AlertRow, 'madeType' | 'madeId'>): string =>
  madeType === 'transfer' ? `/inventory/transfers/${madeId}` : `/purchasing/requisitions/${madeId}`;

function actionCell(ctx: Ctx, row: AlertRow): Cell {
  if (row.state === 'done') return { text: row.madeNumber ?? '', href: madeHref(row) };
  const actions = actsOf(ctx.actor, row).map((name): Action => ({
    label: ctx.t(`reporting:alerts.act.${name}`, { quantity: row.wanted, store: row.otherStoreName ?? '' }),
    href: `${PATH}/${row.id}/${name}`,
    look: 'plain',
    method: 'post',
  }));
  return actions.length > 0 ? { actions } : null;
}

export async function showAlerts(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { query, choices, filter } = await found(ctx);
  const rows = pageOf(query, await alertRows(ctx.read, query, filter));
  const counts = await alertCounts(ctx.read, filter);
  const run = await lastRun(ctx.read, 'alerts');
  const running = run !== undefined && isRunning(run, ctx.now);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const title = t('reporting:alerts.title');
  const compute: Action[] =
    ctx.can(ANALYSE) && !running
      ? [{ look: 'primary', icon: 'calculator', label: t('reporting:analysis.compute'), href: RUNS, method: 'post' }]
      : [];
  return page('reporting/analysis', title, {
    head: {
      title,
      say: [
        whereWords(ctx, filter),
        ...(run?.finishedAt ? [t('reporting:alerts.computedAt', { at: f.dateTime(run.finishedAt) })] : []),
      ].join(' · '),
      actions: [exportAction(ctx, query), ...compute],
    },
    progress: null,
    message: running
      ? { tone: 'way', title: t('reporting:alerts.running') }
      : run?.state === 'failed'
        ? { tone: 'hold', title: t('reporting:analysis.stopped'), text: run.failure ?? '' }
        : null,
    fields: null,
    chart: null,
    note: t('reporting:alerts.say'),
    list: {
      filtered: Object.keys(query.filters).some((name) => name !== 'kind'),
      clearHref: listHref(query, { state: null, q: null, store: null, category: null, brand: null }),
      tabs: {
        label: t('common:list.views'),
        tabs: [null, ...ALERT_KINDS.filter((kind) => counts.has(kind) || kind === filter.kind)].map((kind) => ({
          label: t(`reporting:alerts.kind.${kind ?? 'all'}`),
          href: listHref(query, { kind }),
          count: kind === null ? all : (counts.get(kind) ?? 0),
          current: kind === filter.kind,
        })),
      },
      filters: {
        action: PATH,
        text: { name: 'q', value: filter.text, label: t('reporting:stock.find') },
        keep: filter.kind ? { kind: filter.kind } : {},
        ...stockFilterBar(ctx, query, choices, ['store', 'category', 'brand'], {
          chips:
            filter.state === 'done'
              ? [{ label: t('reporting:alerts.state.done'), removeHref: listHref(query, { state: null }) }]
              : [],
          fields: [
            {
              name: 'state',
              label: t('reporting:alerts.state.label'),
              type: 'select',
              value: filter.state,
              choose: false,
              options: (['open', 'done'] as const).map((value) => ({
                value,
                label: t(`reporting:alerts.state.${value}`),
              })),
            },
          ],
        }),
      },
      table: {
        id: 'stock-alerts',
        caption: title,
        sticky: true,
        columns: [
          { key: 'what', label: t('reporting:alerts.subject'), card: 'title' },
          { key: 'kind', label: t('reporting:alerts.kind.label'), card: 'state' },
          { key: 'store', label: t('reporting:stock.store'), card: 'full' },
          { key: 'said', label: t('reporting:alerts.matter'), card: 'full' },
          { key: 'act', label: t('reporting:alerts.act.label'), card: 'full' },
        ],
        rows: rows.rows.map((row) => ({
          id: row.id,
          cells: [
            subjectOf(ctx, row),
            { text: t(`reporting:alerts.kind.${row.kind}`), tone: row.kind === 'above' ? 'hold' : 'bad' },
            row.storeName,
            saidOf(ctx, row),
            actionCell(ctx, row),
          ],
        })),
      },
      pager: {
        say: t('reporting:alerts.pager', { count: f.number(rows.rows.length) }),
        ...(rows.previousHref ? { previousHref: rows.previousHref } : {}),
        ...(rows.nextHref ? { nextHref: rows.nextHref } : {}),
      },
      empty: { title: t('reporting:alerts.empty'), text: t('reporting:alerts.emptyHint') },
    },
  });
}

async function exportAlerts(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter } = await found(ctx);
  const text = (header: string, width?: number) => ({ header, type: 'text' as const, ...(width ? { width } : {}) });
  return exportReply(ctx, {
    name: `${t('reporting:alerts.title')}-${ctx.today}`,
    sheet: t('reporting:alerts.title'),
    columns: [
      text(t('reporting:alerts.kind.label')),
      text(t('reporting:stock.store')),
      text(t('reporting:stock.code')),
      text(t('reporting:stock.product'), 36),
      text(t('reporting:alerts.document')),
      { header: t('reporting:valuation.pieces'), type: 'integer' },
      text(t('reporting:alerts.matter'), 50),
      text(t('reporting:alerts.made')),
    ],
    query,
    load: (at) => alertRows(ctx.read, at, filter),
    toRow: (row) => [
      t(`reporting:alerts.kind.${row.kind}`),
      row.storeName,
      row.skuCode,
      row.skuName,
      row.documentNumber,
      row.quantity,
      saidOf(ctx, row),
      row.madeNumber,
    ],
  });
}

async function compute(ctx: Ctx): Promise<Reply> {
  try {
    const { over } = await startAlerts(ctx.services, ctx.actor);
    await Promise.race([over, pause(WAIT_MS, undefined, { ref: false })]);
  } catch (error) {
    // Somebody else's computation is running: its result is as good.
    if (!isDomainError(error) || error.status !== 409) throw error;
  }
  return redirect(PATH);
}

/** Makes the document at once and opens it, so that quantities can be changed before it goes on. */
async function act(ctx: Ctx, name: AlertAct): Promise<Reply> {
  const { filter } = await found(ctx);
  const seen =
    (await alertById(ctx.read, ctx.id(), filter)) ??
    (await alertById(ctx.read, ctx.id(), { ...filter, state: 'done' }));
  if (!seen) throw notFound('reporting.alert', ctx.id());
  try {
    const made = await actOnAlert(ctx.uow, ctx.actor, { id: seen.id, act: name });
    return redirect(madeHref({ madeType: made.type, madeId: made.id }), {
      kind: 'ok',
      text: ctx.t('reporting:alerts.madeText', { number: made.number }),
    });
  } catch (error) {
    if (!isDomainError(error) || (error.status !== 409 && error.status !== 422)) throw error;
    const lines = error.fields.map((field) => ctx.t(field.code, field.details));
    return redirect(PATH, { kind: 'bad', text: [ctx.t(error.code, error.details), ...lines].join(' ').slice(0, 400) });
  }
}
