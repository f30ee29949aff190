import { DomainError, formatImei } from '../../../kernel';
import { shownNumbers } from '../../../ledger';
import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { getCompany } from '../../organization';
import { stocktakeApproval } from '../queries/stocktake-approval';
import {
  type StocktakeFigures,
  stocktakeFigures,
  type StocktakeView,
  stocktakeView,
  unknownNumbers,
} from '../queries/stocktake-page';
import {
  countersOf,
  type DifferingDevice,
  differingDevices,
  goodsLines,
  sheetLines,
  type SheetGoods,
} from '../queries/stocktake-print';
import { effect } from './stocktake-lists.page';
import { stocktakeHref } from './stocktake-words';

export const stocktakePrintRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/inventory/stocktakes/:id/print',
    access: { permission: 'inventory.stocktake.view' },
    handler: printStocktake,
  },
];

interface Printed {
  columns: { label: string; num: boolean }[];
  rows: { cells: string[]; numbers: string[] }[];
}

/** While people count, the sheet to count by; afterwards the report that is signed. */
async function printStocktake(ctx: Ctx): Promise<Reply> {
  const { t, read } = ctx;
  const stocktake = await stocktakeView(read, ctx.actor, ctx.id());
  if (stocktake.startedAt === null)
    throw new DomainError('inventory:error.stocktake_not_begun', {
      status: 409,
      details: { number: stocktake.number },
    });
  const figures = await stocktakeFigures(read, stocktake);
  const counting = stocktake.state === 'counting';
  const { columns, rows } = counting ? await countSheet(ctx, stocktake) : await report(ctx, stocktake);
  const unknown = counting ? [] : await unknownNumbers(read, stocktake.id);
  const picture = code128Svg(stocktake.number, { text: false, heightMm: 8 });
  const company = await getCompany(read);
  return page(
    'inventory/transfer-print',
    stocktake.number,
    {
      paper: 'a4',
      backHref: stocktakeHref(stocktake.id),
      sheet: {
        company: company?.name ?? t('common:product'),
        title: t(`inventory:stocktake.print.${counting ? 'sheet' : 'report'}`),
        number: stocktake.number,
        code: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
        facts: await factsOf(ctx, stocktake, figures),
      },
      columns,
      rows,
      note: [
        ...(rows.length === 0 ? [t(`inventory:stocktake.print.${counting ? 'nothing' : 'same'}`)] : []),
        ...(unknown.length > 0
          ? [t('inventory:stocktake.print.unknown', { numbers: unknown.map(({ number }) => number).join('、') })]
          : []),
        ...(stocktake.note ? [stocktake.note] : []),
      ].join(' '),
      signatures: ['counted', 'watched', 'approved'].map((who) => t(`inventory:stocktake.print.${who}`)),
    },
    { layout: 'print' },
  );
}

async function factsOf(
  ctx: Ctx,
  stocktake: StocktakeView,
  figures: StocktakeFigures,
): Promise<{ label: string; value: string }[]> {
  const { t, f, read } = ctx;
  const counting = stocktake.state === 'counting';
  const ended = stocktake.state === 'posted' || stocktake.state === 'reversed';
  const counters = counting ? [] : await countersOf(read, stocktake.id);
  const { approvals } = await stocktakeApproval(ctx.read, ctx.actor, stocktake, ctx.now);
  const scope = stocktake.scopeNames.length > 0 ? stocktake.scopeNames.join('、') : t('inventory:stocktake.everything');
  const fact = (label: string, value: string): { label: string; value: string } => ({ label: t(label), value });
  return [
    fact('inventory:device.place', `${stocktake.storeName} ${stocktake.locationName}`),
    fact('inventory:stocktake.scope', scope),
    fact('inventory:device.state', t(`inventory:stocktake.state.${stocktake.state}`)),
    fact('inventory:stocktake.startedAt', f.dateTime(stocktake.startedAt ?? 0)),
    ...(stocktake.endedAt === null ? [] : [fact('inventory:stocktake.endedAt', f.dateTime(stocktake.endedAt))]),
    ...(counting
      ? []
      : [
          ...(['matched', 'missing', 'unexpected', 'moved'] as const).map((verdict) =>
            fact(`inventory:stocktake.list4.${verdict}`, f.number(figures.devices[verdict])),
          ),
          fact(
            'inventory:stocktake.goods.different',
            `${f.number(figures.goods.different)} / ${f.number(figures.goods.lines)}`,
          ),
          ...(counters.length > 0 ? [fact('inventory:stocktake.foundBy', counters.join('、'))] : []),
        ]),
    ...(ended && stocktake.seesCost
      ? [
          fact('inventory:stocktake.loss', f.money(stocktake.lossFen)),
          fact('inventory:stocktake.gain', f.money(stocktake.gainFen)),
        ]
      : []),
    ...approvals
      .filter(({ decidedAt }) => decidedAt !== null)
      .map(({ name, decidedByName, decidedAt }) => ({
        label: name,
        value: `${decidedByName ?? ''} ${f.dateTime(decidedAt ?? 0)}`,
      })),
  ];
}

