import { col, defineTable, type Row } from '../../../platform/database';

export type HeldKind = 'held' | 'current';

/** A sale put aside (kind held), or what is being typed at a till right now (kind current), so that a broken browser loses nothing. */
export const heldSale = defineTable(
  'held_sale',
  {
    id: col.id().primary(),
    storeId: col.id().references('store'),
    registerId: col.id().references('register'),
    kind: col.code<HeldKind>(10),
    label: col.text(60).nullable(),
    quantity: col.quantity(),
    amountFen: col.money(),
    /** Its customer is an id, see `keptDraft`. */
    draft: col.json<Record<string, unknown>>(),
    heldById: col.id().nullable(),
    heldByName: col.text(80),
    heldAt: col.instant(),
    customerId: col.id().nullable(),
  },
  {
    indexes: [
      { name: 'ix_held_sale_store', columns: ['storeId', 'kind', 'heldAt'] },
      { name: 'ix_held_sale_register', columns: ['registerId', 'kind'] },
    ],
  },
);

export type HeldSaleRow = Row<typeof heldSale>;
