import { type Ctx, documentHref } from '../../../platform/http';
import { type Link, stateLabel, type StatusLabel } from '../../../platform/views';
import type { ReceiptState } from '../domain/receipt-state';
import type { Verdict } from '../domain/scan-check';

type Words = Pick<Ctx, 't'>;

/** A draft is being received: that is what clerks call it. */
export function receiptState({ t }: Words, state: ReceiptState, withIcon = false): StatusLabel {
  if (state !== 'draft') return stateLabel(t, state, withIcon);
  return { tone: 'hold', text: t('purchasing:receipt.receiving'), ...(withIcon ? { icon: 'truck-loading' } : {}) };
}

/** A scan's answer in the reader's words. */
export function scanText({ t }: Words, { reason }: Verdict): string {
  return reason ? t(reason.code, reason.details) : '';
}

export function scanLink({ t }: Words, receiptId: number, { link }: Verdict): Link | undefined {
  if (!link) return undefined;
  switch (link.kind) {
    case 'device':
      return { href: documentHref('inventory.device', link.id), label: t('purchasing:scan.seeDevice') };
    case 'receipt':
      return { href: documentHref('purchasing.receipt', link.id), label: t('purchasing:scan.seeReceipt') };
    case 'add-line': {
      const query = link.text ? `?q=${encodeURIComponent(link.text)}` : '';
      return { href: `/purchasing/receipts/${receiptId}/lines/new${query}`, label: t('purchasing:scan.addLine') };
    }
  }
}
