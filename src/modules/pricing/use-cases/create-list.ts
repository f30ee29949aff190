import { invalidField, isBusinessDate, normaliseName } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise, authoriseEverywhere } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore, requireChannel } from '../../organization';
import type { ListScope } from '../domain/choose-price';
import { listLevels } from '../queries/levels';
import { priceList } from '../store/pricing.table';

export interface NewList extends ListScope {
  /** Of a store's own list it may be left out: the store's name. */
  name: string;
}

/**
 * A price list over the base list, for a store, a channel, a member level, some days, or several of these. SKUs that have no
 * price in it cost what the next list says. One for a store needs the right there, any other the right for all stores.
 */
export async function createList(
  uow: UnitOfWork,
  actor: Actor,
  list: NewList,
  options?: RunOptions,
): Promise<{ id: number }> {
  if (list.storeId === null) authoriseEverywhere(actor, 'pricing.list.edit');
  else authorise(actor, 'pricing.list.edit', list.storeId);
  return uow.run(actor, async (unit) => ({ id: await addList(unit, list) }), options);
}

/** The same in a unit of work; the caller has checked the right. */
export async function addList(unit: Unit, { name: typed, ...scope }: NewList): Promise<number> {
  const { storeId, channelId, levelId, fromOn, untilOn } = scope;
  const isDated = fromOn !== null || untilOn !== null;
  if (storeId === null && channelId === null && levelId === null && !isDated)
    throw invalidField('storeId', 'pricing:error.list_for_all');
  checkDates(scope);
  const store = storeId === null ? undefined : await getStore(unit, storeId);
  await requireChannel(unit, channelId);
  if (levelId !== null && !(await listLevels(unit)).some(({ id, active }) => id === levelId && active))
    throw invalidField('levelId', 'pricing:error.level');
  const ofStore = store && channelId === null && levelId === null && !isDated;
  const name = checkListName(typed === '' && ofStore ? store.name : typed);
  const id = unit.takeIds(priceList);
  // One undated list for the same: the code is unique. Of lists for some days there may be several, one after another.
  const code = ofStore
    ? `STORE-${store.code}`
    : isDated
      ? `L${id}`
      : [
          ['C', channelId],
          ['M', levelId],
          ['S', storeId],
        ]
          .flatMap(([letter, of]) => (of === null ? [] : [`${letter}${of}`]))
          .join('-');
  try {
    await unit.insert(priceList, [
      { id, code, name, kind: ofStore ? 'store' : 'special', ...scope, active: true, version: 1, createdAt: unit.now },
    ]);
  } catch (error) {
    throw duplicateKey(error)
      ? invalidField('storeId', ofStore ? 'pricing:error.list_taken' : 'pricing:error.list_taken_special', { name })
      : error;
  }
  await unit.audit({
    action: 'pricing.list.create',
    subjectType: 'pricing.list',
    subjectId: id,
    ...(storeId === null ? {} : { storeId }),
    detail: { name },
  });
  return id;
}

export function checkDates({ fromOn, untilOn }: Pick<ListScope, 'fromOn' | 'untilOn'>): void {
  for (const [path, date] of [
    ['fromOn', fromOn],
    ['untilOn', untilOn],
  ] as const)
    if (date !== null && !isBusinessDate(date)) throw invalidField(path, 'errors:date.format', { text: date });
  if (fromOn !== null && untilOn !== null && fromOn > untilOn)
    throw invalidField('untilOn', 'pricing:error.list_dates');
}

export function checkListName(typed: string): string {
  const name = normaliseName(typed);
  if (name === '') throw invalidField('name', 'errors:field.required');
  if ([...name].length > 40) throw invalidField('name', 'errors:field.too_long', { max: 40 });
  return name;
}
