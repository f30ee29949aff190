import type { Ctx, FormState } from '../../../platform/http';
import {
  type Action,
  editForm,
  type EditForm,
  type Facts,
  type Message,
  type PageHead,
  type ScanPanel,
  stateLabel,
  type StepBar,
  type Table,
  type Timeline,
} from '../../../platform/views';
import { emptyForm } from '../../../platform/http';
import { BUCKETS } from '../../../ledger';
import type { ChangeEventView, ChangeLineView, ChangeView } from '../queries/change-page';
import { changeHref, changeState } from './change-words';
import { bucketStatus } from './stock-list.page';

export interface ChangePage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  scan: ScanPanel | null;
  goods: EditForm | null;
  lines: Table;
  linesSay: string;
  exportHref: string | null;
  facts: Facts;
  timeline: Timeline;
}

/** Lines on the page; all of them are in the export and the print. */
export const LINES_SHOWN = 200;

export interface ChangePageInput {
  change: ChangeView;
  lines: readonly ChangeLineView[];
  timeline: readonly ChangeEventView[];
  operationKey: string;
  notices?: Message[];
  pasted?: string;
  /** What was typed into the form for goods, with its problems. */
  typed?: FormState;
}

export function changePage(ctx: Ctx, input: ChangePageInput): ChangePage {
  const { t, f } = ctx;
  const { change, lines } = input;
  const edits = change.state === 'draft' && change.works;
  const href = changeHref(change.id);
  const count = change.devices + change.pieces;
  return {
    head: {
      crumbs: [{ label: t('inventory:change.list'), href: '/inventory/changes' }],
      title: change.number,
      state: changeState(ctx, change.state, true),
      say: `${t(`inventory:change.effect.${change.effect}`)} · ${change.storeName} ${change.locationName}`,
      actions: actions(ctx, input),
    },
    steps: steps(ctx, change),
    notices: [
      ...(input.notices ?? []),
      ...(change.state === 'reversed'
        ? [
            {
              tone: 'hold' as const,
              title: t('inventory:change.wasReversed', { number: change.reversalNumber ?? '' }),
            },
          ]
        : []),
    ],
    scan: edits ? scanPanel(ctx, input) : null,
    goods: edits ? goodsForm(ctx, input) : null,
    lines: linesTable(ctx, change, lines, edits),
    linesSay:
      lines.length >= LINES_SHOWN
        ? t('inventory:change.linesShown', { count: f.number(lines.length) })
        : t('inventory:change.linesSay', { devices: f.number(change.devices), pieces: f.number(change.pieces) }),
    exportHref: count > 0 ? `${href}/lines.xlsx` : null,
    facts: facts(ctx, change, lines),
    timeline: {
      entries: input.timeline.map(({ who, what, at }, index) => ({
        who,
        what: t(`inventory:change.timeline.${what}`),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

function actions(ctx: Ctx, { change, operationKey }: ChangePageInput): Action[] {
  const { t, f } = ctx;
  const href = changeHref(change.id);
  const count = change.devices + change.pieces;
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (change.state === 'draft' && change.works)
    list.push(
      { label: t('inventory:change.cancel'), href: `${href}/cancellation`, look: 'quiet', icon: 'x', confirm: true },
      {
        label: t('inventory:change.post', { count: f.number(count) }),
        href: `${href}/posting`,
        method: 'post',
        look: 'primary',
        icon: 'check',
        fields: { version: change.version, operationKey },
        ...(count === 0 ? { disabled: t('inventory:error.change_empty') } : {}),
      },
    );
  if (change.state === 'posted' && ctx.can('inventory.change.reverse', change.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  return list;
}

function steps({ t, f }: Ctx, { state, createdAt, postedAt }: ChangeView): StepBar {
  const posted = state === 'posted' || state === 'reversed';
  const day = (at: number): string => f.dateTime(at).slice(5, 10);
  return {
    steps: [
      { label: t('common:state.draft'), state: state === 'draft' ? 'now' : 'done', fact: day(createdAt) },
      {
        label: t('common:state.posted'),
        state: posted ? 'done' : 'later',
        ...(posted && postedAt !== null ? { fact: day(postedAt) } : {}),
      },
    ],
  };
}

function scanPanel({ t }: Ctx, { change, pasted }: ChangePageInput): ScanPanel {
  const href = changeHref(change.id);
  return {
    title: t('inventory:change.scan.title'),
    say: t('inventory:change.scan.say'),
    endpoint: `${href}/scans`,
    pasteAction: `${href}/pasted`,
    camera: true,
    ...(pasted === undefined ? {} : { pasted }),
    tally: { right: change.devices, double: change.doubleScans, wrong: change.wrongScans },
    log: [],
    refresh: '#change-head, #lines, #timeline',
  };
}

function goodsForm({ t }: Ctx, { change, typed }: ChangePageInput): EditForm {
  const href = changeHref(change.id);
  return editForm(typed ?? emptyForm({ pieces: '1' }), {
    action: `${href}/goods`,
    cancelHref: href,
    submit: t('inventory:change.goods.add'),
    columns: true,
    plain: true,
    fields: [
      { name: 'code', label: t('inventory:change.goods.code'), required: true, maxlength: 60 },
      {
        name: 'bucket',
        label: t('inventory:change.goods.bucket'),
        type: 'select',
        choose: false,
        options: BUCKETS.filter((bucket) => bucket !== 'in_transit' && bucket !== change.effect).map((bucket) => ({
          value: bucket,
          label: t(`inventory:bucket.${bucket}`),
        })),
      },
      {
        name: 'batch',
        label: t('inventory:import.column.batch'),
        optional: true,
        maxlength: 40,
        hint: t('inventory:change.goods.batchHint'),
      },
      { name: 'pieces', label: t('inventory:stock.quantity'), required: true, inputmode: 'numeric', maxlength: 9 },
    ],
  });
}

function linesTable({ t, f }: Ctx, change: ChangeView, lines: readonly ChangeLineView[], edits: boolean): Table {
  const cost = change.seesCost && change.postedAt !== null;
  const href = changeHref(change.id);
  return {
    id: 'change-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'product', label: t('inventory:device.product'), card: 'title' },
      { key: 'number', label: t('inventory:change.what'), card: 'full' },
      { key: 'from', label: t('inventory:change.from'), card: 'state' },
      { key: 'quantity', label: t('inventory:stock.quantity'), num: true, card: 'number' },
      ...(cost ? [{ key: 'value', label: t('inventory:change.value'), num: true, card: 'number' as const }] : []),
      { key: 'by', label: t('inventory:change.addedBy'), card: 'hide' },
      ...(edits ? [{ key: 'actions', label: t('inventory:change.actions'), card: 'full' as const }] : []),
    ],
    rows: lines.map((line) => ({
      id: line.id,
      label: line.imei ?? line.skuName,
      cells: [
        { text: line.skuName, sub: line.skuCode, strong: true },
        line.deviceId === null
          ? { text: line.batchCode === null ? '' : t('inventory:stock.batch', { code: line.batchCode }) }
          : { imei: line.imei ?? '', href: `/inventory/devices/${line.deviceId}` },
        { state: stateLabel(t, bucketStatus(line.bucket)) },
        f.number(line.quantity),
        ...(cost ? [line.valueFen === null ? null : f.money(line.valueFen)] : []),
        line.addedByName,
        ...(edits
          ? [
              {
                actions: [
                  {
                    label: t('inventory:change.remove'),
                    href: `${href}/lines/removal`,
                    method: 'post' as const,
                    look: 'quiet' as const,
                    fields: { line: line.id },
                  },
                ],
              },
            ]
          : []),
      ],
    })),
  };
}

function facts({ t, f }: Ctx, change: ChangeView, lines: readonly ChangeLineView[]): Facts {
  const value = lines.reduce((sum, { valueFen }) => sum + (valueFen ?? 0), 0);
  const whole = lines.length < LINES_SHOWN;
  return {
    facts: [
      { label: t('inventory:change.effectTitle'), value: t(`inventory:change.effect.${change.effect}`) },
      { label: t('inventory:change.reason'), value: change.reasonName },
      { label: t('inventory:device.place'), value: `${change.storeName} ${change.locationName}` },
      { label: t('inventory:change.businessDate'), value: f.date(change.businessDate) },
      { label: t('inventory:change.devices'), value: f.number(change.devices) },
      { label: t('inventory:change.pieces'), value: f.number(change.pieces) },
      ...(change.seesCost && change.postedAt !== null && whole
        ? [{ label: t('inventory:change.value'), value: f.money(value) }]
        : []),
      { label: t('inventory:change.by'), value: change.createdByName },
      ...(change.note ? [{ label: t('inventory:change.note'), value: change.note }] : []),
    ],
  };
}
