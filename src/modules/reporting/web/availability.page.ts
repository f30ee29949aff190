import { notFound } from '../../../kernel';
import { type Ctx, file, page, type Reply } from '../../../platform/http';
import { writeXlsx } from '../../../platform/spreadsheet';
import type { Cell, KeyFigures, PageHead, Table } from '../../../platform/views';
import { type SkuCard, skusByIds } from '../../catalog';
import { type Availability, availabilityOf } from '../queries/availability';
import { idOrNull, VIEW_STOCK } from './stock-filter';
import { cardHref } from './stock-matrix.page';

type Figure = 'sellable' | 'setAside' | 'available' | 'demo' | 'defective' | 'quarantine' | 'inTransit' | 'onOrder';
const FIGURES: readonly Figure[] = [
  'sellable',
  'setAside',
  'available',
  'demo',
  'defective',
  'quarantine',
  'inTransit',
  'onOrder',
];

type Row = Availability & { storeName: string };

async function found(ctx: Ctx): Promise<{ card: SkuCard; rows: Row[] }> {
  const skuId = ctx.id();
  const card = (await skusByIds(ctx.read, [skuId])).get(skuId);
  if (!card) throw notFound('catalog.sku', skuId);
  const places = { scope: ctx.actor.scope(VIEW_STOCK), storeId: idOrNull(ctx.query['store']) ?? ctx.store?.id ?? null };
  const all = new Map((await availabilityOf(ctx.read, skuId, places)).map((row) => [row.storeId, row]));
  // In the order in which stores are listed everywhere.
  const rows = ctx.stores.flatMap(({ id, name }) => {
    const row = all.get(id);
    return row ? [{ ...row, storeName: name }] : [];
  });
  return { card, rows };
}

const sumOf = (rows: readonly Row[], figure: Figure): number => rows.reduce((sum, row) => sum + row[figure], 0);

export interface AvailabilityPage {
  head: PageHead;
  figures: KeyFigures;
  table: Table;
  empty: { title: string; text: string };
}

export async function showAvailability(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { card, rows } = await found(ctx);
  const shown = (figure: Figure): string => f.number(sumOf(rows, figure));
  const number = (figure: Figure) => ({
    key: figure,
    label: t(`reporting:availability.${figure}`),
    num: true,
    card: 'number' as const,
  });
  const cell = (row: Row, figure: Figure): Cell => {
    if (row[figure] === 0) return null;
    const bucket = figure === 'inTransit' ? 'in_transit' : figure;
    const text = f.number(row[figure]);
    if (figure === 'available') return { text, strong: true };
    if (figure === 'onOrder')
      return {
        text,
        ...(row.expectedOn ? { aside: f.dayOfYear(row.expectedOn) } : {}),
        ...(ctx.can('purchasing.order.view')
          ? {
              href: `/purchasing/on-order?${new URLSearchParams({ q: card.code, store: String(row.storeId) }).toString()}`,
            }
          : {}),
      };
    return figure === 'setAside' ? text : { text, href: cardHref(card.id, { store: row.storeId, bucket }) };
  };
  const model: AvailabilityPage = {
    head: {
      title: card.name,
      crumbs: [{ label: t('reporting:matrix.title'), href: '/reporting/stock-matrix' }],
      say: [t('reporting:availability.title'), card.code].join(' · '),
      actions: [
        {
          look: 'quiet',
          icon: 'arrows-exchange',
          label: t('reporting:availability.card'),
          href: cardHref(card.id, {}),
        },
        {
          look: 'quiet',
          icon: 'file-spreadsheet',
          label: t('common:action.exportExcel'),
          href: `/reporting/availability/${card.id}/stores.xlsx`,
          wideOnly: true,
        },
      ],
    },
    figures: {
      label: t('reporting:availability.title'),
      cells: [
        {
          label: t('reporting:availability.available'),
          figure: shown('available'),
          note: t('reporting:availability.availableNote'),
        },
        {
          label: t('reporting:availability.setAside'),
          figure: shown('setAside'),
          note: t('reporting:availability.setAsideNote'),
        },
        { label: t('reporting:availability.inTransit'), figure: shown('inTransit') },
        { label: t('reporting:availability.onOrder'), figure: shown('onOrder') },
      ],
    },
    table: {
      id: 'availability',
      caption: t('reporting:availability.title'),
      columns: [{ key: 'store', label: t('reporting:stock.store'), card: 'title' }, ...FIGURES.map(number)],
      rows: rows.map((row) => ({
        id: row.storeId,
        cells: [row.storeName, ...FIGURES.map((figure) => cell(row, figure))],
      })),
      totals: [
        { text: t('reporting:stock.total'), strong: true },
        ...FIGURES.map((figure): Cell => ({ text: shown(figure), strong: true })),
      ],
    },
    empty: { title: t('reporting:availability.empty'), text: t('reporting:availability.emptyHint') },
  };
  return page('reporting/availability', card.name, model);
}

export async function exportAvailability(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { card, rows } = await found(ctx);
  const sheet = {
    name: t('reporting:availability.title'),
    columns: [
      { header: t('reporting:stock.code'), type: 'text' as const },
      { header: t('reporting:stock.product'), type: 'text' as const, width: 36 },
      { header: t('reporting:stock.store'), type: 'text' as const },
      ...FIGURES.map((figure) => ({ header: t(`reporting:availability.${figure}`), type: 'integer' as const })),
      { header: t('reporting:availability.expectedOn'), type: 'date' as const },
    ],
    rows: rows.map((row) => [
      card.code,
      card.name,
      row.storeName,
      ...FIGURES.map((figure) => row[figure]),
      row.expectedOn,
    ]),
  };
  const words = { timeZone: ctx.services.timeZone, yes: t('common:yes'), no: t('common:no') };
  return file(
    `${t('reporting:availability.title')}-${card.code}-${ctx.today}.xlsx`,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    writeXlsx([sheet], words),
  );
}
