import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { getCompany } from '../../organization';
import { returnedDevices, returnView } from '../queries/return-page';
import { MAX_RETURN_DEVICES } from '../use-cases/scan-into-return';
import { returnHref } from './return-words';

/** The sheet that goes along with the goods; without prices for readers who do not see cost. */
export async function printReturn(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  const devices = (await returnedDevices(ctx.read, document.id, MAX_RETURN_DEVICES)).toReversed();
  const company = await getCompany(ctx.read);
  const { money } = document;
  const svg = code128Svg(document.number, { text: false, heightMm: 8 });
  const model = {
    paper: 'a4',
    backHref: returnHref(document.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('purchasing:return.one'),
      number: document.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        { label: t('purchasing:receipt.supplier'), value: document.supplierName },
        { label: t('purchasing:return.place'), value: `${document.storeName} ${document.locationName}` },
        { label: t('purchasing:receipt.businessDate'), value: f.date(document.businessDate) },
        { label: t('purchasing:receipt.state'), value: t(`common:state.${document.state}`) },
        { label: t('purchasing:return.reason'), value: document.reason },
        {
          label: t('purchasing:return.settle'),
          value: t(document.exchange ? 'purchasing:return.byExchange' : 'purchasing:return.byMoney'),
        },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('purchasing:receipt.product'), num: false },
      { label: t('purchasing:line.code'), num: false },
      { label: t('purchasing:return.quantity'), num: true },
      ...(money
        ? [
            { label: t('purchasing:return.agreedPrice'), num: true },
            { label: t('purchasing:receipt.amount'), num: true },
          ]
        : []),
    ],
    rows: document.lines.map((line) => ({
      cells: [
        String(line.lineNo),
        line.skuName,
        line.skuCode,
        f.number(line.quantity),
        ...(line.money ? [f.money(line.money.unitPriceFen), f.money(line.money.amountFen)] : []),
      ],
      numbers: devices.filter(({ lineNo }) => lineNo === line.lineNo).map(({ mainNumber }) => f.imei(mainNumber)),
    })),
    totals: {
      money: true,
      facts: [
        { label: t('purchasing:return.quantity'), value: f.number(document.quantity) },
        ...(money ? [{ label: t('purchasing:return.agreed'), value: f.moneyYuan(money.grossFen), strong: true }] : []),
      ],
    },
    signatures: [
      t('purchasing:return.sign.sent'),
      t('purchasing:order.sign.approved'),
      t('purchasing:order.sign.supplier'),
    ],
  };
  return page('purchasing/print', document.number, model, { layout: 'print' });
}
