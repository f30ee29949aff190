import { type Ctx, documentHref, page, type Reply } from '../../../platform/http';
import { exportAction, exportReply, listHref, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import type { Cell } from '../../../platform/views';
import { type CustomerCard, customersByIds } from '../../crm';
import {
  BATCH_LIST,
  BATCH_VIEWS,
  type BatchFilter,
  batchList,
  type BatchPlaces,
  type BatchRow,
  batchTrace,
  batchView,
  SOON_DAYS,
  TRACE_WAYS,
  type TracedBatch,
  type TraceRow,
  traceSpec,
  type TraceWay,
} from '../queries/batches';
import { idOrNull, VIEW_STOCK } from './stock-filter';

const placesOf = (ctx: Ctx): BatchPlaces => ({
  scope: ctx.actor.scope(VIEW_STOCK),
  storeId: idOrNull(ctx.query['store']) ?? ctx.store?.id ?? null,
});

function listFilter(ctx: Ctx, { filters }: ListQuery): BatchFilter {
  const view = BATCH_VIEWS.find((one) => one === filters['view']) ?? 'stock';
  return { ...placesOf(ctx), text: filters['q'] ?? '', view, today: ctx.today };
}

const storeField = (ctx: Ctx) => ({
  name: 'store',
  label: ctx.t('reporting:stock.store'),
  type: 'select' as const,
  value: ctx.query['store'] ?? '',
  choose: ctx.store?.name ?? ctx.t('common:frame.allStores'),
  options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
});

function storeChip(ctx: Ctx, query: ListQuery): { label: string; removeHref: string }[] {
  const store = ctx.stores.find(({ id }) => String(id) === ctx.query['store']);
  return store ? [{ label: store.name, removeHref: listHref(query, { store: null }) }] : [];
}

/** An expiry that has passed is red, one that comes soon amber. */
function expiryCell({ f, t, today }: Ctx, { expiresOn }: Pick<BatchRow, 'expiresOn'>): Cell {
  if (expiresOn === null) return null;
  if (expiresOn < today)
    return { text: f.date(expiresOn), tone: 'bad', strong: true, aside: t('reporting:batch.past') };
  return f.date(expiresOn);
}

export async function showBatches(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const query = readListQuery(BATCH_LIST, ctx.query);
  const filter = listFilter(ctx, query);
  const found = pageOf(query, await batchList(ctx.read, query, filter));
  return page('reporting/stock-list', t('reporting:menu.batches'), {
    head: {
      title: t('reporting:menu.batches'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [exportAction(ctx, query)],
    },
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: BATCH_VIEWS.map((view) => ({
          label: t(`reporting:batch.view.${view}`, { days: SOON_DAYS }),
          href: listHref(query, { view: view === 'stock' ? null : view }),
          current: view === filter.view,
        })),
      },
      filters: {
        action: '/reporting/batches',
        text: { name: 'q', value: filter.text, label: t('reporting:batch.find') },
        keep: filter.view === 'stock' ? {} : { view: filter.view },
        chips: storeChip(ctx, query),
        fields: [storeField(ctx)],
      },
      table: {
        id: 'batches',
        caption: t('reporting:menu.batches'),
        sticky: true,
        columns: [
          { key: 'code', label: t('reporting:batch.code'), card: 'title' },
          { key: 'product', label: t('reporting:stock.product'), card: 'full' },
          { key: 'expires', label: t('reporting:batch.expiresOn'), card: 'number' },
          { key: 'received', label: t('reporting:batch.receivedOn'), card: 'number' },
          { key: 'pieces', label: t('reporting:batch.pieces'), num: true, card: 'number' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.code,
          cells: [
            { text: row.code, strong: true, href: `/reporting/batches/${row.id}` },
            { text: row.skuName, sub: row.skuCode },
            expiryCell(ctx, row),
            f.date(row.receivedOn),
            f.number(row.pieces),
          ],
        })),
      },
      pager: {
        say: t('reporting:batch.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('reporting:batch.emptyTitle'), text: t('reporting:batch.emptyText') },
      filtered: Object.keys(query.filters).some((name) => name !== 'view'),
      clearHref: listHref(query, { q: null, store: null }),
    },
  });
}

export function exportBatches(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const query = readListQuery(BATCH_LIST, ctx.query);
  const filter = listFilter(ctx, query);
  return Promise.resolve(
    exportReply(ctx, {
      name: `${t('reporting:menu.batches')}-${ctx.today}`,
      sheet: t('reporting:menu.batches'),
      columns: [
        { header: t('reporting:batch.code'), type: 'text' },
        { header: t('reporting:stock.code'), type: 'text' },
        { header: t('reporting:stock.product'), type: 'text' },
        { header: t('reporting:batch.expiresOn'), type: 'date' },
        { header: t('reporting:batch.receivedOn'), type: 'date' },
        { header: t('reporting:batch.pieces'), type: 'integer' },
      ],
      query,
      load: (at) => batchList(ctx.read, at, filter),
      toRow: (row) => [row.code, row.skuCode, row.skuName, row.expiresOn, row.receivedOn, row.pieces],
    }),
  );
}

type NamedTrace = TraceRow & { customer: CustomerCard | undefined };

/** Names of who bought, for readers who may see customers; one query for all rows. */
async function named(ctx: Ctx, rows: readonly TraceRow[]): Promise<NamedTrace[]> {
  const ids = ctx.can('crm.customer.view') ? rows.flatMap(({ customerId }) => customerId ?? []) : [];
  const cards =
    ids.length > 0 ? await customersByIds(ctx.read, ctx.services.keys, ids) : new Map<number, CustomerCard>();
  return rows.map((row) => ({ ...row, customer: row.customerId === null ? undefined : cards.get(row.customerId) }));
}

const wayOf = (ctx: Ctx): TraceWay | null => TRACE_WAYS.find((one) => one === ctx.query['way']) ?? null;

const documentWords = ({ t }: Ctx, { documentType, postingKind }: TraceRow): string => {
  const name = t(`inventory:movement.document.${documentType}`);
  return postingKind === 'reversal' ? t('inventory:event.reversed', { what: name }) : name;
};

/** A batch backward and forward: where it came from, where it lies, where it went and to whom. */
export async function showBatch(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const places = placesOf(ctx);
  const batch = await batchView(ctx.read, ctx.id(), places);
  const query = readListQuery(traceSpec(batch.id), ctx.query);
  const way = wayOf(ctx);
  const found = pageOf(query, await batchTrace(ctx.read, query, batch, way, places));
  const rows = await named(ctx, found.rows);
  const sees = ctx.can('crm.customer.view');
  return page('reporting/batch', batch.code, {
    head: {
      title: batch.code,
      crumbs: [{ label: t('reporting:menu.batches'), href: '/reporting/batches' }],
      say: `${batch.skuName} · ${batch.skuCode}`,
      actions: [
        {
          look: 'quiet',
          icon: 'file-spreadsheet',
          label: t('reporting:batch.recall'),
          href: listHref(query, { way: 'sold' }).replace(/\/batches\/\d+/, `/batches/${batch.id}/trace.xlsx`),
        },
      ],
    },
    figures: figuresOf(ctx, batch),
    places: {
      id: 'batch-places',
      caption: t('reporting:batch.places'),
      columns: [
        { key: 'place', label: t('reporting:batch.place'), card: 'title' },
        { key: 'state', label: t('reporting:batch.state'), card: 'number' },
        { key: 'pieces', label: t('reporting:batch.pieces'), num: true, card: 'number' },
      ],
      rows: batch.places.map((one) => ({
        id: one.id,
        cells: [`${one.storeName} ${one.locationName}`, t(`inventory:bucket.${one.bucket}`), f.number(one.quantity)],
      })),
    },
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: ([null, ...TRACE_WAYS] as const).map((one) => ({
          label: t(`reporting:batch.way.${one ?? 'all'}`),
          href: listHref(query, { way: one }),
          current: one === way,
        })),
      },
      filters: {
        action: `/reporting/batches/${batch.id}`,
        keep: way ? { way } : {},
        chips: storeChip(ctx, query),
        fields: [storeField(ctx)],
      },
      table: {
        id: 'batch-trace',
        caption: t('reporting:batch.trace'),
        columns: [
          { key: 'document', label: t('reporting:batch.document'), card: 'title' },
          { key: 'date', label: t('reporting:batch.date'), card: 'number' },
          { key: 'place', label: t('reporting:batch.place'), card: 'full' },
          { key: 'quantity', label: t('reporting:batch.quantity'), num: true, card: 'number' },
          ...(sees ? [{ key: 'customer', label: t('reporting:batch.customer'), card: 'full' as const }] : []),
          { key: 'by', label: t('reporting:batch.by'), card: 'hide' as const },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.documentNumber,
          cells: [
            {
              text: row.documentNumber,
              href: documentHref(row.documentType, row.documentId),
              sub: documentWords(ctx, row),
            },
            f.date(row.businessDate),
            { text: `${row.storeName} ${row.locationName}`, sub: t(`inventory:bucket.${row.bucket}`) },
            f.number(row.quantity),
            ...(sees ? [customerCell(row)] : []),
            row.actorName,
          ],
        })),
      },
      pager: {
        say: t('reporting:batch.traceSay', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('reporting:batch.noTrace'), text: t('reporting:batch.noTraceText') },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: `/reporting/batches/${batch.id}`,
    },
  });
}

