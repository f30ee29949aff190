import { defineMachine } from '../../../kernel';

export type ReturnState = 'draft' | 'posted' | 'reversed';

/** Drafts may also be deleted: nothing of them is in the books. */
export const returnMachine = defineMachine<ReturnState, 'post' | 'reverse'>({
  name: 'purchase_return',
  initial: 'draft',
  final: ['posted', 'reversed'],
  transitions: { draft: { post: 'posted' }, posted: { reverse: 'reversed' }, reversed: {} },
});
