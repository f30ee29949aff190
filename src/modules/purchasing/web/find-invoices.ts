import { addDays, fen, formatMoney, normaliseCode } from '../../../kernel';
import { documentHref } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import type { AlertSource, SearchProvider } from '../../../platform/modules';
import { findInvoices, INVOICE_LIST, invoiceTotalsByState, VIEW_INVOICES } from '../queries/invoice-list';
import { readParameters } from '../queries/parameters';
import { uninvoicedSince } from '../queries/uninvoiced';
import { APPROVE_INVOICES } from '../use-cases/decide-invoice';
import { invoiceState } from './invoice-words';

export const invoiceSearch: SearchProvider = {
  permission: VIEW_INVOICES,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    const found = await findInvoices(ctx.read, ctx.actor, code);
    return found.map(({ id, number, invoiceNumber, state, supplierName, storeName, invoicedOn }) => ({
      kind: ctx.t('purchasing:invoice.one'),
      title: number,
      detail: [invoiceState(ctx, state).text, invoiceNumber, supplierName, storeName, invoicedOn].join(' · '),
      href: documentHref('purchasing.invoice', id),
      exact: number === code || invoiceNumber === code,
    }));
  },
};

/** Invoices whose differences wait for approval. */
export const invoiceApprovalAlerts: AlertSource = {
  permission: APPROVE_INVOICES,
  async find(ctx) {
    const query = readListQuery(INVOICE_LIST, { state: 'submitted' });
    const totals = await invoiceTotalsByState(ctx.read, ctx.actor, query, ctx.store?.id ?? null, ctx.today);
    const count = totals.get('submitted')?.invoices ?? 0;
    if (count === 0) return [];
    return [
      {
        icon: 'file-invoice',
        tone: 'hold',
        title: ctx.t('purchasing:alert.invoiceApprovals', { count }),
        detail: ctx.t('purchasing:alert.invoiceApprovalsDetail'),
        count: String(count),
        href: '/purchasing/invoices?state=submitted',
      },
    ];
  },
};

/** Goods whose invoice has not come for so many days (parameter). */
export const uninvoicedAlerts: AlertSource = {
  permission: VIEW_INVOICES,
  switch: 'purchasing.alertUninvoiced',
  async find(ctx) {
    const { uninvoicedDays } = await readParameters(ctx.read);
    const before = addDays(ctx.today, -uninvoicedDays);
    const { lines, fen: accruedFen } = await uninvoicedSince(
      ctx.read,
      ctx.actor,
      ctx.store?.id ?? null,
      before,
      ctx.today,
    );
    if (lines === 0) return [];
    return [
      {
        icon: 'hourglass',
        tone: 'hold',
        title: ctx.t('purchasing:alert.uninvoiced', { count: lines, days: uninvoicedDays }),
        detail: ctx.t('purchasing:alert.uninvoicedDetail', { amount: formatMoney(fen(accruedFen)) }),
        count: String(lines),
        href: '/purchasing/uninvoiced',
      },
    ];
  },
};
