import { z } from 'zod';
import { normaliseName } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  type FormState,
  json,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { editForm, type Field } from '../../../platform/views';
import { searchSkus, skusByCodes } from '../../catalog';
import { transferView } from '../queries/transfer-page';
import { addTransferLine, countTransfer, removeTransferLine } from '../use-cases/transfer-lines';
import { refusedNotice, showTransfer } from './show-transfer';
import {
  confirmPage,
  newOperationKey,
  operationKeyField,
  piecesField,
  textField,
  transferHref,
  versionField,
} from './transfer-fields';
import { scansNow } from './transfer-parts';

const view = { permission: 'inventory.transfer.view' };
const create = { permission: 'inventory.transfer.create' };
const BASE = '/inventory/transfers/:id';

export const transferRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/transfers/skus', access: create, handler: suggest },
  { method: 'get', path: BASE, access: view, handler: (ctx) => showTransfer(ctx, ctx.id()) },
  { method: 'post', path: `${BASE}/lines`, access: create, handler: addLine },
  { method: 'get', path: `${BASE}/lines/:lineId/removal`, access: create, handler: askRemoval },
  { method: 'post', path: `${BASE}/lines/:lineId/removal`, access: create, handler: removeLine },
  { method: 'get', path: `${BASE}/counts`, access: view, handler: (ctx) => showCounts(ctx) },
  { method: 'post', path: `${BASE}/counts`, access: view, handler: count },
];

/** For the list below the field. */
async function suggest(ctx: Ctx): Promise<Reply> {
  const found = await searchSkus(ctx.read, (ctx.query['q'] ?? '').slice(0, 100), 8);
  return json({
    skus: found.filter(({ tracking }) => tracking !== 'service').map(({ code, name }) => ({ code, name })),
  });
}

const lineSchema = z.object({
  operationKey: operationKeyField,
  sku: textField(100),
  quantity: piecesField,
  bucket: z.enum(['sellable', 'demo', 'defective']).optional(),
});

/** Code, barcode or anything that means one product only is added at once; several are shown for a choice. */
function addLine(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    lineSchema,
    async ({ operationKey, sku: typed, quantity, bucket }) => {
      const words = normaliseName(typed);
      const exact = words === '' ? undefined : (await skusByCodes(ctx.read, [words])).get(words);
      const found = exact
        ? [exact]
        : (await searchSkus(ctx.read, words, 30)).filter(({ tracking }) => tracking !== 'service');
      const [only] = found;
      if (!only || found.length > 1) {
        const values = { sku: typed, quantity: String(quantity || ''), bucket: bucket ?? 'sellable' };
        const problem = ctx.t(only ? 'inventory:transfer.line.several' : 'inventory:error.transfer_sku', {
          count: found.length,
        });
        return showTransfer(ctx, transferId, {
          status: 422,
          typed: { values, problems: { sku: problem } },
          ...(only ? { choices: found } : {}),
        });
      }
      const serial = only.tracking === 'serial';
      await addTransferLine(
        ctx.uow,
        ctx.actor,
        { transferId, skuId: only.id, quantity, bucket: serial ? undefined : bucket },
        { operationKey },
      );
      const text = ctx.t('inventory:transfer.line.added', { name: only.name });
      return redirect(`${transferHref(transferId)}#add-line`, { kind: 'ok', text });
    },
    (form, status) => {
      const problems = Object.fromEntries(
        Object.entries(form.problems).map(([path, problem]) => [path.replace(/^lines\.0\./, ''), problem]),
      );
      const notices = [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(problems) }];
      return showTransfer(ctx, transferId, { status, notices, typed: { values: form.values, problems } });
    },
  );
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const line = transfer.lines.find(({ id }) => id === ctx.id('lineId'));
  const href = transferHref(transfer.id);
  if (!line || transfer.state !== 'draft') return redirect(href);
  const { t, f } = ctx;
  return confirmPage({
    title: t('inventory:transfer.line.removeAsk', { line: line.lineNo, name: line.skuName }),
    effects: line.picked > 0 ? [t('inventory:transfer.line.removeScans', { count: f.number(line.picked) })] : [],
    action: `${href}/lines/${line.id}/removal`,
    verb: t('common:action.remove'),
    danger: true,
    cancelHref: href,
    fields: { operationKey: newOperationKey() },
  });
}

