import { type ApprovalLevel, approvalLevelsOf } from '../../../platform/approval';
import type { Reader } from '../../../platform/database';

export const APPROVE_ORDERS = 'purchasing.order.approve';
export const ORDER_APPROVAL = { module: 'purchasing', permission: APPROVE_ORDERS } as const;

/** The levels in force, the lowest first. */
export const approvalLevels = (read: Reader): Promise<ApprovalLevel[]> => approvalLevelsOf(read, ORDER_APPROVAL);
