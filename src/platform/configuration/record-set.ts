import type { z } from 'zod';
import { invalid, invalidField, normaliseCode, normaliseName, notFound } from '../../kernel';
import { decodeRow, duplicateKey, type Reader, type Row, sql } from '../database';
import type { ConfigurationSet } from '../modules';
import type { Unit } from '../unit-of-work';
import { canonical, type ConfigurationRecord } from './document';
import { configRecord } from './tables';

/** A record with its values as the set's schema gives them. */
export type NamedValues<S extends z.ZodObject> = z.output<S> & { id: number; name: string; active: boolean };

export interface RecordSetSpec<S extends z.ZodObject> {
  module: string;
  id: string;
  values: S;
  fixed?: boolean;
  /** Throws 422 for records that do not go together; given all of them as they will be. */
  check?: (records: readonly NamedValues<S>[]) => void;
  /** Of these records, those that cannot be switched off → by how many others they are used. */
  inUse?: (read: Reader, records: readonly NamedValues<S>[]) => Promise<ReadonlyMap<number, number>>;
  /** Carries a new name to where records are known by it. */
  renamed?: (unit: Unit, before: string, after: string) => Promise<void>;
  /** What is stored as the audit log says it, e.g. names in place of ids: the log must be read when those are gone. */
  told?: (content: z.output<S>) => ConfigurationRecord['values'];
}

/** Audit actions of these sets begin so; which set it was stands in the detail. */
const CHANGED_BY = 'system.record.';
const LONGEST_NAME = 40;

/** A set whose records are nothing but configuration and need no table of their own. */
export function recordSet<S extends z.ZodObject>(spec: RecordSetSpec<S>): ConfigurationSet {
  const { id, values, fixed } = spec;
  const set = nameOf(spec);
  const inUse: ConfigurationSet['inUse'] = async (read, ids) => {
    const records = (await readRecords(read, set, values)).filter((record) => ids.includes(record.id));
    if (fixed) return new Map(records.map((record) => [record.id, 1]));
    return spec.inUse ? spec.inUse(read, records) : new Map<number, number>();
  };
  return {
    id,
    changedBy: CHANGED_BY,
    values,
    ...(fixed ? { fixed } : {}),
    // A field that the set got after the record was stored has its default, as in a file that comes back.
    read: async (read) => (await storedRows(read, set)).map((row) => withDefaults(values, toRecord(row))),
    inUse,
    save: async (unit, records, reason) => {
      await refuseUsed(unit, set, inUse, records);
      for (const record of records) await saveRecord(unit, spec, record, reason);
      spec.check?.(await readRecords(unit, set, values));
    },
  };
}

const nameOf = ({ module, id }: { module: string; id: string }): string => `${module}.${id}`;

async function storedRows(read: Reader, set: string): Promise<Row<typeof configRecord>[]> {
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM config_record WHERE set_name = ${set} ORDER BY id`,
  );
  const place = ({ content }: Row<typeof configRecord>): number => Number(content['sortOrder'] ?? 0);
  return rows.map((row) => decodeRow(configRecord, row)).sort((a, b) => place(a) - place(b) || a.id - b.id);
}

const toRecord = ({ id, name, active, content }: Row<typeof configRecord>): ConfigurationRecord & { id: number } => ({
  id,
  name,
  active,
  values: content,
});

function withDefaults<R extends ConfigurationRecord>(schema: z.ZodObject, record: R): R {
  const parsed = schema.safeParse(record.values);
  return parsed.success ? { ...record, values: { ...record.values, ...(parsed.data as R['values']) } } : record;
}

/** The records of a set in their order; what is not stored has the schema's default. */
export async function readRecords<S extends z.ZodObject>(
  read: Reader,
  set: string,
  values: S,
): Promise<NamedValues<S>[]> {
  return (await storedRows(read, set)).map(({ id, name, active, content }): NamedValues<S> => ({
    ...values.parse(content),
    id,
    name,
    active,
  }));
}

async function refuseUsed(
  unit: Unit,
  set: string,
  inUse: ConfigurationSet['inUse'],
  records: readonly ConfigurationRecord[],
): Promise<void> {
  const active = new Set((await storedRows(unit, set)).flatMap((row) => (row.active ? [row.id] : [])));
  const off = records.flatMap(({ id = 0, active: stays }) => (!stays && active.has(id) ? [id] : []));
  const [used] = off.length === 0 ? [] : [...(await inUse(unit, off)).values()];
  if (used) throw invalid('configuration:error.inUse', { count: used });
}

/** Makes or changes one record, by its id or else by its name, and audits it. */
export async function saveRecord<S extends z.ZodObject>(
  unit: Unit,
  { fixed, renamed, told, ...spec }: Pick<RecordSetSpec<S>, 'module' | 'id' | 'values' | 'fixed' | 'renamed' | 'told'>,
  { id, name: typed, active, values }: ConfigurationRecord,
  reason?: string,
): Promise<void> {
  const set = nameOf(spec);
  const rows = await storedRows(unit, set);
  const name = checkedName(typed);
  const before = rows.find((row) => (id === undefined ? row.nameKey === normaliseCode(name) : row.id === id));
  if (!before && (id !== undefined || fixed)) throw notFound('system.record', id ?? 0);
  if (fixed && before?.name !== name) throw invalidField('name', 'configuration:error.fixed');
  const content = spec.values.parse(values) as ConfigurationRecord['values'];
  const after = { name, content, active };
  if (before && canonical(after) === canonical({ name: before.name, content: before.content, active: before.active }))
    return;
  try {
    if (before) await unit.update(configRecord, before.id, { ...after, nameKey: normaliseCode(name) }, before.version);
    else
      await unit.insert(configRecord, [
        { id: unit.takeIds(configRecord), setName: set, nameKey: normaliseCode(name), ...after, version: 1 },
      ]);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('name', 'configuration:error.nameTaken', { name }) : error;
  }
  const said = (stored: ConfigurationRecord['values']) => (told ? told(spec.values.parse(stored)) : stored);
  if (before && before.name !== name) await renamed?.(unit, before.name, name);
  await unit.audit({
    action: `${CHANGED_BY}${before ? 'change' : 'create'}`,
    subjectType: 'system.record',
    ...(before ? { subjectId: before.id } : {}),
    detail: {
      set,
      name,
      ...(before ? { before: { name: before.name, active: before.active, ...said(before.content) } } : {}),
      after: { name, active, ...said(content) },
      ...(reason ? { reason } : {}),
    },
  });
}

function checkedName(text: string): string {
  const name = normaliseName(text);
  if (name === '') throw invalidField('name', 'errors:field.required');
  if ([...name].length > LONGEST_NAME) throw invalidField('name', 'errors:field.too_long', { max: LONGEST_NAME });
  return name;
}
