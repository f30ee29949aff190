import { z } from 'zod';
import { DomainError, invalidField } from '../../../kernel';
import { type Ctx, file, type FormState, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { previewFile, readFileRows } from '../../../platform/imports';
import { authorise } from '../../../platform/permissions';
import { type ExportRow, writeXlsx } from '../../../platform/spreadsheet';
import { PACKING_COLUMNS } from '../domain/packing-rows';
import type { Verdict } from '../domain/scan-check';
import { getPackingList, type PackingListRow } from '../queries/packing-facts';
import { receiptView } from '../queries/receipt-page';
import { checkPackingList } from '../use-cases/check-packing-list';
import { choosePackingCodes, mapPackingList, takePackingList } from '../use-cases/packing-lists';
import { packingContent, startPackingList } from '../use-cases/start-packing-list';
import { newOperationKey, operationKey, version } from './fields';
import { packingHref, packingPage, type PackingPageInput } from './packing.page';
import { receiptHref } from './receipt-parts';
import { noticeOf } from './show-receipt';
import { theOnlySku } from './sku-choice';

const edit = { permission: 'purchasing.receipt.edit' };
const BASE = '/purchasing/receipts/:id/packing';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const packingRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => showUpload(ctx) },
  {
    method: 'post',
    path: BASE,
    access: edit,
    handler: upload,
    upload: { maxBytes: 10 * 1024 * 1024, maxFiles: 1, extensions: ['csv', 'txt', 'xlsx'] },
  },
  { method: 'get', path: `${BASE}/:listId`, access: edit, handler: (ctx) => show(ctx) },
  { method: 'get', path: `${BASE}/:listId/problems.xlsx`, access: edit, handler: problemFile },
  { method: 'post', path: `${BASE}/:listId/columns`, access: edit, handler: columns },
  { method: 'post', path: `${BASE}/:listId/codes`, access: edit, handler: codes },
  { method: 'post', path: `${BASE}/:listId/taking`, access: edit, handler: take },
];

async function showUpload(ctx: Ctx, message = '', status = 200): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  authorise(ctx.actor, edit.permission, receipt.storeId);
  if (receipt.state !== 'draft') return redirect(receiptHref(receipt.id));
  const { t } = ctx;
  const title = t('purchasing:packing.new');
  const model = {
    head: {
      title,
      crumbs: [
        { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
        { label: receipt.number, href: receiptHref(receipt.id) },
      ],
      say: receipt.supplierName,
    },
    action: `${receiptHref(receipt.id)}/packing`,
    cancelHref: receiptHref(receipt.id),
    message,
  };
  return page('purchasing/packing-new', title, model, { status });
}

async function upload(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({}),
    async () => {
      const [sent] = ctx.files;
      if (!sent) throw new DomainError('purchasing:error.no_file');
      const { id } = await startPackingList(ctx.services, ctx.actor, { receiptId, ...sent });
      return redirect(packingHref(receiptId, id));
    },
    (form, status) => showUpload(ctx, form.problems['file'] ?? form.message ?? '', status),
  );
}

interface Opened extends Pick<PackingPageInput, 'receipt' | 'list' | 'preview'> {
  content: Buffer;
}

/** A list that is not taken yet, with its file; null when there is nothing to be done with it any more. */
async function open(ctx: Ctx): Promise<Opened | null> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  authorise(ctx.actor, edit.permission, receipt.storeId);
  const list = await getPackingList(ctx.read, receipt.id, ctx.id('listId'));
  if (list.state !== 'open' || receipt.state !== 'draft') return null;
  const content = await packingContent(ctx.services, list);
  return { receipt, list, content, preview: await previewFile(content, PACKING_COLUMNS, list) };
}

async function show(
  ctx: Ctx,
  more: Pick<PackingPageInput, 'notices' | 'typedCodes' | 'typedColumns'> = {},
  status = 200,
): Promise<Reply> {
  const opened = await open(ctx);
  if (!opened) return redirect(receiptHref(ctx.id()));
  const { content, ...input } = opened;
  const check = await checkPackingList(ctx.read, ctx.actor, input.list, content);
  const model = packingPage(ctx, { ...input, check, operationKey: newOperationKey(), ...more });
  return page('purchasing/packing', ctx.t('purchasing:packing.one'), model, { status });
}

