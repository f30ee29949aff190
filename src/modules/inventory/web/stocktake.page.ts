import { clockText } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import type { Facts, KeyFigures, Message, PageHead, ScanPanel, StepBar, Timeline } from '../../../platform/views';
import type { StocktakeApproval } from '../queries/stocktake-approval';
import type { CountScans, StocktakeEvent, StocktakeFigures, StocktakeView } from '../queries/stocktake-page';
import { approvalFacts, approvalWords } from './change-parts';
import { stocktakeActions, stocktakeSteps } from './stocktake-steps';
import { countLink, countText, stocktakeHref, stocktakeState } from './stocktake-words';

export interface StocktakePage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  scan: ScanPanel | null;
  /** Null while a blind count hides what the books say. */
  figures: KeyFigures | null;
  /** What came of the count of devices, once it is over. */
  devices: { say: string; href: string; label: string } | null;
  goods: { say: string; href: string; label: string } | null;
  facts: Facts;
  approvals: Facts | null;
  timeline: Timeline;
}

export interface StocktakePageInput {
  stocktake: StocktakeView;
  figures: StocktakeFigures;
  scans: CountScans | null;
  events: readonly StocktakeEvent[];
  approval: StocktakeApproval;
  operationKey: string;
  notices?: Message[];
  pasted?: string;
}

