import type { Ctx, Reply } from '../../../platform/http';
import { exportReply, readListQuery } from '../../../platform/lists';
import { protectedDeviceList, protectedDevices, protectionView } from '../queries/protection-page';

/** The sheet that goes to the supplier: every number with its class and amount; `coverage` chooses one class. */
export async function exportSheet(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  const seesCost = claim.money !== undefined;
  const money = (key: string) => ({ header: t(`purchasing:protection.${key}`), type: 'money' as const });
  const lines = new Map(claim.lines.map((line) => [line.id, line]));
  return exportReply(ctx, {
    name: `${claim.number.replaceAll('/', '-')}-${t('purchasing:protection.one')}`,
    sheet: t('purchasing:protection.one'),
    columns: [
      { header: '#', type: 'integer' },
      { header: t('purchasing:return.device'), type: 'text', width: 20 },
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:protection.atHour'), type: 'text' },
      { header: t('purchasing:protection.why'), type: 'text', width: 24 },
      { header: t('purchasing:receipt.store'), type: 'text' },
      { header: t('purchasing:protection.saleDay'), type: 'date' },
      { header: t('purchasing:protection.effectiveAt'), type: 'text', width: 18 },
      ...(seesCost ? [money('oldPrice'), money('newPrice'), money('claimed'), money('agreed')] : []),
    ],
    query: readListQuery(protectedDeviceList(claim.id), ctx.query),
    load: (query) => protectedDevices(ctx.read, claim.id, query),
    toRow: (row) => {
      const prices = lines.get(row.lineId ?? 0)?.money;
      return [
        row.seq,
        row.mainNumber,
        row.skuCode,
        row.skuName,
        t(`purchasing:protection.coverage.${row.coverage}`),
        row.reason === null ? '' : t(`purchasing:protection.reason.${row.reason}`),
        row.storeName,
        row.soldOn,
        f.dateTime(claim.effectiveAt),
        ...(seesCost ? [prices?.oldPriceFen, prices?.newPriceFen, row.claimedFen, row.agreedFen] : []).map(
          (amount) => amount ?? null,
        ),
      ];
    },
  });
}
