import { type Ctx, page, type Reply } from '../../../platform/http';
import { activeRates } from '../../catalog';
import { documentTimeline } from '../queries/document-timeline';
import { type InvoiceView, invoiceView, shareViews } from '../queries/invoice-page';
import { uninvoicedTotals } from '../queries/uninvoiced';
import { newOperationKey } from './fields';
import { invoicePage, type InvoicePageInput, MOST_SHARES } from './invoice.page';

/** The page of an invoice, also with what was just refused on it. */
export async function showInvoice(
  ctx: Ctx,
  id: number,
  { status = 200, ...more }: Pick<InvoicePageInput, 'notices' | 'typed'> & { status?: number } = {},
): Promise<Reply> {
  const document = await invoiceView(ctx.read, ctx.actor, id);
  const model = invoicePage(ctx, {
    document,
    shares: document.accruedFen === null ? [] : await shareViews(ctx.read, document, MOST_SHARES),
    timeline: await documentTimeline(ctx.read, 'purchasing.invoice', id),
    rates: await activeRates(ctx.read),
    takeable: document.state === 'draft' ? await takeableCount(ctx, document) : 0,
    operationKey: newOperationKey(),
    today: ctx.today,
    ...more,
  });
  return page('purchasing/document', document.number, model, { status, styles: ['purchasing'] });
}

/** Lines of receipts that the draft could still take, in all stores of the reader. */
async function takeableCount(ctx: Ctx, { id, supplierId }: InvoiceView): Promise<number> {
  const totals = await uninvoicedTotals(ctx.read, ctx.actor, { filters: {} }, null, ctx.today, {
    invoiceId: id,
    supplierId,
  });
  return [...totals.values()].reduce((sum, { lines }) => sum + lines, 0);
}
