import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { getCompany } from '../../organization';
import { orderView } from '../queries/order-page';
import { orderHref } from './order-words';

/** A sheet for the supplier; without prices for readers who do not see cost. */
export async function printOrder(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const order = await orderView(ctx.read, ctx.actor, ctx.id(), ctx.today);
  const company = await getCompany(ctx.read);
  const { money } = order;
  const svg = code128Svg(order.number, { text: false, heightMm: 8 });
  const model = {
    paper: 'a4',
    backHref: orderHref(order.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('purchasing:order.one'),
      number: order.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        { label: t('purchasing:receipt.supplier'), value: order.supplierName },
        { label: t('purchasing:order.store'), value: order.storeName },
        { label: t('purchasing:order.orderedOn'), value: f.date(order.orderedOn) },
        { label: t('purchasing:order.expectedOn'), value: order.expectedOn === null ? '' : f.date(order.expectedOn) },
        { label: t('purchasing:receipt.state'), value: t(`purchasing:order.state.${order.state}`) },
        { label: t('purchasing:order.by'), value: order.createdByName },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('purchasing:receipt.product'), num: false },
      { label: t('purchasing:line.code'), num: false },
      { label: t('purchasing:order.receivingStore'), num: false },
      { label: t('purchasing:order.expectedOn'), num: false },
      { label: t('purchasing:order.quantity'), num: true },
      ...(money
        ? [
            { label: t('purchasing:receipt.price'), num: true },
            { label: t('purchasing:receipt.amount'), num: true },
          ]
        : []),
    ],
    rows: order.lines.map((line) => {
      const day = line.expectedOn ?? order.expectedOn;
      return {
        cells: [
          String(line.lineNo),
          line.skuName,
          line.skuCode,
          line.storeName,
          day === null ? '' : f.date(day),
          f.number(line.quantity),
          ...(money ? [f.money(line.unitPriceFen), f.money(line.amountFen)] : []),
        ],
        numbers: [],
      };
    }),
    totals: {
      money: true,
      facts: [
        { label: t('purchasing:order.quantity'), value: f.number(order.quantity) },
        ...(money ? [{ label: t('purchasing:receipt.gross'), value: f.moneyYuan(money.grossFen), strong: true }] : []),
      ],
    },
    signatures: [
      t('purchasing:order.sign.ordered'),
      t('purchasing:order.sign.approved'),
      t('purchasing:order.sign.supplier'),
    ],
  };
  return page('purchasing/print', order.number, model, { layout: 'print' });
}
