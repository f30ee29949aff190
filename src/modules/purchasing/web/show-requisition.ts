import { type Ctx, page, type Reply } from '../../../platform/http';
import type { RelatedDocuments } from '../../../platform/views';
import { documentTimeline } from '../queries/document-timeline';
import { ordersOfRequisition, receiptsOfRequisition, requisitionView } from '../queries/requisition-page';
import { newOperationKey } from './fields';
import { orderHref, orderState } from './order-words';
import { receiptHref } from './receipt-parts';
import { receiptState } from './receipt-words';
import { requisitionPage, type RequisitionPageInput } from './requisition.page';

/** The page of a requisition, also with what was just refused on it. */
export async function showRequisition(
  ctx: Ctx,
  id: number,
  { status = 200, ...input }: { status?: number } & Pick<RequisitionPageInput, 'notices' | 'typed'> = {},
): Promise<Reply> {
  const requisition = await requisitionView(ctx.read, ctx.actor, id);
  const model = requisitionPage(ctx, {
    requisition,
    timeline: await documentTimeline(ctx.read, 'purchasing.requisition', id),
    related: await related(ctx, id),
    operationKey: newOperationKey(),
    ...input,
  });
  return page('purchasing/order', requisition.number, model, {
    status,
    styles: ['purchasing'],
    scripts: ['sku-suggest'],
  });
}

/** Orders and receipts that the reader may open. */
async function related(ctx: Ctx, id: number): Promise<RelatedDocuments['documents']> {
  const { t, f } = ctx;
  const orders = ctx.can('purchasing.order.view') ? await ordersOfRequisition(ctx.read, ctx.actor, id) : [];
  const receipts = ctx.can('purchasing.receipt.view') ? await receiptsOfRequisition(ctx.read, ctx.actor, id) : [];
  return [
    ...orders.map((order) => ({
      number: order.number,
      href: orderHref(order.id),
      icon: 'shopping-cart' as const,
      say: t('purchasing:requisition.orderSay', {
        date: f.date(order.orderedOn),
        count: f.number(order.ordered),
        supplier: order.supplierName,
      }),
      state: orderState(ctx, order.state),
    })),
    ...receipts.map((receipt) => ({
      number: receipt.number,
      href: receiptHref(receipt.id),
      icon: 'truck-loading' as const,
      say: t('purchasing:requisition.receiptSay', {
        date: f.date(receipt.businessDate),
        count: f.number(receipt.received),
      }),
      state: receiptState(ctx, receipt.state),
    })),
  ];
}