const customerCell = ({ customer }: NamedTrace): Cell =>
  customer
    ? {
        text: customer.name ?? customer.code,
        href: documentHref('crm.customer', customer.id),
        sub: customer.phoneMasked ?? '',
      }
    : null;

function figuresOf(ctx: Ctx, batch: TracedBatch) {
  const { t, f } = ctx;
  const here = batch.places.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    label: t('reporting:batch.trace'),
    cells: [
      { label: t('reporting:batch.pieces'), figure: f.number(here) },
      { label: t('reporting:batch.sold'), figure: f.number(batch.sold) },
      { label: t('reporting:batch.receivedOn'), figure: f.date(batch.receivedOn) },
      {
        label: t('reporting:batch.expiresOn'),
        figure: batch.expiresOn === null ? t('common:none') : f.date(batch.expiresOn),
        ...(batch.expiresOn !== null && batch.expiresOn < ctx.today ? { note: t('reporting:batch.past') } : {}),
      },
    ],
  };
}

/** The movements that the page shows; with `way=sold` the list for a recall. */
export async function exportTrace(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const places = placesOf(ctx);
  const batch = await batchView(ctx.read, ctx.id(), places);
  const sees = ctx.can('crm.customer.view');
  return exportReply(ctx, {
    name: `${t('reporting:batch.trace')}-${batch.code}-${ctx.today}`,
    sheet: t('reporting:batch.trace'),
    columns: [
      { header: t('reporting:batch.date'), type: 'date' },
      { header: t('reporting:batch.document'), type: 'text' },
      { header: t('reporting:batch.number'), type: 'text' },
      { header: t('reporting:stock.store'), type: 'text' },
      { header: t('reporting:batch.place'), type: 'text' },
      { header: t('reporting:batch.state'), type: 'text' },
      { header: t('reporting:batch.quantity'), type: 'integer' },
      ...(sees
        ? [
            { header: t('reporting:batch.customerCode'), type: 'text' as const },
            { header: t('reporting:batch.customer'), type: 'text' as const },
            { header: t('reporting:batch.phone'), type: 'text' as const },
          ]
        : []),
      { header: t('reporting:batch.by'), type: 'text' },
    ],
    query: readListQuery(traceSpec(batch.id), ctx.query),
    load: async (at) => named(ctx, await batchTrace(ctx.read, at, batch, wayOf(ctx), places)),
    toRow: (row) => [
      row.businessDate,
      documentWords(ctx, row),
      row.documentNumber,
      row.storeName,
      row.locationName,
      t(`inventory:bucket.${row.bucket}`),
      row.quantity,
      ...(sees ? [row.customer?.code ?? null, row.customer?.name ?? null, row.customer?.phoneMasked ?? null] : []),
      row.actorName,
    ],
  });
}
