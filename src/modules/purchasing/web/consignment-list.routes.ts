import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { CONSIGNED_LIST, consignedRows, consignedTotals } from '../queries/consigned-list';
import { CONSIGNMENT_LIST, consignmentCounts, consignmentRows, VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { consignmentDevices, consignmentView } from '../queries/consignment-page';
import { activeSuppliers } from '../queries/suppliers';
import { consignedListPage } from './consigned-list.page';
import { consignmentListPage, consignmentsShowCost } from './consignment-list.page';
import { CONSIGNED, CONSIGNMENTS } from './consignment-words';

const view = { permission: VIEW_CONSIGNMENTS };

export const consignmentListRoutes: readonly Route[] = [
  { method: 'get', path: CONSIGNMENTS, access: view, handler: list },
  { method: 'get', path: `${CONSIGNMENTS}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: CONSIGNED, access: view, handler: devices },
  { method: 'get', path: `${CONSIGNED}.xlsx`, access: view, handler: exportDevices },
  { method: 'get', path: `${CONSIGNMENTS}/:id/devices.xlsx`, access: view, handler: exportDocument },
];

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(CONSIGNMENT_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const model = consignmentListPage(ctx, {
    query,
    found: pageOf(query, await consignmentRows(ctx.read, ctx.actor, query, storeId)),
    counts: await consignmentCounts(ctx.read, ctx.actor, query, storeId),
    suppliers: await activeSuppliers(ctx.read),
  });
  return page('purchasing/list', ctx.t('purchasing:consignment.title'), model);
}

async function devices(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(CONSIGNED_LIST, ctx.query);
  const place = { storeId: ctx.store?.id ?? null, today: ctx.today };
  const model = consignedListPage(ctx, {
    query,
    found: pageOf(query, await consignedRows(ctx.read, ctx.actor, query, place)),
    totals: await consignedTotals(ctx.read, ctx.actor, query, place),
    suppliers: await activeSuppliers(ctx.read),
  });
  return page('purchasing/list', ctx.t('purchasing:consigned.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const seesCost = consignmentsShowCost(ctx);
  return exportReply(ctx, {
    name: `${t('purchasing:consignment.title')}-${ctx.today}`,
    sheet: t('purchasing:consignment.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:consignment.kindLabel'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:receipt.store'), type: 'text' },
      { header: t('purchasing:receipt.businessDate'), type: 'date' },
      { header: t('purchasing:consignment.devices'), type: 'integer' },
      ...(seesCost ? [{ header: t('purchasing:consignment.gross'), type: 'money' as const }] : []),
      { header: t('purchasing:return.by'), type: 'text' },
      { header: t('purchasing:receipt.note'), type: 'text' },
    ],
    query: readListQuery(CONSIGNMENT_LIST, ctx.query),
    load: (query) => consignmentRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null),
    toRow: (row) => [
      row.number,
      t(`common:state.${row.state}`),
      t(`purchasing:consignment.kind.${row.kind}`),
      row.supplierName,
      row.storeName,
      row.businessDate,
      row.devices,
      ...(seesCost ? [row.grossFen] : []),
      row.createdByName,
      row.note,
    ],
  });
}

/** The devices of one document: what a supplier is sent with a settlement. */
async function exportDocument(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const devicesOf = await consignmentDevices(ctx.read, document);
  const seesCost = document.money !== undefined;
  return exportReply(ctx, {
    name: document.number,
    sheet: t(`purchasing:consignment.kind.${document.kind}`),
    columns: [
      { header: t('purchasing:consigned.number'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text' },
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:consigned.source'), type: 'text' },
      { header: t('purchasing:consigned.sourceOn'), type: 'date' },
      ...(seesCost
        ? [
            { header: t('purchasing:consignment.price'), type: 'money' as const },
            { header: t('purchasing:receipt.tax'), type: 'money' as const },
          ]
        : []),
    ],
    query: readListQuery(CONSIGNED_LIST, {}),
    // A document has fewer than a page of an export.
    load: () => Promise.resolve(devicesOf.map((one) => ({ ...one, sortValue: one.seq }))),
    toRow: (one) => [
      one.mainNumber,
      one.skuName,
      one.skuCode,
      t(`purchasing:consigned.state.${one.state}`),
      one.state === 'here' ? null : one.sourceNumber,
      one.state === 'here' ? null : one.sourceOn,
      ...(seesCost ? [one.priceFen, one.taxFen] : []),
    ],
  });
}

async function exportDevices(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const seesCost = consignmentsShowCost(ctx);
  const place = { storeId: ctx.store?.id ?? null, today: ctx.today };
  return exportReply(ctx, {
    name: `${t('purchasing:consigned.title')}-${ctx.today}`,
    sheet: t('purchasing:consigned.title'),
    columns: [
      { header: t('purchasing:consigned.number'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text' },
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:receipt.store'), type: 'text' },
      { header: t('purchasing:consigned.receivedOn'), type: 'date' },
      { header: t('purchasing:consignment.kind.receipt'), type: 'text' },
      { header: t('purchasing:consigned.source'), type: 'text' },
      { header: t('purchasing:consigned.sourceOn'), type: 'date' },
      ...(seesCost ? [{ header: t('purchasing:consignment.price'), type: 'money' as const }] : []),
    ],
    query: readListQuery(CONSIGNED_LIST, ctx.query),
    load: (query) => consignedRows(ctx.read, ctx.actor, query, place),
    toRow: (row) => [
      row.mainNumber,
      row.skuName,
      row.skuCode,
      t(`purchasing:consigned.state.${row.state}`),
      row.supplierName,
      row.storeName,
      row.receivedOn,
      row.receiptNumber,
      row.state === 'here' ? null : row.sourceNumber,
      row.state === 'here' ? null : row.sourceOn,
      ...(seesCost ? [row.priceFen] : []),
    ],
  });
}
