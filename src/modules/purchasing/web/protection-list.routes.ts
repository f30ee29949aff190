import { addDays, type BusinessDate, daysBetween } from '../../../kernel';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery, withoutCostSorts } from '../../../platform/lists';
import {
  openBySupplier,
  PROTECTION_LIST,
  type ProtectionFilter,
  protectionRows,
  protectionTotals,
  VIEW_PROTECTIONS,
} from '../queries/protection-list';
import { readParameters } from '../queries/parameters';
import { activeSuppliers } from '../queries/suppliers';
import { openClaimsPage, protectionListPage, protectionListShowsCost } from './protection-list.page';

const view = { permission: VIEW_PROTECTIONS };

export const protectionListRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/protections', access: view, handler: list },
  { method: 'get', path: '/purchasing/protections.xlsx', access: view, handler: exportList },
  { method: 'get', path: '/purchasing/protections/open', access: view, handler: showOpen },
];

const queryOf = (ctx: Ctx) =>
  readListQuery(protectionListShowsCost(ctx) ? PROTECTION_LIST : withoutCostSorts(PROTECTION_LIST), ctx.query);

export async function protectionFilter(ctx: Pick<Ctx, 'read' | 'store' | 'today'>): Promise<ProtectionFilter> {
  const { claimAlertDays } = await readParameters(ctx.read);
  return { storeId: ctx.store?.id ?? null, late: addDays(ctx.today, -claimAlertDays) };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = queryOf(ctx);
  const filter = await protectionFilter(ctx);
  const found = pageOf(query, await protectionRows(ctx.read, ctx.actor, query, filter));
  const totals = await protectionTotals(ctx.read, ctx.actor, query, filter);
  const model = protectionListPage(ctx, query, found, totals, await activeSuppliers(ctx.read), filter.late);
  return page('purchasing/list', ctx.t('purchasing:protection.title'), model);
}

/** Days that a claim has waited for the supplier; null: it does not wait. */
export const waitedDays = (today: BusinessDate, openSince: string | null): number | null =>
  openSince === null ? null : daysBetween(openSince as BusinessDate, today);

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const seesCost = protectionListShowsCost(ctx);
  const filter = await protectionFilter(ctx);
  return exportReply(ctx, {
    name: `${t('purchasing:protection.title')}-${ctx.today}`,
    sheet: t('purchasing:protection.title'),
    columns: [
      { header: t('purchasing:receipt.number'), type: 'text' },
      { header: t('purchasing:receipt.state'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:receipt.store'), type: 'text' },
      { header: t('purchasing:protection.effectiveAt'), type: 'datetime' },
      { header: t('purchasing:protection.listed'), type: 'integer' },
      { header: t('purchasing:protection.covered'), type: 'integer' },
      { header: t('purchasing:protection.waited'), type: 'integer' },
      { header: t('purchasing:return.by'), type: 'text' },
      ...(seesCost
        ? [
            { header: t('purchasing:protection.claimed'), type: 'money' as const },
            { header: t('purchasing:protection.agreed'), type: 'money' as const },
            { header: t('purchasing:protection.settled'), type: 'money' as const },
          ]
        : []),
    ],
    query: queryOf(ctx),
    load: (query) => protectionRows(ctx.read, ctx.actor, query, filter),
    toRow: (row) => [
      row.number,
      t(`purchasing:protection.state.${row.state}`),
      row.supplierName,
      row.storeName,
      row.effectiveAt,
      row.deviceCount,
      row.covered,
      waitedDays(ctx.today, row.openSince),
      row.createdByName,
      ...(seesCost ? [row.claimedFen, row.agreedFen, row.settledFen] : []),
    ],
  });
}

async function showOpen(ctx: Ctx): Promise<Reply> {
  const day = (n: number): string => addDays(ctx.today, -n);
  const rows = await openBySupplier(ctx.read, ctx.actor, ctx.store?.id ?? null, [day(30), day(60), day(90)]);
  return page('purchasing/supplier-score', ctx.t('purchasing:protection.openTitle'), openClaimsPage(ctx, rows));
}
