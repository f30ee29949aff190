import { z } from 'zod';
import { DomainError } from '../../../kernel';
import { type Ctx, flatten, json, page, redirect, type Reply, type Route } from '../../../platform/http';
import { putLinesBack, readPaste, readScan, type ScanOnLine } from '../domain/read-scans';
import type { Verdict } from '../domain/scan-check';
import { receiptView, scanState } from '../queries/receipt-page';
import { correctScans, dropScans } from '../use-cases/correct-scans';
import { pasteIntoReceipt, PasteRefused } from '../use-cases/paste-into-receipt';
import { scanIntoReceipt } from '../use-cases/scan-into-receipt';
import { checkPage } from './check.page';
import { codesOfFile } from './device-file';
import { newOperationKey } from './fields';
import { expectedOf, receiptHref, scannedOf } from './receipt-parts';
import { messageOf } from './confirm-page';
import { scanLink, scanText } from './receipt-words';
import { showReceipt } from './show-receipt';

const edit = { permission: 'purchasing.receipt.edit' };

export const scanRoutes: readonly Route[] = [
  { method: 'post', path: '/purchasing/receipts/:id/scans', access: edit, handler: scan, json: true },
  { method: 'post', path: '/purchasing/receipts/:id/pasted', access: edit, handler: paste },
  {
    method: 'post',
    path: '/purchasing/receipts/:id/files',
    access: edit,
    handler: readFile,
    upload: { maxBytes: 10 * 1024 * 1024, maxFiles: 1, extensions: ['csv', 'tsv', 'txt', 'xlsx'] },
  },
  { method: 'post', path: '/purchasing/receipts/:id/corrections', access: edit, handler: correct },
];

const MOST_SCANS = 200;

const scansSchema = z.object({
  scans: z
    .array(
      z.object({
        key: z.string().regex(/^[\w.:-]{1,60}$/),
        code: z.string().max(2000),
        line: z.number().int().positive().nullable().optional(),
      }),
    )
    .max(MOST_SCANS),
});

/** The scanner's way in: an answer for each scan in its order, see docs/style-page.md. */
async function scan(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  const parsed = scansSchema.safeParse(ctx.body);
  if (!parsed.success) throw new DomainError('purchasing:error.scan_format');
  const scans = parsed.data.scans.map(({ key, code, line }) => readScan(key, code, line ?? null));
  const { verdicts } = await scanIntoReceipt(ctx.uow, ctx.actor, { receiptId, scans });
  const receipt = await receiptView(ctx.read, ctx.actor, receiptId);
  const { tally } = await scanState(ctx.read, ctx.actor, receiptId, receipt.storeId);
  return json({
    results: verdicts.map((verdict) => answerOf(ctx, receiptId, verdict)),
    tally,
    progress: { done: scannedOf(receipt), total: expectedOf(receipt) },
  });
}

function answerOf(ctx: Ctx, receiptId: number, verdict: Verdict) {
  const link = scanLink(ctx, receiptId, verdict);
  return {
    outcome: verdict.outcome,
    code: verdict.number ?? verdict.text,
    text: scanText(ctx, verdict),
    ...(link ? { link } : {}),
    ...(verdict.selects && verdict.lineId !== null
      ? { with: { line: verdict.lineId }, href: `${receiptHref(receiptId)}?line=${verdict.lineId}` }
      : {}),
  };
}

interface ListForm {
  codes: string;
  lineId: number | null;
  single: boolean;
  overrides: ReadonlySet<number>;
  keep: 'all' | 'right';
  operationKey: string | undefined;
}

/** The paste form, and the check page with its corrected lines put back in their places. */
function readListForm(ctx: Ctx): ListForm {
  const fields = flatten(ctx.body);
  const corrected = new Map<number, string>();
  const overrides = new Set<number>();
  for (const [name, value] of Object.entries(fields)) {
    const line = Number(/^(?:wrong|override)\.(\d{1,6})$/.exec(name)?.[1] ?? 0);
    if (line === 0) continue;
    if (name.startsWith('wrong.')) corrected.set(line, value);
    else overrides.add(line);
  }
  const codes = fields['codes'] ?? '';
  const key = fields['operationKey'];
  return {
    codes: corrected.size > 0 ? putLinesBack(codes, corrected) : codes,
    lineId: /^[1-9]\d{0,15}$/.test(fields['line'] ?? '') ? Number(fields['line']) : null,
    single: fields['single'] === '1',
    overrides,
    keep: fields['keep'] === 'right' ? 'right' : 'all',
    operationKey: key !== undefined && /^[\w.:-]{8,100}$/.test(key) ? key : undefined,
  };
}

