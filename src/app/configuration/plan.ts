import {
  type Change,
  type ConfigurationDocument,
  type ConfigurationRecord,
  differences,
  type Match,
  pairRecords,
} from '../../platform/configuration';
import type { Reader } from '../../platform/database';
import type { ConfigurationSet, ModuleManifest } from '../../platform/modules';
import { activeModules } from '../module-switches';
import { valueProblem } from './value-problem';

/** Why a document cannot be put in force; `place` as in a file: `parameters.purchasing.invoiceAtOnce`. */
export interface PlanProblem {
  place: readonly string[];
  /** i18n key of namespace `configuration`. */
  code: string;
  details?: Record<string, unknown>;
}

/** A record that others use: it stays as it is although the document does not have it, or has it switched off. */
export interface KeptRecord {
  set: string;
  name: string;
  /** How many use it. */
  count: number;
}

export interface ConfigurationPlan {
  /** What will be different afterwards. */
  changes: Change[];
  kept: KeptRecord[];
  problems: PlanProblem[];
  /** What will be written. */
  target: ConfigurationDocument;
}

/** Parts of a document that this program does not know: of a file they are mistakes, of an old revision they are passed over. */
export type Unknown = 'refuse' | 'skip';

/**
 * What it means to put `wanted` in force over what is there. Nothing is ever deleted: a record that is not wanted is switched
 * off, unless it is in use. What `wanted` does not name stays.
 */
export async function planConfiguration(
  read: Reader,
  manifests: readonly ModuleManifest[],
  now: ConfigurationDocument,
  wanted: ConfigurationDocument,
  { match, unknown }: { match: Match; unknown: Unknown },
): Promise<ConfigurationPlan> {
  const problems: PlanProblem[] = [];
  const kept: KeptRecord[] = [];
  const target: ConfigurationDocument = {
    modules: targetModules(manifests, now, wanted, problems),
    parameters: targetParameters(manifests, now, wanted, problems),
    data: { ...now.data },
  };
  const sets = setsOf(manifests);
  for (const [name, records] of Object.entries(wanted.data)) {
    const set = sets.get(name);
    if (!set) problems.push({ place: ['data', name], code: 'configuration:problem.unknownSet' });
    else
      target.data[name] = await targetRecords(
        read,
        { name, set },
        now.data[name] ?? [],
        records,
        match,
        kept,
        problems,
      );
  }
  for (const [name, records] of Object.entries(wanted.data))
    await missingNames(read, { name, set: sets.get(name) }, records, target.data, problems);
  const relevant = unknown === 'refuse' ? problems : problems.filter(({ code }) => !UNKNOWN.has(code));
  return { changes: differences(now, target), kept, problems: relevant, target };
}

/** A value that names a channel, a brand … which is not there and is not made by this document either. */
async function missingNames(
  read: Reader,
  { name, set }: { name: string; set: ConfigurationSet | undefined },
  records: readonly ConfigurationRecord[],
  target: ConfigurationDocument['data'],
  problems: PlanProblem[],
): Promise<void> {
  const choices = Object.entries((await set?.choices?.(read)) ?? {});
  for (const [field, { names, set: other }] of choices) {
    const known = new Set([...names, ...(target[other ?? ''] ?? []).map((record) => record.name)]);
    for (const [index, { values }] of records.entries()) {
      const value = values[field];
      if (typeof value === 'string' && !known.has(value))
        problems.push({
          place: ['data', name, String(index), field],
          code: 'configuration:problem.missing',
          details: { name: value },
        });
    }
  }
}

const UNKNOWN = new Set([
  'configuration:problem.unknownModule',
  'configuration:problem.unknownParameter',
  'configuration:problem.unknownSet',
]);

export function setsOf(manifests: readonly ModuleManifest[]): Map<string, ConfigurationSet> {
  return new Map(
    manifests.flatMap(({ name, configuration = [] }) =>
      configuration.map((set): [string, ConfigurationSet] => [`${name}.${set.id}`, set]),
    ),
  );
}

