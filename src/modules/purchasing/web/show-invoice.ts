import { type Ctx, page, type Reply } from '../../../platform/http';
import { attachmentsModel, attachmentsOf, mayReadContent } from '../../../platform/attachments';
import type { Attachments } from '../../../platform/views';
import { activeRates } from '../../catalog';
import { documentTimeline } from '../queries/document-timeline';
import { type InvoiceView, invoiceView, shareViews } from '../queries/invoice-page';
import { uninvoicedTotals } from '../queries/uninvoiced';
import { INVOICE_FILES, invoiceFilesRule } from '../use-cases/invoice-files';
import { EDIT_INVOICES } from '../use-cases/save-invoice';
import { newOperationKey } from './fields';
import { invoiceHref } from './invoice-words';
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
    attachments: await attachmentsCard(ctx, document),
    operationKey: newOperationKey(),
    today: ctx.today,
    ...more,
  });
  return page('purchasing/document', document.number, model, { status, styles: ['purchasing'] });
}

/** The invoice itself as a file; it may come before or after the posting. */
async function attachmentsCard(ctx: Ctx, { id, storeId }: InvoiceView): Promise<Attachments> {
  const files = await attachmentsOf(ctx.read, INVOICE_FILES, id);
  const action = `${invoiceHref(id)}/attachments`;
  const upload = ctx.can(EDIT_INVOICES, storeId) ? { action, hint: ctx.t('purchasing:invoice.filesHint') } : null;
  return attachmentsModel(ctx, files, upload, (file) => mayReadContent(ctx.actor, invoiceFilesRule, file, storeId));
}

/** Lines of receipts that the draft could still take, in all stores of the reader. */
async function takeableCount(ctx: Ctx, { id, supplierId }: InvoiceView): Promise<number> {
  const totals = await uninvoicedTotals(ctx.read, ctx.actor, { filters: {} }, null, ctx.today, {
    invoiceId: id,
    supplierId,
  });
  return [...totals.values()].reduce((sum, { lines }) => sum + lines, 0);
}
