import { randomUUID } from 'node:crypto';
import { ABC } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListQuery, type ListSpec } from '../../../platform/lists';
import type { List, Message, PageHead, Tone } from '../../../platform/views';
import { isDue } from '../domain/cycle-count';
import type { CycleRow } from '../queries/cycle-count';

export const CYCLE_LIST: ListSpec = {
  path: '/inventory/stocktakes/cycle',
  id: 'sku_id',
  filters: ['location', 'state'],
  sorts: { urgent: { expression: 'sku_id', type: 'number', direction: 'ascending' } },
};

/** `due`: everything that is due; a class: what is due of it; `all`: everything. */
const VIEWS = ['due', ...ABC, 'all'] as const;
type View = (typeof VIEWS)[number];

const viewOf = ({ filters }: ListQuery): View => VIEWS.find((view) => view === filters['state']) ?? 'due';

const inView = (view: View, row: CycleRow): boolean =>
  view === 'all' || (isDue(row) && (view === 'due' || view === row.abc));

export const shownRows = (rows: readonly CycleRow[], query: ListQuery): CycleRow[] =>
  rows.filter((row) => inView(viewOf(query), row));

export interface CyclePlace {
  locationId: number;
  storeName: string;
  name: string;
}

export interface CyclePage {
  head: PageHead;
  notices: Message[];
  list: List;
}

export interface CyclePageInput {
  places: readonly CyclePlace[];
  place: CyclePlace | null;
  rows: readonly CycleRow[];
  query: ListQuery;
  notices: Message[];
}

/** Rows on the page; all of them are in the export. */
const ROWS_SHOWN = 100;

export function cyclePage(ctx: Ctx, { places, place, rows, query, notices }: CyclePageInput): CyclePage {
  const { t, f } = ctx;
  const due = rows.filter(isDue).length;
  const shown = shownRows(rows, query);
  return {
    head: {
      title: t('inventory:cycle.title'),
      crumbs: [{ label: t('inventory:stocktake.list'), href: '/inventory/stocktakes' }],
      say: place?.name ?? '',
      actions: [
        exportAction(ctx, query),
        {
          label: t('inventory:cycle.make'),
          href: CYCLE_LIST.path,
          method: 'post',
          look: 'primary',
          icon: 'clipboard-check',
          fields: { locationId: place?.locationId ?? '', operationKey: randomUUID() },
          ...(due === 0 ? { disabled: t('inventory:error.cycle_nothing') } : {}),
        },
      ],
    },
    notices,
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: VIEWS.map((view) => ({
          label: t(`inventory:cycle.view.${view}`),
          href: listHref(query, { state: view === 'due' ? null : view }),
          count: rows.filter((row) => inView(view, row)).length,
          current: viewOf(query) === view,
        })),
      },
      filters: {
        action: CYCLE_LIST.path,
        keep: query.filters['state'] ? { state: query.filters['state'] } : {},
        chips: [],
        fields: [
          {
            name: 'location',
            label: t('inventory:device.location'),
            type: 'select',
            value: place ? String(place.locationId) : '',
            choose: false,
            options: places.map(({ locationId, name }) => ({ value: locationId, label: name })),
          },
        ],
      },
      table: {
        id: 'cycle-count',
        caption: t('inventory:cycle.title'),
        sticky: true,
        columns: [
          { key: 'product', label: t('inventory:device.product'), card: 'title' },
          { key: 'turn', label: t('inventory:cycle.turn'), card: 'state' },
          { key: 'class', label: t('inventory:cycle.class'), card: 'number' },
          { key: 'quantity', label: t('inventory:stock.quantity'), num: true, card: 'number' },
          { key: 'countedOn', label: t('inventory:cycle.countedOn'), card: 'number' },
          { key: 'dueOn', label: t('inventory:cycle.dueOn'), card: 'number' },
        ],
        rows: shown.slice(0, ROWS_SHOWN).map((row) => ({
          id: row.skuId,
          label: row.skuName,
          cells: [
            { text: row.skuName, sub: row.skuCode, strong: true },
            { state: turnOf(ctx, row) },
            row.abc,
            f.number(row.quantity),
            row.countedOn === null ? t('inventory:cycle.never') : f.date(row.countedOn),
            row.dueOn === null ? t('inventory:cycle.now') : f.date(row.dueOn),
          ],
        })),
      },
      ...(shown.length > ROWS_SHOWN
        ? { pager: { say: t('inventory:cycle.cut', { count: f.number(ROWS_SHOWN), all: f.number(shown.length) }) } }
        : {}),
      empty: { title: t('inventory:cycle.emptyTitle'), text: t('inventory:cycle.emptyText') },
    },
  };
}

function turnOf({ t, f }: Ctx, row: CycleRow): { tone: Tone; text: string } {
  if (row.running) return { tone: 'way', text: t('inventory:cycle.running') };
  if (row.overdueDays === null) return { tone: 'bad', text: t('inventory:cycle.never') };
  if (row.overdueDays > 0)
    return { tone: 'bad', text: t('inventory:cycle.overdueBy', { days: f.number(row.overdueDays) }) };
  if (row.overdueDays === 0) return { tone: 'hold', text: t('inventory:cycle.today') };
  return { tone: 'ok', text: t('inventory:cycle.later', { days: f.number(-row.overdueDays) }) };
}
