import type { LifeEvent } from '../../../ledger';
import type { Ctx } from '../../../platform/http';
import type { Action, Table } from '../../../platform/views';
import type { DevicePageData } from '../queries/device-page';
import type { LatestTest } from '../queries/device-tests';
import { EDIT_BUILDS } from '../use-cases/create-build';
import { ownOrList } from './price.page';
import { resultTable, testHref } from './test.page';

/** The test that holds now, on the page of the device. */
export interface TestCard {
  say: string;
  href: string;
  results: Table;
}

export function testCard(ctx: Ctx, test: LatestTest | undefined): TestCard | null {
  if (!test) return null;
  const { t, f } = ctx;
  const found = [test.grade, test.batteryHealth === null ? '' : `${test.batteryHealth}%`].filter(Boolean).join(' · ');
  return {
    say: t('inventory:test.say', { found, who: test.createdByName, date: f.date(test.businessDate) }),
    href: testHref(test.id),
    results: resultTable(ctx, test.results),
  };
}

/** "95新 · 88%" of a used device; '' of others. */
export const usedWords = ({ grade, batteryHealth }: { grade: string | null; batteryHealth: number | null }): string =>
  [grade, batteryHealth === null ? null : `${batteryHealth}%`].filter((word) => word !== null).join(' · ');

/** What may be done with a device that is in stock: another price, a test. */
export function usedActions(
  ctx: Ctx,
  { device, identifiers }: Pick<DevicePageData, 'device' | 'identifiers'>,
): Action[] {
  const { t } = ctx;
  const { id, state, storeId } = device;
  if (storeId === null) return [];
  const stocked = state === 'in_stock' || state === 'in_transit';
  const actions: Action[] = [];
  if (stocked && ctx.can('inventory.price.change', storeId))
    actions.push({
      look: 'quiet',
      icon: 'tag',
      label: t('inventory:price.new'),
      href: `/inventory/prices/new?device=${id}`,
    });
  if (state !== 'void' && ctx.can('inventory.test.edit', storeId))
    actions.push({
      look: 'quiet',
      icon: 'clipboard-check',
      label: t('inventory:test.new'),
      href: `/inventory/devices/${id}/tests/new`,
    });
  const number = identifiers.find(({ endedAt }) => endedAt === null)?.value;
  if (state === 'in_stock' && device.ownership === 'own' && number && ctx.can(EDIT_BUILDS, storeId))
    actions.push({
      look: 'quiet',
      icon: 'tool',
      label: t('inventory:build.takeApart'),
      href: `/inventory/builds/new?kind=take_apart&number=${encodeURIComponent(number)}`,
    });
  return actions;
}

/** "¥4,999.00 → ¥4,599.00" of an event that changed the device's own price. */
export function priceSay(ctx: Pick<Ctx, 't' | 'f'>, { event, changes }: LifeEvent): string {
  const price = changes?.['priceFen'];
  if (!price || event !== 'repriced') return '';
  return price.map((fen) => ownOrList(ctx, typeof fen === 'number' ? fen : null)).join(' → ');
}
