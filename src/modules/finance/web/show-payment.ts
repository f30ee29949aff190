import { randomUUID } from 'node:crypto';
import { type Ctx, type FormState, page, type Reply } from '../../../platform/http';
import type { Confirm, Message } from '../../../platform/views';
import { approvalFromFen } from '../queries/parameters';
import { paymentTimeline, paymentView } from '../queries/payment-page';
import { paymentPage } from './payment.page';

/** What makes a repeated submit of this form do its work once. */
export const newOperationKey = (): string => randomUUID();

/** The page of a payment, also with what was just refused on it. */
export async function showPayment(
  ctx: Ctx,
  id: number,
  { status = 200, notices = [] }: { status?: number; notices?: Message[] } = {},
): Promise<Reply> {
  const document = await paymentView(ctx.read, ctx.actor, id);
  const model = paymentPage(ctx, {
    document,
    timeline: await paymentTimeline(ctx.read, id),
    approvalFromFen: await approvalFromFen(ctx.read),
    operationKey: newOperationKey(),
    notices,
  });
  return page('finance/document', document.number, model, { status });
}

export const refused =
  (ctx: Ctx, id: number) =>
  (form: FormState, status: number): Promise<Reply> =>
    showPayment(ctx, id, {
      status,
      notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
    });

export const confirmPage = (confirm: Confirm, form: FormState, status: number): Reply => {
  const { reason: _beside, ...others } = form.problems;
  return page(
    'finance/confirm',
    confirm.title,
    { confirm, message: form.message, items: Object.values(others) },
    { status },
  );
};
