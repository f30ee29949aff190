import { z } from 'zod';
import { DomainError } from '../../../kernel';
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
import { skusByIds } from '../../catalog';
import { receiptView } from '../queries/receipt-page';
import { addReceiptLines } from '../use-cases/add-receipt-lines';
import { changeReceiptLines } from '../use-cases/change-receipt-lines';
import { removeReceiptLine } from '../use-cases/remove-from-receipt';
import {
  id,
  newOperationKey,
  operationKey,
  optionalDate,
  optionalMoney,
  optionalQuantity,
  text,
  version,
} from './fields';
import { readLinesFile } from './lines-file';
import { chooseSkuPage, linesPage } from './receipt-lines.page';
import { receiptHref } from './receipt-parts';
import { confirmPage, messageOf } from './confirm-page';
import { showReceipt } from './show-receipt';
import { goodsFor, theOnlySku } from './sku-choice';

const edit = { permission: 'purchasing.receipt.edit' };
const BASE = '/purchasing/receipts/:id/lines';

export const receiptLineRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/skus', access: edit, handler: suggest },
  { method: 'get', path: BASE, access: edit, handler: (ctx) => showLines(ctx) },
  { method: 'post', path: BASE, access: edit, handler: addLine },
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => choose(ctx, ctx.query['q'] ?? '') },
  { method: 'post', path: `${BASE}/changes`, access: edit, handler: changeLines },
  {
    method: 'post',
    path: `${BASE}/file`,
    access: edit,
    handler: importLines,
    upload: { maxBytes: 5 * 1024 * 1024, maxFiles: 1, extensions: ['csv', 'tsv', 'txt', 'xlsx'] },
  },
  { method: 'get', path: `${BASE}/:lineId/removal`, access: edit, handler: askRemoval },
  { method: 'post', path: `${BASE}/:lineId/removal`, access: edit, handler: removeLine },
];

/** For the list below the field: no prices in it. */
export async function suggest(ctx: Ctx): Promise<Reply> {
  const skus = (await goodsFor(ctx.read, ctx.query['q'] ?? '', 8)).map(({ code, name }) => ({ code, name }));
  return json({ skus });
}

const lineSchema = z.object({
  operationKey,
  sku: text(100),
  skuId: id.optional(),
  quantity: optionalQuantity,
  unitPrice: optionalMoney,
});

/** Code, barcode or anything that means one product only is added at once; several are shown for a choice. */
function addLine(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    lineSchema,
    async (values) => {
      const skuId = values.skuId ?? (await theOnlySku(ctx.read, values.sku));
      if (skuId === null) return choose(ctx, values.sku);
      const unitPriceFen = values.unitPrice ?? undefined;
      const { lineIds } = await addReceiptLines(
        ctx.uow,
        ctx.actor,
        { receiptId, lines: [{ skuId, quantity: values.quantity, unitPriceFen }] },
        { operationKey: values.operationKey },
      );
      const name = (await skusByIds(ctx.read, [skuId])).get(skuId)?.name;
      const text = ctx.t('purchasing:line.added', { name });
      return redirect(`${receiptHref(receiptId)}?line=${lineIds[0] ?? ''}`, { kind: 'ok', text });
    },
    async (form, status) => {
      const problems = withoutIndex(form.problems);
      if (ctx.body['skuId'] !== undefined) {
        const known = (await skusByIds(ctx.read, [Number(ctx.body['skuId']) || 0])).get(Number(ctx.body['skuId']));
        return choose(ctx, known?.code ?? '', { ...form, problems }, status);
      }
      const notices = [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(problems) }];
      return showReceipt(ctx, receiptId, { status, notices, typed: { values: form.values, problems } });
    },
  );
}

/** `lines.0.quantity` of the use case is `quantity` of the form for one line. */
const withoutIndex = (problems: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(problems).map(([path, problem]) => [path.replace(/^lines\.0\./, ''), problem]));

async function choose(ctx: Ctx, typed: string, form?: FormState, status = 200): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  const found = await goodsFor(ctx.read, typed, 30);
  const given = (name: string): string => {
    const value = ctx.body[name] ?? ctx.query[name];
    return typeof value === 'string' ? value : '';
  };
  const kept = form ?? emptyForm({ quantity: given('quantity'), unitPrice: given('unitPrice') });
  const model = chooseSkuPage(ctx, receipt, typed.slice(0, 100), found, kept, newOperationKey());
  return page('purchasing/choose-sku', ctx.t('purchasing:line.choose'), model, { status, styles: ['purchasing'] });
}

