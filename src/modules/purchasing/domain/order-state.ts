import { defineMachine } from '../../../kernel';

/** `closed`: what did not come is given up. Receipts and their reversals move an order between the middle ones. */
export type OrderState = 'draft' | 'submitted' | 'approved' | 'partial' | 'received' | 'closed' | 'cancelled';

type OrderEvent = 'submit' | 'withdraw' | 'sendBack' | 'approve' | 'receive' | 'complete' | 'undo' | 'close' | 'cancel';

export const orderMachine = defineMachine<OrderState, OrderEvent>({
  name: 'order',
  initial: 'draft',
  final: ['received', 'closed', 'cancelled'],
  transitions: {
    draft: { submit: 'submitted', cancel: 'cancelled' },
    submitted: { withdraw: 'draft', sendBack: 'draft', approve: 'approved' },
    approved: { receive: 'partial', complete: 'received', close: 'closed', cancel: 'cancelled' },
    partial: { receive: 'partial', complete: 'received', close: 'closed', undo: 'approved' },
    received: { complete: 'received', receive: 'partial', undo: 'approved' },
    closed: { complete: 'received', close: 'closed', receive: 'partial', undo: 'approved' },
    cancelled: {},
  },
});

/** Orders of which goods may still come. */
export const OPEN_ORDER_STATES = ['approved', 'partial'] as const satisfies readonly OrderState[];

export interface OrderedPieces {
  quantity: number;
  received: number;
  /** Given up by short closing. */
  givenUp: number;
}

/** Pieces that are still to come; none where more came than was ordered. */
export const openPieces = ({ quantity, received, givenUp }: OrderedPieces): number =>
  Math.max(0, quantity - received - givenUp);

/** What the lines of an approved order make of it. */
export function stateOfLines(lines: readonly OrderedPieces[]): OrderState {
  if (lines.some((line) => openPieces(line) > 0))
    return lines.some(({ received }) => received > 0) ? 'partial' : 'approved';
  return lines.some(({ givenUp }) => givenUp > 0) ? 'closed' : 'received';
}

/**
 * The most that may have been received of a line: what was ordered and the tolerance on it, rounded down to pieces. Of what
 * was given up nothing may come any more.
 */
export function mostReceived({ quantity, givenUp }: Omit<OrderedPieces, 'received'>, toleranceBp: number): number {
  return givenUp > 0 ? quantity - givenUp : quantity + Math.floor((quantity * toleranceBp) / 10_000);
}
