import type { Ctx } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import type { Action, Cell, Facts, Message, PageHead, Table, Timeline } from '../../../platform/views';
import type { ChangeEventView } from '../queries/change-page';
import type { BuildLineView, BuildView } from '../queries/build-page';
import { EDIT_BUILDS } from '../use-cases/create-build';
import { REVERSE_BUILDS } from '../use-cases/post-build';
import { BUILDS, buildHref, buildState } from './build-words';

export interface BuildPage {
  head: PageHead;
  notices: Message[];
  out: { title: string; table: Table | null; empty: string };
  into: { title: string; table: Table | null; empty: string };
  facts: Facts;
  timeline: Timeline;
}

export interface BuildPageInput {
  build: BuildView;
  timeline: readonly ChangeEventView[];
  operationKey: string;
  notices?: Message[];
}

export function buildPage(ctx: Ctx, input: BuildPageInput): BuildPage {
  const { t, f } = ctx;
  const { build, timeline, notices = [] } = input;
  const seesCost = ctx.can(COST_PERMISSION, build.storeId);
  const side = (direction: 'out' | 'in') => {
    const lines = build.lines.filter((line) => line.direction === direction);
    return {
      title: t(`inventory:build.side.${direction}`),
      table: lines.length > 0 ? linesTable(ctx, build, direction, lines) : null,
      empty: t('inventory:build.noParts'),
    };
  };
  return {
    head: {
      crumbs: [{ label: t('inventory:build.list'), href: BUILDS }],
      title: build.number,
      state: buildState(ctx, build.state, true),
      say: `${t(`inventory:build.kind.${build.kind}`)} · ${build.productName} · ${build.place}`,
      actions: actions(ctx, input),
    },
    notices: [
      ...notices,
      ...(build.state === 'reversed'
        ? [{ tone: 'hold' as const, title: t('inventory:change.wasReversed', { number: build.reversalNumber ?? '' }) }]
        : []),
    ],
    out: side('out'),
    into: side('in'),
    facts: {
      facts: [
        { label: t('inventory:build.kindTitle'), value: t(`inventory:build.kind.${build.kind}`) },
        { label: t('inventory:device.product'), value: build.productName },
        { label: t('inventory:build.pieces'), value: f.number(build.pieces) },
        { label: t('inventory:build.place'), value: build.place },
        { label: t('inventory:build.date'), value: f.date(build.businessDate) },
        ...(build.kind === 'take_apart'
          ? [{ label: t('inventory:build.partsAs'), value: t(`inventory:bucket.${build.intoBucket}`) }]
          : []),
        ...(seesCost && build.valueFen !== null
          ? [{ label: t('inventory:build.value'), value: f.money(build.valueFen) }]
          : []),
        { label: t('inventory:change.by'), value: build.createdByName },
        ...(build.note ? [{ label: t('inventory:change.note'), value: build.note }] : []),
      ],
    },
    timeline: {
      entries: timeline.map(({ who, what, at }, index) => ({
        who,
        what: t(`inventory:build.timeline.${what}`),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

function actions(ctx: Ctx, { build, operationKey }: BuildPageInput): Action[] {
  const { t } = ctx;
  const href = buildHref(build.id);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (build.state === 'posted' && ctx.can(REVERSE_BUILDS, build.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  if (build.state !== 'draft' || !ctx.can(EDIT_BUILDS, build.storeId)) return list;
  return [
    ...list,
    { label: t('inventory:build.cancel'), href: `${href}/cancellation`, look: 'danger', icon: 'x', confirm: true },
    { label: t('inventory:build.addPart'), href: `${href}/lines/new`, icon: 'plus' },
    {
      label: t(`inventory:build.post.${build.kind}`),
      href: `${href}/posting`,
      method: 'post',
      fields: { version: build.version, operationKey },
      icon: 'circle-check',
      look: 'primary',
    },
  ];
}

function linesTable(ctx: Ctx, build: BuildView, direction: 'out' | 'in', lines: readonly BuildLineView[]): Table {
  const { t, f } = ctx;
  const draft = build.state === 'draft';
  const mayEdit = draft && ctx.can(EDIT_BUILDS, build.storeId);
  const seesCost = !draft && ctx.can(COST_PERMISSION, build.storeId);
  const showsStock = draft && direction === 'out';
  const hrefOf = ({ id }: BuildLineView) => (mayEdit ? `${buildHref(build.id)}/lines/${id}` : null);
  const showsWeight = build.kind === 'take_apart' && direction === 'in';
  return {
    id: `build-${direction}`,
    caption: t(`inventory:build.side.${direction}`),
    columns: [
      { key: 'product', label: t('inventory:device.product'), card: 'title' },
      { key: 'quantity', label: t('inventory:build.quantity'), num: true, card: 'number' },
      ...(showsStock
        ? [{ key: 'stock', label: t('inventory:build.available'), num: true, card: 'number' as const }]
        : []),
      { key: 'numbers', label: t('inventory:build.numbersOrBatch'), card: 'full' },
      ...(showsWeight
        ? [{ key: 'weight', label: t('inventory:build.weight'), num: true, card: 'number' as const }]
        : []),
      ...(seesCost ? [{ key: 'value', label: t('inventory:build.value'), num: true, card: 'number' as const }] : []),
    ],
    rows: lines.map((line) => ({
      id: line.id,
      label: line.card.name,
      cells: [
        {
          text: line.card.name,
          sub: line.card.code,
          strong: true,
          ...(mayEdit ? { href: hrefOf(line) ?? '' } : {}),
        },
        f.number(line.quantity),
        ...(showsStock
          ? [
              {
                text: f.number(line.available),
                ...(line.available < line.quantity ? { tone: 'bad' as const } : {}),
              },
            ]
          : []),
        numbersCell(ctx, line, { draft, href: hrefOf(line) }),
        ...(showsWeight ? [line.weightFen === null ? t('inventory:build.listPrice') : f.money(line.weightFen)] : []),
        ...(seesCost ? [line.valueFen === null ? '' : f.money(line.valueFen)] : []),
      ],
    })),
  };
}

const SHOWN_NUMBERS = 5;

/** What tells the pieces apart; what is not said yet leads to where it is said. */
function numbersCell(
  { t, f }: Ctx,
  { card, devices, quantity, direction, batchCode, expiresOn }: BuildLineView,
  { draft, href }: { draft: boolean; href: string | null },
): Cell {
  const missing = (text: string): Cell => ({ text, tone: 'bad', ...(href === null ? {} : { href }) });
  if (card.tracking === 'batch') {
    if (direction === 'out') return t('inventory:build.firstExpiry');
    return batchCode === null
      ? missing(t('inventory:build.batchMissing'))
      : [batchCode, expiresOn === null ? '' : f.date(expiresOn)].filter(Boolean).join(' · ');
  }
  if (card.tracking !== 'serial') return '';
  if (draft && devices.length !== quantity)
    return missing(
      t('inventory:build.numbersMissing', { given: f.number(devices.length), wanted: f.number(quantity) }),
    );
  const more = devices.length > SHOWN_NUMBERS ? [`+${devices.length - SHOWN_NUMBERS}`] : [];
  return [...devices.slice(0, SHOWN_NUMBERS).map(({ mainNumber }) => mainNumber), ...more].join(' ');
}
