import { formatImei } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { getCompany } from '../../organization';
import { consignmentDevices, consignmentView } from '../queries/consignment-page';
import { consignmentHref } from './consignment-words';

/** 委托代销单, for the partner to sign: what was given, at which price, until when. */
export async function printConsignment(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await consignmentView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const devices = await consignmentDevices(ctx.read, row.id);
  const company = await getCompany(ctx.read);
  const model = {
    paper: 'a4',
    backHref: consignmentHref(row.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('sales:consignment.one'),
      number: row.number,
      code: barcodeOf(row.number),
      facts: [
        { label: t('sales:consignment.partner'), value: row.partner },
        { label: t('sales:consignment.place'), value: row.place },
        { label: t('sales:consignment.givenOn'), value: f.date(row.businessDate) },
        { label: t('sales:consignment.dueOn'), value: f.date(row.dueOn) },
        { label: t('sales:consignment.devices'), value: f.number(row.devices) },
        { label: t('sales:consignment.amount'), value: f.money(row.amountFen) },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('sales:sale.product'), num: false },
      { label: t('sales:consignment.imei'), num: false },
      { label: t('sales:consignment.price'), num: true },
    ],
    rows: devices.map(({ skuName, mainNumber, priceFen }, index) => [
      String(index + 1),
      skuName,
      formatImei(mainNumber),
      f.money(priceFen),
    ]),
    notes: [t('sales:consignment.terms'), ...(row.note ? [row.note] : [])],
    signatures: [t('sales:consignment.signGiven'), t('sales:consignment.signPartner'), t('sales:consignment.signBack')],
  };
  return page('sales/consignment-print', row.number, model, { layout: 'print' });
}

/** The document's number as a picture that a scanner reads. */
export const barcodeOf = (number: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(code128Svg(number, { text: false, heightMm: 8 })).toString('base64')}`;
