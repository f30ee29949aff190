import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DomainError, parsePaste, parseScanLine } from '../../../kernel';
import { type Ctx, fields, json, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { exportReply, type ListSpec, readListQuery } from '../../../platform/lists';
import { isAdjustment } from '../domain/change-effect';
import type { ChangeScan } from '../domain/change-scan';
import { changeLineViews, changeView } from '../queries/change-page';
import { addGoodsToChange, removeChangeLines, scanIntoChange } from '../use-cases/change-lines';
import { cancelChange } from '../use-cases/create-change';
import { printChange } from './change-print';
import { type ChangeStep, postChange, reverseChange } from '../use-cases/post-change';
import { answerLink, answerText, changeHref } from './change-words';
import { showChange } from './show-change';

const view = { permission: 'inventory.change.view' };
const reverses = { permission: 'inventory.change.reverse' };
const BASE = '/inventory/changes/:id';

export const changeActionRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/scans`, access: view, handler: scan, json: true },
  { method: 'post', path: `${BASE}/pasted`, access: view, handler: paste },
  { method: 'post', path: `${BASE}/goods`, access: view, handler: addGoods },
  { method: 'post', path: `${BASE}/lines/removal`, access: view, handler: remove },
  { method: 'get', path: `${BASE}/lines.xlsx`, access: view, handler: exportLines },
  { method: 'get', path: `${BASE}/print`, access: view, handler: printChange },
  { method: 'post', path: `${BASE}/posting`, access: view, handler: (ctx) => step(ctx, postChange, 'posted') },
  { method: 'get', path: `${BASE}/cancellation`, access: view, handler: (ctx) => ask(ctx, 'cancellation') },
  {
    method: 'post',
    path: `${BASE}/cancellation`,
    access: view,
    handler: (ctx) => step(ctx, cancelChange, 'cancelled'),
  },
  { method: 'get', path: `${BASE}/reversal`, access: reverses, handler: (ctx) => ask(ctx, 'reversal') },
  {
    method: 'post',
    path: `${BASE}/reversal`,
    access: reverses,
    handler: (ctx) => step(ctx, reverseChange, 'reversed'),
  },
];

const scansSchema = z.object({
  scans: z.array(z.object({ key: z.string().regex(/^[\w.:-]{1,60}$/), code: z.string().max(2000) })).max(200),
});

/** The scanner's way in: an answer for each scan in its order, see docs/style-page.md. */
async function scan(ctx: Ctx): Promise<Reply> {
  const parsed = scansSchema.safeParse(ctx.body);
  if (!parsed.success) throw new DomainError('inventory:error.scan_format');
  const scans = parsed.data.scans.map(({ key, code }): ChangeScan => ({ key, text: code, ...parseScanLine(code) }));
  const answers = await scanIntoChange(ctx.uow, ctx.actor, { id: ctx.id(), scans });
  const { devices, doubleScans, wrongScans } = await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now);
  return json({
    tally: { right: devices, double: doubleScans, wrong: wrongScans },
    results: answers.map((answer) => {
      const link = answerLink(ctx, answer);
      return {
        outcome: answer.outcome,
        code: answer.number ?? answer.text,
        text: answerText(ctx, answer),
        ...(link ? { link } : {}),
      };
    }),
  });
}

const LINES_NAMED = 50;

/** A list: what is right is taken, what is wrong is named and stays in the field. */
function paste(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ codes: fields.required }),
    async ({ codes }) => {
      const key = randomUUID();
      const lines = parsePaste(codes, { imeisPerDevice: 2 }).filter(
        ({ identifiers, problems }) => identifiers.length > 0 || problems.some(({ level }) => level !== 'note'),
      );
      const scans = lines.map(({ line, text, identifiers, problems }, index): ChangeScan => ({
        key: `${key}-${line}-${index}`,
        text,
        identifiers,
        problems,
      }));
      const answers = await scanIntoChange(ctx.uow, ctx.actor, { id: ctx.id(), scans });
      const of = (outcome: string) => answers.filter((one) => one.outcome === outcome);
      const wrong = of('wrong');
      const words = ctx.t('inventory:change.pasted', {
        right: ctx.f.number(of('right').length),
        double: ctx.f.number(of('double').length),
        wrong: ctx.f.number(wrong.length),
      });
      if (wrong.length === 0) return redirect(changeHref(ctx.id()), { kind: 'ok', text: words });
      const items = wrong.slice(0, LINES_NAMED).map((one) => `${one.number ?? one.text} — ${answerText(ctx, one)}`);
      return showChange(ctx, {
        notices: [{ tone: 'hold', title: words, items }],
        pasted: wrong.map(({ text }) => text).join('\n'),
      });
    },
    (form, status) =>
      showChange(ctx, {
        status,
        pasted: form.values['codes'] ?? '',
        notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
      }),
  );
}

const goodsSchema = z.object({
  operationKey: fields.operationKey,
  code: fields.required,
  bucket: fields.text,
  batch: fields.text,
  // What is corrected is the cost of all that lie there: no number is asked for.
  pieces: z.preprocess((typed) => typed ?? '1', fields.wholeNumber),
  unitCost: fields.optionalMoney,
});

function addGoods(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    goodsSchema,
    async ({ operationKey, unitCost, ...goods }) => {
      const command = { id: ctx.id(), ...goods, unitCostFen: unitCost };
      const { name } = await addGoodsToChange(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(changeHref(ctx.id()), { kind: 'ok', text: ctx.t('inventory:change.goods.added', { name }) });
    },
    (form, status) => showChange(ctx, { status, typed: { in: 'goods', form } }),
  );
}

function remove(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ line: fields.id }),
    async ({ line }) => {
      await removeChangeLines(ctx.uow, ctx.actor, { id: ctx.id(), lineIds: [line] });
      return redirect(changeHref(ctx.id()), { kind: 'ok', text: ctx.t('inventory:change.removed') });
    },
    (form, status) => showChange(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

const stepSchema = z.object({ operationKey: fields.operationKey, version: fields.version });
type Step = (
  uow: Ctx['uow'],
  actor: Ctx['actor'],
  command: ChangeStep,
  options: { operationKey?: string | undefined },
) => Promise<{ number: string }>;

function step(ctx: Ctx, work: Step, done: string): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    stepSchema,
    async ({ operationKey, version }) => {
      const { number } = await work(ctx.uow, ctx.actor, { id, version }, { operationKey });
      return redirect(changeHref(id), { kind: 'ok', text: ctx.t(`inventory:change.done.${done}`, { number }) });
    },
    (form, status) =>
      showChange(ctx, {
        status,
        notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
      }),
  );
}

async function ask(ctx: Ctx, what: 'cancellation' | 'reversal'): Promise<Reply> {
  const change = await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now);
  const { t, f } = ctx;
  const href = changeHref(change.id);
  if (change.state !== (what === 'cancellation' ? 'draft' : 'posted')) return redirect(href);
  const verb = t(what === 'cancellation' ? 'inventory:change.cancel' : 'common:action.reverse');
  const effect = what === 'reversal' && isAdjustment(change.effect) ? 'adjustmentEffect' : `${what}Effect`;
  return page('inventory/confirm', verb, {
    title: t(`inventory:change.ask.${what}`, { number: change.number }),
    effects: [
      t(`inventory:change.ask.${effect}`, { devices: f.number(change.devices), pieces: f.number(change.pieces) }),
    ],
    action: `${href}/${what}`,
    verb,
    danger: true,
    cancelHref: href,
    fields: { version: change.version, operationKey: randomUUID() },
  });
}

/** Lines are few enough to be read at once; their list has no other filter than the document. */
const linesOf = (id: number): ListSpec => ({
  path: `/inventory/changes/${id}/lines`,
  id: 'l.id',
  filters: [],
  sorts: { line: { expression: 'l.line_no', type: 'number', direction: 'descending' } },
});

async function exportLines(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const change = await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now);
  const cost = change.seesCost && change.postedAt !== null;
  return exportReply(ctx, {
    name: change.number,
    sheet: change.number,
    columns: [
      { header: t('inventory:device.product'), type: 'text' },
      { header: t('inventory:device.sku'), type: 'text' },
      { header: t('inventory:device.imei'), type: 'text' },
      { header: t('inventory:import.column.batch'), type: 'text' },
      { header: t('inventory:change.from'), type: 'text' },
      { header: t('inventory:stock.quantity'), type: 'integer' },
      ...(cost ? [{ header: t('inventory:change.value'), type: 'money' as const }] : []),
      { header: t('inventory:change.addedBy'), type: 'text' },
    ],
    query: readListQuery(linesOf(change.id), {}),
    load: async ({ size, after }) =>
      (await changeLineViews(ctx.read, change.id, size + 1, after ? Number(after.value) - 1 : undefined)).map(
        (line) => ({ ...line, sortValue: line.lineNo }),
      ),
    toRow: (line) => [
      line.skuName,
      line.skuCode,
      line.imei,
      line.batchCode,
      t(`inventory:bucket.${line.bucket}`),
      line.quantity,
      ...(cost ? [line.valueFen] : []),
      line.addedByName,
    ],
  });
}
