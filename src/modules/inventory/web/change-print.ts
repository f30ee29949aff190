import { formatImei } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { getCompany } from '../../organization';
import { isAdjustment, kindOf } from '../domain/change-effect';
import { changeLineViews, type ChangeView, changeView } from '../queries/change-page';
import { MOST_CHANGE_LINES } from '../use-cases/change-lines';
import { changeHref } from './change-words';

/** The document on A4. */
export async function printChange(ctx: Ctx): Promise<Reply> {
  const change = await changeView(ctx.read, ctx.actor, ctx.id(), ctx.now);
  const lines = await changeLineViews(ctx.read, change.id, MOST_CHANGE_LINES);
  const company = await getCompany(ctx.read);
  const model = printSheet(ctx, change, lines.toReversed(), company?.name ?? ctx.t('common:product'));
  return page('inventory/transfer-print', change.number, model, { layout: 'print' });
}

/** Lines of devices are put together by product and the state that they come from. */
function printSheet(
  { t, f }: Ctx,
  change: ChangeView,
  lines: Awaited<ReturnType<typeof changeLineViews>>,
  company: string,
) {
  const groups = [
    ...Map.groupBy(lines, (line) =>
      [line.skuId, line.bucket, line.deviceId === null ? line.id : 'devices'].join('/'),
    ).values(),
  ];
  const cost = change.seesCost && change.postedAt !== null && isAdjustment(change.effect);
  const approved = change.approvals.filter(({ decidedAt }) => decidedAt !== null);
  const picture = code128Svg(change.number, { text: false, heightMm: 8 });
  return {
    paper: 'a4',
    backHref: changeHref(change.id),
    sheet: {
      company,
      title: t(`inventory:change.kind.${kindOf(change.effect)}`),
      number: change.number,
      code: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
      facts: [
        { label: t('inventory:change.effectTitle'), value: t(`inventory:change.effect.${change.effect}`) },
        { label: t('inventory:change.reason'), value: change.reasonName },
        { label: t('inventory:device.place'), value: `${change.storeName} ${change.locationName}` },
        { label: t('inventory:change.businessDate'), value: f.date(change.businessDate) },
        { label: t('inventory:device.state'), value: t(`common:state.${change.state}`) },
        { label: t('inventory:change.by'), value: change.createdByName },
        ...approved.map(({ name, decidedByName, decidedAt }) => ({
          label: name,
          value: `${decidedByName ?? ''} ${f.dateTime(decidedAt ?? 0)}`,
        })),
        ...(cost ? [{ label: t('inventory:change.netValue'), value: f.money(change.netFen ?? 0) }] : []),
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('inventory:device.product'), num: false },
      { label: t('inventory:device.sku'), num: false },
      { label: t('inventory:change.from'), num: false },
      { label: t('inventory:stock.quantity'), num: true },
      ...(cost ? [{ label: t('inventory:change.netValue'), num: true }] : []),
    ],
    rows: groups.map((group, index) => {
      const [first] = group;
      const batch = first?.batchCode ? ` ${t('inventory:stock.batch', { code: first.batchCode })}` : '';
      return {
        cells: [
          String(index + 1),
          `${first?.skuName ?? ''}${batch}`,
          first?.skuCode ?? '',
          first ? t(`inventory:bucket.${first.bucket}`) : '',
          f.number(group.reduce((sum, { quantity }) => sum + quantity, 0)),
          ...(cost ? [f.money(group.reduce((sum, { valueFen }) => sum + (valueFen ?? 0), 0))] : []),
        ],
        numbers: group.flatMap(({ imei }) => (imei === null ? [] : [formatImei(imei)])),
      };
    }),
    note: change.note,
    signatures: [
      t('inventory:change.print.by'),
      t('inventory:change.print.checked'),
      ...(isAdjustment(change.effect) ? [t('inventory:change.print.approved')] : []),
    ],
  };
}