const goodsName = ({ t }: Ctx, { skuName, batchCode }: Pick<SheetGoods, 'skuName' | 'batchCode'>): string =>
  [skuName, ...(batchCode ? [t('inventory:stock.batch', { code: batchCode })] : [])].join(' ');

/** What is to be counted, with room to write; what the books say only where it is not hidden. */
async function countSheet(ctx: Ctx, stocktake: StocktakeView): Promise<Printed> {
  const { t, f } = ctx;
  const lines = await sheetLines(ctx.read, stocktake.id);
  const book = stocktake.seesBooks;
  return {
    columns: [
      ...headings(ctx),
      ...(book ? [{ label: t('inventory:stocktake.goods.book'), num: true }] : []),
      { label: t('inventory:stocktake.goods.counted'), num: true },
    ],
    rows: lines.map((line, index) => ({
      cells: [
        String(index + 1),
        goodsName(ctx, line),
        line.skuCode,
        line.bucket === null ? t('inventory:stocktake.print.devices') : t(`inventory:bucket.${line.bucket}`),
        ...(book ? [f.number(line.expected)] : []),
        // A blind count is written by hand; what was entered already stands there.
        line.counted === null ? '' : f.number(line.counted),
      ],
      numbers: [],
    })),
  };
}

const headings = ({ t }: Ctx): Printed['columns'] => [
  { label: '#', num: false },
  { label: t('inventory:device.product'), num: false },
  { label: t('inventory:device.sku'), num: false },
  { label: t('inventory:device.state'), num: false },
];

/** Of what was found and not taken over yet, with where the books have it. */
function numberOf({ verdict, booked, storeName, locationName }: DifferingDevice, number: string): string {
  const place = [storeName, locationName].filter(Boolean).join(' ');
  return verdict === 'unexpected' && !booked && place !== '' ? `${formatImei(number)} (${place})` : formatImei(number);
}

/** Minus as the lists write it, so that columns line up. */
const signed = ({ f }: Ctx, pieces: number): string =>
  pieces > 0 ? `+${f.number(pieces)}` : pieces < 0 ? `−${f.number(-pieces)}` : '0';

/** Every difference: devices by product with their numbers, goods with what was counted, and what becomes of it. */
async function report(ctx: Ctx, stocktake: StocktakeView): Promise<Printed> {
  const { t, f, read } = ctx;
  const devices = await differingDevices(read, stocktake);
  const numbers = await shownNumbers(
    read,
    devices.map(({ deviceId }) => deviceId),
  );
  const groups = [
    ...Map.groupBy(devices, (one) =>
      [one.verdict, one.skuCode, effect(ctx, stocktake, one, one.verdict)].join('/'),
    ).values(),
  ];
  const goods = await goodsLines(read, stocktake.id, true);
  const rows = [
    ...groups.flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const missing = first.verdict === 'missing';
      const cells = [
        first.skuName,
        first.skuCode,
        t(`inventory:stocktake.list4.${first.verdict}`),
        f.number(missing ? group.length : 0),
        f.number(missing ? 0 : group.length),
        signed(ctx, missing ? -group.length : group.length),
        effect(ctx, stocktake, first, first.verdict),
      ];
      return [{ cells, numbers: group.map((one) => numberOf(one, numbers.get(one.deviceId) ?? '')) }];
    }),
    ...goods.map((line) => {
      const [counted, booked] = [line.counted ?? 0, line.bookPieces ?? 0];
      const cells = [
        goodsName(ctx, line),
        line.skuCode,
        t(`inventory:bucket.${line.bucket}`),
        f.number(booked),
        f.number(counted),
        signed(ctx, counted - booked),
        line.kept ? t('inventory:stocktake.effects.kept') : '',
      ];
      return { cells, numbers: [] };
    }),
  ];
  return {
    columns: [
      ...headings(ctx),
      { label: t('inventory:stocktake.goods.book'), num: true },
      { label: t('inventory:stocktake.goods.counted'), num: true },
      { label: t('inventory:stocktake.goods.difference'), num: true },
      { label: t('inventory:stocktake.effect'), num: false },
    ],
    rows: rows.map(({ cells, ...row }, index) => ({ cells: [String(index + 1), ...cells], ...row })),
  };
}
