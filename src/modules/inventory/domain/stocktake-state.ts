import { defineMachine } from '../../../kernel';

/**
 * `planned` → `counting` → `checking` (the differences are looked at) → `posted`. Going back to counting is a recount; what
 * was counted stays.
 */
export type StocktakeState = 'planned' | 'counting' | 'checking' | 'posted' | 'reversed' | 'cancelled';

export const stocktakeMachine = defineMachine<
  StocktakeState,
  'start' | 'finish' | 'recount' | 'post' | 'reverse' | 'cancel'
>({
  name: 'stocktake',
  initial: 'planned',
  final: ['posted', 'reversed', 'cancelled'],
  transitions: {
    planned: { start: 'counting', cancel: 'cancelled' },
    counting: { finish: 'checking', cancel: 'cancelled' },
    checking: { recount: 'counting', post: 'posted', cancel: 'cancelled' },
    posted: { reverse: 'reversed' },
    reversed: {},
    cancelled: {},
  },
});
