import { barChart } from '../../../platform/charts';
import { type Ctx, file, page, type Reply, type Route } from '../../../platform/http';
import {
  exportAction,
  exportReply,
  listHref,
  type ListQuery,
  type ListSpec,
  readListQuery,
} from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import { addDays, type BusinessDate, isBusinessDate } from '../../../kernel';
import { priceChangeBp, shareBp } from '../domain/scorecard';
import { VIEW_ORDERS } from '../queries/order-list';
import { boughtProducts, deviceSums, dueSums, type ScorePeriod, supplierNames } from '../queries/scorecard';
import { supplierScorePage } from './supplier-score.page';

const view = { permission: VIEW_ORDERS };
const PATH = '/purchasing/scorecard';
const DAYS = 90;
const CHART_SUPPLIERS = 8;

export const scorecardRoutes: readonly Route[] = [
  { method: 'get', path: PATH, access: view, handler: show },
  { method: 'get', path: `${PATH}.svg`, access: view, handler: chart },
  { method: 'get', path: `${PATH}.xlsx`, access: view, handler: exportFile },
  {
    method: 'get',
    path: `${PATH}/:id`,
    access: view,
    handler: (ctx) => supplierScorePage(ctx, periodOf(ctx), queryOf(ctx)),
  },
];

const SPEC: ListSpec = {
  path: PATH,
  id: 'id',
  sorts: { name: { expression: 'id', type: 'text', direction: 'ascending' } },
  filters: ['from', 'to'],
};

const queryOf = (ctx: Ctx): ListQuery => readListQuery(SPEC, ctx.query);

/** The days that were asked for; of themselves the last ninety. */
function periodOf(ctx: Ctx): ScorePeriod {
  const { filters } = queryOf(ctx);
  const day = (key: 'from' | 'to'): BusinessDate | null => {
    const text = filters[key] ?? '';
    return isBusinessDate(text) ? text : null;
  };
  const to = day('to') ?? ctx.today;
  const from = day('from') ?? addDays(to, 1 - DAYS);
  return { from: from > to ? to : from, to, today: ctx.today, storeId: ctx.store?.id ?? null, supplierId: null };
}

interface Score {
  /** The supplier's. */
  id: number;
  sortValue: string;
  name: string;
  lines: number;
  quantity: number;
  onTime: number;
  short: number;
  devices: number;
  defective: number;
  /** Absent without the right to see cost. */
  priceBp?: number | null;
}

/** Suppliers with anything due or received in the period, the largest first. */
async function scores(ctx: Ctx, period: ScorePeriod): Promise<Score[]> {
  const { read, actor } = ctx;
  const due = new Map((await dueSums(read, actor, period)).map((row) => [row.supplierId, row]));
  const devices = new Map((await deviceSums(read, actor, period)).map((row) => [row.supplierId, row]));
  const seesCost = seesCostIn(actor, actor.scope(VIEW_ORDERS), period.storeId);
  const bought = Map.groupBy(await boughtProducts(read, actor, period), ({ supplierId }) => supplierId);
  const inPeriod = [...bought].filter(([, products]) => products.some(({ pieces }) => pieces > 0)).map(([id]) => id);
  const names = await supplierNames(read);
  return [...new Set([...due.keys(), ...devices.keys(), ...inPeriod])]
    .map((supplierId): Score => {
      const name = names.get(supplierId) ?? '';
      const { lines = 0, quantity = 0, onTime = 0, short = 0 } = due.get(supplierId) ?? {};
      const { devices: count = 0, defective = 0 } = devices.get(supplierId) ?? {};
      return {
        id: supplierId,
        sortValue: name,
        name,
        lines,
        quantity,
        onTime,
        short,
        devices: count,
        defective,
        ...(seesCost ? { priceBp: priceChangeBp(bought.get(supplierId) ?? []) } : {}),
      };
    })
    .toSorted((a, b) => b.quantity - a.quantity || b.devices - a.devices || a.id - b.id);
}

