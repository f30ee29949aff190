import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField } from '../../../kernel';
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
import { changeView } from '../queries/change-page';
import { correctCosts } from '../use-cases/correct-costs';
import {
  approveChange,
  type ChangeDecided,
  type DecideChange,
  sendBackChange,
  submitChange,
  withdrawChange,
} from '../use-cases/decide-change';
import { changeHref } from './change-words';
import { showChange } from './show-change';

const view = { permission: 'inventory.change.view' };
const approve = { permission: 'inventory.change.approve' };
const BASE = '/inventory/changes/:id';

/** The way of an adjustment through its levels, and the costs that a correction sets. */
export const changeDecisionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/costs`, access: view, handler: correct },
  {
    method: 'post',
    path: `${BASE}/submission`,
    access: view,
    handler: (ctx) => decide(ctx, submitChange, 'submitted'),
  },
  {
    method: 'post',
    path: `${BASE}/withdrawal`,
    access: view,
    handler: (ctx) => decide(ctx, withdrawChange, 'withdrawn'),
  },
  { method: 'post', path: `${BASE}/approval`, access: approve, handler: (ctx) => decide(ctx, approveChange, 'passed') },
  { method: 'get', path: `${BASE}/sending-back`, access: approve, handler: (ctx) => askSendBack(ctx) },
  { method: 'post', path: `${BASE}/sending-back`, access: approve, handler: sendBack },
];

const decideSchema = z.object({ operationKey: fields.operationKey, version: fields.version });

type Decide = (
  uow: Ctx['uow'],
  actor: Ctx['actor'],
  command: DecideChange,
  options: { operationKey?: string | undefined },
) => Promise<ChangeDecided>;

/** `done`: what to say, unless it may be posted now. */
function decide(ctx: Ctx, work: Decide, done: 'submitted' | 'withdrawn' | 'passed'): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    decideSchema,
    async ({ operationKey, version }) => {
      const { number, state } = await work(ctx.uow, ctx.actor, { id, version }, { operationKey });
      const word = state === 'approved' ? state : done;
      return redirect(changeHref(id), { kind: 'ok', text: ctx.t(`inventory:change.decided.${word}`, { number }) });
    },
    (form, status) =>
      showChange(ctx, {
        status,
        notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
      }),
  );
}

async function askSendBack(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const change = await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now);
  const { t } = ctx;
  const href = changeHref(change.id);
  if (change.state !== 'submitted') return redirect(href);
  const model = {
    title: t('inventory:change.ask.sendBack', { number: change.number }),
    effects: [t('inventory:change.ask.sendBackEffect')],
    action: `${href}/sending-back`,
    verb: t('inventory:change.sendBack'),
    cancelHref: href,
    fields: { version: change.version, operationKey: randomUUID() },
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
      const { number } = await sendBackChange(ctx.uow, ctx.actor, { id, ...command }, { operationKey });
      return redirect(changeHref(id), { kind: 'ok', text: ctx.t('inventory:change.decided.sentBack', { number }) });
    },
    (form, status) =>
      form.problems['reason']
        ? askSendBack(ctx, form, status)
        : showChange(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

const costSchema = z.object({ operationKey: fields.operationKey, costOf: fields.required, costTo: fields.money });

/** `sku:17`: all handsets of a product; `line:230`: one. */
function chosen(text: string): { lineId: number } | { skuId: number } {
  const [, kind, id] = /^(sku|line):([1-9]\d{0,14})$/.exec(text) ?? [];
  if (!kind) throw invalidField('costOf', 'errors:field.invalid');
  return kind === 'sku' ? { skuId: Number(id) } : { lineId: Number(id) };
}

function correct(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    costSchema,
    async ({ operationKey, costOf, costTo }) => {
      const command = { id, of: chosen(costOf), unitCostFen: costTo };
      const { changed } = await correctCosts(ctx.uow, ctx.actor, command, { operationKey });
      const text = ctx.t('inventory:change.costs.done', { count: ctx.f.number(changed) });
      return redirect(`${changeHref(id)}#lines`, { kind: 'ok', text });
    },
    (form, status) => showChange(ctx, { status, typed: { in: 'costs', form } }),
  );
}
