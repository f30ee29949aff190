import { defineMachine } from '../../../kernel';

export const CHANGE_STATES = ['draft', 'posted', 'reversed', 'cancelled'] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];
export type ChangeEvent = 'post' | 'reverse' | 'cancel';

export const changeMachine = defineMachine<ChangeState, ChangeEvent>({
  name: 'change',
  initial: 'draft',
  final: ['posted', 'reversed', 'cancelled'],
  transitions: {
    draft: { post: 'posted', cancel: 'cancelled' },
    posted: { reverse: 'reversed' },
    reversed: {},
    cancelled: {},
  },
});
