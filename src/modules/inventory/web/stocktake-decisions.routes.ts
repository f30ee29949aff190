import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { stocktakeView } from '../queries/stocktake-page';
import type { StocktakeStep } from '../use-cases/count-stocktake';
import {
  approveStocktake,
  sendBackStocktake,
  type StocktakeDecided,
  submitStocktake,
  withdrawStocktake,
} from '../use-cases/decide-stocktake';
import { stocktakeHref } from './stocktake-words';
import { showStocktake } from './stocktake.routes';

const posts = { permission: 'inventory.stocktake.post' };
const approve = { permission: 'inventory.change.approve' };
const BASE = '/inventory/stocktakes/:id';

/** The way of a stocktake's differences through the levels of approval. */
export const stocktakeDecisionRoutes: readonly Route[] = [
  {
    method: 'post',
    path: `${BASE}/submission`,
    access: posts,
    handler: (ctx) => decide(ctx, submitStocktake, 'submitted'),
  },
  {
    method: 'post',
    path: `${BASE}/withdrawal`,
    access: posts,
    handler: (ctx) => decide(ctx, withdrawStocktake, 'withdrawn'),
  },
  {
    method: 'post',
    path: `${BASE}/approval`,
    access: approve,
    handler: (ctx) => decide(ctx, approveStocktake, 'passed'),
  },
  { method: 'get', path: `${BASE}/sending-back`, access: approve, handler: (ctx) => askSendBack(ctx) },
  { method: 'post', path: `${BASE}/sending-back`, access: approve, handler: sendBack },
];

const decideSchema = z.object({ operationKey: fields.operationKey, version: fields.version });

type Decide = (
  uow: Ctx['uow'],
  actor: Ctx['actor'],
  command: StocktakeStep,
  options: { operationKey?: string | undefined },
) => Promise<StocktakeDecided>;

/** `done`: what to say, unless it may be posted now. */
function decide(ctx: Ctx, work: Decide, done: 'submitted' | 'withdrawn' | 'passed'): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    decideSchema,
    async ({ operationKey, version }) => {
      const { number, state } = await work(ctx.uow, ctx.actor, { id, version }, { operationKey });
      const word = state === 'approved' ? state : done;
      return redirect(stocktakeHref(id), { kind: 'ok', text: ctx.t(`inventory:stocktake.done.${word}`, { number }) });
    },
    (form, status) => showStocktake(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

async function askSendBack(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const stocktake = await stocktakeView(ctx.read, ctx.actor, ctx.id());
  const { t } = ctx;
  const href = stocktakeHref(stocktake.id);
  if (stocktake.state !== 'submitted') return redirect(href);
  const model = {
    title: t('inventory:stocktake.ask.sendBack', { number: stocktake.number }),
    effects: [t('inventory:stocktake.ask.sendBackEffect')],
    action: `${href}/sending-back`,
    verb: t('inventory:change.sendBack'),
    cancelHref: href,
    fields: { version: stocktake.version, operationKey: randomUUID() },
    reason: {
      name: 'reason',
      label: t('inventory:change.sendBackReason'),
      type: 'textarea' as const,
      rows: 2,
      maxlength: 200,
      required: true,
      value: form.values['reason'] ?? '',
      ...(form.problems['reason'] ? { error: form.problems['reason'] } : {}),
    },
  };
  return page('inventory/confirm', model.verb, model, { status });
}

function sendBack(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    decideSchema.extend({ reason: fields.text }),
    async ({ operationKey, ...command }) => {
      const { number } = await sendBackStocktake(ctx.uow, ctx.actor, { id, ...command }, { operationKey });
      return redirect(stocktakeHref(id), { kind: 'ok', text: ctx.t('inventory:stocktake.done.sentBack', { number }) });
    },
    (form, status) =>
      form.problems['reason']
        ? askSendBack(ctx, form, status)
        : showStocktake(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}
