import type { BusinessDate } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { listChannels } from '../../organization';
import { type DashboardFilter, inStores } from './dashboard';

export interface ChannelSums {
  grossFen: number;
  netFen: number;
  costFen: number;
  discountFen: number;
  /** Sales; returns count in the amounts alone. */
  sales: number;
}

export interface ChannelRow extends ChannelSums {
  /** Null: the stores' own sales. */
  channelId: number | null;
  name: string | null;
  /** Of the last day. */
  lastDay: Pick<ChannelSums, 'grossFen' | 'sales'>;
}

/** Sales by channel over some days, both included: the stores' own first, then the channels in their order, that had any. */
export async function salesByChannel(
  read: Reader,
  filter: DashboardFilter,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<ChannelRow[]> {
  const rows = await read.all<Record<string, number | string | null>>(
    sql`SELECT t.channel_id, SUM(t.gross_fen) AS gross_fen, SUM(t.net_fen) AS net_fen, SUM(t.cost_fen) AS cost_fen,
        SUM(t.discount_fen) AS discount_fen, SUM(t.is_sale) AS sales, SUM(t.last_day * t.gross_fen) AS last_gross_fen,
        SUM(t.last_day * t.is_sale) AS last_sales
      FROM (SELECT s.channel_id, s.gross_fen, s.net_fen, s.cost_fen, s.discount_fen,
          CASE WHEN s.kind = 'sale' THEN 1 ELSE 0 END AS is_sale,
          CASE WHEN s.business_date = ${to} THEN 1 ELSE 0 END AS last_day
        FROM sale s
        WHERE s.business_date >= ${from} AND s.business_date <= ${to} AND s.state = 'posted' AND ${inStores('s.store_id', filter)}) t
      GROUP BY t.channel_id ORDER BY t.channel_id`,
  );
  const found = new Map(rows.map((row) => [row['channelId'] === null ? null : Number(row['channelId']), row]));
  const channels = await listChannels(read);
  const rowOf = (channelId: number | null, name: string | null): ChannelRow[] => {
    const row = found.get(channelId);
    if (!row) return [];
    const number = (key: string): number => Number(row[key] ?? 0);
    return [
      {
        channelId,
        name,
        grossFen: number('grossFen'),
        netFen: number('netFen'),
        costFen: number('costFen'),
        discountFen: number('discountFen'),
        sales: number('sales'),
        lastDay: { grossFen: number('lastGrossFen'), sales: number('lastSales') },
      },
    ];
  };
  return [...rowOf(null, null), ...channels.flatMap(({ id, name }) => rowOf(id, name))];
}
