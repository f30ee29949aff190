import { defineMachine } from '../../../kernel';

export type ReceiptState = 'draft' | 'posted' | 'reversed';

/** Drafts may also be deleted: nothing of them is in the books. */
export const receiptMachine = defineMachine<ReceiptState, 'post' | 'reverse'>({
  name: 'receipt',
  initial: 'draft',
  final: ['posted', 'reversed'],
  transitions: { draft: { post: 'posted' }, posted: { reverse: 'reversed' }, reversed: {} },
});
