import { defineMachine } from '../../../kernel';

/** `partial`: a part of it is on orders. Orders and receipts move a requisition between the last four but one. */
export type RequisitionState =
  'draft' | 'submitted' | 'approved' | 'partial' | 'ordered' | 'closed' | 'rejected' | 'cancelled';

type RequisitionEvent =
  'submit' | 'withdraw' | 'approve' | 'reject' | 'revise' | 'cancel' | 'order' | 'complete' | 'close' | 'undo';

export const requisitionMachine = defineMachine<RequisitionState, RequisitionEvent>({
  name: 'requisition',
  initial: 'draft',
  final: ['closed', 'cancelled'],
  transitions: {
    draft: { submit: 'submitted', cancel: 'cancelled' },
    submitted: { withdraw: 'draft', approve: 'approved', reject: 'rejected' },
    rejected: { revise: 'draft', cancel: 'cancelled' },
    approved: { order: 'partial', complete: 'ordered', close: 'closed' },
    partial: { order: 'partial', complete: 'ordered', close: 'closed', undo: 'approved' },
    ordered: { order: 'partial', close: 'closed', undo: 'approved' },
    closed: { order: 'partial', complete: 'ordered', undo: 'approved' },
    cancelled: {},
  },
});

/** Those of which something may still be to order. */
export const WANTED_STATES = ['approved', 'partial'] as const satisfies readonly RequisitionState[];

export interface WantedPieces {
  quantity: number;
  ordered: number;
  received: number;
  givenUp: number;
}

/** Pieces of a wish that nobody has ordered yet. */
export const unordered = ({ quantity, ordered, givenUp }: Omit<WantedPieces, 'received'>): number =>
  Math.max(0, quantity - ordered - givenUp);

/** What the lines of an approved requisition make of it. */
export function stateOfWishes(lines: readonly WantedPieces[]): RequisitionState {
  if (lines.some((line) => unordered(line) > 0))
    return lines.some(({ ordered }) => ordered > 0) ? 'partial' : 'approved';
  return lines.some(({ ordered, received }) => received < ordered) ? 'ordered' : 'closed';
}

export interface ServingLine {
  quantity: number;
  received: number;
  givenUp: number;
}

/**
 * Shares an order line among the wishes it serves, in their order: the earliest is served first. What the line no longer
 * stands for (cancelled, given up, fewer ordered) is to be ordered again.
 */
export function shareOrderLine(
  line: ServingLine,
  cancelled: boolean,
  wishes: readonly { quantity: number }[],
): { ordered: number; received: number }[] {
  let stands = cancelled ? 0 : Math.max(line.received, line.quantity - line.givenUp);
  let came = line.received;
  return wishes.map(({ quantity }) => {
    const ordered = Math.min(quantity, stands);
    const received = Math.min(ordered, came);
    stands -= ordered;
    came -= received;
    return { ordered, received };
  });
}