const stepOf = (ctx: Ctx, at: number) => ({ receiptId: ctx.id(), listId: ctx.id('listId'), version: at });
const words = z.record(z.string(), z.string());

async function columns(ctx: Ctx): Promise<Reply> {
  const opened = await open(ctx);
  if (!opened) return redirect(receiptHref(ctx.id()));
  const { names } = opened.preview.header;
  return submit(
    ctx,
    z.object({ version, column: words }),
    async ({ version: at, column }) => {
      const mapping: Record<string, number> = {};
      for (const { key } of PACKING_COLUMNS) {
        const place = Number(column[key]);
        if (column[key] && Number.isSafeInteger(place) && place >= 0 && place < names.length) mapping[key] = place;
      }
      await mapPackingList(ctx.uow, ctx.actor, { ...stepOf(ctx, at), mapping, names });
      return redirect(packingHref(ctx.id(), ctx.id('listId')));
    },
    (form, status) => show(ctx, { typedColumns: form, notices: noticeOf(form) }, status),
  );
}

function codes(ctx: Ctx): Promise<Reply> {
  const lists = z.array(z.string()).max(100).optional().default([]);
  return submit(
    ctx,
    z.object({ version, text: lists, sku: lists }),
    async ({ version: at, text, sku }) => {
      const choices: { text: string; skuId: number }[] = [];
      for (const [index, typed] of sku.entries()) {
        if (typed.trim() === '') continue;
        const skuId = await theOnlySku(ctx.read, typed);
        if (skuId === null) throw invalidField(`sku.${index}`, 'purchasing:error.order_sku_many', { text: typed });
        choices.push({ text: text[index] ?? '', skuId });
      }
      await choosePackingCodes(ctx.uow, ctx.actor, { ...stepOf(ctx, at), choices });
      return redirect(packingHref(ctx.id(), ctx.id('listId')));
    },
    (form: FormState, status) => show(ctx, { typedCodes: form }, status),
  );
}

function take(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  return submit(
    ctx,
    z.object({ version, operationKey, keep: z.enum(['all', 'right']) }),
    async ({ version: at, operationKey: key, keep }) => {
      const list = await getPackingList(ctx.read, receiptId, ctx.id('listId'));
      const content = await packingContent(ctx.services, list);
      const command = { ...stepOf(ctx, at), content, keep };
      const { taken, wrong } = await takePackingList(ctx.uow, ctx.actor, command, { operationKey: key });
      const counts = { taken: ctx.f.number(taken), wrong: ctx.f.number(wrong) };
      const text = ctx.t(wrong > 0 ? 'purchasing:packing.takenPartly' : 'purchasing:packing.taken', counts);
      return redirect(receiptHref(receiptId), { kind: 'ok', text });
    },
    (form, status) => show(ctx, { notices: noticeOf(form) }, status),
  );
}

/** The rows that cannot be taken, as they were, with the reason behind each: to be corrected and sent again. */
async function problemFile(ctx: Ctx): Promise<Reply> {
  const opened = await open(ctx);
  if (!opened) return redirect(receiptHref(ctx.id()));
  const { list, content, preview } = opened;
  const { t } = ctx;
  const { wrong } = await checkPackingList(ctx.read, ctx.actor, list, content);
  const name = t('imports:problemList');
  const columnsOf = preview.header.names.map((text, place) => ({
    header: text || t('imports:columnNo', { number: place + 1 }),
    type: 'text' as const,
  }));
  const book = writeXlsx([
    {
      name,
      columns: [
        { header: t('imports:line'), type: 'integer' },
        ...columnsOf,
        { header: t('imports:reason'), type: 'text', width: 60 },
      ],
      rows: wrongRows(ctx, list, content, wrong, columnsOf.length),
    },
  ]);
  return file(`${name}-${list.fileName}.xlsx`, XLSX, book);
}

async function* wrongRows(
  { t }: Ctx,
  list: PackingListRow,
  content: Buffer,
  wrong: readonly Verdict[],
  width: number,
): AsyncGenerator<ExportRow> {
  const byLine = new Map(wrong.map((verdict) => [Number(verdict.key), verdict]));
  for await (const { number, cells } of readFileRows(content, list)) {
    const reason = byLine.get(number)?.reason;
    if (!reason) continue;
    const texts = Array.from({ length: width }, (_, place) => cells[place]?.text ?? '');
    yield [number, ...texts, t(reason.code, reason.details)];
  }
}
