/**
 * What documents book on; the chart of accounts gives each role an account (table account_role). Documents never name an
 * account's code.
 */
export const ACCOUNT_ROLES = [
  'cash',
  'bank',
  /** WeChat Pay, Alipay. */
  'wallet',
  'receivable',
  /** Instalment providers, subsidy payers, suppliers' price protection. */
  'other_receivable',
  /** Paid to a supplier before anything is owed for it (预付账款). */
  'prepayment',
  'inventory',
  'stock_difference',
  'payable',
  /** Goods received, not invoiced yet (应付暂估). */
  'goods_received',
  'deposit',
  'stored_value',
  'trade_in',
  'input_tax',
  'output_tax',
  'capital',
  'opening_equity',
  'year_profit',
  'revenue',
  'service_revenue',
  'till_over',
  'cost_of_sales',
  /** The part of a later cost change that falls on goods already sold. */
  'cost_adjustment',
  /** What transfers above cost move between the results of two stores; nothing for the company. */
  'transfer_result',
  'service_cost',
  'selling_expense',
  'admin_expense',
  'finance_expense',
  'till_short',
  /** Stock found or lost outside of ordinary business (营业外收入, 营业外支出). */
  'other_income',
  'other_expense',
] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** A book whose total an account must agree with: stock value, or open items of this direction. */
export type AccountBook = 'inventory' | 'payable' | 'accrued' | 'receivable';

/** Roles that may only be given an account of this book. All others must have an account of none. */
export const BOOK_OF_ROLE: Partial<Record<AccountRole, AccountBook>> = {
  inventory: 'inventory',
  payable: 'payable',
  goods_received: 'accrued',
  deposit: 'payable',
  receivable: 'receivable',
  other_receivable: 'receivable',
  prepayment: 'receivable',
};
