import { type Ctx, type FormState, page, type Reply } from '../../../platform/http';
import type { Message } from '../../../platform/views';
import { transferScanState, transferTimeline, transferView } from '../queries/transfer-page';
import { transferFilesCard } from './transfer-attachments.page';
import { newOperationKey } from './transfer-fields';
import { scansNow, type TransferPageInput } from './transfer-parts';
import { transferPage } from './transfer.page';

export type ShowTransfer = Pick<TransferPageInput, 'notices' | 'typed' | 'choices' | 'pasted'> & { status?: number };

/** The page of a transfer, also with what was just refused on it. */
export async function showTransfer(ctx: Ctx, id: number, { status = 200, ...more }: ShowTransfer = {}): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, id);
  const model = transferPage(ctx, {
    transfer,
    scans: scansNow(ctx, transfer) ? await transferScanState(ctx.read, transfer) : null,
    timeline: await transferTimeline(ctx.read, id),
    attachments: await transferFilesCard(ctx, transfer),
    operationKey: newOperationKey(),
    ...more,
  });
  return page('inventory/transfer', transfer.number, model, { status, scripts: ['sku-suggest'] });
}

/** What a form without fields of its own was refused for. */
export const refusedNotice = (form: FormState): Message[] => [
  { tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) },
];
