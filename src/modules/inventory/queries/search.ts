import { findByNumberEnd, findByNumbers, shownNumbers } from '../../../ledger';
import type { Ctx } from '../../../platform/http';
import type { SearchHit } from '../../../platform/modules';
import { can } from '../../../platform/permissions';
import { formatImei } from '../../../kernel';
import { skusByIds } from '../../catalog';

const MOST = 20;

/** Devices by any of their numbers, old ones too, or by the last digits as people read them out. */
export async function searchDevices(
  { read, actor, t }: Pick<Ctx, 'read' | 'actor' | 't'>,
  text: string,
): Promise<SearchHit[]> {
  const plain = text.replace(/[\s-]/g, '');
  if (!/^[0-9A-Za-z]{3,40}$/.test(plain)) return [];
  const whole = await findByNumbers(read, [plain]);
  const found = whole.length > 0 ? whole : await findByNumberEnd(read, plain, MOST * 2);
  const visible = found
    .filter(({ storeId }) => can(actor, 'inventory.device.view', storeId ?? undefined))
    .slice(0, MOST);
  const skus = await skusByIds(
    read,
    visible.map(({ skuId }) => skuId),
  );
  const numbers = await shownNumbers(
    read,
    visible.map(({ deviceId }) => deviceId),
  );
  return visible.map((hit) => ({
    kind: t('inventory:search.device'),
    title: skus.get(hit.skuId)?.name ?? '',
    detail: formatImei(hit.active ? hit.number : `${hit.number} → ${numbers.get(hit.deviceId) ?? ''}`),
    href: `/inventory/devices/${hit.deviceId}`,
    exact: whole.length > 0,
  }));
}
