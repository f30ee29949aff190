import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import { getCompany } from '../../organization';
import { rebateRowList, rebateRowsOf, rebateView } from '../queries/rebate-page';
import { rebateHref, tierText } from './rebate-words';

const MOST_ROWS = 1_000;

/** The statement for the supplier: the last calculation with its rows; without amounts for who does not see cost. */
export async function printRebate(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const rebate = await rebateView(ctx.read, ctx.actor, ctx.id());
  const [run] = rebate.runs;
  const query = { ...readListQuery(rebateRowList(rebate.id), {}), size: MOST_ROWS };
  const rows = run ? (await rebateRowsOf(ctx.read, ctx.actor, run.id, query)).slice(0, MOST_ROWS) : [];
  const company = await getCompany(ctx.read);
  const tier = rebate.tiers[(run?.tierNo ?? 0) - 1];
  const svg = code128Svg(rebate.number, { text: false, heightMm: 8 });
  const model = {
    paper: 'a4',
    backHref: rebateHref(rebate.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('purchasing:rebate.one'),
      number: rebate.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        { label: t('purchasing:receipt.supplier'), value: rebate.supplierName },
        { label: t('purchasing:rebate.name'), value: rebate.name },
        { label: t('purchasing:rebate.kindLabel'), value: t(`purchasing:rebate.kind.${rebate.kind}`) },
        { label: t('purchasing:rebate.period'), value: `${f.date(rebate.fromOn)} – ${f.date(rebate.toOn)}` },
        { label: t('purchasing:rebate.counts'), value: rebate.scope.join(' · ') || t('purchasing:rebate.everything') },
        { label: t('purchasing:rebate.untilOn'), value: f.date(run?.untilOn) },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('purchasing:receipt.number'), num: false },
      { label: t('purchasing:receipt.businessDate'), num: false },
      { label: t('purchasing:receipt.product'), num: false },
      { label: t('purchasing:rebate.pieces'), num: true },
      ...(rebate.seesCost ? [{ label: t('purchasing:receipt.amount'), num: true }] : []),
    ],
    rows: rows.map((row) => ({
      cells: [
        String(row.seq),
        row.documentNumber,
        f.date(row.businessDate),
        row.skuName,
        f.number(row.pieces),
        ...(rebate.seesCost ? [f.money(row.amountFen)] : []),
      ],
      numbers: row.mainNumber === null ? [] : [f.imei(row.mainNumber)],
    })),
    totals: {
      money: true,
      facts: [
        { label: t('purchasing:rebate.pieces'), value: f.number(run?.pieces ?? 0) },
        ...(rebate.seesCost
          ? [
              ...(tier ? [{ label: t('purchasing:rebate.reached'), value: tierText(ctx, rebate.kind, tier) }] : []),
              { label: t('purchasing:rebate.earned'), value: f.moneyYuan(rebate.earnedFen), strong: true },
            ]
          : []),
      ],
    },
    signatures: [
      t('purchasing:protection.sign.claimed'),
      t('purchasing:order.sign.approved'),
      t('purchasing:order.sign.supplier'),
    ],
  };
  return page('purchasing/print', rebate.number, model, { layout: 'print' });
}
