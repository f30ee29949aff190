import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { getCompany } from '../../organization';
import { invoiceView } from '../queries/invoice-page';
import { invoiceHref } from './invoice-words';

/** The sheet that is filed with the invoice: what was matched, and who checked it. */
export async function printInvoice(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const document = await invoiceView(ctx.read, ctx.actor, ctx.id());
  const company = await getCompany(ctx.read);
  const svg = code128Svg(document.number, { text: false, heightMm: 8 });
  const column = (label: string, num = true) => ({ label, num });
  const model = {
    paper: 'a4',
    backHref: invoiceHref(document.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('purchasing:invoice.one'),
      number: document.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        { label: t('purchasing:receipt.supplier'), value: document.supplierName },
        { label: t('purchasing:invoice.invoiceNumber'), value: document.invoiceNumber },
        { label: t('purchasing:invoice.invoicedOn'), value: f.date(document.invoicedOn) },
        { label: t('purchasing:invoice.dueOn'), value: f.date(document.dueOn) },
        { label: t('purchasing:invoice.storeId'), value: document.storeName },
        { label: t('purchasing:receipt.state'), value: t(`purchasing:invoice.state.${document.state}`) },
      ],
    },
    columns: [
      column('#', false),
      column(t('purchasing:receipt.product'), false),
      column(t('purchasing:receipt.one'), false),
      column(t('purchasing:invoice.receivedPrice')),
      column(t('purchasing:invoice.quantity')),
      column(t('purchasing:invoice.price')),
      column(t('purchasing:receipt.amount')),
      column(t('purchasing:invoice.tax')),
      column(t('purchasing:receipt.difference')),
    ],
    rows: document.lines.map((line) => ({
      cells: [
        String(line.lineNo),
        line.title,
        line.received?.receiptNumber ?? t(`purchasing:invoice.kind.${line.kind}`),
        line.received ? f.money(line.received.receivedPriceFen) : '',
        line.kind === 'goods' ? f.number(line.quantity) : '',
        line.quantity > 0 ? f.money(Math.round(line.amountFen / line.quantity)) : '',
        f.money(line.amountFen),
        f.money(line.taxFen),
        line.match ? f.moneySigned(line.match.differenceFen) : '',
      ],
      numbers: [],
    })),
    totals: {
      money: true,
      facts: [
        { label: t('purchasing:receipt.net'), value: f.money(document.grossFen - document.taxFen) },
        { label: t('purchasing:invoice.tax'), value: f.money(document.taxFen) },
        { label: t('purchasing:receipt.gross'), value: f.moneyYuan(document.grossFen), strong: true },
      ],
    },
    signatures: [
      t('purchasing:invoice.sign.entered'),
      t('purchasing:order.sign.approved'),
      t('purchasing:invoice.sign.booked'),
    ],
  };
  return page('purchasing/print', document.number, model, { layout: 'print' });
}
