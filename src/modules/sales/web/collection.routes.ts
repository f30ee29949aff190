import { isBusinessDate, parseId } from '../../../kernel';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { getCompany } from '../../organization';
import { COLLECTION_DOCUMENT } from '../domain/collection-posting';
import {
  COLLECTION_LIST,
  collectionCounts,
  type CollectionFilter,
  collectionList,
  collectionView,
  VIEW_COLLECTIONS,
} from '../queries/collection-list';
import { partnersNamed } from '../queries/consignment-list';
import { documentTimeline } from '../queries/consignment-page';
import { collectionListPage } from './collection-list.page';
import { collectionPage, type CollectionPageInput } from './collection.page';
import { barcodeOf } from './consignment-print';
import { collectionHref, COLLECTIONS } from './settlement-words';

const view = { permission: VIEW_COLLECTIONS };

export const collectionRoutes: readonly Route[] = [
  { method: 'get', path: COLLECTIONS, access: view, handler: list },
  { method: 'get', path: `${COLLECTIONS}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${COLLECTIONS}/:id`, access: view, handler: (ctx) => showCollection(ctx) },
  { method: 'get', path: `${COLLECTIONS}/:id/print`, access: view, handler: print },
];

async function readFilter(ctx: Ctx): Promise<CollectionFilter> {
  const { q = '', store = '', from, to } = readListQuery(COLLECTION_LIST, ctx.query).filters;
  const text = q.trim();
  return {
    text,
    named: await partnersNamed(ctx.read, ctx.services.keys, text),
    storeId: parseId(store) ?? ctx.store?.id ?? null,
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope(VIEW_COLLECTIONS),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(COLLECTION_LIST, ctx.query);
  const filter = await readFilter(ctx);
  const model = collectionListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await collectionList(ctx.read, ctx.services.keys, query, filter)),
    counts: await collectionCounts(ctx.read, filter),
  });
  return page('sales/list', model.head.title, model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = await readFilter(ctx);
  return exportReply(ctx, {
    name: `${t('sales:collection.list')}-${ctx.today}`,
    sheet: t('sales:collection.list'),
    columns: [
      { header: t('sales:consignment.number'), type: 'text' },
      { header: t('sales:sale.state'), type: 'text' },
      { header: t('sales:collection.customer'), type: 'text' },
      { header: t('sales:sale.store'), type: 'text' },
      { header: t('sales:collection.date'), type: 'date' },
      { header: t('sales:collection.account'), type: 'text' },
      { header: t('sales:collection.amount'), type: 'money' },
      { header: t('sales:collection.reference'), type: 'text' },
      { header: t('sales:consignment.by'), type: 'text' },
    ],
    query: readListQuery(COLLECTION_LIST, ctx.query),
    load: (query) => collectionList(ctx.read, ctx.services.keys, query, filter),
    toRow: (row) => [
      row.number,
      t(`sales:collection.state.${row.state}`),
      row.customerName,
      row.storeName,
      row.businessDate,
      t(`sales:collection.accounts.${row.account}`),
      row.amountFen,
      row.reference,
      row.createdByName,
    ],
  });
}

/** The page of a document, also with what was just refused on it. */
export async function showCollection(
  ctx: Ctx,
  { status = 200, ...more }: Pick<CollectionPageInput, 'notices'> & { status?: number } = {},
): Promise<Reply> {
  const row = await collectionView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const timeline = await documentTimeline(ctx.read, COLLECTION_DOCUMENT, row.id);
  return page('sales/settlement', row.number, collectionPage(ctx, { row, timeline, ...more }), { status });
}

/** 收款收据, for who paid. */
async function print(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await collectionView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const company = await getCompany(ctx.read);
  const model = {
    paper: 'a4',
    backHref: collectionHref(row.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('sales:collection.one'),
      number: row.number,
      code: barcodeOf(row.number),
      facts: [
        { label: t('sales:collection.customer'), value: row.customer },
        { label: t('sales:sale.store'), value: row.storeName },
        { label: t('sales:collection.date'), value: f.date(row.businessDate) },
        { label: t('sales:collection.account'), value: t(`sales:collection.accounts.${row.account}`) },
        ...(row.reference ? [{ label: t('sales:collection.reference'), value: row.reference }] : []),
        { label: t('sales:collection.amount'), value: f.moneyYuan(row.amountFen) },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('sales:collection.item'), num: false },
      { label: t('sales:sale.store'), num: false },
      { label: t('sales:collection.amount'), num: true },
    ],
    rows: row.lines.map((line, index) => [
      String(index + 1),
      line.documentNumber,
      line.storeName,
      f.money(line.amountFen),
    ]),
    notes: row.note ? [row.note] : [],
    signatures: [t('sales:collection.signReceived'), t('sales:collection.signPaid')],
  };
  return page('sales/consignment-print', row.number, model, { layout: 'print' });
}
