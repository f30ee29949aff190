import type { Ctx } from '../../../platform/http';
import type { Field, Table } from '../../../platform/views';
import { deviationBp } from '../domain/supplier-price';
import type { OrderLineView, OrderView } from '../queries/order-page';
import { orderHref } from './order-words';
import type { AddLineForm } from './receipt.page';

export type OrderCtx = Pick<Ctx, 't' | 'f' | 'can'>;

export function orderLines(ctx: OrderCtx, order: OrderView, edits: boolean): Table {
  const { t, f } = ctx;
  const money = order.money !== undefined;
  const href = orderHref(order.id);
  // Before it is ordered nothing can arrive.
  const ordered = order.state !== 'draft';
  const closes = order.open > 0 && order.storeIds.every((storeId) => ctx.can('purchasing.order.close', storeId));
  return {
    id: 'order-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'line', label: '#', card: 'hide' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      { key: 'store', label: t('purchasing:order.receivingStore'), card: 'full' },
      { key: 'expected', label: t('purchasing:order.expectedOn'), card: 'number', keep: true },
      { key: 'quantity', label: t('purchasing:order.quantity'), num: true, card: 'number' },
      ...(ordered
        ? [
            { key: 'received', label: t('purchasing:order.arrived'), num: true, card: 'number' as const },
            { key: 'state', label: t('purchasing:receipt.state'), card: 'state' as const },
          ]
        : []),
      ...(money
        ? [
            { key: 'price', label: t('purchasing:receipt.price'), num: true, card: 'number' as const },
            { key: 'amount', label: t('purchasing:receipt.amount'), num: true, card: 'number' as const },
          ]
        : []),
      ...(edits || closes
        ? [{ key: 'actions', label: t('purchasing:receipt.lineActions'), quiet: true, card: 'full' as const }]
        : []),
    ],
    rows: order.lines.map((line) => ({
      id: line.id,
      cells: [
        { text: String(line.lineNo), muted: true },
        { text: line.skuName, sub: line.skuCode, strong: true },
        line.storeName,
        expected(ctx, order, line),
        line.brokenPack === null
          ? f.number(line.quantity)
          : { text: f.number(line.quantity), sub: t('purchasing:order.brokenPack', { count: line.brokenPack }) },
        ...(ordered ? [f.number(line.received), lineState(ctx, order, line)] : []),
        ...(money ? [priceCell(ctx, line), f.money(line.amountFen)] : []),
        ...(edits
          ? [
              {
                actions: [
                  {
                    label: t('common:action.remove'),
                    href: `${href}/lines/${line.id}/removal`,
                    icon: 'trash' as const,
                    confirm: true,
                  },
                ],
              },
            ]
          : []),
        ...(closes ? [closeLine(ctx, href, line)] : []),
      ],
    })),
    totals: [
      null,
      { text: t('common:total') },
      null,
      null,
      f.number(order.quantity),
      ...(ordered ? [f.number(order.received), null] : []),
      ...(money ? [null, f.money(order.money?.grossFen)] : []),
      ...(edits || closes ? [null] : []),
    ],
  };
}

/** A price that is not the list's says so, and by how much. */
function priceCell({ t, f }: OrderCtx, { unitPriceFen, listFen }: OrderLineView) {
  if (unitPriceFen === null || unitPriceFen === undefined)
    return { text: t('purchasing:receipt.noPrice'), tone: 'hold' as const };
  if (unitPriceFen === 0) return t('purchasing:order.free');
  const text = f.money(unitPriceFen);
  const off = deviationBp(unitPriceFen, listFen ?? null);
  if (off === null || off === 0) return text;
  const sub = t(off > 0 ? 'purchasing:order.aboveList' : 'purchasing:order.belowList', {
    list: f.money(listFen),
    percent: f.percent(Math.abs(off)),
  });
  return off > 0 ? { text, sub, tone: 'hold' as const } : { text, sub };
}

function closeLine({ t }: OrderCtx, href: string, line: OrderLineView) {
  if (line.open === 0) return null;
  const close = { label: t('purchasing:order.close'), icon: 'x' as const, confirm: true };
  return { actions: [{ ...close, href: `${href}/closing?line=${line.id}` }] };
}

function expected({ t, f }: OrderCtx, order: OrderView, line: OrderLineView) {
  const day = line.expectedOn ?? order.expectedOn;
  if (day === null) return null;
  return line.late ? { text: f.date(day), tone: 'bad' as const, aside: t('purchasing:order.late') } : f.date(day);
}

function lineState({ t, f }: OrderCtx, order: OrderView, line: OrderLineView) {
  if (line.givenUp > 0)
    return { state: { tone: 'gone' as const, text: t('purchasing:order.givenUp', { count: f.number(line.givenUp) }) } };
  if (line.received > line.quantity) {
    const count = f.number(line.received - line.quantity);
    return { state: { tone: 'hold' as const, text: t('purchasing:order.over', { count }) } };
  }
  if (line.open === 0) return { state: { tone: 'ok' as const, text: t('purchasing:receipt.complete') } };
  if (order.open === 0) return null;
  return { state: { tone: 'way' as const, text: t('purchasing:order.toCome', { count: f.number(line.open) }) } };
}

export interface NewLineInput {
  order: OrderView;
  /** Stores in which the reader may order. */
  stores: readonly { id: number; name: string }[];
  operationKey: string;
  /** What was typed, with its problems. */
  typed?: { values: Record<string, string>; problems: Record<string, string> };
}

export type NewOrderLineForm = Omit<AddLineForm, 'fileAction' | 'fileHint'>;

export function orderAddLine(ctx: OrderCtx, { order, operationKey, typed, stores }: NewLineInput): NewOrderLineForm {
  const { t } = ctx;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:line.${name}`),
    value: typed?.values[name] ?? '',
    ...(typed?.problems[name] ? { error: typed.problems[name] } : {}),
    ...more,
  });
  const chosen = typed?.values['storeId'] ?? String(order.lines.at(-1)?.storeId ?? order.storeId);
  return {
    action: `${orderHref(order.id)}/lines`,
    operationKey: `${operationKey}-line`,
    suggestions: '/purchasing/orders/skus',
    fields: [
      field('sku', { type: 'search', placeholder: t('purchasing:line.skuHint'), autocomplete: 'off', wide: true }),
      field('storeId', {
        type: 'select',
        label: t('purchasing:order.receivingStore'),
        value: chosen,
        choose: false,
        options: stores.map(({ id, name }) => ({ value: id, label: name })),
      }),
      field('quantity', { label: t('purchasing:order.quantity'), inputmode: 'numeric', autocomplete: 'off' }),
      ...(order.money ? [field('unitPrice', { type: 'money', placeholder: t('purchasing:order.unitPriceHint') })] : []),
      field('expectedOn', { type: 'date', label: t('purchasing:order.expectedOn'), optional: true }),
    ],
  };
}