function targetModules(
  manifests: readonly ModuleManifest[],
  now: ConfigurationDocument,
  wanted: ConfigurationDocument,
  problems: PlanProblem[],
): Record<string, boolean> {
  const modules = { ...now.modules };
  for (const [name, on] of Object.entries(wanted.modules)) {
    if (name in modules) modules[name] = on;
    else problems.push({ place: ['modules', name], code: 'configuration:problem.unknownModule' });
  }
  const off = new Set(Object.keys(modules).filter((name) => !modules[name]));
  const active = new Set(activeModules(manifests, off).map(({ name }) => name));
  for (const name of Object.keys(modules))
    if (modules[name] && !active.has(name))
      problems.push({ place: ['modules', name], code: 'configuration:problem.needsModule' });
  return modules;
}

function targetParameters(
  manifests: readonly ModuleManifest[],
  now: ConfigurationDocument,
  wanted: ConfigurationDocument,
  problems: PlanProblem[],
): ConfigurationDocument['parameters'] {
  const parameters = { ...now.parameters };
  for (const [module, values] of Object.entries(wanted.parameters)) {
    const schema = manifests.find(({ name }) => name === module)?.parameters;
    if (!schema) {
      problems.push({ place: ['parameters', module], code: 'configuration:problem.unknownModule' });
      continue;
    }
    const known = Object.entries(values).filter(([key]) => {
      if (Object.hasOwn(schema.shape, key)) return true;
      problems.push({ place: ['parameters', module, key], code: 'configuration:problem.unknownParameter' });
      return false;
    });
    const parsed = schema.safeParse({ ...parameters[module], ...Object.fromEntries(known) });
    if (parsed.success) parameters[module] = parsed.data;
    else
      problems.push(
        ...parsed.error.issues.map((issue) => ({
          place: ['parameters', module, ...issue.path.map(String)],
          ...valueProblem(issue),
        })),
      );
  }
  return parameters;
}

async function targetRecords(
  read: Reader,
  { name: setName, set }: { name: string; set: ConfigurationSet },
  now: readonly ConfigurationRecord[],
  wanted: readonly ConfigurationRecord[],
  match: Match,
  kept: KeptRecord[],
  problems: PlanProblem[],
): Promise<ConfigurationRecord[]> {
  const names = new Set<string>();
  const values = set.values.strict();
  const pairs = pairRecords(now, wanted, match).map(({ before, after }, index) => {
    const place = ['data', setName, String(index)];
    if (names.has(after.name)) problems.push({ place: [...place, 'name'], code: 'configuration:problem.twice' });
    names.add(after.name);
    const parsed = values.safeParse(after.values);
    if (!parsed.success)
      for (const issue of parsed.error.issues)
        problems.push({
          place: [...place, ...issue.path.map(String), ...(issue.code === 'unrecognized_keys' ? issue.keys : [])],
          ...valueProblem(issue),
        });
    // With the defaults of what an older document does not say.
    const complete = parsed.success ? { ...after, values: parsed.data as ConfigurationRecord['values'] } : after;
    return { before, after: { ...complete, ...(before?.id === undefined ? {} : { id: before.id }) } };
  });
  const gone = now.filter((record) => !pairs.some(({ before }) => before === record));
  const off = [
    ...pairs.filter(({ before, after }) => before?.active && !after.active).map(({ before }) => before),
    ...gone.filter(({ active }) => active),
  ].flatMap((record) => (record?.id === undefined ? [] : [record.id]));
  // Those that go off together do not hold each other: only uses from outside count.
  const used = off.length === 0 ? new Map<number, number>() : await set.inUse(read, off);
  const stays = (record: ConfigurationRecord): boolean => {
    const count = used.get(record.id ?? 0) ?? 0;
    if (count > 0) kept.push({ set: setName, name: record.name, count });
    return count > 0;
  };
  return [
    ...pairs.map(({ before, after }): ConfigurationRecord => {
      const record: ConfigurationRecord = { ...after };
      // An id of an older revision that is no longer there means nothing here.
      if (before === undefined) delete record.id;
      return before?.active && !after.active && stays(before) ? { ...record, active: true } : record;
    }),
    ...gone.map((record) => (record.active && !stays(record) ? { ...record, active: false } : record)),
  ];
}
