import { approvalLevelSet } from '../../../platform/approval';
import { ORDER_APPROVAL } from '../queries/approval-levels';

/** Which orders need whose approval. */
export const approvalLevelConfiguration = approvalLevelSet(ORDER_APPROVAL);
