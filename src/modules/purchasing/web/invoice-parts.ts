import { type Ctx, documentHref, percentText } from '../../../platform/http';
import type { Cell, Field, Table } from '../../../platform/views';
import type { FoundInvoice } from '../queries/invoice-list';
import type { InvoiceLineView, InvoiceView, ShareView } from '../queries/invoice-page';
import { OTHER_KINDS } from '../use-cases/invoice-lines';
import { invoiceHref, invoiceState } from './invoice-words';
import { orderHref } from './order-words';
import { receiptHref } from './receipt-parts';

export type InvoiceCtx = Pick<Ctx, 't' | 'f' | 'can'>;

const num = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });

/** Order, receipt and invoice of each line side by side (三单匹配). */
export function matchTable(ctx: InvoiceCtx, document: InvoiceView, edits: boolean): Table {
  const { t, f } = ctx;
  const posted = document.accruedFen !== null;
  return {
    id: 'invoice-lines',
    caption: t('purchasing:invoice.matching'),
    wide: true,
    columns: [
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      num('ordered', t('purchasing:invoice.orderedPrice')),
      num('received', t('purchasing:invoice.receivedPrice')),
      num('quantity', t('purchasing:invoice.quantity')),
      num('price', t('purchasing:invoice.price')),
      num('amount', t('purchasing:receipt.amount')),
      num('difference', t('purchasing:receipt.difference')),
      ...(posted ? [num('held', t('purchasing:invoice.held')), num('adjusted', t('purchasing:invoice.adjusted'))] : []),
      ...(edits
        ? [{ key: 'actions', label: t('purchasing:receipt.lineActions'), quiet: true, card: 'full' as const }]
        : []),
    ],
    rows: document.lines.map((line) => {
      const { received, quantity } = line;
      return {
        id: line.id,
        cells: [
          productCell(ctx, line, document),
          orderedCell(ctx, line),
          received ? f.money(received.receivedPriceFen) : null,
          quantityCell(ctx, line, posted),
          quantity > 0 ? f.money(Math.round(line.amountFen / quantity)) : null,
          { text: f.money(line.amountFen), sub: t('purchasing:invoice.taxOf', { tax: f.money(line.taxFen) }) },
          differenceCell(ctx, line),
          ...(posted
            ? [
                line.heldFen === null ? null : f.moneySigned(line.heldFen),
                line.adjustedFen === null ? null : f.moneySigned(line.adjustedFen),
              ]
            : []),
          ...(edits
            ? [
                {
                  actions: [
                    {
                      label: t('common:action.remove'),
                      href: `${invoiceHref(document.id)}/lines/${line.id}/removal`,
                      icon: 'trash' as const,
                      confirm: true,
                    },
                  ],
                },
              ]
            : []),
        ],
      };
    }),
    totals: [
      { text: t('common:total') },
      null,
      null,
      f.number(document.quantity),
      null,
      f.money(document.grossFen),
      null,
      ...(posted ? [f.moneySigned(document.heldFen ?? 0), f.moneySigned(document.adjustedFen ?? 0)] : []),
      ...(edits ? [null] : []),
    ],
  };
}

/** What stays without invoice is told where not all of it was billed. */
function quantityCell({ t, f }: InvoiceCtx, { kind, quantity, match }: InvoiceLineView, posted: boolean): Cell {
  if (kind !== 'goods') return null;
  const left = match?.leftPieces ?? 0;
  if (posted || left === quantity) return f.number(quantity);
  const sub = t('purchasing:invoice.ofLeft', { count: f.number(left) });
  return { text: f.number(quantity), sub, ...(left < quantity ? { tone: 'bad' as const } : {}) };
}

/** The receipt and the store are told where the invoice is about several. */
function productCell(
  { t, can }: InvoiceCtx,
  { title, skuCode, kind, received, storeId, storeName }: InvoiceLineView,
  { lines, storeId: owes }: InvoiceView,
): Cell {
  if (kind !== 'goods') return { text: title, sub: t(`purchasing:invoice.kind.${kind}`), strong: true };
  const several = new Set(lines.flatMap((line) => line.received?.receiptId ?? [])).size > 1;
  const sub = [skuCode, several && received?.receiptNumber, storeId !== owes && storeName].filter(Boolean).join(' · ');
  const href = received && can('purchasing.receipt.view') ? { href: receiptHref(received.receiptId) } : {};
  return { text: title, sub, strong: true, ...href };
}

