import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isDomainError, notFound } from '../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  json,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../platform/http';
import { authoriseEverywhere } from '../../platform/permissions';
import { type RetentionRules, retentionSchema, saveRetention } from '../../platform/retention';
import { isRunning, type StartedUpkeep, upkeepRun } from '../../platform/upkeep';
import { KEY_MANAGE, retireKeys, rotateKeys } from '../keys/keys';
import { cataloguePage, confirmPage, DATA_SAFETY, indexPage, retentionForm, runWords } from './data-safety.page';
import { type Due, dueEarlier, RETENTION_MANAGE, startRetention } from './retention';

export const DATA_SAFETY_VIEW = 'system.data-safety.view';

const view = { permission: DATA_SAFETY_VIEW };
const keys = { permission: KEY_MANAGE };
const manage = { permission: RETENTION_MANAGE };
/** Short work is over by then; longer work is followed on the page. */
const WAIT_MS = 1500;

const RULES = Object.keys(retentionSchema.shape) as (keyof RetentionRules)[];

const rule = (name: keyof RetentionRules) =>
  fields.required.transform((typed, context): number => {
    const value = /^\d{1,5}$/.test(typed.trim()) ? Number(typed.trim()) : Number.NaN;
    if (retentionSchema.shape[name].safeParse(value).success) return value;
    context.addIssue({ code: 'custom', message: `data-safety:limit.${name}` });
    return z.NEVER;
  });

const schema = z.object({
  operations: rule('operations'),
  events: rule('events'),
  jobs: rule('jobs'),
  notifications: rule('notifications'),
  runs: rule('runs'),
  drafts: rule('drafts'),
  customers: rule('customers'),
  seen: fields.text,
  version: fields.version,
  operationKey: fields.operationKey,
});

/** Settings › Data safety: keys of personal data, how long what is kept, and what is kept at all. */
export const dataSafetyRoutes: readonly Route[] = [
  {
    method: 'get',
    path: DATA_SAFETY,
    access: view,
    handler: async (ctx) => page('data-safety/index', ctx.t('data-safety:title'), await indexPage(ctx)),
  },
  {
    method: 'get',
    path: `${DATA_SAFETY}/catalogue`,
    access: view,
    handler: (ctx) =>
      Promise.resolve(page('data-safety/catalogue', ctx.t('data-safety:catalogue.title'), cataloguePage(ctx))),
  },
  { method: 'get', path: `${DATA_SAFETY}/runs/:id/progress`, access: view, handler: progress },
  { method: 'get', path: `${DATA_SAFETY}/key-rotation/new`, access: keys, handler: (ctx) => ask(ctx, 'rotate') },
  {
    method: 'post',
    path: `${DATA_SAFETY}/key-rotation`,
    access: keys,
    handler: (ctx) =>
      started(ctx, () => rotateKeys(ctx.services, ctx.actor, { copied: ctx.body['copied'] === '1' }), 'rotated'),
  },
  { method: 'get', path: `${DATA_SAFETY}/key-retirement/new`, access: keys, handler: (ctx) => ask(ctx, 'retire') },
  { method: 'post', path: `${DATA_SAFETY}/key-retirement`, access: keys, handler: retire },
  { method: 'get', path: `${DATA_SAFETY}/retention/edit`, access: manage, handler: (ctx) => showRules(ctx) },
  {
    method: 'post',
    path: `${DATA_SAFETY}/retention`,
    access: manage,
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ operationKey, version, seen, ...rules }) => {
          authoriseEverywhere(ctx.actor, RETENTION_MANAGE);
          const asked = Object.values(rules).join('-');
          const goes = seen === asked ? [] : await dueEarlier(ctx.read, rules, ctx.now);
          if (goes.length > 0) return showRules(ctx, { form: emptyForm({ ...rules, version, seen: asked }), goes });
          await ctx.uow.run(ctx.actor, (unit) => saveRetention(unit, rules, version), { operationKey });
          return redirect(DATA_SAFETY, { kind: 'ok', text: ctx.t('data-safety:saved') });
        },
        (form, status) => showRules(ctx, { form, status }),
      ),
  },
  { method: 'get', path: `${DATA_SAFETY}/retention-run/new`, access: manage, handler: (ctx) => ask(ctx, 'clear') },
  {
    method: 'post',
    path: `${DATA_SAFETY}/retention-run`,
    access: manage,
    handler: (ctx) => started(ctx, () => startRetention(ctx.services, ctx.actor), 'cleared'),
  },
];

const ask = async (ctx: Ctx, what: 'rotate' | 'retire' | 'clear'): Promise<Reply> => {
  const model = await confirmPage(ctx, what);
  return page('data-safety/confirm', model.title, model);
};

/** Begins long work; a refusal is said on the page it came from. */
async function started(ctx: Ctx, begin: () => Promise<StartedUpkeep>, words: string): Promise<Reply> {
  try {
    const { over } = await begin();
    const row = await Promise.race([over, pause(WAIT_MS, null, { ref: false })]);
    if (row === null) return redirect(DATA_SAFETY);
    const count = ctx.f.number(row.done);
    if (row.state === 'ok')
      return redirect(DATA_SAFETY, { kind: 'ok', text: ctx.t(`data-safety:${words}`, { count }) });
    return redirect(DATA_SAFETY, { kind: 'bad', text: ctx.t('data-safety:failed', { reason: row.failure ?? '' }) });
  } catch (error) {
    return refused(ctx, error);
  }
}

async function retire(ctx: Ctx): Promise<Reply> {
  try {
    const { retired } = await retireKeys(ctx.services, ctx.actor);
    const key = retired.length === 0 ? 'data-safety:nothingRetired' : 'data-safety:retired';
    return redirect(DATA_SAFETY, { kind: 'ok', text: ctx.t(key, { ids: retired.join(', ') }) });
  } catch (error) {
    return refused(ctx, error);
  }
}

function refused(ctx: Ctx, error: unknown): Reply {
  if (!isDomainError(error) || (error.status !== 409 && error.status !== 422)) throw error;
  return redirect(DATA_SAFETY, { kind: 'bad', text: ctx.t(error.code, error.details) });
}

async function progress(ctx: Ctx): Promise<Reply> {
  const row = await ctx.read.get(upkeepRun, ctx.id());
  if (!row || row.kind === 'chain') throw notFound('system.upkeep', ctx.id());
  const state = isRunning(row, ctx.now) ? 'running' : row.state === 'ok' ? 'finished' : 'failed';
  return json({ ...runWords(ctx, row), state, href: DATA_SAFETY });
}

/** `goes`: what the typed periods would take away; the form says so and is sent once more. */
async function showRules(
  ctx: Ctx,
  { form, goes = [], status = 200 }: { form?: FormState; goes?: readonly Due[]; status?: number } = {},
): Promise<Reply> {
  const model = await retentionForm(ctx, RULES, { typed: form ?? null, goes });
  return page('data-safety/rules', model.head.title, model, { status });
}
