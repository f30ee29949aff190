import { type Ctx, emptyForm, type FormState } from '../../../platform/http';
import {
  type Action,
  type Attachments,
  editForm,
  type EditForm,
  type Facts,
  type Field,
  type Message,
  type PageHead,
  stateLabel,
  type StepBar,
  type Table,
  type Timeline,
} from '../../../platform/views';
import { NUMBER_WAYS } from '../domain/number-change';
import type { ChangeEventView } from '../queries/change-page';
import type { NumberLineView, NumberView } from '../queries/number-page';
import { numbersHref, numberStateLabel } from './number-words';

export interface NumberPage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  lines: Table;
  entry: EditForm | null;
  paste: EditForm | null;
  facts: Facts;
  attachments: Attachments;
  timeline: Timeline;
}

export interface NumberPageInput {
  change: NumberView;
  lines: readonly NumberLineView[];
  timeline: readonly Omit<ChangeEventView, 'detail'>[];
  attachments: Attachments;
  operationKey: string;
  notices?: Message[];
  /** What was typed into the form for one correction, with its problems. */
  typed?: FormState;
  /** The list as it was pasted. */
  pasted?: string;
}

export function numberPage(ctx: Ctx, input: NumberPageInput): NumberPage {
  const { t, f } = ctx;
  const { change, lines } = input;
  const edits = change.state === 'draft' && change.works;
  const wrong = lines.filter(({ problem }) => problem !== null).length;
  return {
    head: {
      crumbs: [{ label: t('inventory:number.list'), href: '/inventory/numbers' }],
      title: change.number,
      state: numberStateLabel(ctx, change.state, true),
      say: `${t(`inventory:number.reason.${change.reason}`)} · ${change.storeName}`,
      actions: actions(ctx, input, wrong),
    },
    steps: steps(ctx, change),
    notices: [
      ...(input.notices ?? []),
      ...(wrong > 0 && (input.notices ?? []).length === 0
        ? [{ tone: 'bad' as const, title: t('inventory:number.wrongLines', { count: wrong }) }]
        : []),
      ...(change.state === 'reversed'
        ? [{ tone: 'hold' as const, title: t('inventory:change.wasReversed', { number: change.reversalNumber ?? '' }) }]
        : []),
    ],
    lines: linesTable(ctx, change, lines, edits),
    entry: edits ? entryForm(ctx, input) : null,
    paste: edits ? pasteForm(ctx, input) : null,
    facts: facts(ctx, change),
    attachments: input.attachments,
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

function actions(ctx: Ctx, { change, operationKey }: NumberPageInput, wrong: number): Action[] {
  const { t, f } = ctx;
  const href = numbersHref(change.id);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (change.state === 'draft' && change.works)
    list.push(
      { label: t('inventory:change.cancel'), href: `${href}/cancellation`, look: 'quiet', icon: 'x', confirm: true },
      {
        label: t('inventory:number.post', { count: f.number(change.devices) }),
        href: `${href}/posting`,
        method: 'post',
        look: 'primary',
        icon: 'check',
        fields: { version: change.version, operationKey },
        ...(change.lineCount === 0 ? { disabled: t('inventory:error.number_nothing') } : {}),
        ...(wrong > 0 ? { disabled: t('inventory:number.wrongLines', { count: wrong }) } : {}),
      },
    );
  if (change.state === 'posted' && ctx.can('inventory.number.reverse', change.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  return list;
}

function steps({ t, f }: Ctx, { state, createdAt, postedAt }: NumberView): StepBar {
  const posted = state === 'posted' || state === 'reversed';
  const day = (at: number): string => f.dayAt(at);
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

function linesTable(ctx: Ctx, change: NumberView, lines: readonly NumberLineView[], edits: boolean): Table {
  const { t } = ctx;
  const seesDevice = ctx.can('inventory.device.view');
  return {
    id: 'number-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'product', label: t('inventory:device.product'), card: 'title' },
      { key: 'before', label: t('inventory:number.before'), card: 'full' },
      { key: 'after', label: t('inventory:number.after'), card: 'full' },
      { key: 'state', label: t('inventory:device.state'), card: 'state' },
      { key: 'by', label: t('inventory:change.addedBy'), card: 'hide' },
      ...(edits ? [{ key: 'actions', label: t('inventory:change.actions'), card: 'full' as const }] : []),
    ],
    rows: lines.map((line) => ({
      id: line.id,
      label: line.oldValue ?? line.newValue ?? '',
      cells: [
        {
          text: line.skuName,
          sub: line.skuCode,
          strong: true,
          ...(seesDevice ? { href: `/inventory/devices/${line.deviceId}` } : {}),
        },
        line.oldValue === null ? { text: t('inventory:number.none'), muted: true } : { imei: line.oldValue },
        afterCell(ctx, line),
        line.deviceStatus === null ? null : { state: stateLabel(t, line.deviceStatus) },
        line.addedByName,
        ...(edits
          ? [
              {
                actions: [
                  {
                    label: t('inventory:change.remove'),
                    href: `${numbersHref(change.id)}/lines/removal`,
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

function afterCell({ t }: Ctx, { newValue, problem, oldValue, checkOverride }: NumberLineView) {
  const why = problem
    ? t(`inventory:number.problem.${problem}`, { before: oldValue ?? '', after: newValue ?? '' })
    : checkOverride
      ? t('inventory:number.overridden')
      : '';
  if (newValue === null) return { text: t('inventory:number.none'), muted: true, ...(why ? { sub: why } : {}) };
  return { imei: newValue, ...(why ? { sub: why } : {}) };
}

/** Fields of one correction; the new document's form has them too. */
export function entryFields({ t }: Ctx, overrides: boolean): Field[] {
  return [
    {
      name: 'way',
      label: t('inventory:number.wayTitle'),
      type: 'select',
      choose: false,
      options: NUMBER_WAYS.map((way) => ({ value: way, label: t(`inventory:number.way.${way}`) })),
    },
    {
      name: 'current',
      label: t('inventory:number.current'),
      required: true,
      maxlength: 60,
      hint: t('inventory:number.currentHint'),
    },
    { name: 'other', label: t('inventory:number.other'), maxlength: 60, hint: t('inventory:number.otherHint') },
    ...(overrides
      ? [{ name: 'override', label: t('inventory:number.override'), type: 'checkbox' as const, optional: true }]
      : []),
  ];
}

function entryForm(ctx: Ctx, { change, typed }: NumberPageInput): EditForm {
  const href = numbersHref(change.id);
  return editForm(typed ?? emptyForm({ way: change.reason === 'mixed_up' ? 'swap' : 'replace' }), {
    action: `${href}/lines`,
    cancelHref: href,
    submit: ctx.t('inventory:number.add'),
    columns: true,
    plain: true,
    fields: entryFields(ctx, change.overrides),
  });
}

function pasteForm({ t }: Ctx, { change, pasted }: NumberPageInput): EditForm {
  const href = numbersHref(change.id);
  return editForm(emptyForm({ pairs: pasted ?? '' }), {
    action: `${href}/pasted`,
    cancelHref: href,
    submit: t('inventory:number.pasteAdd'),
    columns: false,
    plain: true,
    fields: [
      {
        name: 'pairs',
        label: t('inventory:number.pairs'),
        type: 'textarea',
        required: true,
        hint: t('inventory:number.pairsHint'),
      },
    ],
  });
}

function facts({ t, f }: Ctx, change: NumberView): Facts {
  return {
    facts: [
      { label: t('inventory:change.reason'), value: t(`inventory:number.reason.${change.reason}`) },
      { label: t('inventory:device.store'), value: change.storeName },
      { label: t('inventory:change.businessDate'), value: f.date(change.businessDate) },
      { label: t('inventory:change.devices'), value: f.number(change.devices) },
      { label: t('inventory:number.count'), value: f.number(change.lineCount) },
      { label: t('inventory:change.by'), value: change.createdByName },
      ...(change.note ? [{ label: t('inventory:change.note'), value: change.note }] : []),
    ],
  };
}