async function showLines(ctx: Ctx, form = emptyForm(), status = 200): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  if (receipt.state !== 'draft')
    return status === 200
      ? redirect(receiptHref(receipt.id))
      : showReceipt(ctx, receipt.id, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] });
  const values = { ...form.values };
  // After a conflict the typed values stay and stand on the newest versions: saving again is then meant.
  if (status === 409) for (const key of Object.keys(values)) if (key.endsWith('.version')) delete values[key];
  const model = linesPage(ctx, receipt, { ...form, values }, newOperationKey());
  return page('purchasing/lines', receipt.number, model, { status, styles: ['purchasing'] });
}

const changesSchema = z.object({
  operationKey,
  lines: z
    .array(
      z.object({
        id,
        version,
        quantity: optionalQuantity,
        unitPrice: z.string().optional().pipe(optionalMoney),
        batchCode: text(40).optional(),
        expiresOn: z.string().optional().pipe(optionalDate),
      }),
    )
    .max(1000, 'errors:field.invalid')
    .optional()
    .default([]),
});

function changeLines(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    changesSchema,
    async ({ operationKey: key, lines }) => {
      // A reader without prices on the page sends none: they stay.
      const priced = Object.keys(ctx.body).some((name) => name.endsWith('.unitPrice'));
      const command = {
        receiptId,
        lines: lines.map(({ unitPrice, ...line }) => ({ ...line, ...(priced ? { unitPriceFen: unitPrice } : {}) })),
      };
      await changeReceiptLines(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(receiptHref(receiptId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showLines(ctx, form, status),
  );
}

async function importLines(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  const receipt = await receiptView(ctx.read, ctx.actor, receiptId);
  const [upload] = ctx.files;
  try {
    if (!upload) throw new DomainError('purchasing:error.no_file');
    const { lines, rows } = await readLinesFile(ctx.read, upload.content, receipt.money !== undefined);
    try {
      await addReceiptLines(ctx.uow, ctx.actor, { receiptId, lines });
    } catch (error) {
      throw atRows(error, rows);
    }
    const text = ctx.t('purchasing:line.imported', { count: ctx.f.number(lines.length) });
    return redirect(receiptHref(receiptId), { kind: 'ok', text });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showReceipt(ctx, receiptId, { status, notices: [{ tone: 'bad', title, items }] });
  }
}

/** `lines.3.quantity` becomes the row of the file. */
function atRows(error: unknown, rows: readonly number[]): unknown {
  if (!(error instanceof DomainError) || error.fields.length === 0) return error;
  const fields = error.fields.map((field) => {
    const row = rows[Number(/^lines\.(\d+)\./.exec(field.path)?.[1] ?? -1)];
    return row === undefined ? field : { ...field, details: { ...field.details, row } };
  });
  return new DomainError('purchasing:error.lines_file', { details: { count: fields.length }, fields });
}

async function askRemoval(ctx: Ctx): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  const line = receipt.lines.find((candidate) => candidate.id === ctx.id('lineId'));
  if (!line || receipt.state !== 'draft') return redirect(receiptHref(receipt.id));
  const { t, f } = ctx;
  const scanned = line.tracking === 'serial' && line.received > 0;
  return confirmPage(ctx, {
    title: t('purchasing:line.removeAsk', { line: line.lineNo, name: line.skuName }),
    effects: scanned ? [t('purchasing:line.removeScans', { count: f.number(line.received) })] : [],
    action: `${receiptHref(receipt.id)}/lines/${line.id}/removal`,
    verb: t('common:action.remove'),
    danger: true,
    cancelHref: receiptHref(receipt.id),
    fields: { operationKey: newOperationKey() },
  });
}

function removeLine(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey }),
    async ({ operationKey: key }) => {
      await removeReceiptLine(ctx.uow, ctx.actor, { receiptId, lineId: ctx.id('lineId') }, { operationKey: key });
      return redirect(receiptHref(receiptId), { kind: 'ok', text: ctx.t('purchasing:line.removed') });
    },
    (form, status) => showReceipt(ctx, receiptId, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}
