import type { Ctx } from '../../../platform/http';
import type { SaleView } from '../queries/sale-page';

export interface ReceiptPage {
  paper: 'receipt-80' | 'receipt-58';
  backHref: string;
  printNow: boolean;
  otherPaper: { href: string; label: string };
  company: string;
  store: string;
  kind: string;
  number: string;
  codeHref: string;
  at: string;
  cashier: string;
  customer: string | null;
  /** Null: the store's own sale. */
  channel: string | null;
  lines: {
    name: string;
    imei: string | null;
    quantity: string;
    price: string;
    discount: string | null;
    amount: string;
  }[];
  pieces: number;
  totals: { label: string; value: string }[];
  grand: string;
  tenders: { label: string; value: string }[];
  tax: string;
}

/** A receipt holds what the customer may see: no cost, no full phone number. */
export function receiptPage(ctx: Ctx, view: SaleView, company: string): ReceiptPage {
  const { t, f } = ctx;
  const { sale, store, lines, tenders, customer } = view;
  const narrow = ctx.query['paper'] === '58';
  const base = `/sales/sales/${sale.id}/receipt`;
  return {
    paper: narrow ? 'receipt-58' : 'receipt-80',
    backHref: `/sales/sales/${sale.id}`,
    printNow: ctx.query['print'] === '1',
    otherPaper: { href: narrow ? base : `${base}?paper=58`, label: t(`sales:receipt.paper${narrow ? 80 : 58}`) },
    company,
    store: [store.name, store.phone].filter(Boolean).join(' '),
    kind: t(`sales:receipt.${sale.kind}`),
    number: sale.saleNumber,
    codeHref: `/sales/sales/${sale.id}/barcode.svg`,
    at: f.dateTime(sale.soldAt),
    cashier: sale.cashierName,
    customer: customer ? [customer.name, customer.phoneMasked].filter(Boolean).join(' ') : null,
    channel: view.channelName,
    lines: lines.map((line) => ({
      name: line.sku?.name ?? '',
      imei: line.number,
      quantity: f.number(line.quantity),
      price: f.money(line.listPriceFen),
      discount: line.discountFen === 0 ? null : f.money(0 - line.discountFen),
      amount: f.money(line.amountFen),
    })),
    pieces: sale.quantity,
    totals:
      sale.discountFen === 0
        ? []
        : [
            { label: t('sales:sale.list_price'), value: f.money(sale.listFen) },
            { label: t('sales:sale.discount'), value: f.money(0 - sale.discountFen) },
          ],
    grand: f.moneyYuan(sale.grossFen),
    tenders: [
      ...tenders.map(({ kind, amountFen, receivedFen }) => ({
        label: t(`sales:tender.${kind}`),
        value: f.money(receivedFen ?? amountFen),
      })),
      ...(sale.changeFen > 0 ? [{ label: t('sales:sale.change'), value: f.money(sale.changeFen) }] : []),
    ],
    tax: t('sales:receipt.tax', { amount: f.money(sale.taxFen) }),
  };
}
