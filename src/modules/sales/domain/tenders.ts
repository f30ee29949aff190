import { fen, invalid, plainMoney } from '../../../kernel';
import type { AccountRole } from '../../../ledger';
import type { TenderKind } from './sale';

export interface OfferedTender {
  kind: TenderKind;
  /** What was handed over or arrived. */
  amountFen: number;
  reference?: string | null | undefined;
  payer?: string | null | undefined;
}

export interface SettledTender {
  kind: TenderKind;
  /** The part that pays for the sale. */
  amountFen: number;
  /** Cash handed over before change; null for other kinds. */
  receivedFen: number | null;
  reference: string | null;
  payer: string | null;
}

export const ACCOUNT_OF_TENDER: Readonly<Record<TenderKind, AccountRole>> = {
  cash: 'cash',
  wallet_wechat: 'wallet',
  wallet_alipay: 'wallet',
  card: 'bank',
  bank_transfer: 'bank',
  on_account: 'receivable',
};

/**
 * Makes tenders pay exactly `dueFen`: change is given out of cash only. Cash of several hands is one tender.
 * Throws sales:error.tender_short, sales:error.tender_over (more than due without cash), sales:error.tender_amount.
 */
export function settleTenders(
  dueFen: number,
  offered: readonly OfferedTender[],
): { tenders: SettledTender[]; changeFen: number } {
  if (offered.some((tender) => !Number.isSafeInteger(tender.amountFen) || tender.amountFen <= 0))
    throw invalid('sales:error.tender_amount');
  const others = offered.filter((tender) => tender.kind !== 'cash');
  const cashFen = offered.reduce((total, tender) => total + (tender.kind === 'cash' ? tender.amountFen : 0), 0);
  const otherFen = others.reduce((total, tender) => total + tender.amountFen, 0);
  if (otherFen > dueFen) throw invalid('sales:error.tender_over', { over: plainMoney(fen(otherFen - dueFen)) });
  const cashDueFen = dueFen - otherFen;
  if (cashFen < cashDueFen)
    throw invalid('sales:error.tender_short', { missing: plainMoney(fen(cashDueFen - cashFen)) });
  const tenders: SettledTender[] = others.map(({ kind, amountFen, reference, payer }) => ({
    kind,
    amountFen,
    receivedFen: null,
    reference: reference ?? null,
    payer: payer ?? null,
  }));
  // Cash that is handed back whole is no tender.
  if (cashDueFen > 0)
    tenders.unshift({ kind: 'cash', amountFen: cashDueFen, receivedFen: cashFen, reference: null, payer: null });
  return { tenders, changeFen: cashFen - cashDueFen };
}
