import { type Ctx, documentHref, page, type Reply } from '../../../platform/http';
import { exportReply, listHref, pageOf, readListQuery } from '../../../platform/lists';
import type { Cell } from '../../../platform/views';
import { type CustomerCard, customersByIds } from '../../crm';
import {
  batchTrace,
  batchView,
  TRACE_WAYS,
  type TracedBatch,
  type TraceRow,
  traceSpec,
  type TraceWay,
} from '../queries/batches';
import { placesOf, storeChip, storeField } from './batch-filter';

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
