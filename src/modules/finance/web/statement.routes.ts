import { isBusinessDate } from '../../../kernel';
import { type Ctx, file, page, type Reply, type Route } from '../../../platform/http';
import { writeXlsx } from '../../../platform/spreadsheet';
import { getCompany } from '../../organization';
import { idOf } from '../queries/payment-list';
import { netOf, periodOf, type Statement, supplierStatement } from '../queries/statement';
import { VIEW_STATEMENTS } from '../queries/supplier-balances';
import { exportBalances, showBalances, statementHref } from './statement-list.page';
import { ageingFacts, documentWords, partFacts, showStatement, statementTable } from './statement.page';

const view = { permission: VIEW_STATEMENTS };
const BASE = '/finance/statements';
const ON_PAGE = 500;
const IN_FILE = 20_000;

export const statementRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: view, handler: showBalances },
  { method: 'get', path: `${BASE}.xlsx`, access: view, handler: exportBalances },
  {
    method: 'get',
    path: `${BASE}/:id`,
    access: view,
    handler: async (ctx) => showStatement(ctx, await statementOf(ctx, ON_PAGE)),
  },
  { method: 'get', path: `${BASE}/:id/print`, access: view, handler: printStatement },
  { method: 'get', path: `${BASE}/:id/export.xlsx`, access: view, handler: exportStatement },
];

function statementOf(ctx: Ctx, most: number): Promise<Statement> {
  const day = (name: 'from' | 'to') => {
    const typed = ctx.query[name];
    return isBusinessDate(typed) ? typed : null;
  };
  const period = periodOf({ from: day('from'), to: day('to') }, ctx.today);
  const storeId = idOf(ctx.query['store']) ?? ctx.store?.id ?? null;
  return supplierStatement(ctx.read, ctx.actor, { ...period, supplierId: ctx.id(), storeId }, most);
}

async function printStatement(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const statement = await statementOf(ctx, IN_FILE);
  const company = (await getCompany(ctx.read))?.name ?? t('common:product');
  const store = ctx.stores.find(({ id }) => id === statement.storeId);
  const model = {
    paper: 'a4',
    backHref: statementHref(statement.supplierId),
    sheet: {
      company,
      title: t('finance:statement.one'),
      number: '',
      facts: [
        { label: t('finance:payment.supplier'), value: `${statement.supplier.name} · ${statement.supplier.code}` },
        { label: t('finance:statement.period'), value: `${f.date(statement.from)} – ${f.date(statement.to)}` },
        ...(store ? [{ label: t('finance:statement.store'), value: store.name }] : []),
      ],
    },
    table: statementTable(ctx, statement, false),
    totals: partFacts(ctx, statement),
    ageing: {
      title: t('finance:statement.ageing', { date: f.date(statement.to) }),
      facts: ageingFacts(ctx, statement),
    },
    signatures: [company, statement.supplier.name].map((name) => t('finance:statement.sign', { name })),
  };
  return page('finance/statement-print', statement.supplier.name, model, { layout: 'print' });
}

async function exportStatement(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const statement = await statementOf(ctx, IN_FILE);
  const money = (key: string) => ({ header: t(`finance:statement.${key}`), type: 'money' as const });
  const text = (key: string) => ({ header: t(`finance:statement.${key}`), type: 'text' as const });
  const sheet = {
    name: t('finance:statement.one'),
    columns: [
      { header: t('finance:statement.date'), type: 'date' as const },
      { header: t('finance:payment.document'), type: 'text' as const },
      text('what'),
      text('store'),
      money('increase'),
      money('decrease'),
      money('balance'),
    ],
    rows: [
      [statement.from, t('finance:statement.opening'), null, null, null, null, statement.openingFen],
      ...statement.rows.map((row) => [
        row.businessDate,
        row.documentNumber,
        documentWords(ctx, row),
        row.storeName,
        Math.max(0, netOf(row)),
        Math.max(0, -netOf(row)),
        row.balanceFen,
      ]),
      [
        statement.to,
        t('finance:statement.closing'),
        null,
        null,
        statement.increaseFen,
        statement.decreaseFen,
        statement.closingFen,
      ],
      ...(statement.cut ? [[null, t('finance:statement.cut', { count: IN_FILE })]] : []),
    ],
  };
  const words = { timeZone: ctx.services.timeZone, yes: t('common:yes'), no: t('common:no') };
  return file(
    `${t('finance:statement.one')}-${statement.supplier.code}-${statement.to}.xlsx`,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    writeXlsx([sheet], words),
  );
}
