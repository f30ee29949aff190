import { formatImei } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import { getCompany } from '../../organization';
import { type BuildLineView, buildView } from '../queries/build-page';
import { buildHref } from './build-words';

/** A4: what leaves and what comes in; values only for who may see cost. */
export async function printBuild(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const build = await buildView(ctx.read, ctx.actor, ctx.id());
  const company = await getCompany(ctx.read);
  const picture = code128Svg(build.number, { text: false, heightMm: 8 });
  const seesCost = build.state !== 'draft' && ctx.can(COST_PERMISSION, build.storeId);
  const row = (line: BuildLineView) => ({
    cells: [
      t(`inventory:build.side.${line.direction}`),
      line.card.code,
      line.card.name,
      f.number(line.quantity),
      line.batchCode ?? '',
      ...(seesCost ? [line.valueFen === null ? '' : f.money(line.valueFen)] : []),
    ],
    numbers: line.devices.map(({ mainNumber }) => formatImei(mainNumber)),
  });
  const side = (direction: 'out' | 'in') => build.lines.filter((line) => line.direction === direction).map(row);
  const model = {
    paper: 'a4',
    backHref: buildHref(build.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t(`inventory:build.kind.${build.kind}`),
      number: build.number,
      code: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
      facts: [
        { label: t('inventory:device.product'), value: build.productName },
        { label: t('inventory:build.pieces'), value: f.number(build.pieces) },
        { label: t('inventory:build.place'), value: build.place },
        { label: t('inventory:build.date'), value: f.date(build.businessDate) },
        { label: t('inventory:device.state'), value: t(`common:state.${build.state}`) },
      ],
    },
    columns: [
      { label: t('inventory:build.sideTitle'), num: false },
      { label: t('inventory:build.sku'), num: false },
      { label: t('inventory:device.product'), num: false },
      { label: t('inventory:build.quantity'), num: true },
      { label: t('inventory:build.batch'), num: false },
      ...(seesCost ? [{ label: t('inventory:build.value'), num: true }] : []),
    ],
    rows: [...side('out'), ...side('in')],
    note: build.note,
    signatures: [t('inventory:build.signMade'), t('inventory:build.signStock')],
  };
  return page('inventory/transfer-print', build.number, model, { layout: 'print' });
}
