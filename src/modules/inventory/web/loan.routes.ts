import { isBusinessDate } from '../../../kernel';
import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { directionOf, LOAN_DIRECTIONS, LOAN_PURPOSES } from '../domain/loan';
import { LOAN_LIST, loanCounts, type LoanFilter, loanList, VIEW_LOANS } from '../queries/loan-list';
import { loanDevices, loanOfReturn, loanTimeline, loanView } from '../queries/loan-page';
import { loanListPage } from './loan-list.page';
import { loanHref } from './loan-words';
import { loanPage, type LoanPageInput } from './loan.page';

const view = { permission: VIEW_LOANS };

export const loanRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/loans', access: view, handler: list },
  { method: 'get', path: '/inventory/loans.xlsx', access: view, handler: exportList },
  { method: 'get', path: '/inventory/loans/:id', access: view, handler: (ctx) => showLoan(ctx) },
  // Where entries of a return link to.
  {
    method: 'get',
    path: '/inventory/loan_returns/:id',
    access: view,
    handler: async (ctx) => redirect(loanHref(await loanOfReturn(ctx.read, ctx.id()))),
  },
];

function readFilter(ctx: Ctx): LoanFilter {
  const { q, store, way, purpose, late, from, to } = readListQuery(LOAN_LIST, ctx.query).filters;
  return {
    text: q ?? '',
    storeId: /^[1-9]\d{0,14}$/.test(store ?? '') ? Number(store) : (ctx.store?.id ?? null),
    direction: LOAN_DIRECTIONS.find((one) => one === way) ?? null,
    purpose: LOAN_PURPOSES.find((one) => one === purpose) ?? null,
    lateOn: late ? ctx.today : null,
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope(VIEW_LOANS),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(LOAN_LIST, ctx.query);
  const filter = readFilter(ctx);
  const model = loanListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await loanList(ctx.read, query, filter)),
    counts: await loanCounts(ctx.read, filter),
  });
  return page('inventory/loan-list', ctx.t('inventory:loan.list'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = readFilter(ctx);
  return exportReply(ctx, {
    name: `${t('inventory:loan.list')}-${ctx.today}`,
    sheet: t('inventory:loan.list'),
    columns: [
      { header: t('inventory:change.number'), type: 'text' },
      { header: t('inventory:loan.direction'), type: 'text' },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:loan.borrower'), type: 'text' },
      { header: t('inventory:loan.purpose'), type: 'text' },
      { header: t('inventory:device.store'), type: 'text' },
      { header: t('inventory:loan.lentOn'), type: 'date' },
      { header: t('inventory:loan.dueOn'), type: 'date' },
      { header: t('inventory:loan.open'), type: 'integer' },
      { header: t('inventory:change.devices'), type: 'integer' },
      { header: t('inventory:change.by'), type: 'text' },
      { header: t('inventory:change.note'), type: 'text' },
    ],
    query: readListQuery(LOAN_LIST, ctx.query),
    load: (query) => loanList(ctx.read, query, filter),
    toRow: (row) => [
      row.number,
      t(`inventory:loan.${directionOf(row)}.word`),
      t(`inventory:loan.${directionOf(row)}.state.${row.state}`),
      row.borrower,
      t(`inventory:loan.purposes.${row.purpose}`),
      row.storeName,
      row.businessDate,
      row.dueOn,
      row.stillOut,
      row.devices,
      row.createdByName,
      row.note,
    ],
  });
}

/** The page of a loan, also with what was just refused on it. */
export async function showLoan(
  ctx: Ctx,
  { status = 200, ...more }: Pick<LoanPageInput, 'notices'> & { status?: number } = {},
): Promise<Reply> {
  const loan = await loanView(ctx.read, ctx.actor, ctx.id());
  const devices = await loanDevices(ctx.read, loan.id);
  const timeline = await loanTimeline(ctx.read, loan.id);
  return page('inventory/loan', loan.number, loanPage(ctx, { loan, devices, timeline, ...more }), { status });
}