function paste(ctx: Ctx): Promise<Reply> {
  return takeList(ctx, readListForm(ctx));
}

async function readFile(ctx: Ctx): Promise<Reply> {
  const [upload] = ctx.files;
  const form = readListForm(ctx);
  try {
    if (!upload) throw new DomainError('purchasing:error.no_file');
    return await takeList(ctx, { ...form, codes: await codesOfFile(upload.content) });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showReceipt(ctx, ctx.id(), { status, notices: [{ tone: 'bad', title, items }], line: form.lineId });
  }
}

async function takeList(ctx: Ctx, form: ListForm): Promise<Reply> {
  const receiptId = ctx.id();
  const { codes, lineId, keep } = form;
  let scans: ScanOnLine[] = [];
  try {
    scans = readPaste(codes, { lineId, imeisPerDevice: form.single ? 1 : 2, overrides: form.overrides });
    if (scans.length === 0) throw new DomainError('purchasing:error.nothing_pasted');
    const done = await pasteIntoReceipt(
      ctx.uow,
      ctx.actor,
      { receiptId, scans, keep },
      { operationKey: form.operationKey },
    );
    const { f } = ctx;
    const counts = { added: f.number(done.added), doubles: f.number(done.doubles), wrong: f.number(done.wrong) };
    const text = ctx.t(done.wrong > 0 ? 'purchasing:check.partly' : 'purchasing:check.done', counts);
    return redirect(`${receiptHref(receiptId)}${lineId === null ? '' : `?line=${lineId}`}`, { kind: 'ok', text });
  } catch (error) {
    if (error instanceof PasteRefused) {
      const receipt = await receiptView(ctx.read, ctx.actor, receiptId);
      const { verdicts } = error;
      const input = { receipt, codes, scans, verdicts, lineId, single: form.single, operationKey: newOperationKey() };
      const title = ctx.t('purchasing:check.title');
      return page('purchasing/check', title, checkPage(ctx, input), { status: 422, styles: ['purchasing'] });
    }
    const { status, title, items } = messageOf(ctx, error);
    const notices = [{ tone: 'bad' as const, title, items }];
    return showReceipt(ctx, receiptId, { status, notices, pasted: codes, line: lineId });
  }
}

/** The wrong scans below the panel: corrected ones are checked again, `drop` puts one or all aside. */
async function correct(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  const fields = flatten(ctx.body);
  const line = /^[1-9]\d{0,15}$/.test(fields['line'] ?? '') ? Number(fields['line']) : null;
  const texts = Object.entries(fields).flatMap(([name, value]) => {
    const scanId = Number(/^text\.([1-9]\d{0,15})$/.exec(name)?.[1] ?? 0);
    return scanId === 0 ? [] : [{ scanId, text: value }];
  });
  const drop = fields['drop'];
  const back = `${receiptHref(receiptId)}${line === null ? '' : `?line=${line}`}`;
  try {
    if (drop !== undefined) {
      const scanIds = drop === 'all' ? texts.map(({ scanId }) => scanId) : [Number(drop) || 0];
      const { dropped } = await dropScans(ctx.uow, ctx.actor, { receiptId, scanIds });
      return redirect(back, { kind: 'ok', text: ctx.t('purchasing:scan.dropped', { count: dropped }) });
    }
    const corrections = texts.map(({ scanId, text }) => ({
      scanId,
      text,
      lineId: line,
      override: fields[`override.${scanId}`] === '1',
    }));
    const { added, wrong } = await correctScans(ctx.uow, ctx.actor, { receiptId, corrections });
    const text = ctx.t(wrong > 0 ? 'purchasing:scan.stillWrong' : 'purchasing:scan.corrected', { added, wrong });
    if (wrong === 0) return redirect(back, { kind: 'ok', text });
    return await showReceipt(ctx, receiptId, { status: 422, notices: [{ tone: 'bad', title: text }], line });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showReceipt(ctx, receiptId, { status, notices: [{ tone: 'bad', title, items }], line });
  }
}