export function stocktakePage(ctx: Ctx, input: StocktakePageInput): StocktakePage {
  const { t, f } = ctx;
  const { stocktake, figures } = input;
  const begun = stocktake.startedAt !== null;
  const counts = stocktake.state === 'counting' && ctx.can('inventory.stocktake.count', stocktake.storeId);
  return {
    head: {
      crumbs: [{ label: t('inventory:stocktake.list'), href: '/inventory/stocktakes' }],
      title: stocktake.number,
      state: stocktakeState(ctx, stocktake.state),
      say: `${stocktake.storeName} ${stocktake.locationName}`,
      actions: stocktakeActions(ctx, input),
    },
    steps: stocktakeSteps(ctx, input),
    notices: [...(input.notices ?? []), ...notices(ctx, input)],
    scan: counts && input.scans ? scanPanel(ctx, input, input.scans) : null,
    figures: begun && stocktake.seesBooks ? keyFigures(ctx, input) : null,
    devices:
      begun && !counts && stocktake.seesBooks && stocktake.expectedDevices > 0
        ? {
            say: t('inventory:stocktake.devices.say', {
              found: f.number(figures.devices.matched),
              expected: f.number(stocktake.expectedDevices),
            }),
            href: `${stocktakeHref(stocktake.id)}/devices`,
            label: t('inventory:stocktake.devices.look'),
          }
        : null,
    goods:
      begun && (figures.goods.lines > 0 || counts)
        ? {
            say: goodsSay(ctx, input),
            href: `${stocktakeHref(stocktake.id)}/goods`,
            label: t(counts ? 'inventory:stocktake.goods.count' : 'inventory:stocktake.goods.look'),
          }
        : null,
    facts: facts(ctx, input),
    approvals: approvalFacts(ctx, input.approval),
    timeline: {
      entries: input.events.map(({ who, what, at, count, detail }, index) => ({
        who,
        what: t(`inventory:stocktake.timeline.${what}`, { count: f.number(count), ...approvalWords(detail) }),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

function notices({ t, f }: Ctx, { stocktake, figures }: StocktakePageInput): Message[] {
  const list: Message[] = [];
  if (stocktake.state === 'planned')
    list.push({
      tone: 'way',
      title: t('inventory:stocktake.plannedTitle'),
      text: t('inventory:stocktake.plannedText'),
    });
  if (stocktake.frozen && ['counting', 'checking', 'submitted', 'approved'].includes(stocktake.state))
    list.push({ tone: 'hold', title: t('inventory:stocktake.frozenTitle'), text: t('inventory:stocktake.frozenText') });
  if (stocktake.state === 'counting' && !stocktake.seesBooks)
    list.push({ tone: 'way', title: t('inventory:stocktake.blindTitle'), text: t('inventory:stocktake.blindText') });
  const uncounted = figures.goods.lines - figures.goods.counted;
  if (stocktake.state === 'checking' && uncounted > 0)
    list.push({
      tone: 'hold',
      title: t('inventory:stocktake.uncountedTitle', { count: f.number(uncounted) }),
      text: t('inventory:stocktake.uncountedText'),
      link: {
        label: t('inventory:stocktake.goods.look'),
        href: `${stocktakeHref(stocktake.id)}/goods?view=uncounted`,
      },
    });
  if (stocktake.state === 'checking' && figures.goods.moved > 0)
    list.push({
      tone: 'hold',
      title: t('inventory:stocktake.movedTitle', { count: f.number(figures.goods.moved) }),
      text: t('inventory:stocktake.movedText'),
      link: {
        label: t('inventory:stocktake.goods.look'),
        href: `${stocktakeHref(stocktake.id)}/goods?view=different`,
      },
    });
  if (stocktake.state === 'checking' && figures.unknownNumbers > 0)
    list.push({
      tone: 'hold',
      title: t('inventory:stocktake.unknownTitle', { count: f.number(figures.unknownNumbers) }),
      text: t('inventory:stocktake.unknownText'),
      link: {
        label: t('inventory:stocktake.seeUnknown'),
        href: `${stocktakeHref(stocktake.id)}/devices?view=unexpected`,
      },
    });
  if (stocktake.state === 'reversed')
    list.push({
      tone: 'hold',
      title: t('inventory:stocktake.wasReversed', { number: stocktake.reversalNumber ?? '' }),
    });
  return list;
}

function scanPanel(
  ctx: Ctx,
  { stocktake, figures, pasted, operationKey }: StocktakePageInput,
  scans: CountScans,
): ScanPanel {
  const { t } = ctx;
  const href = stocktakeHref(stocktake.id);
  const [newest] = scans.log;
  return {
    title: t('inventory:stocktake.scan.title'),
    say: t('inventory:stocktake.scan.say'),
    endpoint: `${href}/scans`,
    pasteAction: `${href}/pasted?key=${operationKey}`,
    camera: true,
    ...(pasted === undefined ? {} : { pasted }),
    ...(newest ? { last: { outcome: newest.outcome, text: countText(ctx, newest) } } : {}),
    tally: scans.tally,
    words: { right: t('inventory:stocktake.scan.tallyRight'), wrong: t('inventory:stocktake.scan.tallyWrong') },
    ...(stocktake.seesBooks
      ? {
          progress: {
            label: t('inventory:stocktake.scan.progress'),
            done: figures.scanned,
            total: stocktake.expectedDevices,
          },
        }
      : {}),
    log: scans.log.map((answer) => {
      const link = countLink(ctx, answer);
      return {
        outcome: answer.outcome,
        code: answer.number ?? answer.text,
        text: countText(ctx, answer),
        at: clockText(answer.at, ctx.services.timeZone),
        ...(link ? { link } : {}),
      };
    }),
    refresh: '#stocktake-head, #stocktake-steps, #stocktake-figures, #stocktake-goods, #timeline',
  };
}

function keyFigures({ t, f }: Ctx, { stocktake, figures }: StocktakePageInput): KeyFigures {
  const href = (view: string): string => `${stocktakeHref(stocktake.id)}/devices?view=${view}`;
  return {
    label: t('inventory:stocktake.figures'),
    cells: [
      ...(['matched', 'missing', 'unexpected', 'moved'] as const).map((verdict) => ({
        label: t(
          verdict === 'missing' && stocktake.state === 'counting'
            ? 'inventory:stocktake.notFoundYet'
            : `inventory:stocktake.list4.${verdict}`,
        ),
        figure: f.number(figures.devices[verdict]),
        href: href(verdict),
        note: t(
          verdict === 'missing' && stocktake.state === 'counting'
            ? 'inventory:stocktake.notFoundYetSay'
            : `inventory:stocktake.listSay.${verdict}`,
        ),
      })),
      {
        label: t('inventory:stocktake.goods.different'),
        figure: f.number(figures.goods.different),
        href: `${stocktakeHref(stocktake.id)}/goods?view=different`,
        note: t('inventory:stocktake.goods.of', { count: f.number(figures.goods.lines) }),
      },
    ],
  };
}

function goodsSay({ t, f }: Ctx, { stocktake, figures }: StocktakePageInput): string {
  const { lines, counted } = figures.goods;
  return stocktake.seesBooks
    ? t('inventory:stocktake.goods.say', { counted: f.number(counted), lines: f.number(lines) })
    : t('inventory:stocktake.goods.sayBlind', { counted: f.number(counted) });
}

function facts({ t, f }: Ctx, { stocktake, approval }: StocktakePageInput): Facts {
  const ended = stocktake.state === 'posted' || stocktake.state === 'reversed';
  return {
    facts: [
      { label: t('inventory:device.place'), value: `${stocktake.storeName} ${stocktake.locationName}` },
      {
        label: t('inventory:stocktake.scope'),
        value: stocktake.scopeNames.length > 0 ? stocktake.scopeNames.join('、') : t('inventory:stocktake.everything'),
      },
      { label: t('inventory:stocktake.way'), value: t(`inventory:stocktake.${stocktake.blind ? 'blind' : 'open'}`) },
      {
        label: t('inventory:stocktake.meanwhile'),
        value: t(`inventory:stocktake.${stocktake.frozen ? 'frozen' : 'selling'}`),
      },
      ...(stocktake.seesBooks && stocktake.startedAt !== null
        ? [
            { label: t('inventory:stocktake.expected'), value: f.number(stocktake.expectedDevices) },
            { label: t('inventory:stocktake.expectedPieces'), value: f.number(stocktake.expectedPieces) },
          ]
        : []),
      ...(!ended && stocktake.seesCost && approval.amountFen > 0
        ? [{ label: t('inventory:stocktake.amount'), value: f.money(approval.amountFen) }]
        : []),
      ...(ended && stocktake.seesCost
        ? [
            { label: t('inventory:stocktake.loss'), value: f.money(stocktake.lossFen) },
            { label: t('inventory:stocktake.gain'), value: f.money(stocktake.gainFen) },
          ]
        : []),
      ...(stocktake.note ? [{ label: t('inventory:stocktake.form.note'), value: stocktake.note }] : []),
    ],
  };
}
