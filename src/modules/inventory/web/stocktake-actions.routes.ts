import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Ctx, fields, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { stocktakeFigures, type StocktakeView, stocktakeView } from '../queries/stocktake-page';
import {
  cancelStocktake,
  finishCounting,
  recount,
  startStocktake,
  type StocktakeStep,
} from '../use-cases/count-stocktake';
import { postStocktake } from '../use-cases/post-stocktake';
import { reverseStocktake } from '../use-cases/reverse-stocktake';
import { stocktakeHref } from './stocktake-words';
import { showStocktake } from './stocktake.routes';

const plan = { permission: 'inventory.stocktake.plan' };
const posts = { permission: 'inventory.stocktake.post' };
const reverses = { permission: 'inventory.stocktake.reverse' };
const BASE = '/inventory/stocktakes/:id';

/** What takes a stocktake from one state to the next. */
export const stocktakeActionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/start`, access: plan, handler: (ctx) => step(ctx, startStocktake, 'started') },
  { method: 'post', path: `${BASE}/finish`, access: plan, handler: (ctx) => step(ctx, finishCounting, 'finished') },
  { method: 'post', path: `${BASE}/recount`, access: plan, handler: (ctx) => step(ctx, recount, 'recounting') },
  { method: 'get', path: `${BASE}/cancellation`, access: plan, handler: askCancellation },
  {
    method: 'post',
    path: `${BASE}/cancellation`,
    access: plan,
    handler: (ctx) => step(ctx, cancelStocktake, 'cancelled'),
  },
  { method: 'get', path: `${BASE}/posting`, access: posts, handler: askPosting },
  { method: 'post', path: `${BASE}/posting`, access: posts, handler: postOne },
  { method: 'get', path: `${BASE}/reversal`, access: reverses, handler: askReversal },
  {
    method: 'post',
    path: `${BASE}/reversal`,
    access: reverses,
    handler: (ctx) => step(ctx, reverseStocktake, 'reversed'),
  },
];

const stepSchema = z.object({ operationKey: fields.operationKey, version: fields.version });
type Step = (
  uow: Ctx['uow'],
  actor: Ctx['actor'],
  command: StocktakeStep,
  options: { operationKey?: string | undefined },
) => Promise<{ number: string }>;

function step(ctx: Ctx, work: Step, done: string): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    stepSchema,
    async ({ operationKey, version }) => {
      const { number } = await work(ctx.uow, ctx.actor, { id, version }, { operationKey });
      return redirect(stocktakeHref(id), { kind: 'ok', text: ctx.t(`inventory:stocktake.done.${done}`, { number }) });
    },
    (form, status) => showStocktake(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

const inWay = (ctx: Ctx, stocktake: StocktakeView, ...states: StocktakeView['state'][]): Reply | null =>
  states.includes(stocktake.state) ? null : redirect(stocktakeHref(stocktake.id));

async function askCancellation(ctx: Ctx): Promise<Reply> {
  const stocktake = await stocktakeView(ctx.read, ctx.actor, ctx.id());
  const { t } = ctx;
  return (
    inWay(ctx, stocktake, 'planned', 'counting', 'checking') ??
    page('inventory/confirm', t('inventory:stocktake.cancel'), {
      title: t('inventory:stocktake.ask.cancel', { number: stocktake.number }),
      effects: [t('inventory:stocktake.ask.cancelEffect')],
      action: `${stocktakeHref(stocktake.id)}/cancellation`,
      verb: t('inventory:stocktake.cancel'),
      danger: true,
      cancelHref: stocktakeHref(stocktake.id),
      fields: { version: stocktake.version, operationKey: randomUUID() },
    })
  );
}

/** Names the figures that are posted; they go along with the form and are compared again under lock. */
async function askPosting(ctx: Ctx): Promise<Reply> {
  const stocktake = await stocktakeView(ctx.read, ctx.actor, ctx.id());
  const { t, f } = ctx;
  const away = inWay(ctx, stocktake, 'checking', 'approved');
  if (away) return away;
  const { toPost, lossFen, goods } = await stocktakeFigures(ctx.read, stocktake);
  const uncounted = goods.lines - goods.counted;
  const effects = [
    t('inventory:stocktake.ask.missing', { count: f.number(toPost.missing) }),
    t('inventory:stocktake.ask.taken', { count: f.number(toPost.taken) }),
    t('inventory:stocktake.ask.goods', { count: f.number(toPost.goods) }),
    ...(uncounted > 0 ? [t('inventory:stocktake.ask.uncounted', { count: f.number(uncounted) })] : []),
    ...(stocktake.seesCost ? [t('inventory:stocktake.ask.loss', { amount: f.moneyYuan(lossFen) })] : []),
    t('inventory:stocktake.ask.books'),
  ];
  return page('inventory/confirm', t('inventory:stocktake.post'), {
    title: t('inventory:stocktake.ask.post', { number: stocktake.number }),
    effects,
    action: `${stocktakeHref(stocktake.id)}/posting`,
    verb: t('inventory:stocktake.post'),
    cancelHref: stocktakeHref(stocktake.id),
    fields: {
      version: stocktake.version,
      operationKey: randomUUID(),
      'seen.missing': toPost.missing,
      'seen.taken': toPost.taken,
      'seen.goods': toPost.goods,
    },
  });
}

const postSchema = stepSchema.extend({
  seen: z.object({ missing: fields.wholeNumber, taken: fields.wholeNumber, goods: fields.wholeNumber }),
});

function postOne(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    postSchema,
    async ({ operationKey, version, seen }) => {
      const posted = await postStocktake(ctx.uow, ctx.actor, { id, version, seen }, { operationKey });
      return redirect(stocktakeHref(id), {
        kind: 'ok',
        text: ctx.t('inventory:stocktake.done.posted', { ...posted }),
      });
    },
    (form, status) => showStocktake(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

async function askReversal(ctx: Ctx): Promise<Reply> {
  const stocktake = await stocktakeView(ctx.read, ctx.actor, ctx.id());
  const { t, f } = ctx;
  return (
    inWay(ctx, stocktake, 'posted') ??
    page('inventory/confirm', t('common:action.reverse'), {
      title: t('inventory:stocktake.ask.reverse', { number: stocktake.number }),
      effects: [
        t('inventory:stocktake.ask.reverseDevices', {
          missing: f.number(stocktake.missingDevices),
          taken: f.number(stocktake.takenDevices),
        }),
        t('inventory:stocktake.ask.reverseBooks'),
      ],
      action: `${stocktakeHref(stocktake.id)}/reversal`,
      verb: t('common:action.reverse'),
      danger: true,
      cancelHref: stocktakeHref(stocktake.id),
      fields: { version: stocktake.version, operationKey: randomUUID() },
    })
  );
}
