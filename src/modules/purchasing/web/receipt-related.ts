import type { RelatedDocuments } from '../../../platform/views';
import type { FoundInvoice } from '../queries/invoice-list';
import type { ReceiptView } from '../queries/receipt-page';
import { invoiceLinks } from './invoice-parts';
import { orderHref } from './order-words';
import type { ReceiptCtx } from './receipt-parts';
import { returnHref } from './return-words';

/** Orders, returns and invoices of a receipt, and its reversal. */
export function relatedToReceipt(
  ctx: ReceiptCtx,
  receipt: ReceiptView,
  invoices: readonly FoundInvoice[],
): RelatedDocuments {
  const { t, f, can } = ctx;
  const orders = new Map(receipt.lines.flatMap(({ order }) => (order ? [[order.orderId, order.number] as const] : [])));
  const returns = new Map(
    receipt.lines.flatMap(({ replaces }) => (replaces ? [[replaces.returnId, replaces.number] as const] : [])),
  );
  return {
    documents: [
      ...[...returns].map(([returnId, number]) => ({
        number,
        icon: 'truck-return' as const,
        say: t('purchasing:return.replaces'),
        ...(can('purchasing.return.view') ? { href: returnHref(returnId) } : {}),
      })),
      ...[...orders].map(([orderId, number]) => ({
        number,
        icon: 'shopping-cart' as const,
        say: t('purchasing:order.one'),
        ...(can('purchasing.order.view') ? { href: orderHref(orderId) } : {}),
      })),
      ...(receipt.reversalNumber
        ? [
            {
              number: receipt.reversalNumber,
              icon: 'arrow-back-up' as const,
              say: t('purchasing:receipt.reversalSay', { at: f.dateTime(receipt.reversedAt) }),
            },
          ]
        : []),
      ...invoiceLinks(ctx, invoices),
      ...(invoices.length > 0
        ? []
        : [
            {
              number: t('purchasing:receipt.supplierInvoice'),
              icon: 'file-invoice' as const,
              say: t(receipt.withInvoice ? 'purchasing:receipt.withInvoice' : 'purchasing:receipt.invoiceLater'),
            },
          ]),
    ],
  };
}
