import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DomainError, parsePaste, parseQuantity, parseScanLine } from '../../../kernel';
import { shownNumbers } from '../../../ledger';
import {
  type Ctx,
  emptyForm,
  fields,
  flatten,
  type FormState,
  json,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { exportReply, listHref, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import type { ExportColumn } from '../../../platform/spreadsheet';
import { deviceStatus } from '../domain/device-status';
import type { CountScan } from '../domain/check-count-scans';
import type { Verdict } from '../domain/stocktake-verdict';
import {
  type CountedDeviceRow,
  countedDevices,
  countedDevicesSpec,
  countedGoods,
  countedGoodsSpec,
  GOODS_VIEWS,
  type GoodsView,
  VERDICTS,
} from '../queries/stocktake-lists';
import {
  countScans,
  stocktakeFigures,
  type StocktakeView,
  stocktakeView,
  unknownNumbers,
} from '../queries/stocktake-page';
import { countGoods } from '../use-cases/count-goods';
import { keepDifferences } from '../use-cases/keep-differences';
import { scanIntoStocktake } from '../use-cases/scan-into-stocktake';
import { countedDevicesPage, countedGoodsPage, effect, type NumberedDevice } from './stocktake-lists.page';
import { countLink, countText, stocktakeHref } from './stocktake-words';
import { showStocktake } from './stocktake.routes';

const view = { permission: 'inventory.stocktake.view' };
const count = { permission: 'inventory.stocktake.count' };
const posts = { permission: 'inventory.stocktake.post' };
const BASE = '/inventory/stocktakes/:id';

export const stocktakeCountRoutes: readonly Route[] = [
  { method: 'post', path: `${BASE}/scans`, access: count, handler: scan, json: true },
  { method: 'post', path: `${BASE}/pasted`, access: count, handler: paste },
  { method: 'get', path: `${BASE}/devices`, access: view, handler: showDevices },
  { method: 'get', path: `${BASE}/devices.xlsx`, access: view, handler: exportDevices },
  { method: 'post', path: `${BASE}/devices/kept`, access: posts, handler: (ctx) => keep(ctx, 'devices', true) },
  { method: 'post', path: `${BASE}/devices/unkept`, access: posts, handler: (ctx) => keep(ctx, 'devices', false) },
  { method: 'get', path: `${BASE}/goods`, access: view, handler: (ctx) => showGoods(ctx) },
  { method: 'post', path: `${BASE}/goods`, access: count, handler: saveGoods },
  { method: 'get', path: `${BASE}/goods.xlsx`, access: view, handler: exportGoods },
  { method: 'post', path: `${BASE}/goods/kept`, access: posts, handler: (ctx) => keep(ctx, 'goods', true) },
  { method: 'post', path: `${BASE}/goods/unkept`, access: posts, handler: (ctx) => keep(ctx, 'goods', false) },
];

const MOST_SCANS = 200;

const scansSchema = z.object({
  scans: z.array(z.object({ key: z.string().regex(/^[\w.:-]{1,60}$/), code: z.string().max(2000) })).max(MOST_SCANS),
});

/** The scanner's way in: an answer for each scan in its order, see docs/style-page.md. */
async function scan(ctx: Ctx): Promise<Reply> {
  const parsed = scansSchema.safeParse(ctx.body);
  if (!parsed.success) throw new DomainError('inventory:error.scan_format');
  const scans = parsed.data.scans.map(({ key, code }): CountScan => ({ key, text: code, ...parseScanLine(code) }));
  const id = ctx.id();
  const answers = await scanIntoStocktake(ctx.uow, ctx.actor, { id, scans });
  const stocktake = await stocktakeView(ctx.read, ctx.actor, id);
  const { tally } = await countScans(ctx.read, id);
  return json({
    results: answers.map((answer) => {
      const link = countLink(ctx, answer);
      return {
        outcome: answer.outcome,
        code: answer.number ?? answer.text,
        text: countText(ctx, answer),
        ...(link ? { link } : {}),
      };
    }),
    tally,
    ...(stocktake.seesBooks
      ? {
          progress: {
            done: (await stocktakeFigures(ctx.read, stocktake)).scanned,
            total: stocktake.expectedDevices,
          },
        }
      : {}),
  });
}

const LINES_NAMED = 50;

/** A list from another scanner: each line is a scan. The key of the page keeps a repeated form from counting twice. */
function paste(ctx: Ctx): Promise<Reply> {
  const key = /^[\w-]{8,40}$/.test(ctx.query['key'] ?? '') ? (ctx.query['key'] ?? '') : randomUUID();
  return submit(
    ctx,
    z.object({ codes: fields.required }),
    async ({ codes }) => {
      const scans = parsePaste(codes, { imeisPerDevice: 2 }).map(
        ({ line, text, identifiers, problems }, index): CountScan => ({
          key: `${key}-${line}-${index}`,
          text,
          identifiers,
          problems,
        }),
      );
      const answers = await scanIntoStocktake(ctx.uow, ctx.actor, { id: ctx.id(), scans });
      const of = (outcome: string): number => answers.filter((one) => one.outcome === outcome).length;
      const words = ctx.t('inventory:stocktake.pasted', {
        right: ctx.f.number(of('right')),
        double: ctx.f.number(of('double')),
        wrong: ctx.f.number(of('wrong')),
      });
      const wrong = answers.filter(({ outcome }) => outcome === 'wrong').slice(0, LINES_NAMED);
      if (wrong.length === 0) return redirect(stocktakeHref(ctx.id()), { kind: 'ok', text: words });
      const items = wrong.map((one) => `${one.number ?? one.text} — ${countText(ctx, one)}`);
      return showStocktake(ctx, { notices: [{ tone: 'hold', title: words, items }] });
    },
    (form, status) =>
      showStocktake(ctx, {
        status,
        pasted: form.values['codes'] ?? '',
        notices: [{ tone: 'bad', title: form.message ?? '', items: Object.values(form.problems) }],
      }),
  );
}

/** What a blind count hides is not to be had under another address. Throws 403. */
async function openLists(ctx: Ctx): Promise<StocktakeView> {
  const stocktake = await stocktakeView(ctx.read, ctx.actor, ctx.id());
  if (!stocktake.seesBooks || stocktake.startedAt === null)
    throw new DomainError('inventory:error.stocktake_blind', { status: 403, details: { number: stocktake.number } });
  return stocktake;
}

const verdictOf = (query: ListQuery): Verdict => VERDICTS.find((one) => one === query.filters['view']) ?? 'missing';

async function numbered(ctx: Ctx, rows: readonly CountedDeviceRow[]): Promise<NumberedDevice[]> {
  const numbers = await shownNumbers(
    ctx.read,
    rows.map(({ deviceId }) => deviceId),
  );
  return rows.map((row) => ({ ...row, imei: numbers.get(row.deviceId) ?? '' }));
}

async function showDevices(ctx: Ctx): Promise<Reply> {
  const stocktake = await openLists(ctx);
  const query = readListQuery(countedDevicesSpec(stocktake.id), ctx.query);
  const verdict = verdictOf(query);
  const found = pageOf(query, await numbered(ctx, await countedDevices(ctx.read, query, stocktake, verdict)));
  const figures = await stocktakeFigures(ctx.read, stocktake);
  const unknown = verdict === 'unexpected' ? await unknownNumbers(ctx.read, stocktake.id) : [];
  const model = countedDevicesPage(ctx, stocktake, figures, query, found, verdict, unknown);
  return page('inventory/stocktake-devices', stocktake.number, model);
}

async function exportDevices(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const stocktake = await openLists(ctx);
  const query = readListQuery(countedDevicesSpec(stocktake.id), ctx.query);
  const verdict = verdictOf(query);
  const columns: ExportColumn[] = [
    { header: t('inventory:device.product'), type: 'text' },
    { header: t('inventory:device.sku'), type: 'text' },
    { header: t('inventory:device.imei'), type: 'text' },
    { header: t('inventory:stocktake.bookState'), type: 'text' },
    { header: t('inventory:stocktake.bookPlace'), type: 'text' },
    { header: t('inventory:stocktake.foundBy'), type: 'text' },
    { header: t('inventory:stocktake.foundAt'), type: 'datetime' },
    { header: t('inventory:stocktake.effect'), type: 'text' },
    ...(stocktake.seesCost ? [{ header: t('inventory:device.cost'), type: 'money' as const }] : []),
  ];
  return exportReply(ctx, {
    name: `${stocktake.number}-${t(`inventory:stocktake.list4.${verdict}`)}`,
    sheet: t(`inventory:stocktake.list4.${verdict}`),
    columns,
    query,
    load: async (at) => numbered(ctx, await countedDevices(ctx.read, at, stocktake, verdict)),
    toRow: (row) => [
      row.skuName,
      row.skuCode,
      row.imei,
      t(`common:state.${deviceStatus(row.state, row.bucket)}`),
      [row.storeName, row.locationName].filter(Boolean).join(' '),
      row.scannedByName,
      row.scannedAt,
      verdict === 'missing' || verdict === 'unexpected' ? effect(ctx, stocktake, row, verdict) : '',
      ...(stocktake.seesCost ? [row.costFen] : []),
    ],
  });
}

function goodsViewOf(query: ListQuery, stocktake: StocktakeView): GoodsView {
  const asked = GOODS_VIEWS.find((one) => one === query.filters['view']);
  if (asked && (asked !== 'different' || stocktake.seesBooks)) return asked;
  return stocktake.state === 'counting' ? 'all' : 'different';
}

async function showGoods(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const stocktake = await stocktakeView(ctx.read, ctx.actor, ctx.id());
  if (stocktake.startedAt === null) return redirect(stocktakeHref(stocktake.id));
  const query = readListQuery(countedGoodsSpec(stocktake.id), ctx.query);
  const goodsView = goodsViewOf(query, stocktake);
  const found = pageOf(query, await countedGoods(ctx.read, query, stocktake.id, goodsView));
  const figures = await stocktakeFigures(ctx.read, stocktake);
  const model = countedGoodsPage(ctx, stocktake, figures, query, found, goodsView, form);
  return page('inventory/stocktake-goods', stocktake.number, model, { status });
}

const pieces = z
  .string()
  .max(20, 'errors:quantity.format')
  .transform((typed, context): number | null => {
    if (typed.trim() === '') return null;
    try {
      return parseQuantity(typed);
    } catch {
      context.addIssue({ code: 'custom', message: 'inventory:error.stocktake_pieces' });
      return z.NEVER;
    }
  });

const goodsSchema = z.object({
  goods: z.array(z.object({ id: fields.id, version: fields.version, pieces })).max(200),
});

function saveGoods(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    goodsSchema,
    async ({ goods }) => {
      const counts = goods.map((one) => ({ goodsId: one.id, pieces: one.pieces, version: one.version }));
      const { changed } = await countGoods(ctx.uow, ctx.actor, { id: ctx.id(), counts });
      const query = readListQuery(countedGoodsSpec(ctx.id()), ctx.query);
      const text = ctx.t('inventory:stocktake.goods.saved', { count: changed });
      return redirect(listHref(query), { kind: 'ok', text });
    },
    (form, status) => showGoods(ctx, form, status),
  );
}

async function exportGoods(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const stocktake = await openLists(ctx);
  const query = readListQuery(countedGoodsSpec(stocktake.id), ctx.query);
  const goodsView = goodsViewOf(query, stocktake);
  return exportReply(ctx, {
    name: `${stocktake.number}-${t('inventory:stocktake.goods.title')}`,
    sheet: t('inventory:stocktake.goods.title'),
    columns: [
      { header: t('inventory:device.product'), type: 'text' },
      { header: t('inventory:device.sku'), type: 'text' },
      { header: t('inventory:import.column.batch'), type: 'text' },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:stocktake.goods.book'), type: 'integer' },
      { header: t('inventory:stocktake.goods.counted'), type: 'integer' },
      { header: t('inventory:stocktake.goods.difference'), type: 'integer' },
      { header: t('inventory:stocktake.foundBy'), type: 'text' },
      ...(stocktake.seesCost ? [{ header: t('inventory:stocktake.goods.value'), type: 'money' as const }] : []),
    ],
    query,
    load: (at) => countedGoods(ctx.read, at, stocktake.id, goodsView),
    toRow: (row) => [
      row.skuName,
      row.skuCode,
      row.batchCode,
      t(`inventory:bucket.${row.bucket}`),
      Number(row.bookPieces ?? row.expected),
      row.counted === null ? null : Number(row.counted),
      row.counted === null ? null : Number(row.counted) - Number(row.bookPieces ?? 0),
      row.countedByName,
      ...(stocktake.seesCost ? [row.postedFen] : []),
    ],
  });
}

async function keep(ctx: Ctx, kind: 'devices' | 'goods', kept: boolean): Promise<Reply> {
  const ids = Object.entries(flatten(ctx.body))
    .filter(([name]) => name === 'ids' || name.startsWith('ids.'))
    .map(([, value]) => Number(value))
    .filter((id) => Number.isSafeInteger(id) && id > 0);
  const chosen = { devices: [], goods: [], [kind]: [...new Set(ids)] };
  const { changed } = await keepDifferences(ctx.uow, ctx.actor, { id: ctx.id(), ...chosen, kept });
  const spec = kind === 'devices' ? countedDevicesSpec(ctx.id()) : countedGoodsSpec(ctx.id());
  const text = ctx.t(`inventory:stocktake.${kept ? 'keptDone' : 'unkeptDone'}`, { count: changed });
  return redirect(listHref(readListQuery(spec, ctx.query)), { kind: 'ok', text });
}
