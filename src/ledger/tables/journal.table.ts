import { col, defineTable } from '../../platform/database';
import type { Direction, PartyType } from '../posting';

/** Append-only: one per posting that touches money. Voucher numbers are given later, when vouchers are issued. */
export const journalEntry = defineTable(
  'journal_entry',
  {
    id: col.id().primary(),
    postingId: col.id().references('posting'),
    businessDate: col.date(),
    storeId: col.id(),
  },
  {
    indexes: [
      { name: 'ux_journal_entry_posting', columns: ['postingId'], unique: true },
      { name: 'ix_journal_entry_date', columns: ['businessDate'] },
    ],
  },
);

/** Append-only. One of debit and credit is 0; negative amounts are red-letter entries. */
export const journalLine = defineTable(
  'journal_line',
  {
    id: col.id().primary(),
    entryId: col.id().references('journal_entry'),
    lineNo: col.int(),
    accountId: col.id().references('account'),
    debitFen: col.money(),
    creditFen: col.money(),
    storeId: col.id(),
    partyType: col.code<PartyType>(20).nullable(),
    partyId: col.id().nullable(),
    skuId: col.id().nullable(),
    businessDate: col.date(),
  },
  {
    indexes: [
      { name: 'ix_journal_line_entry', columns: ['entryId'] },
      { name: 'ix_journal_line_account', columns: ['accountId', 'businessDate'] },
    ],
  },
);

/** A receivable or payable of one document. */
export const openItem = defineTable(
  'open_item',
  {
    id: col.id().primary(),
    postingId: col.id().references('posting'),
    partyType: col.code<PartyType>(20),
    partyId: col.id(),
    direction: col.code<Direction>(12),
    storeId: col.id(),
    amountFen: col.money(),
    settledFen: col.money(),
    openedOn: col.date(),
    dueOn: col.date().nullable(),
  },
  {
    indexes: [
      { name: 'ix_open_item_posting', columns: ['postingId'] },
      { name: 'ix_open_item_party', columns: ['partyType', 'partyId', 'direction'] },
      { name: 'ix_open_item_due', columns: ['direction', 'dueOn'] },
    ],
    checks: [
      { name: 'ck_open_item_amount', expression: 'amount_fen > 0' },
      { name: 'ck_open_item_settled', expression: 'settled_fen >= 0 AND settled_fen <= amount_fen' },
    ],
  },
);

/** Append-only; negative when a reversal takes a settlement back. */
export const settlement = defineTable(
  'settlement',
  {
    id: col.id().primary(),
    postingId: col.id().references('posting'),
    openItemId: col.id().references('open_item'),
    amountFen: col.money(),
    businessDate: col.date(),
    at: col.instant(),
  },
  {
    indexes: [
      { name: 'ix_settlement_posting', columns: ['postingId'] },
      { name: 'ix_settlement_item', columns: ['openItemId'] },
    ],
  },
);
