import { type ApprovalRefusal, levelsFor } from '../../../platform/approval';
import type { Reader } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { approvalsOf } from '../store/approval.store';
import type { StockApprovalRow } from '../store/approval.table';
import { APPROVE_STOCK, stockApprovalLevels, stockRefusalOf } from './approval-levels';
import { stocktakeAmount } from './stocktake-amount';
import type { StocktakeView } from './stocktake-page';

export interface StocktakeApproval {
  /** Levels of the running submission, the lowest first. */
  approvals: StockApprovalRow[];
  /** Losses and gains added up, at cost: as they are now, or as submitted. */
  amountFen: number;
  /** The level that differences of this amount have to pass first; null: they are posted at once. */
  firstLevel: string | null;
  mayApprove: boolean;
  /** Why the reader cannot approve what waits; null: can, or nothing waits. */
  refusal: ApprovalRefusal | null;
}

/** How far the differences of a stocktake are with their approval. */
export async function stocktakeApproval(
  read: Reader,
  actor: Actor,
  stocktake: StocktakeView,
  now: number,
): Promise<StocktakeApproval> {
  const { state, storeId } = stocktake;
  const document = { ...stocktake, type: 'inventory.stocktake' as const };
  const all = state === 'checking' ? await stockApprovalLevels(read) : [];
  const nowFen = all.length > 0 ? await stocktakeAmount(read, stocktake) : 0;
  const submitted = state === 'submitted' || state === 'approved' || state === 'posted' || state === 'reversed';
  return {
    approvals: submitted ? await approvalsOf(read, document) : [],
    amountFen: state === 'checking' ? nowFen : (stocktake.amountFen ?? 0),
    firstLevel: nowFen > 0 ? (levelsFor(all, nowFen)[0]?.name ?? null) : null,
    mayApprove: can(actor, APPROVE_STOCK, storeId),
    refusal: state === 'submitted' ? await stockRefusalOf(read, actor, document, now) : null,
  };
}
