import type { Ctx } from '../../../platform/http';
import {
  type Action,
  type Cell,
  type Facts,
  type PageHead,
  type RelatedDocuments,
  stateLabel,
  type Table,
  type Timeline,
} from '../../../platform/views';
import { VIEW_SETTLEMENTS } from '../queries/settlement-list';
import type { RelatedSale, SaleLineView, SaleView } from '../queries/sale-page';
import { settlementHref } from './settlement-words';

export interface SalePage {
  head: PageHead;
  lines: Table;
  facts: Facts;
  money: Facts;
  tenders: Facts;
  approvals: string[];
  related: RelatedDocuments;
  timeline: Timeline;
}

export function salePage(ctx: Ctx, view: SaleView): SalePage {
  return {
    head: headOf(ctx, view),
    lines: linesOf(ctx, view),
    facts: factsOf(ctx, view),
    money: moneyOf(ctx, view),
    tenders: tendersOf(ctx, view),
    approvals: view.approvals.map(({ lineNo, priceFen, floorFen, floorFromCost, approvedByName }) =>
      // A floor that comes from the cost tells it.
      ctx.t(floorFromCost && view.sale.costFen === undefined ? 'sales:sale.approvedHidden' : 'sales:sale.approved', {
        line: lineNo,
        price: ctx.f.money(priceFen),
        floor: ctx.f.money(floorFen),
        name: approvedByName,
      }),
    ),
    related: {
      documents: [...(view.original ? [view.original] : []), ...view.returns].map((one) => relatedOf(ctx, one)),
    },
    timeline: timelineOf(ctx, view),
  };
}

const stateOf = ({ t }: Ctx, { state, kind }: Pick<RelatedSale, 'state' | 'kind'>) =>
  stateLabel(t, state === 'reversed' ? 'reversed' : kind === 'return' ? 'returned' : 'sold', true);

/** What can still be done with it: a return of what is left, a reversal on its own day in its own open shift. */
export function possibleActions(
  ctx: Ctx,
  { sale, lines, shift, settlement }: SaleView,
): { mayReturn: boolean; mayReverse: boolean } {
  const isPosted = sale.state === 'posted';
  const left = lines.some((line) => line.quantity > line.returnedQuantity);
  const untouched = lines.every((line) => line.returnedQuantity === 0);
  return {
    mayReturn: isPosted && sale.kind === 'sale' && left && ctx.can('sales.sale.return', sale.storeId),
    mayReverse:
      isPosted &&
      settlement === null &&
      untouched &&
      sale.businessDate === ctx.today &&
      shift?.open !== false &&
      ctx.can('sales.sale.reverse', sale.storeId),
  };
}

function headOf(ctx: Ctx, view: SaleView): PageHead {
  const { t } = ctx;
  const { sale, store, registerName } = view;
  const { mayReturn, mayReverse } = possibleActions(ctx, view);
  const actions: Action[] = [
    { label: t('sales:sale.receipt'), href: `/sales/sales/${sale.id}/receipt`, icon: 'printer' },
    ...(mayReverse
      ? [
          {
            label: t('common:action.reverse'),
            href: `/sales/sales/${sale.id}/reversal`,
            icon: 'arrow-back-up' as const,
            look: 'danger' as const,
            confirm: true,
          },
        ]
      : []),
    ...(mayReturn
      ? [
          {
            label: t('sales:return.create'),
            href: `/sales/sales/${sale.id}/return`,
            icon: 'receipt-refund' as const,
            look: 'primary' as const,
          },
        ]
      : []),
  ];
  return {
    title: sale.saleNumber,
    crumbs: [{ href: '/sales/sales', label: t('sales:sale.list') }],
    state: stateOf(ctx, sale),
    say: [t(`sales:kind.${sale.kind}`), store.name, registerName].filter(Boolean).join(' · '),
    actions,
  };
}

function linesOf(ctx: Ctx, { lines, sale }: SaleView): Table {
  const { t } = ctx;
  const withCost = sale.costFen !== undefined;
  return {
    id: 'sale-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'no', label: '#', card: 'hide' },
      { key: 'product', label: t('sales:sale.product'), card: 'title' },
      { key: 'quantity', label: t('sales:sale.quantity'), num: true, card: 'number' },
      { key: 'price', label: t('sales:sale.price'), num: true, card: 'number' },
      { key: 'discount', label: t('sales:sale.discount'), num: true, card: 'number' },
      { key: 'amount', label: t('sales:sale.amount'), num: true, card: 'number' },
      ...(withCost
        ? [
            { key: 'cost', label: t('sales:sale.cost'), num: true, card: 'hide' as const },
            { key: 'margin', label: t('sales:sale.margin'), num: true, card: 'number' as const },
          ]
        : []),
    ],
    rows: lines.map((line) => ({ id: line.id, cells: lineCells(ctx, line, withCost) })),
  };
}

