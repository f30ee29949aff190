import { z } from 'zod';
import { invalidField, normaliseCode, normaliseName, notFound } from '../../../kernel';
import type { ConfigurationRecord } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import type { ConfigurationSet } from '../../../platform/modules';
import type { Unit } from '../../../platform/unit-of-work';
import { listChannels } from '../../organization';
import { listLevels } from '../queries/levels';
import { listPriceLists, type ScopeNames, scopeNames } from '../queries/price-lists';
import { priceList, type PriceListRow } from '../store/pricing.table';
import { addList, checkDates, checkListName } from './create-list';

const date = z.iso.date().nullable().default(null);
const values = z.object({
  /** Code of the store whose list it is; null: of all. */
  store: z.string().min(1).max(12).nullable().default(null),
  /** By their names; null: of all. */
  channel: z.string().min(1).max(40).nullable().default(null),
  level: z.string().min(1).max(40).nullable().default(null),
  /** Business dates, both included. */
  from: date,
  until: date,
});
type Values = z.output<typeof values>;

/** Which price lists there are and count, for whom and when. The prices in them are no configuration. */
export const priceListConfiguration: ConfigurationSet = {
  id: 'lists',
  changedBy: 'pricing.list.',
  values,
  refersTo: ['sales.channels', 'pricing.levels'],
  choices: async (read) => ({
    store: { names: [...(await scopeNames(read)).stores.values()].map(({ code }) => code) },
    channel: { set: 'sales.channels', names: (await listChannels(read)).map(({ name }) => name) },
    level: { set: 'pricing.levels', names: (await listLevels(read)).map(({ name }) => name) },
  }),
  read: async (read) =>
    (await named(read)).map(({ row: { id, active }, name, says }) => ({ id, name, active, values: says })),
  // Without the base list nothing has a price.
  inUse: async (read, ids) =>
    new Map(
      (await listPriceLists(read)).flatMap(({ id, kind }) => (kind === 'base' && ids.includes(id) ? [[id, 1]] : [])),
    ),
  save: async (unit, records, reason) => {
    for (const record of records) await save(unit, record, reason);
  },
};

interface NamedList {
  row: PriceListRow;
  /** Its name; of two with one name with the code behind it. */
  name: string;
  says: Values;
}

async function named(read: Reader): Promise<NamedList[]> {
  const lists = await listPriceLists(read);
  const names = await scopeNames(read);
  return lists.map((row) => ({
    row,
    name: lists.some((other) => other !== row && other.name === row.name) ? `${row.name} (${row.code})` : row.name,
    says: sayScope(row, names),
  }));
}

const sayScope = (row: PriceListRow, { stores, channels, levels }: ScopeNames): Values => ({
  store: row.storeId === null ? null : (stores.get(row.storeId)?.code ?? null),
  channel: row.channelId === null ? null : (channels.get(row.channelId) ?? null),
  level: row.levelId === null ? null : (levels.get(row.levelId) ?? null),
  from: row.fromOn,
  until: row.untilOn,
});

async function save(unit: Unit, { id, ...record }: ConfigurationRecord, reason?: string): Promise<void> {
  const wanted = values.parse(record.values);
  const lists = await named(unit);
  const before = lists.find(({ row, name }) => (id === undefined ? name === record.name : row.id === id));
  if (before) {
    for (const field of ['store', 'channel', 'level'] as const)
      if (before.says[field] !== wanted[field]) throw invalidField(field, 'pricing:error.list_store');
    await change(unit, before, { ...record, ...wanted }, reason);
    return;
  }
  if (id !== undefined) throw notFound('pricing.list', id);
  const made = await addList(unit, { name: record.name, ...(await scopeOf(unit, wanted)) });
  const fresh = (await named(unit)).find(({ row }) => row.id === made);
  if (fresh) await change(unit, fresh, { ...record, ...wanted }, reason);
}

/** Names → ids. Throws 422 at the value that names nothing. */
async function scopeOf(unit: Unit, { store, channel, level, from: fromOn, until: untilOn }: Values) {
  const names = await scopeNames(unit);
  const idOf = (field: string, of: ReadonlyMap<number, string>, name: string | null, code: string): number | null => {
    if (name === null) return null;
    const [found] = [...of].find(([, one]) => one === name) ?? [];
    if (found === undefined) throw invalidField(field, code);
    return found;
  };
  const codes = new Map([...names.stores].map(([id, { code }]) => [id, code]));
  return {
    storeId: idOf('store', codes, store === null ? null : normaliseCode(store), 'pricing:error.list_new_store'),
    channelId: idOf('channel', names.channels, channel, 'pricing:error.list_new_channel'),
    levelId: idOf('level', names.levels, level, 'pricing:error.list_new_level'),
    fromOn,
    untilOn,
  };
}

async function change(
  unit: Unit,
  { row, name: shown }: NamedList,
  { name: typed, active, from: fromOn, until: untilOn }: Pick<ConfigurationRecord, 'name' | 'active'> & Values,
  reason?: string,
): Promise<void> {
  const name = normaliseName(typed) === shown ? row.name : checkListName(typed);
  checkDates({ fromOn, untilOn });
  if (row.kind === 'base' && !active) throw invalidField('active', 'pricing:error.base_needed');
  if (row.kind === 'base' && (fromOn ?? untilOn) !== null) throw invalidField('from', 'pricing:error.base_always');
  const before = { name: row.name, active: row.active, fromOn: row.fromOn, untilOn: row.untilOn };
  const after = { name, active, fromOn, untilOn };
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  // A store's own list that gets dates is one of several from then on, and another may be made for always.
  const kind = row.kind === 'store' && (fromOn ?? untilOn) !== null ? ('special' as const) : row.kind;
  const code = kind === row.kind ? row.code : `L${row.id}`;
  await unit.update(priceList, row.id, { ...after, kind, code }, row.version);
  await unit.audit({
    action: 'pricing.list.change',
    subjectType: 'pricing.list',
    subjectId: row.id,
    ...(row.storeId === null ? {} : { storeId: row.storeId }),
    detail: { before, after, ...(reason ? { reason } : {}) },
  });
}
