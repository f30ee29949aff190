import { type Ctx, file, type Reply, type Route } from '../../../platform/http';
import { type ExportColumn, type ExportRow, writeCsv, writeXlsx } from '../../../platform/spreadsheet';
import { VIEW_BANK_DATA } from '../queries/bank-changes';
import { bankPayments } from '../queries/bank-payments';

const view = { permission: VIEW_BANK_DATA };

/** For the bank: whom to pay how much, to which account. */
export const bankPaymentRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/bank-payments.xlsx', access: view, handler: (ctx) => exportFile(ctx, 'xlsx') },
  { method: 'get', path: '/purchasing/bank-payments.csv', access: view, handler: (ctx) => exportFile(ctx, 'csv') },
];

async function exportFile(ctx: Ctx, kind: 'xlsx' | 'csv'): Promise<Reply> {
  const { t } = ctx;
  const found = await bankPayments(ctx.read, ctx.actor, ctx.services.keys, ctx.store?.id ?? null);
  const text = (key: string): ExportColumn => ({ header: t(`purchasing:bank.file.${key}`), type: 'text' });
  const columns: ExportColumn[] = [
    text('number'),
    text('payee'),
    text('account'),
    text('bank'),
    { header: t('purchasing:bank.file.amount'), type: 'money' },
    { header: t('purchasing:bank.file.date'), type: 'date' },
    text('store'),
    text('reference'),
    { header: t('purchasing:bank.file.since'), type: 'datetime' },
    text('look'),
  ];
  const rows = found.map((row): ExportRow => [
    row.number,
    row.supplierName,
    row.account,
    row.bank,
    row.amountFen,
    row.businessDate,
    row.storeName,
    row.reference,
    row.accountSince,
    row.account === null ? t('purchasing:bank.file.missing') : row.changing ? t('purchasing:bank.file.changing') : null,
  ]);
  const words = { timeZone: ctx.services.timeZone, yes: t('common:yes'), no: t('common:no') };
  const name = `${t('purchasing:bank.file.title')}-${ctx.today}`;
  return kind === 'csv'
    ? file(`${name}.csv`, 'text/csv; charset=utf-8', writeCsv(columns, rows, words))
    : file(
        `${name}.xlsx`,
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        writeXlsx([{ name: t('purchasing:bank.file.title'), columns, rows }], words),
      );
}
