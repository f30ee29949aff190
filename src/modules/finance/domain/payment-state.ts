import { defineMachine } from '../../../kernel';

export type PaymentState = 'draft' | 'submitted' | 'approved' | 'posted' | 'reversed';

/** Only a draft can be changed; what was approved is what is paid. */
export const paymentMachine = defineMachine<
  PaymentState,
  'submit' | 'withdraw' | 'sendBack' | 'approve' | 'post' | 'reverse'
>({
  name: 'payment',
  initial: 'draft',
  final: ['posted', 'reversed'],
  transitions: {
    draft: { submit: 'submitted', post: 'posted' },
    submitted: { withdraw: 'draft', sendBack: 'draft', approve: 'approved' },
    approved: { withdraw: 'draft', post: 'posted' },
    posted: { reverse: 'reversed' },
    reversed: {},
  },
});

/** Payments whose money has not left: what they are to settle is spoken for. */
export const UNPAID_STATES = ['draft', 'submitted', 'approved'] as const satisfies readonly PaymentState[];

/** `fromFen` null: payments need no approval. */
export const needsApproval = (amountFen: number, fromFen: number | null): boolean =>
  fromFen !== null && amountFen >= fromFen;
