import { canonical, type ConfigurationDocument, type ConfigurationRecord } from './document';

/** One thing that differs. `before` or `after` is absent where there is nothing on that side. */
export type Change =
  | { kind: 'module'; module: string; before?: boolean; after?: boolean }
  | { kind: 'parameter'; module: string; key: string; before?: unknown; after?: unknown }
  /** A record that is on one side only. */
  | { kind: 'record'; set: string; name: string; change: 'added' | 'removed' }
  /** `field` is 'name', 'active' or one of the record's values. */
  | { kind: 'field'; set: string; name: string; field: string; before?: unknown; after?: unknown };

/** How records of two documents are told to be the same: in one database by id (a renamed record stays itself), else by name. */
export type Match = 'id' | 'name';

/** What turns `before` into `after`, in the order of the document. Pure. */
export function differences(
  before: ConfigurationDocument,
  after: ConfigurationDocument,
  match: Match = 'id',
): Change[] {
  return [
    ...keysOf(before.modules, after.modules)
      .filter((module) => before.modules[module] !== after.modules[module])
      .map((module): Change => ({ kind: 'module', module, ...sides(before.modules[module], after.modules[module]) })),
    ...keysOf(before.parameters, after.parameters).flatMap((module) =>
      parameterChanges(module, before.parameters[module] ?? {}, after.parameters[module] ?? {}),
    ),
    ...keysOf(before.data, after.data).flatMap((set) =>
      recordChanges(set, before.data[set] ?? [], after.data[set] ?? [], match),
    ),
  ];
}

function parameterChanges(module: string, before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  return keysOf(before, after)
    .filter((key) => canonical(before[key]) !== canonical(after[key]))
    .map((key) => ({ kind: 'parameter', module, key, ...sides(before[key], after[key]) }));
}

function recordChanges(
  set: string,
  before: readonly ConfigurationRecord[],
  after: readonly ConfigurationRecord[],
  match: Match,
): Change[] {
  const pairs = pairRecords(before, after, match);
  const removed = before.filter((record) => !pairs.some((pair) => pair.before === record));
  return [
    ...pairs.flatMap((pair): Change[] => {
      if (!pair.before) return [{ kind: 'record', set, name: pair.after.name, change: 'added' }];
      return fieldChanges(set, pair.before, pair.after);
    }),
    ...removed.map(({ name }): Change => ({ kind: 'record', set, name, change: 'removed' })),
  ];
}

/** Each record of `after` with the one of `before` that it is, in the order of `after`. */
export function pairRecords(
  before: readonly ConfigurationRecord[],
  after: readonly ConfigurationRecord[],
  match: Match,
): { before: ConfigurationRecord | undefined; after: ConfigurationRecord }[] {
  const byId = new Map(before.map((record) => [record.id, record]));
  const byName = new Map(before.map((record) => [record.name, record]));
  return after.map((record) => ({
    before: match === 'id' && record.id !== undefined ? byId.get(record.id) : byName.get(record.name),
    after: record,
  }));
}

function fieldChanges(set: string, before: ConfigurationRecord, after: ConfigurationRecord): Change[] {
  const was: Record<string, unknown> = { name: before.name, ...before.values, active: before.active };
  const is: Record<string, unknown> = { name: after.name, ...after.values, active: after.active };
  return keysOf(was, is)
    .filter((field) => canonical(was[field]) !== canonical(is[field]))
    .map((field) => ({ kind: 'field', set, name: before.name, field, ...sides(was[field], is[field]) }));
}

const keysOf = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

function sides<T>(before: T | undefined, after: T | undefined): { before?: T; after?: T } {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
