import { defineMachine } from '../../../kernel';

/**
 * `planned` → `counting` → `checking` (the differences are looked at) → `posted`, where levels ask for it over `submitted`
 * and `approved`. Going back to counting is a recount; what was counted stays.
 */
export type StocktakeState =
  'planned' | 'counting' | 'checking' | 'submitted' | 'approved' | 'posted' | 'reversed' | 'cancelled';

export const stocktakeMachine = defineMachine<
  StocktakeState,
  'start' | 'finish' | 'recount' | 'submit' | 'approve' | 'sendBack' | 'withdraw' | 'post' | 'reverse' | 'cancel'
>({
  name: 'stocktake',
  initial: 'planned',
  final: ['posted', 'reversed', 'cancelled'],
  transitions: {
    planned: { start: 'counting', cancel: 'cancelled' },
    counting: { finish: 'checking', cancel: 'cancelled' },
    checking: { recount: 'counting', submit: 'submitted', post: 'posted', cancel: 'cancelled' },
    submitted: { approve: 'approved', sendBack: 'checking', withdraw: 'checking' },
    approved: { post: 'posted', withdraw: 'checking' },
    posted: { reverse: 'reversed' },
    reversed: {},
    cancelled: {},
  },
});
