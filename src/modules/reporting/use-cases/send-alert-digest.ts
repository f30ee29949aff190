import type { BusinessDate } from '../../../kernel';
import { type Content, notifyByStore } from '../../../platform/notify';
import type { Actor } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import { getStore } from '../../organization';
import { ALERT_KINDS } from '../domain/stock-alerts';
import { alertCounts, type AlertFilter } from '../queries/alert-list';

const ALL: AlertFilter = {
  scope: 'all',
  storeId: null,
  text: '',
  brandId: null,
  categoryIds: null,
  on: null,
  kind: null,
  state: 'open',
};

/**
 * One message a day for each channel that wants it, of its store or of all; numbers alone and no amounts, for who reads it may not
 * see cost. Nothing is sent where nothing is open. Asked twice on a day it sends once.
 */
export function sendAlertDigest({ uow }: Pick<Services, 'uow'>, actor: Actor, today: BusinessDate): Promise<number> {
  return uow.run(
    actor,
    (unit) =>
      notifyByStore(unit, 'stock-alerts', async (storeId) => {
        const counts = await alertCounts(unit, { ...ALL, storeId });
        const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
        if (total === 0) return null;
        const store = storeId === null ? undefined : await getStore(unit, storeId);
        const values: Content['values'] = { total };
        for (const kind of ALERT_KINDS) values[kind] = counts.get(kind) ?? 0;
        const names: Content['names'] = {};
        if (store) values['store'] = store.name;
        else names['store'] = 'reporting:alerts.allStores';
        const href = storeId === null ? '/reporting/alerts' : `/reporting/alerts?store=${storeId}`;
        return { event: 'stock-alerts', stage: 'raised', values, names, href };
      }),
    { operationKey: `stock-alerts:${today}` },
  );
}
