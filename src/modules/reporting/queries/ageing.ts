import type { BusinessDate } from '../../../kernel';
import { type Reader, type Sql, sql } from '../../../platform/database';
import { inScope } from '../../../platform/permissions';
import { AGE_BANDS, type AgeBand, daysOfBand } from '../../inventory';
import { goodsCondition, type StockFilter } from './stock-sums';

export const AGEING_GROUPS = ['store', 'category', 'brand'] as const;
export type AgeingGroup = (typeof AGEING_GROUPS)[number];

const COLUMN: Readonly<Record<AgeingGroup, string>> = {
  store: 'd.store_id',
  category: 'p.category_id',
  brand: 'p.brand_id',
};

export interface AgeingSum {
  /** Of the store, category or brand. */
  groupId: number;
  /** Devices and their cost in each of AGE_BANDS. */
  counts: readonly number[];
  costs: readonly number[];
}

type Sums = { groupId: number } & Record<`count${Capitalize<AgeBand>}` | `cost${Capitalize<AgeBand>}`, number>;

/** Handsets in stock (not on the way) by age; the day of coming into stock counts, also through transfers. */
export async function ageingOf(
  read: Reader,
  filter: StockFilter,
  today: BusinessDate,
  by: AgeingGroup,
): Promise<AgeingSum[]> {
  const column = sql.identifier(COLUMN[by]);
  const inBand = (band: AgeBand, what: Sql, name: string): Sql => {
    const { from, before } = daysOfBand(band, today);
    const condition = sql.all([
      from !== undefined && sql`d.stocked_on >= ${from}`,
      before !== undefined && sql`d.stocked_on < ${before}`,
    ]);
    return sql`SUM(CASE WHEN ${condition} THEN ${what} ELSE 0 END) AS ${sql.identifier(name)}`;
  };
  const columns = AGE_BANDS.flatMap((band) => [
    inBand(band, sql`1`, `count_${band}`),
    inBand(band, sql`d.cost_fen`, `cost_${band}`),
  ]);
  const rows = await read.all<Sums>(
    sql`SELECT ${column} AS group_id, ${sql.join(columns)}
      FROM device d JOIN sku s ON s.id = d.sku_id JOIN product p ON p.id = s.product_id
      WHERE ${sql.all([
        sql`d.state = 'in_stock'`,
        inScope('d.store_id', filter.scope),
        filter.storeId !== null && sql`d.store_id = ${filter.storeId}`,
        goodsCondition(filter),
      ])} GROUP BY ${column}`,
  );
  return rows.map((row) => ({
    groupId: row.groupId,
    counts: [row.countA, row.countB, row.countC, row.countD].map(Number),
    costs: [row.costA, row.costB, row.costC, row.costD].map(Number),
  }));
}

export const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);
