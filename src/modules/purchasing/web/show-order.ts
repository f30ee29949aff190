import { type Ctx, page, type Reply } from '../../../platform/http';
import { seesCostIn } from '../../../platform/permissions';
import type { Message } from '../../../platform/views';
import { listStores } from '../../organization';
import { creditUse } from '../queries/credit-use';
import { invoicesOf } from '../queries/invoice-list';
import { refusalOf } from '../queries/order-approval';
import { documentTimeline } from '../queries/document-timeline';
import { orderView, receiptsOfOrder } from '../queries/order-page';
import { requisitionsOfOrder } from '../queries/requisition-page';
import { EDIT_ORDERS } from '../use-cases/save-order';

import { newOperationKey } from './fields';
import { invoiceLinks } from './invoice-parts';
import { receiptHref } from './receipt-parts';
import { receiptState } from './receipt-words';
import { requisitionHref } from './requisition-words';
import { orderPage, type OrderPageInput } from './order.page';

export interface ShowOrder {
  status?: number;
  notices?: Message[];
  typed?: OrderPageInput['typed'];
}

/** The page of an order, also with what was just refused on it. */
export async function showOrder(
  ctx: Ctx,
  id: number,
  { status = 200, notices, typed }: ShowOrder = {},
): Promise<Reply> {
  const order = await orderView(ctx.read, ctx.actor, id, ctx.today);
  const receipts = await receiptsOfOrder(ctx.read, ctx.actor, id);
  const wishes = ctx.can('purchasing.requisition.view') ? await requisitionsOfOrder(ctx.read, ctx.actor, id) : [];
  const model = orderPage(ctx, {
    order,
    timeline: await documentTimeline(ctx.read, 'purchasing.order', id),
    related: [
      ...wishes.map((wish) => ({
        number: wish.number,
        href: requisitionHref(wish.id),
        icon: 'clipboard' as const,
        say: ctx.t('purchasing:order.wishSay', { count: ctx.f.number(wish.ordered), store: wish.storeName }),
      })),
      ...receipts.map(({ id: receiptId, number, state, businessDate, received, storeName }) => ({
        number,
        href: receiptHref(receiptId),
        icon: 'truck-loading' as const,
        say: ctx.t('purchasing:order.receiptSay', {
          date: ctx.f.date(businessDate),
          count: ctx.f.number(received),
          store: storeName,
        }),
        state: receiptState(ctx, state),
      })),
      ...invoiceLinks(ctx, await invoicesOf(ctx.read, ctx.actor, { orderId: id })),
    ],
    refusal: order.state === 'submitted' ? await refusalOf(ctx.read, ctx.actor, order, order.storeIds, ctx.now) : null,
    stores: await orderingStores(ctx),
    operationKey: newOperationKey(),
    notices: [...(notices ?? []), ...(await creditNotices(ctx, id))],
    ...(typed ? { typed } : {}),
  });
  return page('purchasing/order', order.number, model, { status, styles: ['purchasing'], scripts: ['sku-suggest'] });
}

/** The order takes more credit than the supplier gives: nothing is refused, whoever approves it should know. */
async function creditNotices({ t, f, read, actor }: Ctx, orderId: number): Promise<Message[]> {
  const credit = await creditUse(read, orderId);
  if (!credit || credit.usedFen <= credit.limitFen) return [];
  const title = t('purchasing:order.overCredit');
  if (!seesCostIn(actor, 'all', null)) return [{ tone: 'hold', title }];
  const amounts = { used: f.moneyYuan(credit.usedFen), limit: f.moneyYuan(credit.limitFen) };
  return [{ tone: 'hold', title, text: t('purchasing:order.overCreditBy', amounts) }];
}

/** Stores in which the reader may order, the one chosen above first. */
export async function orderingStores(ctx: Ctx): Promise<{ id: number; name: string }[]> {
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(EDIT_ORDERS, id));
  return stores.toSorted((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
}
