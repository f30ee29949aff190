import { defineMachine } from '../../../kernel';

export const CHANGE_STATES = ['draft', 'submitted', 'approved', 'posted', 'reversed', 'cancelled'] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];
export type ChangeEvent = 'submit' | 'approve' | 'sendBack' | 'withdraw' | 'post' | 'reverse' | 'cancel';

/** `submitted`: waits for one or more levels of approval; `approved`: all have said yes, it may be posted. */
export const changeMachine = defineMachine<ChangeState, ChangeEvent>({
  name: 'change',
  initial: 'draft',
  final: ['posted', 'reversed', 'cancelled'],
  transitions: {
    // Without a level that asks for approval a draft is posted at once.
    draft: { submit: 'submitted', post: 'posted', cancel: 'cancelled' },
    submitted: { approve: 'approved', sendBack: 'draft', withdraw: 'draft' },
    approved: { post: 'posted', withdraw: 'draft' },
    posted: { reverse: 'reversed' },
    reversed: {},
    cancelled: {},
  },
});
