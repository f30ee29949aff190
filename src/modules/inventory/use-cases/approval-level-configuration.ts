import { approvalLevelSet } from '../../../platform/approval';
import { STOCK_APPROVAL } from '../queries/approval-levels';

/** Which adjustments, scrap and differences of stocktakes need whose approval, by their cost. */
export const stockApprovalConfiguration = approvalLevelSet(STOCK_APPROVAL);
