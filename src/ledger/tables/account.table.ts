import { col, defineTable } from '../../platform/database';
import type { AccountBook, AccountRole } from '../account-role';

export type AccountKind = 'asset' | 'liability' | 'equity' | 'cost' | 'income' | 'expense';

/** The chart of accounts; the default is 小企业会计准则 (财会〔2011〕17号, appendix). */
export const account = defineTable(
  'account',
  {
    id: col.id().primary(),
    code: col.code(20),
    /** In the language of the books. */
    name: col.text(60),
    nameEn: col.text(60),
    kind: col.code<AccountKind>(10),
    /** The book that this account must agree with. */
    book: col.code<AccountBook>(12).nullable(),
    active: col.bool(),
    version: col.int(),
  },
  { indexes: [{ name: 'ux_account_code', columns: ['code'], unique: true }] },
);

/** Which account the documents book on. */
export const accountRole = defineTable(
  'account_role',
  { id: col.id().primary(), role: col.code<AccountRole>(30), accountId: col.id().references('account') },
  {
    indexes: [
      { name: 'ux_account_role', columns: ['role'], unique: true },
      { name: 'ix_account_role_account', columns: ['accountId'] },
    ],
  },
);
