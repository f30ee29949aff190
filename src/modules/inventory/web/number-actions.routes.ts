import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { formatImei } from '../../../kernel';
import { paperRoutes } from '../../../platform/attachments';
import { code128Svg } from '../../../platform/barcode';
import {
  type Ctx,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { getCompany } from '../../organization';
import { numberLineViews, numberView } from '../queries/number-page';
import { cancelNumberChange } from '../use-cases/create-number-change';
import { attachToNumbers, detachFromNumbers } from '../use-cases/number-files';
import { addNumberEntry, NUMBER_PERMISSION, pasteNumberPairs, removeNumberLine } from '../use-cases/number-lines';
import { type NumberStep, postNumberChange, reverseNumberChange } from '../use-cases/post-number-change';
import { numbersHref } from './number-words';
import { entrySchema } from './number.routes';
import { showNumbers } from './show-numbers';

const view = { permission: 'inventory.number.view' };
const change = { permission: NUMBER_PERMISSION };
const reverses = { permission: 'inventory.number.reverse' };
const BASE = '/inventory/numbers/:id';

export const numberActionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/lines`, access: change, handler: add },
  { method: 'post', path: `${BASE}/pasted`, access: change, handler: paste },
  { method: 'post', path: `${BASE}/lines/removal`, access: change, handler: remove },
  { method: 'get', path: `${BASE}/print`, access: view, handler: print },
  { method: 'post', path: `${BASE}/posting`, access: change, handler: (ctx) => step(ctx, postNumberChange, 'posted') },
  { method: 'get', path: `${BASE}/cancellation`, access: change, handler: (ctx) => ask(ctx, 'cancellation') },
  {
    method: 'post',
    path: `${BASE}/cancellation`,
    access: change,
    handler: (ctx) => step(ctx, cancelNumberChange, 'cancelled'),
  },
  { method: 'get', path: `${BASE}/reversal`, access: reverses, handler: (ctx) => ask(ctx, 'reversal') },
  {
    method: 'post',
    path: `${BASE}/reversal`,
    access: reverses,
    handler: (ctx) => step(ctx, reverseNumberChange, 'reversed'),
  },
  ...paperRoutes({
    path: BASE,
    access: change,
    number: async (ctx) => (await numberView(ctx.read, ctx.actor, ctx.id())).number,
    attach: (ctx, id, files) => attachToNumbers(ctx.services, ctx.actor, { id, files }),
    detach: (ctx, { documentId: id, attachmentId }, operationKey) =>
      detachFromNumbers(ctx.uow, ctx.actor, { id, attachmentId }, { operationKey }),
    show: (ctx, status, title) => showNumbers(ctx, { status, notices: [{ tone: 'bad', title }] }),
    confirm: (ctx, confirm) => page('inventory/confirm', confirm.verb, { ...confirm }),
  }),
];

const noticesOf = (form: FormState) => [
  { tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) },
];

function add(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, ...entrySchema }),
    async ({ operationKey, ...entry }) => {
      await addNumberEntry(ctx.uow, ctx.actor, { id: ctx.id(), ...entry }, { operationKey });
      return redirect(numbersHref(ctx.id()));
    },
    (form, status) => showNumbers(ctx, { status, typed: form }),
  );
}

/** A list: all of it or nothing; what is wrong is named and the list stays in the field. */
function paste(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, pairs: fields.required }),
    async ({ operationKey, pairs }) => {
      const { lines } = await pasteNumberPairs(ctx.uow, ctx.actor, { id: ctx.id(), text: pairs }, { operationKey });
      const text = ctx.t('inventory:number.pasted', { count: ctx.f.number(lines) });
      return redirect(numbersHref(ctx.id()), { kind: 'ok', text });
    },
    (form, status) => showNumbers(ctx, { status, pasted: form.values['pairs'] ?? '', notices: noticesOf(form) }),
  );
}

function remove(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ line: fields.id }),
    async ({ line }) => {
      await removeNumberLine(ctx.uow, ctx.actor, { id: ctx.id(), lineId: line });
      return redirect(numbersHref(ctx.id()), { kind: 'ok', text: ctx.t('inventory:change.removed') });
    },
    (form, status) => showNumbers(ctx, { status, notices: noticesOf(form) }),
  );
}

type Step = (
  uow: Ctx['uow'],
  actor: Ctx['actor'],
  command: NumberStep,
  options: { operationKey?: string | undefined },
) => Promise<{ number: string }>;

function step(ctx: Ctx, work: Step, done: string): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version }),
    async ({ operationKey, version }) => {
      const { number } = await work(ctx.uow, ctx.actor, { id, version }, { operationKey });
      return redirect(numbersHref(id), { kind: 'ok', text: ctx.t(`inventory:change.done.${done}`, { number }) });
    },
    (form, status) => showNumbers(ctx, { status, notices: noticesOf(form) }),
  );
}

async function ask(ctx: Ctx, what: 'cancellation' | 'reversal'): Promise<Reply> {
  const row = await numberView(ctx.read, ctx.actor, ctx.id());
  const { t, f } = ctx;
  const href = numbersHref(row.id);
  if (row.state !== (what === 'cancellation' ? 'draft' : 'posted')) return redirect(href);
  const verb = t(what === 'cancellation' ? 'inventory:change.cancel' : 'common:action.reverse');
  return page('inventory/confirm', verb, {
    title: t(`inventory:change.ask.${what}`, { number: row.number }),
    effects: [t(`inventory:number.ask.${what}`, { count: f.number(row.devices) })],
    action: `${href}/${what}`,
    verb,
    danger: true,
    cancelHref: href,
    fields: { version: row.version, operationKey: randomUUID() },
  });
}

async function print(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await numberView(ctx.read, ctx.actor, ctx.id());
  const lines = await numberLineViews(ctx.read, row);
  const company = await getCompany(ctx.read);
  const picture = code128Svg(row.number, { text: false, heightMm: 8 });
  const shown = (value: string | null): string => (value === null ? t('inventory:number.none') : formatImei(value));
  const model = {
    paper: 'a4',
    backHref: numbersHref(row.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('inventory:number.one'),
      number: row.number,
      code: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
      facts: [
        { label: t('inventory:change.reason'), value: t(`inventory:number.reason.${row.reason}`) },
        { label: t('inventory:device.store'), value: row.storeName },
        { label: t('inventory:change.businessDate'), value: f.date(row.businessDate) },
        { label: t('inventory:device.state'), value: t(`common:state.${row.state}`) },
        { label: t('inventory:change.by'), value: row.createdByName },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('inventory:device.product'), num: false },
      { label: t('inventory:number.before'), num: false },
      { label: t('inventory:number.after'), num: false },
    ],
    rows: lines.map((line, index) => ({
      cells: [String(index + 1), line.skuName, shown(line.oldValue), shown(line.newValue)],
      numbers: [],
    })),
    note: row.note,
    signatures: [t('inventory:change.print.by'), t('inventory:change.print.checked')],
  };
  return page('inventory/transfer-print', row.number, model, { layout: 'print' });
}
