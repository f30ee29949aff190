import type { z } from 'zod';
import { stale } from '../../kernel';
import { decodeRow, type Reader, sql } from '../database';
import type { ModuleManifest } from '../modules';
import type { Unit } from '../unit-of-work';
import { parameter } from './tables';

/** The settings of a module: what was stored over the schema's defaults. A stored value that no longer fits gives way to its default. */
export async function readParameters<S extends z.ZodObject>(
  read: Reader,
  module: string,
  schema: S,
): Promise<z.output<S>> {
  const stored = await storedValues(read, module, Object.keys(schema.shape));
  const whole = schema.safeParse(stored);
  if (whole.success) return whole.data;
  for (const issue of whole.error.issues) delete stored[String(issue.path[0])];
  return schema.parse(stored);
}

/** Those of these yes-or-no parameters, by their full names, that somebody has set to no. */
export async function switchedOff(read: Reader, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM parameter WHERE name IN (${sql.list(names)})`);
  const stored = rows.map((row) => decodeRow(parameter, row));
  return new Set(stored.filter(({ value }) => value === false).map(({ name }) => name));
}

async function storedValues(read: Reader, module: string, keys: readonly string[]): Promise<Record<string, unknown>> {
  const names = keys.map((key) => `${module}.${key}`);
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM parameter WHERE name IN (${sql.list(names)}) ORDER BY name`,
  );
  const stored = rows.map((row) => decodeRow(parameter, row));
  return Object.fromEntries(stored.map(({ name, value }) => [name.slice(module.length + 1), value ?? '']));
}

/**
 * Stores one setting; with `version` only over that one (409 errors:stale otherwise). The caller checks the permission and
 * the value, and audits.
 */
export async function writeParameter(unit: Unit, name: string, value: unknown, version?: number): Promise<void> {
  const [row] = await unit.find(parameter, { name });
  if (version !== undefined && (row?.version ?? 0) !== version) throw stale();
  const changedBy = unit.actor.userId;
  if (!row) {
    await unit.insert(parameter, [{ name, value, changedAt: unit.now, changedBy, version: 1 }]);
    return;
  }
  const json = value === '' ? null : JSON.stringify(value);
  const changed = await unit.execute(
    sql`UPDATE parameter SET value = ${json}, changed_at = ${unit.now}, changed_by = ${changedBy}, version = version + 1
        WHERE name = ${name} AND version = ${row.version}`,
  );
  if (changed === 0) throw stale();
}

/** Checks all settings of a form against the module's schema and stores those that differ. Throws zod's error when one is wrong. */
export async function changeParameters(
  unit: Unit,
  { name, parameters }: Pick<ModuleManifest, 'name' | 'parameters'>,
  values: Record<string, unknown>,
  reason?: string,
): Promise<string[]> {
  if (!parameters) return [];
  const before = await readParameters(unit, name, parameters);
  const after = parameters.parse(values);
  const changed = Object.keys(after).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
  for (const key of changed) await writeParameter(unit, `${name}.${key}`, after[key]);
  if (changed.length > 0)
    await unit.audit({
      action: 'system.parameter.change',
      subjectType: 'system.module',
      detail: {
        module: name,
        before: pick(before, changed),
        after: pick(after, changed),
        ...(reason ? { reason } : {}),
      },
    });
  return changed;
}

const pick = (values: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.map((key) => [key, values[key]]));

export interface ParameterChange {
  /** Epoch milliseconds. */
  at: number;
  name: string;
}

/** Who set the module's stored parameters last, by key. */
export async function lastChanges(read: Reader, module: string): Promise<Map<string, ParameterChange>> {
  const rows = await read.all<{ name: string; changedAt: number; who: string | null }>(
    sql`SELECT p.name AS name, p.changed_at AS changed_at, u.name AS who
        FROM parameter p LEFT JOIN user_account u ON u.id = p.changed_by
        WHERE ${sql.startsWith('p.name', `${module}.`)} ORDER BY p.name`,
  );
  return new Map(
    rows.map(({ name, changedAt, who }) => [
      name.slice(module.length + 1),
      { at: Number(changedAt), name: who ?? '—' },
    ]),
  );
}
