import type { Ctx } from '../../../platform/http';
import type {
  Action,
  Facts,
  Message,
  PageHead,
  RelatedDocuments,
  StepBar,
  Table,
  Timeline,
} from '../../../platform/views';
import type { ApprovalRefusal } from '../../../platform/approval';
import { orderMachine } from '../domain/order-state';
import type { DocumentEvent } from '../queries/document-timeline';
import type { OrderView } from '../queries/order-page';
import { type NewLineInput, type NewOrderLineForm, orderAddLine, type OrderCtx, orderLines } from './order-parts';
import { orderCrumbs, orderHref, orderState, roleWords } from './order-words';

export interface OrderPage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  lines: Table;
  linesSay: string;
  /** What to do first while there are none. */
  noLines: string;
  linesHref: string | null;
  addLine: NewOrderLineForm | null;
  spreadHref: string | null;
  facts: Facts;
  editHref: string | null;
  money: Facts | null;
  approvals: Facts | null;
  related: RelatedDocuments;
  timeline: Timeline;
}

export interface OrderPageInput extends NewLineInput {
  timeline: readonly DocumentEvent[];
  related: RelatedDocuments['documents'];
  /** Why the reader cannot approve what waits; null: can, or nothing waits. */
  refusal: ApprovalRefusal | null;
  notices?: Message[];
}

/** Whether the reader may do this in every store of the order. */
export const mayOnOrder = (ctx: Pick<Ctx, 'can'>, order: OrderView, permission: string): boolean =>
  order.storeIds.every((storeId) => ctx.can(permission, storeId));

export function orderPage(ctx: OrderCtx, input: OrderPageInput): OrderPage {
  const { t } = ctx;
  const { order } = input;
  const href = orderHref(order.id);
  const edits = order.state === 'draft' && mayOnOrder(ctx, order, 'purchasing.order.edit');
  return {
    head: {
      crumbs: orderCrumbs(ctx),
      title: order.number,
      state: orderState(ctx, order.state, true),
      say: t('purchasing:order.say', { supplier: order.supplierName, store: order.storeName }),
      actions: actions(ctx, input, edits),
    },
    steps: steps(ctx, order),
    notices: [...(input.notices ?? []), ...stateNotices(ctx, input)],
    lines: orderLines(ctx, order, edits),
    linesSay: t(order.money ? 'purchasing:receipt.linesSay' : 'purchasing:receipt.linesCount', {
      count: order.lines.length,
    }),
    noLines: t('purchasing:order.noLinesHint'),
    linesHref: edits && order.lines.length > 0 ? `${href}/lines` : null,
    addLine: edits ? orderAddLine(ctx, input) : null,
    spreadHref: edits && input.stores.length > 1 ? `${href}/lines/spread` : null,
    facts: facts(ctx, order),
    editHref: edits ? `${href}/edit` : null,
    money: order.money
      ? {
          money: true,
          facts: [
            { label: t('purchasing:receipt.net'), value: ctx.f.money(order.money.grossFen - order.money.taxFen) },
            { label: t('purchasing:receipt.tax'), value: ctx.f.money(order.money.taxFen) },
            { label: t('purchasing:receipt.gross'), value: ctx.f.moneyYuan(order.money.grossFen), strong: true },
          ],
        }
      : null,
    approvals: approvals(ctx, order),
    related: { documents: input.related },
    timeline: timeline(ctx, input.timeline),
  };
}

function actions(ctx: OrderCtx, { order, refusal, operationKey }: OrderPageInput, edits: boolean): Action[] {
  const { t } = ctx;
  const href = orderHref(order.id);
  const { state } = order;
  const fields = { version: order.version, operationKey };
  const may = (permission: string): boolean => mayOnOrder(ctx, order, permission);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (orderMachine.can(state, 'cancel') && may(`purchasing.order.${state === 'draft' ? 'edit' : 'close'}`))
    list.push({
      label: t('purchasing:order.cancel'),
      href: `${href}/cancellation`,
      icon: 'x',
      look: 'quiet',
      confirm: true,
    });
  if (order.open > 0 && may('purchasing.order.close'))
    list.push({ label: t('purchasing:order.close'), href: `${href}/closing`, icon: 'x', look: 'quiet', confirm: true });
  if (
    order.open > 0 &&
    order.lines.some(({ open, storeId }) => open > 0 && ctx.can('purchasing.receipt.create', storeId))
  )
    list.push({
      label: t('purchasing:take.receive'),
      href: `${href}/receipts`,
      icon: 'truck-loading',
      look: 'primary',
    });
  if (edits)
    list.push({
      label: t('purchasing:order.submit'),
      href: `${href}/submission`,
      method: 'post',
      fields,
      icon: 'send',
      look: 'primary',
      ...(order.lines.length === 0 ? { disabled: t('purchasing:error.order_no_lines') } : {}),
      ...(order.lines.some(({ priced }) => !priced) ? { disabled: t('purchasing:receipt.pricesMissing') } : {}),
    });
  if (state === 'submitted') {
    if (may('purchasing.order.edit'))
      list.push({
        label: t('purchasing:order.withdraw'),
        href: `${href}/withdrawal`,
        method: 'post',
        fields,
        look: 'plain',
      });
    if (may('purchasing.order.approve')) {
      list.push({ label: t('purchasing:order.sendBack'), href: `${href}/return`, look: 'plain', confirm: true });
      list.push({
        label: t('purchasing:order.approve'),
        href: `${href}/approval`,
        method: 'post',
        fields,
        icon: 'check',
        look: 'primary',
        ...(refusal ? { disabled: t(`purchasing:error.approval_${refusal}`, { level: waitingLevel(order) }) } : {}),
      });
    }
  }
  return list;
}