function orderedCell({ f, can }: InvoiceCtx, { received }: InvoiceLineView): Cell {
  if (!received || received.orderedPriceFen === null) return null;
  const href = received.orderId !== null && can('purchasing.order.view') ? { href: orderHref(received.orderId) } : {};
  return { text: f.money(received.orderedPriceFen), ...href };
}

/** Against the receipt; against the order below it, where that says something else. */
function differenceCell({ t, f }: InvoiceCtx, { match }: InvoiceLineView): Cell {
  if (!match) return null;
  const { differenceFen, orderDifferenceFen, beyond } = match;
  const text = differenceFen === 0 ? t('purchasing:invoice.same') : f.moneySigned(differenceFen);
  const other = orderDifferenceFen !== null && orderDifferenceFen !== differenceFen;
  const sub = [
    beyond ? t('purchasing:invoice.beyondOne') : '',
    other ? t('purchasing:invoice.againstOrder', { amount: f.moneySigned(orderDifferenceFen) }) : '',
  ].filter(Boolean);
  return { text, ...(sub.length > 0 ? { sub: sub.join(' · ') } : {}), ...(beyond ? { tone: 'bad' as const } : {}) };
}

/** Where the differences went: which devices cost something else now, and what fell on sales. */
export function sharesTable(ctx: InvoiceCtx, shares: readonly ShareView[]): Table {
  const { t, f } = ctx;
  return {
    id: 'invoice-shares',
    caption: t('purchasing:invoice.shares'),
    columns: [
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      { key: 'what', label: t('purchasing:invoice.shareOf'), card: 'full' },
      { key: 'where', label: t('purchasing:invoice.shareWhere'), card: 'full' },
      num('amount', t('purchasing:receipt.difference')),
    ],
    rows: shares.map((share) => ({
      id: share.id,
      cells: [
        share.title,
        share.deviceId === null
          ? t('purchasing:invoice.sharePieces', { count: f.number(share.pieces) })
          : {
              text: f.imei(share.deviceNumber ?? ''),
              ...(ctx.can('inventory.device.view') ? { href: documentHref('inventory.device', share.deviceId) } : {}),
            },
        share.sale
          ? {
              text: t('purchasing:invoice.shareSold', { number: share.sale.number }),
              ...(ctx.can('sales.sale.view') ? { href: documentHref(share.sale.type, share.sale.id) } : {}),
            }
          : t(share.held ? 'purchasing:invoice.shareHeld' : 'purchasing:invoice.shareGone'),
        f.moneySigned(share.amountFen),
      ],
    })),
  };
}

/** Invoices among the documents that belong to another one. */
export const invoiceLinks = (ctx: Pick<Ctx, 't' | 'f'>, invoices: readonly FoundInvoice[]) =>
  invoices.map(({ id, number, invoiceNumber, invoicedOn, state }) => ({
    number,
    href: invoiceHref(id),
    icon: 'file-invoice' as const,
    say: ctx.t('purchasing:invoice.linkSay', { number: invoiceNumber, date: ctx.f.date(invoicedOn) }),
    state: invoiceState(ctx, state),
  }));

/** Fields of what is no goods. */
export function otherFields(
  { t }: Pick<Ctx, 't'>,
  rates: readonly { name: string; rateBp: number }[],
  given: (name: string) => string,
  problem: (name: string) => string | undefined,
): Field[] {
  const field = (name: string, more: Partial<Field>): Field => {
    const error = problem(name);
    const label = more.label ?? t(`purchasing:invoice.other.${name}`);
    return { name, value: given(name), ...(error ? { error } : {}), ...more, label };
  };
  return [
    field('kind', {
      type: 'select',
      choose: false,
      options: OTHER_KINDS.map((value) => ({ value, label: t(`purchasing:invoice.kind.${value}`) })),
    }),
    field('text', { maxlength: 200, placeholder: t('purchasing:invoice.other.textHint') }),
    field('amount', { label: t('purchasing:invoice.other.amount'), type: 'money' }),
    field('taxRate', {
      label: t('purchasing:invoice.other.taxRate'),
      type: 'select',
      choose: false,
      options: rates.map(({ rateBp, name }) => ({ value: percentText(rateBp), label: name })),
    }),
  ];
}
