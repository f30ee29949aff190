import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import { getCompany } from '../../organization';
import { protectedDeviceList, protectedDevices, protectionView } from '../queries/protection-page';
import { MAX_PROTECTED } from '../use-cases/list-protected';
import { protectionHref } from './protection-words';

/** The claim for the supplier: covered devices by model; without amounts for readers who do not see cost. */
export async function printProtection(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  const query = { ...readListQuery(protectedDeviceList(claim.id), {}), size: MAX_PROTECTED };
  const devices = (await protectedDevices(ctx.read, claim.id, query)).filter(({ coverage }) => coverage !== 'none');
  const company = await getCompany(ctx.read);
  const { money } = claim;
  const svg = code128Svg(claim.number, { text: false, heightMm: 8 });
  const num = (label: string) => ({ label, num: true });
  const model = {
    paper: 'a4',
    backHref: protectionHref(claim.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('purchasing:protection.one'),
      number: claim.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        { label: t('purchasing:receipt.supplier'), value: claim.supplierName },
        { label: t('purchasing:protection.storeId'), value: claim.storeName },
        { label: t('purchasing:protection.effectiveAt'), value: f.dateTime(claim.effectiveAt) },
        {
          label: t('purchasing:protection.windowDays'),
          value: t('purchasing:protection.days', { count: claim.windowDays }),
        },
        { label: t('purchasing:receipt.state'), value: t(`purchasing:protection.state.${claim.state}`) },
        { label: t('purchasing:protection.reference'), value: claim.reference ?? '' },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('purchasing:receipt.product'), num: false },
      num(t('purchasing:protection.covered')),
      ...(money
        ? [
            num(t('purchasing:protection.oldPrice')),
            num(t('purchasing:protection.newPrice')),
            num(t('purchasing:protection.unit')),
            num(t('purchasing:protection.claimed')),
          ]
        : []),
    ],
    rows: claim.lines.map((line) => ({
      cells: [
        String(line.lineNo),
        `${line.skuName} · ${line.skuCode}`,
        f.number(line.covered),
        ...(line.money
          ? [
              f.money(line.money.oldPriceFen),
              f.money(line.money.newPriceFen),
              f.money(line.money.unitFen),
              f.money(line.money.claimedFen),
            ]
          : []),
      ],
      numbers: devices.filter(({ lineId }) => lineId === line.id).map(({ mainNumber }) => f.imei(mainNumber)),
    })),
    totals: {
      money: true,
      facts: [
        { label: t('purchasing:protection.covered'), value: f.number(claim.covered) },
        ...(money
          ? [{ label: t('purchasing:protection.claimed'), value: f.moneyYuan(money.claimedFen), strong: true }]
          : []),
      ],
    },
    signatures: [
      t('purchasing:protection.sign.claimed'),
      t('purchasing:order.sign.approved'),
      t('purchasing:order.sign.supplier'),
    ],
  };
  return page('purchasing/print', claim.number, model, { layout: 'print' });
}