function removeLine(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: operationKeyField }),
    async ({ operationKey }) => {
      await removeTransferLine(ctx.uow, ctx.actor, { transferId, lineId: ctx.id('lineId') }, { operationKey });
      return redirect(transferHref(transferId), { kind: 'ok', text: ctx.t('inventory:transfer.line.removed') });
    },
    (form, status) => showTransfer(ctx, transferId, { status, notices: refusedNotice(form) }),
  );
}

/** Goods without serial numbers, filled in with what is expected. */
async function showCounts(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const href = transferHref(transfer.id);
  const lines = transfer.lines.filter(({ tracking }) => tracking !== 'serial');
  const arriving = transfer.state === 'sent';
  const counted = lines.filter(({ open }) => !arriving || open > 0);
  if (!scansNow(ctx, transfer) || counted.length === 0)
    return form ? showTransfer(ctx, transfer.id, { status, notices: refusedNotice(form) }) : redirect(href);
  const { t, f } = ctx;
  const fresh: Record<string, string | number> = { version: transfer.version, operationKey: newOperationKey() };
  const fields = counted.flatMap((line): Field[] => {
    const name = `count.l${line.id}`;
    const expected = arriving ? line.open : line.quantity;
    fresh[`${name}.quantity`] = (arriving ? line.counted : line.picked) || expected;
    fresh[`${name}.damaged`] = line.damaged || '';
    const quantity: Field = {
      name: `${name}.quantity`,
      label: `${line.lineNo}. ${line.skuName}`,
      inputmode: 'numeric',
      autocomplete: 'off',
      hint: t(arriving ? 'inventory:transfer.count.sent' : 'inventory:transfer.count.wanted', {
        count: f.number(expected),
      }),
    };
    const damaged: Field = {
      name: `${name}.damaged`,
      label: t('inventory:transfer.count.damaged'),
      inputmode: 'numeric',
      autocomplete: 'off',
      hint: t('inventory:transfer.count.damagedHint'),
    };
    return arriving ? [quantity, damaged] : [quantity];
  });
  const again =
    form && status === 409 ? { ...form, values: { ...form.values, version: String(transfer.version) } } : form;
  const title = t(arriving ? 'inventory:transfer.count.receiveTitle' : 'inventory:transfer.count.sendTitle');
  const model = {
    head: { title, crumbs: [{ label: transfer.number, href }] },
    form: editForm(again ?? emptyForm(fresh), {
      action: `${href}/counts`,
      cancelHref: href,
      submit: t('common:action.save'),
      hidden: ['version'],
      fields,
      columns: arriving,
    }),
  };
  return page('inventory/transfer-form', title, model, { status });
}

const countSchema = z.object({
  operationKey: operationKeyField,
  version: versionField,
  count: z
    .record(z.string().regex(/^l[1-9]\d{0,15}$/), z.object({ quantity: piecesField, damaged: piecesField }))
    .optional()
    .default({}),
});

function count(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    countSchema,
    async ({ operationKey, version, count: counts }) => {
      const lines = Object.entries(counts).map(([lineId, pieces]) => ({ lineId: Number(lineId.slice(1)), ...pieces }));
      await countTransfer(ctx.uow, ctx.actor, { transferId, version, lines }, { operationKey });
      return redirect(transferHref(transferId), { kind: 'ok', text: ctx.t('inventory:transfer.count.saved') });
    },
    (form, status) => showCounts(ctx, form, status),
  );
}
