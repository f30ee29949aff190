import type { PostedDocument, Posting } from '../../../ledger';
import { type LineToPost, salePosting } from './sale-posting';

/** The document that people see; its posting is that of the sale. */
export const SETTLEMENT_DOCUMENT = 'sales.settlement';

export interface SettlementToPost {
  document: PostedDocument;
  /** The partner. */
  customerId: number;
  lines: readonly LineToPost[];
  /** What the devices were sold for, with tax. */
  grossFen: number;
  /** What the partner keeps, with tax, and the input tax in it. */
  commissionFen: number;
  commissionTaxFen: number;
  dueOn: string;
}

/**
 * The partner's list of sales (代销清单) has come: revenue, output tax and cost of sales as of any sale on account. The commission is
 * a selling expense (5601) and lowers what the partner owes (1122), which is due on a day.
 */
export function settlementPosting(input: SettlementToPost): Posting {
  const { document, customerId, lines, grossFen, commissionFen, commissionTaxFen, dueOn } = input;
  const { storeId } = document;
  const party = { partyType: 'customer', partyId: customerId } as const;
  const tender = { kind: 'on_account', amountFen: grossFen, receivedFen: null, reference: null, payer: null } as const;
  const sold = salePosting({ document, customerId, lines, tenders: [tender] });
  const owedFen = grossFen - commissionFen;
  return {
    ...sold,
    journal: [
      ...sold.journal,
      { account: 'selling_expense', debitFen: commissionFen - commissionTaxFen, storeId },
      { account: 'input_tax', debitFen: commissionTaxFen, storeId },
      { account: 'receivable', creditFen: commissionFen, storeId, ...party },
    ],
    openItems: owedFen > 0 ? [{ kind: 'open', ...party, direction: 'receivable', amountFen: owedFen, dueOn }] : [],
  };
}
