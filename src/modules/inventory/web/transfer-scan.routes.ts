import { z } from 'zod';
import { DomainError } from '../../../kernel';
import { type Ctx, flatten, json, page, redirect, type Reply, type Route } from '../../../platform/http';
import type { Message } from '../../../platform/views';
import { transferScanState, transferView } from '../queries/transfer-page';
import {
  dropTransferScans,
  pasteIntoTransfer,
  readTransferPaste,
  readTransferScan,
  scanIntoTransfer,
  TransferPasteRefused,
} from '../use-cases/scan-into-transfer';
import { showTransfer } from './show-transfer';
import { messageOf, newOperationKey, transferHref } from './transfer-fields';
import { verdictLink, verdictText } from './transfer-parts';

// Sending and receiving are rights of their own; the use case asks for the one that the transfer's state needs.
const access = { permission: 'inventory.transfer.view' };
const BASE = '/inventory/transfers/:id';

export const transferScanRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/scans`, access, handler: scan, json: true },
  { method: 'post', path: `${BASE}/scans/removal`, access, handler: drop },
  { method: 'post', path: `${BASE}/pasted`, access, handler: paste },
];

const scansSchema = z.object({
  scans: z
    .array(
      z.object({
        key: z.string().regex(/^[\w.:-]{1,60}$/),
        code: z.string().max(2000),
      }),
    )
    .max(200),
});

/** The scanner's way in: an answer for each scan in its order, see docs/style-page.md. */
async function scan(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  const parsed = scansSchema.safeParse(ctx.body);
  if (!parsed.success) throw new DomainError('inventory:error.transfer_scan_format');
  const scans = parsed.data.scans.map(({ key, code }) => readTransferScan(key, code));
  const { verdicts } = await scanIntoTransfer(ctx.uow, ctx.actor, { transferId, scans });
  const transfer = await transferView(ctx.read, ctx.actor, transferId);
  const { tally } = await transferScanState(ctx.read, transfer);
  const arriving = transfer.state === 'sent';
  return json({
    results: verdicts.map((verdict) => {
      const link = verdictLink(ctx, verdict);
      return {
        outcome: verdict.outcome,
        code: verdict.number ?? verdict.text,
        text: verdictText(ctx, verdict),
        ...(link ? { link } : {}),
      };
    }),
    tally,
    progress: {
      done: arriving ? transfer.arrived + transfer.received : transfer.picked,
      total: arriving ? transfer.sent : transfer.quantity,
    },
  });
}

/** A list is taken as a whole, or the right lines of it; what is wrong is shown with the text to be corrected. */
async function paste(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  const fields = flatten(ctx.body);
  const codes = fields['codes'] ?? '';
  const damaged = fields['damaged'] === '1';
  const keep = fields['keep'] === 'right' ? 'right' : 'all';
  const key = fields['operationKey'];
  const operationKey = key !== undefined && /^[\w.:-]{8,100}$/.test(key) ? key : undefined;
  try {
    const scans = readTransferPaste(codes, damaged);
    if (scans.length === 0) throw new DomainError('inventory:error.transfer_nothing_pasted');
    try {
      const done = await pasteIntoTransfer(ctx.uow, ctx.actor, { transferId, scans, keep }, { operationKey });
      const counts = {
        right: ctx.f.number(done.right),
        double: ctx.f.number(done.double),
        wrong: ctx.f.number(done.wrong),
      };
      const text = ctx.t(done.wrong > 0 ? 'inventory:transfer.paste.partly' : 'inventory:transfer.paste.done', counts);
      return redirect(transferHref(transferId), { kind: 'ok', text });
    } catch (error) {
      if (!(error instanceof TransferPasteRefused)) throw error;
      return await checkPage(ctx, { transferId, codes, damaged, scans, refused: error });
    }
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showTransfer(ctx, transferId, { status, notices: [{ tone: 'bad', title, items }], pasted: codes });
  }
}

const MOST_NAMED = 100;

interface RefusedList {
  transferId: number;
  codes: string;
  damaged: boolean;
  scans: readonly { key: string; line: number }[];
  refused: TransferPasteRefused;
}

/** Nothing was written: every wrong line with its reason, and the list as it was typed. */
async function checkPage(ctx: Ctx, { transferId, codes, damaged, scans, refused }: RefusedList): Promise<Reply> {
  const { t, f } = ctx;
  const transfer = await transferView(ctx.read, ctx.actor, transferId);
  const lineOf = new Map(scans.map(({ key, line }) => [key, line]));
  const wrong = refused.verdicts.filter(({ outcome }) => outcome === 'wrong');
  const right = refused.verdicts.filter(({ outcome }) => outcome === 'right').length;
  const message: Message = {
    tone: 'bad',
    title: t('inventory:error.transfer_numbers', refused.details),
    text: t('inventory:transfer.paste.hint'),
    items: wrong
      .slice(0, MOST_NAMED)
      .map((verdict) =>
        t('inventory:transfer.paste.line', { line: lineOf.get(verdict.key) ?? 0, reason: verdictText(ctx, verdict) }),
      ),
  };
  const href = transferHref(transferId);
  const title = t('inventory:transfer.paste.title');
  const model = {
    head: { title, crumbs: [{ label: transfer.number, href }] },
    message,
    action: `${href}/pasted`,
    cancelHref: href,
    operationKey: newOperationKey(),
    damaged,
    codes: {
      name: 'codes',
      type: 'textarea',
      label: t('common:scan.pasteLabel'),
      value: codes,
      rows: 12,
      countLines: true,
    },
    takeRight: right > 0 ? t('inventory:transfer.paste.takeRight', { count: f.number(right) }) : null,
  };
  return page('inventory/transfer-check', title, model, { status: 422 });
}

/** Wrong scans that need nothing any more: one, or all of them. */
async function drop(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  const what = ctx.body['drop'];
  try {
    const scanIds = what === 'all' ? ('all' as const) : [Number(what) || 0];
    const { dropped } = await dropTransferScans(ctx.uow, ctx.actor, { transferId, scanIds });
    return redirect(transferHref(transferId), {
      kind: 'ok',
      text: ctx.t('inventory:transfer.scan.dropped', { count: dropped }),
    });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showTransfer(ctx, transferId, { status, notices: [{ tone: 'bad', title, items }] });
  }
}
