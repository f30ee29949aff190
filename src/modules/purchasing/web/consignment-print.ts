import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { getCompany } from '../../organization';
import { consignmentDevices, consignmentView } from '../queries/consignment-page';
import { consignmentHref } from './consignment-words';

/** For both sides to sign: each device by its number; without prices for readers who do not see cost. */
export async function printConsignment(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const devices = await consignmentDevices(ctx.read, document);
  const company = await getCompany(ctx.read);
  const { money, kind } = document;
  const svg = code128Svg(document.number, { text: false, heightMm: 8 });
  const model = {
    paper: 'a4',
    backHref: consignmentHref(document.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t(`purchasing:consignment.kind.${kind}`),
      number: document.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        { label: t('purchasing:receipt.supplier'), value: document.supplierName },
        {
          label: t(kind === 'receipt' ? 'purchasing:receipt.place' : 'purchasing:receipt.store'),
          value: document.place,
        },
        { label: t('purchasing:receipt.businessDate'), value: f.date(document.businessDate) },
        { label: t('purchasing:receipt.state'), value: t(`common:state.${document.state}`) },
        ...(document.untilOn ? [{ label: t('purchasing:consignment.untilOn'), value: f.date(document.untilOn) }] : []),
        ...(document.dueOn ? [{ label: t('purchasing:consignment.dueOn'), value: f.date(document.dueOn) }] : []),
        ...(document.invoiceNumber
          ? [{ label: t('purchasing:consignment.invoiceNumber'), value: document.invoiceNumber }]
          : []),
        ...(document.note ? [{ label: t('purchasing:receipt.note'), value: document.note }] : []),
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('purchasing:receipt.product'), num: false },
      { label: t('purchasing:consigned.number'), num: false },
      ...(kind === 'settlement' ? [{ label: t('purchasing:consigned.soldOn'), num: false }] : []),
      ...(money ? [{ label: t('purchasing:consignment.price'), num: true }] : []),
    ],
    rows: devices.map((one, index) => ({
      cells: [
        String(index + 1),
        one.skuName,
        f.imei(one.mainNumber),
        ...(kind === 'settlement' ? [one.sourceOn === null ? '' : f.date(one.sourceOn)] : []),
        ...(money ? [f.money(one.priceFen)] : []),
      ],
      numbers: [],
    })),
    totals: {
      money: true,
      facts: [
        { label: t('purchasing:consignment.devices'), value: f.number(document.devices) },
        ...(money
          ? [{ label: t('purchasing:consignment.gross'), value: f.moneyYuan(money.grossFen), strong: true }]
          : []),
      ],
    },
    signatures: [t('purchasing:consignment.signUs'), t('purchasing:order.sign.supplier')],
  };
  return page('purchasing/print', document.number, model, { layout: 'print' });
}