async function show(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const period = periodOf(ctx);
  const query = queryOf(ctx);
  const rows = await scores(ctx, period);
  const seesCost = seesCostIn(ctx.actor, ctx.actor.scope(VIEW_ORDERS), period.storeId);
  const at = (suffix: string, more: Record<string, string> = {}): string =>
    listHref({ ...query, spec: { ...SPEC, path: `${PATH}${suffix}` } }, { from: period.from, to: period.to, ...more });
  const number = (key: string) => ({
    key,
    label: t(`purchasing:score.${key}`),
    num: true,
    card: 'number' as const,
  });
  const rate = (part: number, whole: number, bad: boolean) => ({
    text: f.percent(shareBp(part, whole)),
    sub: `${f.number(part)} / ${f.number(whole)}`,
    ...(bad ? { tone: 'bad' as const } : {}),
  });
  const head = {
    title: t('purchasing:score.title'),
    say: [ctx.store?.name ?? t('common:frame.allStores'), `${f.date(period.from)} – ${f.date(period.to)}`].join(' · '),
    actions: [exportAction(ctx, query)],
  };
  return page('purchasing/scorecard', head.title, {
    head,
    // One bar compares nothing.
    chart:
      rows.filter(({ quantity }) => quantity > 0).length > 1
        ? { light: at('.svg'), dark: at('.svg', { theme: 'dark' }), alt: t('purchasing:score.alt') }
        : null,
    note: t('purchasing:score.note'),
    list: {
      filters: {
        action: PATH,
        chips: [],
        fields: (['from', 'to'] as const).map((name) => ({
          name,
          label: t(`purchasing:score.${name}`),
          type: 'date' as const,
          value: period[name],
        })),
      },
      table: {
        id: 'scorecard',
        caption: head.title,
        columns: [
          { key: 'name', label: t('purchasing:receipt.supplier'), card: 'title' },
          number('lines'),
          number('onTime'),
          number('short'),
          number('defective'),
          ...(seesCost ? [number('price')] : []),
        ],
        rows: rows.map((row) => ({
          id: row.id,
          cells: [
            { text: row.name, href: at(`/${row.id}`), strong: true },
            f.number(row.lines),
            row.quantity > 0 ? rate(row.onTime, row.quantity, row.onTime * 10 < row.quantity * 8) : null,
            row.quantity > 0 ? rate(row.short, row.quantity, row.short * 20 > row.quantity) : null,
            row.devices > 0 ? rate(row.defective, row.devices, row.defective * 50 > row.devices) : null,
            ...(seesCost ? [row.priceBp === null ? null : f.percentSigned(row.priceBp)] : []),
          ],
        })),
      },
      empty: { title: t('purchasing:score.empty'), text: t('purchasing:score.emptyHint') },
    },
  });
}

async function chart(ctx: Ctx): Promise<Reply> {
  const rows = (await scores(ctx, periodOf(ctx))).filter(({ quantity }) => quantity > 0).slice(0, CHART_SUPPLIERS);
  const percent = (value: number): string => `${Math.round(value)}%`;
  const svg = barChart({
    title: ctx.t('purchasing:score.onTime'),
    bars: rows.map(({ name, onTime, quantity }) => ({
      label: [...name].slice(0, 8).join(''),
      value: (onTime * 100) / quantity,
    })),
    axis: percent,
    value: percent,
    theme: ctx.query['theme'] === 'dark' ? 'dark' : 'light',
  });
  return file('scorecard.svg', 'image/svg+xml', Buffer.from(svg), { inline: true });
}

async function exportFile(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const period = periodOf(ctx);
  const rows = await scores(ctx, period);
  const seesCost = seesCostIn(ctx.actor, ctx.actor.scope(VIEW_ORDERS), period.storeId);
  const integer = (key: string) => ({ header: t(`purchasing:score.${key}`), type: 'integer' as const });
  return exportReply(ctx, {
    name: `${t('purchasing:score.title')}-${period.from}-${period.to}`,
    sheet: t('purchasing:score.title'),
    columns: [
      { header: t('purchasing:receipt.supplier'), type: 'text', width: 28 },
      ...['lines', 'due', 'onTimePieces', 'shortPieces', 'devices', 'defectiveDevices'].map(integer),
      ...(seesCost ? [{ header: t('purchasing:score.price'), type: 'percent' as const }] : []),
    ],
    query: queryOf(ctx),
    load: () => Promise.resolve(rows),
    toRow: (row) => [
      row.name,
      row.lines,
      row.quantity,
      row.onTime,
      row.short,
      row.devices,
      row.defective,
      ...(seesCost ? [row.priceBp] : []),
    ],
  });
}
