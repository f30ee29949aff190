import { col, defineTable, type Row } from '../../../platform/database';

/**
 * `base` is the company's; a `store` list stands over it in one store; a `special` one is for a channel, a member level, some
 * days, or several of these, in all stores or one. See choosePrice for which of them counts.
 */
export const PRICE_LIST_KINDS = ['base', 'store', 'special'] as const;
export type PriceListKind = (typeof PRICE_LIST_KINDS)[number];

export const priceList = defineTable(
  'price_list',
  {
    id: col.id().primary(),
    code: col.code(20),
    name: col.text(60),
    kind: col.code<PriceListKind>(12),
    /** Of a store's list. */
    storeId: col.id().references('store').nullable(),
    active: col.bool(),
    version: col.int(),
    createdAt: col.instant(),
    /** Record of the configuration set sales.channels; null: whatever the channel. */
    channelId: col.id().nullable(),
    /** Record of pricing.levels; null: for all customers. */
    levelId: col.id().nullable(),
    /** Business dates, both included; null: open. */
    fromOn: col.date().nullable(),
    untilOn: col.date().nullable(),
  },
  {
    indexes: [
      { name: 'ux_price_list_code', columns: ['code'], unique: true },
      { name: 'ix_price_list_store', columns: ['storeId'] },
    ],
  },
);

/**
 * A price from an instant until another (exclusive; null: until further notice). Rows are never changed except that a
 * newer price ends an older one, so the rows of a SKU are its price history.
 */
export const priceItem = defineTable(
  'price_item',
  {
    id: col.id().primary(),
    priceListId: col.id().references('price_list'),
    skuId: col.id().references('sku'),
    /** With tax. */
    priceFen: col.money(),
    /** Below it a sale needs approval; null: no floor. */
    floorFen: col.money().nullable(),
    fromAt: col.instant(),
    untilAt: col.instant().nullable(),
    /** Who set it, for the history. */
    setById: col.id().nullable(),
    setByName: col.text(80),
    setAt: col.instant(),
  },
  {
    indexes: [
      { name: 'ux_price_item_from', columns: ['skuId', 'priceListId', 'fromAt'], unique: true },
      { name: 'ix_price_item_list', columns: ['priceListId'] },
    ],
    checks: [{ name: 'ck_price_item_price', expression: 'price_fen >= 0' }],
  },
);

export type PriceListRow = Row<typeof priceList>;
export type PriceItemRow = Row<typeof priceItem>;
