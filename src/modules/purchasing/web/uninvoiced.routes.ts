import { type BusinessDate, daysBetween } from '../../../kernel';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import type { PageHead, Table } from '../../../platform/views';
import { VIEW_INVOICES } from '../queries/invoice-list';
import { activeSuppliers } from '../queries/suppliers';
import { AGES, UNINVOICED_LIST, uninvoicedBySupplier, uninvoicedRows, uninvoicedTotals } from '../queries/uninvoiced';
import { invoiceCrumbs } from './invoice-words';
import { uninvoicedPage } from './uninvoiced.page';

const view = { permission: VIEW_INVOICES };
const LIST = '/purchasing/uninvoiced';

export const uninvoicedRoutes: readonly Route[] = [
  { method: 'get', path: LIST, access: view, handler: list },
  { method: 'get', path: `${LIST}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${LIST}/suppliers`, access: view, handler: bySupplier },
];

async function list(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const query = readListQuery(UNINVOICED_LIST, ctx.query);
  const storeId = ctx.store?.id ?? null;
  const { supplier } = query.filters;
  const enter = {
    label: t('purchasing:invoice.new'),
    href: `/purchasing/invoices/new${supplier ? `?supplier=${encodeURIComponent(supplier)}` : ''}`,
    icon: 'plus',
    look: 'primary',
  } as const;
  const model = uninvoicedPage(ctx, {
    query,
    found: pageOf(query, await uninvoicedRows(ctx.read, ctx.actor, query, storeId, ctx.today)),
    totals: await uninvoicedTotals(ctx.read, ctx.actor, query, storeId, ctx.today),
    suppliers: await activeSuppliers(ctx.read),
    batch: undefined,
    head: {
      title: t('purchasing:uninvoiced.title'),
      say: t('purchasing:uninvoiced.say'),
      crumbs: invoiceCrumbs(ctx),
      actions: [
        { label: t('purchasing:uninvoiced.bySupplier'), href: `${LIST}/suppliers`, icon: 'building', look: 'plain' },
        ...(ctx.can('purchasing.invoice.edit') ? [enter] : []),
      ],
    },
    empty: { title: t('purchasing:uninvoiced.empty'), text: t('purchasing:uninvoiced.emptyHint') },
  });
  return page('purchasing/list', t('purchasing:uninvoiced.title'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  return exportReply(ctx, {
    name: `${t('purchasing:uninvoiced.title')}-${ctx.today}`,
    sheet: t('purchasing:uninvoiced.title'),
    columns: [
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:receipt.one'), type: 'text' },
      { header: t('purchasing:receipt.store'), type: 'text' },
      { header: t('purchasing:receipt.deliveryNote'), type: 'text' },
      { header: t('purchasing:uninvoiced.receivedOn'), type: 'date' },
      { header: t('purchasing:uninvoiced.ageDays'), type: 'integer' },
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:uninvoiced.pieces'), type: 'integer' },
      { header: t('purchasing:invoice.receivedPrice'), type: 'money' },
      { header: t('purchasing:uninvoiced.amount'), type: 'money' },
    ],
    query: readListQuery(UNINVOICED_LIST, ctx.query),
    load: (query) => uninvoicedRows(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today),
    toRow: (row) => [
      row.supplierName,
      row.receiptNumber,
      row.storeName,
      row.deliveryNote,
      row.businessDate,
      daysBetween(row.businessDate as BusinessDate, ctx.today),
      row.skuCode,
      row.skuName,
      row.leftPieces,
      row.unitPriceFen,
      row.leftFen,
    ],
  });
}

/** What is accrued with each supplier, by its age. */
async function bySupplier(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const rows = await uninvoicedBySupplier(ctx.read, ctx.actor, ctx.store?.id ?? null, ctx.today);
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const all = (row: (typeof rows)[number]): number => AGES.reduce((total, age) => total + row.byAge[age], 0);
  const head: PageHead = {
    title: t('purchasing:uninvoiced.bySupplier'),
    say: t('purchasing:uninvoiced.bySupplierSay'),
    crumbs: [...invoiceCrumbs(ctx), { label: t('purchasing:uninvoiced.title'), href: LIST }],
  };
  const table: Table = {
    id: 'uninvoiced-suppliers',
    caption: head.title,
    sticky: true,
    columns: [
      { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'title' },
      { key: 'oldest', label: t('purchasing:uninvoiced.oldest'), card: 'number', keep: true },
      { key: 'pieces', label: t('purchasing:uninvoiced.pieces'), num: true, card: 'number' },
      ...AGES.map((age) => ({
        key: `age-${age}`,
        label: t(`purchasing:uninvoiced.age.${age}`),
        num: true,
        card: 'number' as const,
      })),
      { key: 'amount', label: t('purchasing:uninvoiced.amount'), num: true, card: 'number' },
    ],
    rows: rows.map((row) => ({
      id: row.supplierId,
      cells: [
        { text: row.supplierName, href: `${LIST}?supplier=${row.supplierId}`, strong: true },
        f.date(row.oldest),
        f.number(row.pieces),
        ...AGES.map((age) => ({
          text: f.money(row.byAge[age]),
          href: `${LIST}?supplier=${row.supplierId}&age=${age}`,
          muted: row.byAge[age] === 0,
        })),
        { text: f.money(all(row)), strong: true },
      ],
    })),
    totals: [
      { text: t('common:total') },
      null,
      f.number(sum(({ pieces }) => pieces)),
      ...AGES.map((age) => f.money(sum(({ byAge }) => byAge[age]))),
      f.money(sum(all)),
    ],
  };
  const empty = { title: t('purchasing:uninvoiced.empty'), text: t('purchasing:uninvoiced.emptyHint') };
  return page('purchasing/list', head.title, { head, list: { table, empty, filtered: false, clearHref: LIST } });
}
