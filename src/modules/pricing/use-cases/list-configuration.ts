import { z } from 'zod';
import { invalidField, normaliseCode, normaliseName, notFound } from '../../../kernel';
import type { ConfigurationRecord } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import type { ConfigurationSet } from '../../../platform/modules';
import type { Unit } from '../../../platform/unit-of-work';
import { listStores } from '../../organization';
import { listPriceLists } from '../queries/price-lists';
import { priceList, type PriceListRow } from '../store/pricing.table';
import { addStoreList } from './create-store-list';

const values = z.object({
  /** Code of the store whose list it is; null: the base list. */
  store: z.string().min(1).max(12).nullable().default(null),
});

/** Which price lists there are and count: the base list, and stores' own above it. The prices in them are no configuration. */
export const priceListConfiguration: ConfigurationSet = {
  id: 'lists',
  changedBy: 'pricing.list.',
  values,
  read: async (read) =>
    (await named(read)).map(({ row: { id, active }, name, store }) => ({ id, name, active, values: { store } })),
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
  store: string | null;
}

async function named(read: Reader): Promise<NamedList[]> {
  const lists = await listPriceLists(read);
  const codes = new Map((await listStores(read, { all: true })).map(({ id, code }) => [id, code]));
  return lists.map((row) => ({
    row,
    name: lists.some((other) => other !== row && other.name === row.name) ? `${row.name} (${row.code})` : row.name,
    store: row.storeId === null ? null : (codes.get(row.storeId) ?? null),
  }));
}

async function save(unit: Unit, { id, ...record }: ConfigurationRecord, reason?: string): Promise<void> {
  const { store } = values.parse(record.values);
  const lists = await named(unit);
  const before = lists.find(({ row, name }) => (id === undefined ? name === record.name : row.id === id));
  if (before) {
    if (before.store !== store) throw invalidField('store', 'pricing:error.list_store');
    await change(unit, before, record, reason);
    return;
  }
  if (id !== undefined) throw notFound('pricing.list', id);
  const found = (await listStores(unit)).find(({ code }) => code === normaliseCode(store ?? ''));
  if (!found) throw invalidField('store', 'pricing:error.list_new_store');
  const made = await addStoreList(unit, found.id);
  const fresh = (await named(unit)).find(({ row }) => row.id === made);
  if (fresh) await change(unit, fresh, record, reason);
}

async function change(
  unit: Unit,
  { row, name: shown }: NamedList,
  { name: typed, active }: Pick<ConfigurationRecord, 'name' | 'active'>,
  reason?: string,
): Promise<void> {
  const name = normaliseName(typed) === shown ? row.name : normaliseName(typed);
  if (name === '') throw invalidField('name', 'errors:field.required');
  if ([...name].length > 40) throw invalidField('name', 'errors:field.too_long', { max: 40 });
  if (row.kind === 'base' && !active) throw invalidField('active', 'pricing:error.base_needed');
  if (name === row.name && active === row.active) return;
  await unit.update(priceList, row.id, { name, active }, row.version);
  await unit.audit({
    action: 'pricing.list.change',
    subjectType: 'pricing.list',
    subjectId: row.id,
    storeId: row.storeId,
    detail: {
      before: { name: row.name, active: row.active },
      after: { name, active },
      ...(reason ? { reason } : {}),
    },
  });
}
