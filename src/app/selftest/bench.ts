import type { Translate } from '../../platform/i18n';
import { systemActor } from '../../platform/permissions';
import { sql } from '../../platform/database';
import type { Services } from '../../platform/services';

/** A text in the reader's language; values may be such texts themselves. A key without a colon is one of selftest.json. */
export interface Words {
  key: string;
  values?: Record<string, string | number | Words>;
}

export const words = (key: string, values?: Words['values']): Words => (values ? { key, values } : { key });

export function say(t: Translate, { key, values = {} }: Words): string {
  const said = Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? say(t, value) : value]);
  return t(key.includes(':') ? key : `selftest:${key}`, Object.fromEntries(said) as Record<string, string | number>);
}

/** What one flow leaves for the next. */
export interface Shop {
  storeId: number;
  locationId: number;
  otherStoreId: number;
  phoneSkuId: number;
  chargerSkuId: number;
  registerId: number;
  supplierId: number;
  saleId: number;
  /** Ids of the users by their ready-made role. */
  users: Record<string, number>;
}

export interface Bench {
  services: Services;
  /** Texts, as the imports need them for the reasons in their files. */
  t: Translate;
  /** For files of the run; gone afterwards. */
  folder: string;
  shop: Shop;
  /** One figure: what was found and what it has to be. `id` is the same in every language and version. */
  expect: (id: string, title: Words, found: unknown, expected: unknown) => void;
}

/** One part of the acceptance test. Its name is `selftest:flow.<id>`. A further part is a file in flows/ and a line in its list. */
export interface SelfTestFlow {
  id: string;
  run: (bench: Bench) => Promise<void>;
}

export const actor = systemActor('selftest');

/** Quantity and value in fen of one SKU over all places. */
export async function stockOf({ database }: Services, skuId: number): Promise<string> {
  const row = await database.read.one<{ quantity: number | null; fen: number | null }>(
    sql`SELECT SUM(quantity) AS quantity, SUM(value_fen) AS fen FROM stock_balance WHERE sku_id = ${skuId}`,
  );
  return stock(Number(row?.quantity ?? 0), Number(row?.fen ?? 0));
}

/** As people write it: 15 × 1500.00. */
export const stock = (quantity: number, fen: number): string => `${quantity} / ${yuan(fen)}`;
export const yuan = (fen: number): string => (fen / 100).toFixed(2);
