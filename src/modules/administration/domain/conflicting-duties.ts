export interface ConflictingDuties {
  id: string;
  /** Two permissions that one person should not have in the same store. */
  pair: readonly [string, string];
}

/**
 * Duties that belong in two hands. The reason of each stands in the locale files under its id (rights.conflict.…). A
 * permission that is added later and moves money or goods belongs in here with its opposite.
 */
export const CONFLICTING_DUTIES = [
  { id: 'discount', pair: ['sales.discount.give', 'sales.discount.approve'] },
  { id: 'price', pair: ['pricing.price.edit', 'sales.sale.create'] },
  { id: 'saleReversal', pair: ['sales.sale.create', 'sales.sale.reverse'] },
  { id: 'receiptReversal', pair: ['purchasing.receipt.post', 'purchasing.receipt.reverse'] },
  { id: 'supplier', pair: ['purchasing.supplier.edit', 'purchasing.receipt.post'] },
  { id: 'invoice', pair: ['purchasing.invoice.edit', 'purchasing.invoice.approve'] },
  { id: 'payment', pair: ['finance.payment.approve', 'finance.payment.post'] },
  { id: 'bank', pair: ['purchasing.bank.edit', 'finance.payment.post'] },
  { id: 'opening', pair: ['inventory.opening.post', 'purchasing.receipt.post'] },
  { id: 'adjustment', pair: ['inventory.change.adjust', 'inventory.change.approve'] },
  { id: 'rights', pair: ['administration.role.manage', 'administration.user.manage'] },
  { id: 'accounts', pair: ['administration.user.manage', 'sales.discount.give'] },
] as const satisfies readonly ConflictingDuties[];