const waitingLevel = ({ approvals: levels }: OrderView): string =>
  levels.find(({ decidedAt }) => decidedAt === null)?.name ?? '';

function steps({ t, f }: OrderCtx, order: OrderView): StepBar {
  const { state, received, quantity } = order;
  const places = { draft: 0, submitted: 1, approved: 2, partial: 2, received: 4, closed: 4 } as const;
  // A cancelled order shows how far it came.
  const now = state === 'cancelled' ? (order.approvedAt ? 2 : 0) : places[state];
  const day = (at: number | null): string => (at === null ? '' : f.dayAt(at));
  const at = (index: number): 'done' | 'now' | 'later' => (index < now ? 'done' : index === now ? 'now' : 'later');
  const step = (label: string, index: number, fact: string) => ({ label, state: at(index), ...(fact ? { fact } : {}) });
  const arrived = now >= 2 ? `${f.number(received)} / ${f.number(quantity)}` : '';
  return {
    steps: [
      step(t('purchasing:order.step.draft'), 0, day(order.submittedAt)),
      step(t('purchasing:order.step.approve'), 1, day(order.approvedAt)),
      step(t('purchasing:order.step.arrive'), 2, arrived),
      step(
        t(state === 'closed' ? 'purchasing:order.state.closed' : 'purchasing:order.step.done'),
        3,
        day(order.endedAt),
      ),
    ],
  };
}

function stateNotices({ t, f }: OrderCtx, { order, refusal }: OrderPageInput): Message[] {
  const notices: Message[] = [];
  if (order.state === 'submitted') {
    const title = t('purchasing:order.waits', { level: waitingLevel(order) });
    notices.push({ tone: 'hold', title, ...(refusal === 'own' ? { text: t('purchasing:order.notOwn') } : {}) });
  }
  if (order.endReason !== null && (order.state === 'closed' || order.state === 'cancelled')) {
    const text = t('purchasing:receipt.reversedBecause', { at: f.dateTime(order.endedAt), reason: order.endReason });
    notices.push({ tone: 'hold', title: t(`purchasing:order.was.${order.state}`), text });
  }
  if (order.lines.some(({ late }) => late)) notices.push({ tone: 'bad', title: t('purchasing:order.isLate') });
  if (order.hidden > 0) notices.push({ tone: 'way', title: t('purchasing:order.hidden', { count: order.hidden }) });
  return notices;
}

function facts(ctx: OrderCtx, order: OrderView): Facts {
  const { t, f, can } = ctx;
  return {
    facts: [
      {
        label: t('purchasing:receipt.supplier'),
        value: order.supplierName,
        ...(can('purchasing.supplier.view') ? { href: `/purchasing/suppliers/${order.supplierId}` } : {}),
      },
      { label: t('purchasing:order.store'), value: order.storeName },
      { label: t('purchasing:order.orderedOn'), value: f.date(order.orderedOn) },
      {
        label: t('purchasing:order.expectedOn'),
        value: order.expectedOn === null ? t('purchasing:none') : f.date(order.expectedOn),
        muted: order.expectedOn === null,
      },
      { label: t('purchasing:order.by'), value: order.createdByName },
      ...(order.note ? [{ label: t('purchasing:receipt.note'), value: order.note }] : []),
    ],
  };
}

function approvals(ctx: OrderCtx, order: OrderView): Facts | null {
  if (order.approvals.length === 0) return null;
  const { t, f } = ctx;
  return {
    facts: order.approvals.map(({ name, roleCode, decidedAt, decidedByName }) => ({
      label: name,
      ...(decidedAt === null
        ? { value: t('purchasing:order.waitsFor', { role: roleWords(ctx, roleCode) }), tone: 'hold' as const }
        : { value: decidedByName ?? '', sub: f.dateTime(decidedAt) }),
    })),
  };
}

function timeline({ t, f }: OrderCtx, entries: readonly DocumentEvent[]): Timeline {
  return {
    entries: entries.map(({ who, what, at, detail }, index) => ({
      who,
      what: t(`purchasing:order.timeline.${what}`, {
        ...detail,
        lines: f.number(Number(detail['lines'] ?? 0)),
        pieces: f.number(Number(detail['pieces'] ?? 0)),
      }),
      at: f.dateTime(at),
      now: index === 0,
    })),
  };
}
