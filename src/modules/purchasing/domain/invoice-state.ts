import { defineMachine } from '../../../kernel';

/** `submitted`, `approved`: of invoices that differ by more than the tolerance. Drafts may also be deleted. */
export type InvoiceState = 'draft' | 'submitted' | 'approved' | 'posted' | 'reversed';

export type InvoiceEvent = 'submit' | 'withdraw' | 'sendBack' | 'approve' | 'post' | 'reverse';

export const invoiceMachine = defineMachine<InvoiceState, InvoiceEvent>({
  name: 'supplier_invoice',
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