function lineCells(ctx: Ctx, line: SaleLineView, withCost: boolean): Cell[] {
  const { t, f, can } = ctx;
  const gift = line.amountFen === 0 && line.listPriceFen > 0 && line.quantity > 0;
  const sub = [
    line.sku?.code ?? '',
    ...(gift ? [t('sales:till.say.gift')] : []),
    ...(line.returnedQuantity > 0 ? [t('sales:sale.returnedPieces', { count: line.returnedQuantity })] : []),
  ].join(' · ');
  return [
    String(line.lineNo),
    {
      text: line.sku?.name ?? '',
      sub,
      ...(line.number === null ? {} : { number: line.number }),
      ...(line.number !== null && can('inventory.device.view') ? { href: `/inventory/devices/${line.deviceId}` } : {}),
    },
    f.number(line.quantity),
    priceCell(ctx, line),
    line.discountFen === 0 ? '' : f.money(-line.discountFen),
    { text: f.money(line.amountFen), strong: true },
    ...(withCost ? [f.money(line.costFen), f.money(line.netFen - (line.costFen ?? 0))] : []),
  ];
}

/** The price of a piece and where it came from. */
function priceCell({ t, f }: Ctx, { listPriceFen, priceFrom, priceListName }: SaleLineView): Cell {
  const text = f.money(listPriceFen);
  if (priceFrom === null) return text;
  if (priceFrom !== 'list') return { text, sub: t(`sales:sale.priceFrom.${priceFrom}`) };
  return priceListName === null ? text : { text, sub: priceListName };
}

function factsOf(
  { t, f, can }: Ctx,
  { sale, shift, salespersonName, customer, channelName, settlement }: SaleView,
): Facts {
  const name = customer ? [customer.name, customer.phoneMasked].filter(Boolean).join(' ') : t('sales:till.say.walkIn');
  return {
    facts: [
      { label: t('sales:sale.soldAt'), value: f.dateTime(sale.soldAt) },
      { label: t('sales:sale.businessDate'), value: f.date(sale.businessDate) },
      { label: t('sales:sale.cashier'), value: sale.cashierName },
      ...(salespersonName ? [{ label: t('sales:sale.salesperson'), value: salespersonName }] : []),
      { label: t('sales:sale.customer'), value: name },
      { label: t('sales:sale.channel'), value: channelName ?? t('sales:sale.ownSale') },
      ...(shift
        ? [
            {
              label: t('sales:shift.shift'),
              value: shift.shiftNumber,
              ...(can('sales.shift.view', sale.storeId) ? { href: `/sales/shifts/${shift.id}` } : {}),
            },
          ]
        : []),
      ...(settlement
        ? [
            {
              label: t('sales:settlement.one'),
              value: settlement.number,
              ...(can(VIEW_SETTLEMENTS, sale.storeId) ? { href: settlementHref(settlement.id) } : {}),
            },
          ]
        : []),
      ...(sale.note ? [{ label: t('sales:sale.note'), value: sale.note }] : []),
    ],
  };
}

function moneyOf({ t, f }: Ctx, { sale }: SaleView): Facts {
  return {
    money: true,
    facts: [
      { label: t('sales:sale.list_price'), value: f.money(sale.listFen) },
      { label: t('sales:sale.discount'), value: f.money(0 - sale.discountFen) },
      { label: t('sales:sale.gross'), value: f.moneyYuan(sale.grossFen), strong: true },
      { label: t('sales:sale.net'), value: f.money(sale.netFen), muted: true },
      { label: t('sales:sale.tax'), value: f.money(sale.taxFen), muted: true },
      ...(sale.costFen === undefined
        ? []
        : [
            { label: t('sales:sale.cost'), value: f.money(sale.costFen) },
            { label: t('sales:sale.margin'), value: f.money(sale.netFen - sale.costFen), strong: true },
          ]),
    ],
  };
}

function tendersOf({ t, f }: Ctx, { tenders, sale }: SaleView): Facts {
  return {
    money: true,
    facts: [
      ...tenders.map(({ kind, amountFen, receivedFen, reference }) => ({
        label: t(`sales:tender.${kind}`),
        value: f.money(amountFen),
        ...(receivedFen !== null && receivedFen !== amountFen
          ? { sub: t('sales:sale.received', { amount: f.money(receivedFen) }) }
          : reference
            ? { sub: reference }
            : {}),
      })),
      ...(sale.changeFen > 0 ? [{ label: t('sales:sale.change'), value: f.money(sale.changeFen), muted: true }] : []),
    ],
  };
}

function relatedOf(ctx: Ctx, one: RelatedSale): RelatedDocuments['documents'][number] {
  return {
    number: one.saleNumber,
    href: `/sales/sales/${one.id}`,
    icon: one.kind === 'return' ? 'receipt-refund' : 'receipt',
    say: `${ctx.t(`sales:kind.${one.kind}`)} ${ctx.f.money(one.grossFen)}`,
    state: stateOf(ctx, one),
  };
}

function timelineOf({ t, f }: Ctx, { sale, returns, approvals }: SaleView): Timeline {
  const entries = [
    ...(sale.reversedAt === null
      ? []
      : [
          {
            who: sale.reversedByName ?? '',
            what: t('sales:event.reversed'),
            at: f.dateTime(sale.reversedAt),
            now: true,
          },
        ]),
    ...returns.toReversed().map((one) => ({
      who: one.cashierName,
      what: t('sales:event.returned', { number: one.saleNumber }),
      at: f.dateTime(one.soldAt),
      href: `/sales/sales/${one.id}`,
    })),
    { who: sale.cashierName, what: t(`sales:event.${sale.kind}`), at: f.dateTime(sale.soldAt) },
    ...approvals.map((one) => ({
      who: one.approvedByName,
      what: t('sales:event.approved', { line: one.lineNo }),
      at: f.dateTime(one.approvedAt),
    })),
  ];
  return { entries };
}
