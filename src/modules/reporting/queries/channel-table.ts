import type { Ctx } from '../../../platform/http';
import type { Table } from '../../../platform/views';
import type { ChannelRow } from './channel-sales';
import { rateBp } from './dashboard';

export const channelName = ({ t }: Pick<Ctx, 't'>, { name }: { name: string | null }): string =>
  name ?? t('reporting:ownSale');

/** The sales behind a figure, for who may see sales. */
export const salesHref = (
  { can }: Pick<Ctx, 'can'>,
  channelId: number | null,
  { from, to }: { from: string; to: string },
): { href?: string } =>
  can('sales.sale.view')
    ? { href: `/sales/sales?${new URLSearchParams({ channel: String(channelId ?? 'store'), from, to }).toString()}` }
    : {};

export function channelTable(ctx: Ctx, rows: readonly ChannelRow[], from: string): Table {
  const { t, f } = ctx;
  const { today } = ctx;
  const total = rows.reduce((sum, { grossFen }) => sum + grossFen, 0);
  return {
    id: 'channels',
    caption: t('reporting:channels'),
    tight: true,
    columns: [
      { key: 'channel', label: t('reporting:channel'), card: 'title' },
      { key: 'today', label: t('reporting:legendToday'), num: true, card: 'number' },
      { key: 'days', label: t('reporting:lastDays'), num: true, card: 'number' },
      { key: 'share', label: t('reporting:share'), num: true, card: 'number' },
    ],
    rows: rows.map((row) => ({
      id: row.channelId ?? 0,
      cells: [
        channelName(ctx, row),
        { text: f.money(row.lastDay.grossFen), ...salesHref(ctx, row.channelId, { from: today, to: today }) },
        { text: f.money(row.grossFen), ...salesHref(ctx, row.channelId, { from, to: today }) },
        f.percent(rateBp(row.grossFen, total)),
      ],
    })),
  };
}
