import { type Ctx, type FormState, page, type Reply } from '../../../platform/http';
import type { Message } from '../../../platform/views';
import { receiptTimeline, receiptView, type ReceiptView, scanState } from '../queries/receipt-page';
import { invoicesOf } from '../queries/invoice-list';
import { openLinesFor } from '../queries/open-order-lines';
import { receiptForInvoice } from '../queries/received-lines';
import { newOperationKey } from './fields';
import { attachmentsCard } from './receipt-attachments.page';
import { receiptPage, type ReceiptPageInput } from './receipt.page';

export interface ShowOptions {
  status?: number;
  notices?: Message[];
  typed?: ReceiptPageInput['typed'];
  pasted?: string;
  /** Line that scans go into, where the address does not say. */
  line?: number | null;
}

export const noticeOf = (form: FormState) => [{ tone: 'bad' as const, title: form.message ?? '' }];

/** The page of a receipt, also with what was just refused on it. */
export async function showReceipt(ctx: Ctx, id: number, options: ShowOptions = {}): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, id);
  const chosenId = options.line ?? Number(ctx.query['line'] ?? 0);
  const edits = receipt.state === 'draft' && ctx.can('purchasing.receipt.edit', receipt.storeId);
  const model = receiptPage(ctx, {
    receipt,
    scans: edits ? await scanState(ctx.read, ctx.actor, id, receipt.storeId) : null,
    timeline: await receiptTimeline(ctx.read, id),
    attachments: await attachmentsCard(ctx, receipt),
    takeable: edits ? (await openLinesFor(ctx.read, { ...receipt, receiptId: id })).length : 0,
    chosen: chosenLine(receipt, chosenId),
    invoices: await invoicesOf(ctx.read, ctx.actor, { receiptId: id }),
    invoiceable: receipt.state === 'posted' && (await receiptForInvoice(ctx.read, ctx.actor, id)) !== null,
    operationKey: newOperationKey(),
    ...(options.notices ? { notices: options.notices } : {}),
    ...(options.typed ? { typed: options.typed } : {}),
    ...(options.pasted === undefined ? {} : { pasted: options.pasted }),
  });
  return page('purchasing/receipt', receipt.number, model, {
    status: options.status ?? 200,
    styles: ['purchasing'],
    scripts: ['sku-suggest'],
  });
}

/** The only serial line needs no choosing. */
export function chosenLine(receipt: ReceiptView, id: number | null): ReceiptView['lines'][number] | null {
  const serial = receipt.lines.filter(({ tracking }) => tracking === 'serial');
  return serial.find((line) => line.id === id) ?? (serial.length === 1 ? (serial[0] ?? null) : null);
}
