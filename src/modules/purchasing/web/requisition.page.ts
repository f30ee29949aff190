import type { Ctx } from '../../../platform/http';
import type { Action, Facts, Field, Message, RelatedDocuments, StepBar, Table } from '../../../platform/views';
import { requisitionMachine } from '../domain/requisition-state';
import type { DocumentEvent } from '../queries/document-timeline';
import type { RequisitionView, WishView } from '../queries/requisition-page';
import type { OrderPage } from './order.page';
import { orderHref } from './order-words';
import { requisitionCrumbs, requisitionHref, requisitionState } from './requisition-words';

type PageCtx = Pick<Ctx, 't' | 'f' | 'can' | 'today'>;

export interface RequisitionPageInput {
  requisition: RequisitionView;
  timeline: readonly DocumentEvent[];
  related: RelatedDocuments['documents'];
  operationKey: string;
  notices?: Message[];
  /** What was typed, with its problems. */
  typed?: { values: Record<string, string>; problems: Record<string, string> };
}

export function requisitionPage(ctx: PageCtx, input: RequisitionPageInput): OrderPage {
  const { t, f } = ctx;
  const { requisition: row } = input;
  const href = requisitionHref(row.id);
  const edits = row.state === 'draft' && ctx.can('purchasing.requisition.edit', row.storeId);
  return {
    head: {
      crumbs: requisitionCrumbs(ctx),
      title: row.number,
      state: requisitionState(ctx, row.state, true),
      say: [row.storeName, row.reason].filter(Boolean).join(' · '),
      actions: actions(ctx, input),
    },
    steps: steps(ctx, row),
    notices: [...(input.notices ?? []), ...stateNotices(ctx, row)],
    lines: wishTable(ctx, row),
    linesSay: t('purchasing:receipt.linesCount', { count: row.lines.length }),
    noLines: t('purchasing:requisition.noLinesHint'),
    linesHref: edits && row.lines.length > 0 ? `${href}/lines` : null,
    addLine: edits
      ? {
          action: `${href}/lines`,
          operationKey: `${input.operationKey}-line`,
          suggestions: '/purchasing/requisitions/skus',
          fields: wishFields(ctx, input.typed?.values ?? {}, input.typed?.problems ?? {}),
        }
      : null,
    spreadHref: null,
    facts: facts(ctx, row),
    editHref: edits ? `${href}/edit` : null,
    money: null,
    approvals: null,
    related: { documents: input.related },
    timeline: {
      entries: input.timeline.map(({ who, what, at, detail }, index) => ({
        who,
        what: t(`purchasing:requisition.timeline.${what}`, {
          ...detail,
          lines: f.number(Number(detail['lines'] ?? 0)),
          pieces: f.number(Number(detail['pieces'] ?? 0)),
        }),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

/** The fields of one more line. */
export function wishFields(
  { t }: Pick<Ctx, 't'>,
  values: Record<string, string>,
  problems: Record<string, string>,
): Field[] {
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:requisition.line.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  return [
    field('sku', {
      type: 'search',
      label: t('purchasing:line.sku'),
      placeholder: t('purchasing:line.skuHint'),
      autocomplete: 'off',
      wide: true,
    }),
    field('quantity', { inputmode: 'numeric', autocomplete: 'off' }),
    field('reason', { maxlength: 200, optional: true }),
  ];
}

function actions(ctx: PageCtx, { requisition: row, operationKey }: RequisitionPageInput): Action[] {
  const { t } = ctx;
  const href = requisitionHref(row.id);
  const fields = { version: row.version, operationKey };
  const may = (right: 'edit' | 'approve'): boolean => ctx.can(`purchasing.requisition.${right}`, row.storeId);
  const can = (event: Parameters<typeof requisitionMachine.can>[1]): boolean =>
    requisitionMachine.can(row.state, event);
  const send = (event: string, path: string, more: Partial<Action>): Action => ({
    label: t(`purchasing:requisition.${event}`),
    href: `${href}/${path}`,
    method: 'post',
    fields,
    ...more,
  });
  const ask = (event: string, path: string, more: Partial<Action> = {}): Action => ({
    label: t(`purchasing:requisition.${event}`),
    href: `${href}/${path}`,
    look: 'quiet',
    confirm: true,
    ...more,
  });
  return [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
    ...(can('cancel') && may('edit') ? [ask('cancel', 'cancellation', { icon: 'x' })] : []),
    ...(row.open > 0 && may('edit') ? [ask('close', 'closing', { icon: 'x' })] : []),
    ...(can('withdraw') && may('edit') ? [send('withdraw', 'withdrawal', { look: 'plain' })] : []),
    ...(can('revise') && may('edit') ? [send('revise', 'revision', { look: 'primary', icon: 'pencil' })] : []),
    ...(can('reject') && may('approve') ? [ask('reject', 'rejection', { look: 'plain' })] : []),
    ...(can('approve') && may('approve') ? [send('approve', 'approval', { look: 'primary', icon: 'check' })] : []),
    ...(can('submit') && may('edit')
      ? [
          send('submit', 'submission', {
            look: 'primary',
            icon: 'send',
            ...(row.lines.length === 0 ? { disabled: t('purchasing:error.requisition_no_lines') } : {}),
          }),
        ]
      : []),
    ...(row.open > 0 && ctx.can('purchasing.order.edit', row.storeId)
      ? [
          {
            label: t('purchasing:requisition.order'),
            href: `/purchasing/wishes?q=${encodeURIComponent(row.number)}`,
            icon: 'shopping-cart' as const,
            look: 'primary' as const,
          },
        ]
      : []),
  ];
}

function steps({ t, f }: PageCtx, row: RequisitionView): StepBar {
  const places = { draft: 0, submitted: 1, rejected: 1, approved: 2, partial: 2, ordered: 3, closed: 5 } as const;
  // A cancelled one shows how far it came.
  const now = row.state === 'cancelled' ? 0 : places[row.state];
  const day = (at: number | null): string => (at === null ? '' : f.dayAt(at));
  const at = (index: number): 'done' | 'now' | 'later' => (index < now ? 'done' : index === now ? 'now' : 'later');
  const step = (key: string, index: number, fact: string) => ({
    label: t(`purchasing:requisition.step.${key}`),
    state: at(index),
    ...(fact ? { fact } : {}),
  });
  const of = (pieces: number): string => (now >= 2 ? `${f.number(pieces)} / ${f.number(row.quantity)}` : '');
  return {
    steps: [
      step('draft', 0, day(row.submittedAt)),
      step('approve', 1, day(row.decidedAt)),
      step('order', 2, of(row.ordered)),
      step('arrive', 3, of(row.received)),
      step('done', 4, ''),
    ],
  };
}

function stateNotices({ t, f, today }: PageCtx, row: RequisitionView): Message[] {
  const notices: Message[] = [];
  if (row.endReason !== null)
    notices.push({
      tone: row.state === 'rejected' ? 'bad' : 'hold',
      title: t(
        row.state === 'rejected' || row.state === 'cancelled'
          ? `purchasing:requisition.was.${row.state}`
          : 'purchasing:requisition.was.closed',
      ),
      text: row.endReason,
    });
  if (row.open > 0 && row.wantedOn !== null && row.wantedOn < today)
    notices.push({ tone: 'bad', title: t('purchasing:requisition.isLate', { count: f.number(row.open) }) });
  return notices;
}

function facts({ t, f }: PageCtx, row: RequisitionView): Facts {
  const none = { value: t('purchasing:none'), muted: true };
  return {
    facts: [
      { label: t('purchasing:requisition.store'), value: row.storeName },
      { label: t('purchasing:requisition.requestedOn'), value: f.date(row.requestedOn) },
      {
        label: t('purchasing:requisition.wantedOn'),
        ...(row.wantedOn === null ? none : { value: f.date(row.wantedOn) }),
      },
      { label: t('purchasing:requisition.by'), value: row.createdByName },
      ...(row.decidedByName === null
        ? []
        : [{ label: t('purchasing:requisition.decidedBy'), value: row.decidedByName, sub: f.dateTime(row.decidedAt) }]),
      { label: t('purchasing:requisition.reason'), ...(row.reason === null ? none : { value: row.reason }) },
    ],
  };
}

function wishTable(ctx: PageCtx, row: RequisitionView): Table {
  const { t, f } = ctx;
  const decided = row.decidedAt !== null && row.state !== 'rejected';
  return {
    id: 'requisition-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'line', label: '#', card: 'hide' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      { key: 'reason', label: t('purchasing:requisition.line.reason'), card: 'full' },
      { key: 'quantity', label: t('purchasing:requisition.quantity'), num: true, card: 'number' },
      ...(decided
        ? [
            { key: 'ordered', label: t('purchasing:requisition.ordered'), num: true, card: 'number' as const },
            { key: 'received', label: t('purchasing:order.arrived'), num: true, card: 'number' as const },
            { key: 'orders', label: t('purchasing:order.one'), card: 'full' as const, keep: true },
            { key: 'state', label: t('purchasing:receipt.state'), card: 'state' as const },
          ]
        : []),
    ],
    rows: row.lines.map((line) => ({
      id: line.id,
      cells: [
        { text: String(line.lineNo), muted: true },
        { text: line.skuName, sub: line.skuCode, strong: true },
        line.reason,
        f.number(line.quantity),
        ...(decided
          ? [f.number(line.ordered), f.number(line.received), orderedOn(ctx, row, line), wishState(ctx, line)]
          : []),
      ],
    })),
    totals: [
      null,
      { text: t('common:total') },
      null,
      f.number(row.quantity),
      ...(decided ? [f.number(row.ordered), f.number(row.received), null, null] : []),
    ],
  };
}

/** The order a wish is on and when it comes; of several the last, with how many there are. */
function orderedOn({ t, f, can }: PageCtx, row: RequisitionView, { orders }: WishView) {
  const last = orders.at(-1);
  if (!last) return null;
  const day = last.expectedOn === null ? '' : t('purchasing:requisition.expected', { date: f.date(last.expectedOn) });
  const more = orders.length > 1 ? t('purchasing:requisition.moreOrders', { count: orders.length }) : '';
  const sub = [day, more].filter(Boolean).join(' · ');
  return {
    text: last.number,
    ...(can('purchasing.order.view', row.storeId) ? { href: orderHref(last.orderId) } : {}),
    ...(sub ? { sub } : {}),
  };
}

function wishState({ t, f }: PageCtx, line: WishView) {
  const { ordered, received, givenUp, quantity } = line;
  const label = (tone: 'ok' | 'way' | 'hold' | 'gone', key: string, count: number) => ({
    state: { tone, text: t(`purchasing:requisition.line.${key}`, { count: f.number(count) }) },
  });
  if (line.open > 0) return label('hold', 'open', line.open);
  if (received < ordered) return label('way', 'coming', ordered - received);
  if (givenUp > 0) return label('gone', 'givenUp', givenUp);
  return received >= quantity ? { state: { tone: 'ok' as const, text: t('purchasing:receipt.complete') } } : null;
}
