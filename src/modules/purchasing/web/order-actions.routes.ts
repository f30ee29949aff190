import { z } from 'zod';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import type { Actor } from '../../../platform/permissions';
import type { Confirm } from '../../../platform/views';
import { orderMachine } from '../domain/order-state';
import { orderView, type OrderView } from '../queries/order-page';
import {
  approveOrder,
  type DecideOrder,
  type OrderDecided,
  sendBackOrder,
  submitOrder,
  withdrawOrder,
} from '../use-cases/decide-order';
import { cancelOrder, closeOrder } from '../use-cases/end-order';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, text, version } from './fields';
import { orderHref } from './order-words';
import { showOrder } from './show-order';
import { noticeOf } from './show-receipt';

const edit = { permission: 'purchasing.order.edit' };
const approve = { permission: 'purchasing.order.approve' };
const BASE = '/purchasing/orders/:id';

export const orderActionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/submission`, access: edit, handler: (ctx) => decide(ctx, submitOrder) },
  { method: 'post', path: `${BASE}/withdrawal`, access: edit, handler: (ctx) => decide(ctx, withdrawOrder) },
  { method: 'post', path: `${BASE}/approval`, access: approve, handler: (ctx) => decide(ctx, approveOrder) },
  { method: 'get', path: `${BASE}/return`, access: approve, handler: (ctx) => ask(ctx, 'return') },
  { method: 'post', path: `${BASE}/return`, access: approve, handler: (ctx) => answer(ctx, 'return') },
  {
    method: 'get',
    path: `${BASE}/closing`,
    access: { permission: 'purchasing.order.close' },
    handler: (ctx) => ask(ctx, 'closing'),
  },
  {
    method: 'post',
    path: `${BASE}/closing`,
    access: { permission: 'purchasing.order.close' },
    handler: (ctx) => answer(ctx, 'closing'),
  },
  // Its author cancels a draft, others what was approved: the use case tells.
  {
    method: 'get',
    path: `${BASE}/cancellation`,
    access: { permission: 'purchasing.order.view' },
    handler: (ctx) => ask(ctx, 'cancellation'),
  },
  {
    method: 'post',
    path: `${BASE}/cancellation`,
    access: { permission: 'purchasing.order.view' },
    handler: (ctx) => answer(ctx, 'cancellation'),
  },
];

type UseCase<C extends DecideOrder> = (
  uow: UnitOfWork,
  actor: Actor,
  command: C,
  options?: RunOptions,
) => Promise<OrderDecided>;

function decide(ctx: Ctx, useCase: UseCase<DecideOrder>): Promise<Reply> {
  const orderId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, ...command }) => {
      const { state } = await useCase(ctx.uow, ctx.actor, { ...command, orderId }, { operationKey: key });
      return redirect(orderHref(orderId), { kind: 'ok', text: ctx.t(`purchasing:order.now.${state}`) });
    },
    (form, status) => {
      const notice = { tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) };
      return showOrder(ctx, orderId, { status, notices: [notice] });
    },
  );
}

type Question = 'return' | 'closing' | 'cancellation';
const QUESTIONS: Readonly<
  Record<
    Question,
    {
      event: 'sendBack' | 'close' | 'cancel';
      useCase: UseCase<DecideOrder & { reason: string; lineIds?: readonly number[] | undefined }>;
    }
  >
> = {
  return: { event: 'sendBack', useCase: sendBackOrder },
  closing: { event: 'close', useCase: closeOrder },
  cancellation: { event: 'cancel', useCase: cancelOrder },
};

/** Each of these needs a reason. */
async function ask(ctx: Ctx, question: Question, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  const { event } = QUESTIONS[question];
  const href = orderHref(order.id);
  if (!orderMachine.can(order.state, event) || (event === 'close' && order.open === 0))
    return status === 200 ? redirect(href) : showOrder(ctx, order.id, { status, notices: noticeOf(form) });
  const { reason: problem, ...others } = form.problems;
  return confirmPage(
    ctx,
    {
      title: t(`purchasing:order.ask.${question}`, { number: order.number }),
      effects: [t(`purchasing:order.effect.${question}`, { count: f.number(order.open) })],
      action: `${href}/${question}`,
      verb: t(`purchasing:order.${event}`),
      danger: event !== 'sendBack',
      cancelHref: href,
      fields: {
        version: order.version,
        operationKey: newOperationKey(),
        ...(question === 'closing' ? { chosen: '1' } : {}),
      },
      ...(question === 'closing' ? { choices: linesToClose(ctx, order, form) } : {}),
      reason: {
        name: 'reason',
        label: t('purchasing:reversal.reason'),
        type: 'textarea',
        rows: 2,
        required: true,
        maxlength: 200,
        value: form.values['reason'] ?? '',
        ...(problem ? { error: problem } : {}),
      },
    },
    form.message,
    Object.values(others),
    status,
  );
}

/** The lines of which goods are still to come: all ticked, those that were typed, or the one whose button was used. */
function linesToClose({ t, f, query }: Ctx, order: OrderView, form: FormState): Confirm['choices'] {
  const open = order.lines.filter((line) => line.open > 0);
  const typed = form.values['chosen'] !== undefined;
  return {
    label: t('purchasing:order.closeLines'),
    fields: open.map((line) => ({
      name: `line.${line.id}`,
      type: 'checkbox' as const,
      label: t('purchasing:order.closeLine', {
        name: line.skuName,
        store: line.storeName,
        count: f.number(line.open),
      }),
      value: '1',
      checked: typed
        ? form.values[`line.${line.id}`] === '1'
        : query['line'] === undefined || query['line'] === String(line.id),
    })),
  };
}

/** The lines that were ticked; undefined: the form offers none. */
function ticked({ body }: Ctx): number[] | undefined {
  if (body['chosen'] === undefined) return undefined;
  return Object.keys(body).flatMap((name) => {
    const lineId = /^line\.([1-9]\d{0,14})$/.exec(name)?.[1];
    return lineId === undefined ? [] : [Number(lineId)];
  });
}

function answer(ctx: Ctx, question: Question): Promise<Reply> {
  const orderId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, reason: text(200) }),
    async ({ operationKey: key, ...command }) => {
      const { useCase } = QUESTIONS[question];
      const lineIds = question === 'closing' ? ticked(ctx) : undefined;
      const { state } = await useCase(ctx.uow, ctx.actor, { ...command, orderId, lineIds }, { operationKey: key });
      const now = question === 'closing' && state !== 'closed' ? 'lines_closed' : state;
      return redirect(orderHref(orderId), { kind: 'ok', text: ctx.t(`purchasing:order.now.${now}`) });
    },
    (form, status) => ask(ctx, question, form, status),
  );
}
