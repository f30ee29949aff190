import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { type ConfigurationRecord, readRecords, saveRecord } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';
import type { ConfigurationSet } from '../../../platform/modules';
import type { Unit } from '../../../platform/unit-of-work';
import { listBrands, listCategories } from '../../catalog';
import { listChannels } from '../../organization';
import { FLOOR_BASES, FLOOR_ROUNDINGS, type FloorRule } from '../domain/floor';
import { FLOOR_RULES, listFloorRules, STORED_RULE } from '../queries/floor-rules';
import { floorEffect } from '../queries/floor-effect';

const name = z.string().min(1).max(200).nullable().default(null);
const values = z.object({
  /** By their names (a category by its path); null: for all. */
  category: name,
  brand: name,
  channel: name,
  basis: z.enum(FLOOR_BASES),
  rateBp: z.int().min(0).max(100_000).default(0),
  amountFen: z.int().min(0).max(1_000_000_000).default(0),
  rounding: z.enum(FLOOR_ROUNDINGS).default('none'),
});

/** How a floor comes about where none was set by hand. The most special rule counts, see chooseRule. */
export const floorConfiguration: ConfigurationSet = {
  id: FLOOR_RULES.id,
  changedBy: 'system.record.',
  values,
  refersTo: ['catalog.categories', 'sales.channels'],
  choices: async (read) => ({
    category: { set: 'catalog.categories', names: (await listCategories(read)).map(({ path }) => path) },
    brand: { names: (await listBrands(read)).map((one) => one.name) },
    channel: { set: 'sales.channels', names: (await listChannels(read)).map((one) => one.name) },
  }),
  read: async (read) => {
    const all = await named(read);
    return (await readRecords(read, 'pricing.floorRules', STORED_RULE)).map(
      ({ id, name: called, active, ...rule }): ConfigurationRecord => ({
        id,
        name: called,
        active,
        values: withNames(all, rule),
      }),
    );
  },
  inUse: () => Promise.resolve(new Map<number, number>()),
  save: async (unit, records, reason) => {
    for (const record of records) await save(unit, record, reason);
  },
  effect: async (ctx, record) => {
    const wanted = { ...(await stored(ctx.read, record)), id: record.id ?? Number.MAX_SAFE_INTEGER, name: record.name };
    const others = (await listFloorRules(ctx.read)).filter(({ id, active }) => active && id !== record.id);
    const before = (await listFloorRules(ctx.read)).filter(({ active }) => active);
    const after: FloorRule[] = record.active ? [...others, wanted] : others;
    return floorEffect(ctx, { before, after, channelId: wanted.channelId });
  },
};

async function save(unit: Unit, record: ConfigurationRecord, reason?: string): Promise<void> {
  const all = await named(unit);
  const spec = { ...FLOOR_RULES, told: (rule: z.output<typeof STORED_RULE>) => withNames(all, rule) };
  await saveRecord(unit, spec, { ...record, values: await stored(unit, record) }, reason);
}

/** Names → ids. Throws 422 at the value that names nothing, or that the basis makes senseless. */
async function stored(read: Reader, record: ConfigurationRecord) {
  const { category, brand, channel, ...rest } = values.parse(record.values);
  if (rest.basis === 'price' && rest.rateBp > 10_000) throw invalidField('rateBp', 'pricing:error.floor_rate');
  if (rest.basis === 'amount' && rest.amountFen === 0) throw invalidField('amountFen', 'pricing:error.floor_amount');
  const { categories, brands, channels } = await named(read);
  return {
    categoryId: idIn(categories, category, 'category'),
    brandId: idIn(brands, brand, 'brand'),
    channelId: idIn(channels, channel, 'channel'),
    ...rest,
  };
}

type Named = readonly { id: number; name: string }[];

async function named(read: Reader): Promise<Record<'categories' | 'brands' | 'channels', Named>> {
  return {
    categories: (await listCategories(read)).map(({ id, path }) => ({ id, name: path })),
    brands: await listBrands(read),
    channels: await listChannels(read),
  };
}

/** Ids → names, as a record of this set has them. */
function withNames(
  { categories, brands, channels }: Awaited<ReturnType<typeof named>>,
  { categoryId, brandId, channelId, ...rest }: z.output<typeof STORED_RULE>,
): ConfigurationRecord['values'] {
  return {
    category: nameIn(categories, categoryId),
    brand: nameIn(brands, brandId),
    channel: nameIn(channels, channelId),
    ...rest,
  };
}

const nameIn = (all: Named, id: number | null): string | null => all.find((one) => one.id === id)?.name ?? null;

function idIn(all: Named, called: string | null, field: string): number | null {
  if (called === null) return null;
  const found = all.find((one) => one.name === called);
  if (!found) throw invalidField(field, `pricing:error.floor_${field}`);
  return found.id;
}
