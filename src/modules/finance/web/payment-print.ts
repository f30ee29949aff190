import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { getCompany } from '../../organization';
import { paymentView } from '../queries/payment-page';
import { linesTable } from './payment.page';
import { paymentHref } from './payment-words';

/** The voucher of a payment, A4, to be signed. */
export async function printPayment(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const document = await paymentView(ctx.read, ctx.actor, ctx.id());
  const company = await getCompany(ctx.read);
  const svg = code128Svg(document.number, { text: false, heightMm: 8 });
  const fact = (name: string, value: string | null) =>
    value === null ? [] : [{ label: t(`finance:payment.${name}`), value }];
  const model = {
    paper: 'a4',
    backHref: paymentHref(document.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('finance:payment.one'),
      number: document.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        ...fact('supplier', `${document.supplierName} · ${document.supplierCode}`),
        ...fact('store', document.storeName),
        ...fact('account', t(`finance:account.${document.account}`)),
        ...fact('businessDate', f.date(document.businessDate)),
        ...fact('stateLabel', t(`finance:payment.state.${document.state}`)),
        ...fact('reference', document.reference),
        ...fact('approvedBy', document.approvedByName),
        ...fact('note', document.note),
      ],
    },
    table: linesTable(ctx, document.lines),
    totals: {
      money: true,
      facts: [
        { label: t('finance:payment.payable'), value: f.money(document.payableFen) },
        { label: t('finance:payment.credit'), value: f.money(document.creditFen) },
        { label: t('finance:payment.prepaid'), value: f.money(document.prepaidFen) },
        { label: t('finance:payment.amount'), value: f.moneyYuan(document.amountFen), strong: true },
      ],
    },
    signatures: ['by', 'approvedBy', 'paidBy'].map((name) => t(`finance:payment.${name}`)),
  };
  return page('finance/print', document.number, model, { layout: 'print' });
}
