import type { Ctx } from '../../../platform/http';
import type { ListScope } from '../domain/choose-price';
import type { ScopeNames } from '../queries/price-lists';

/** Whom a list is for and when, in one line; of the base list: everybody. */
export function sayList({ t, f }: Pick<Ctx, 't' | 'f'>, list: ListScope, names: ScopeNames): string {
  const { storeId, channelId, levelId, fromOn, untilOn } = list;
  const parts = [
    ...(levelId === null ? [] : [t('pricing:list.ofLevel', { name: names.levels.get(levelId) ?? '' })]),
    ...(channelId === null ? [] : [t('pricing:list.ofChannel', { name: names.channels.get(channelId) ?? '' })]),
    ...(storeId === null ? [] : [names.stores.get(storeId)?.name ?? '']),
    ...(fromOn === null ? [] : [t('pricing:list.fromOn', { date: f.date(fromOn) })]),
    ...(untilOn === null ? [] : [t('pricing:list.untilOn', { date: f.date(untilOn) })]),
  ];
  return parts.length > 0 ? parts.join(' · ') : t('pricing:list.forAll');
}
