import { z } from 'zod';
import type { ModuleManifest } from '../../platform/modules';
import { changeParameters } from '../../platform/parameters';
import type { Services } from '../../platform/services';
import { readOff, switchModule } from '../module-store';
import { activeModules } from '../module-switches';
import { modules } from '../modules';
import { founder } from './company';

export interface ModuleChoice {
  name: string;
  needs: readonly string[];
}

/** Modules that may be switched off. */
export function moduleChoices(): ModuleChoice[] {
  return modules.filter(({ core }) => !core).map(({ name, needs }) => ({ name, needs }));
}

/** The modules of `wanted` that cannot be on because one that they need is not wanted. */
export function modulesWithoutNeeds(wanted: readonly string[]): string[] {
  const off = new Set(
    moduleChoices()
      .map(({ name }) => name)
      .filter((name) => !wanted.includes(name)),
  );
  const on = new Set(activeModules(modules, off).map(({ name }) => name));
  return wanted.filter((name) => !on.has(name));
}

/** Switches the modules to what was chosen; returns how many were changed. */
export async function chooseModules({ uow, database }: Services, wanted: readonly string[]): Promise<number> {
  const off = await readOff(database.read);
  // In the order of their needs on the way up.
  const changes = moduleChoices().filter(({ name }) => off.has(name) === wanted.includes(name));
  for (const { name } of changes)
    await switchModule(uow, modules, founder, { module: name, on: wanted.includes(name) });
  return changes.length;
}

export interface ParameterChoice {
  module: string;
  key: string;
  kind: 'confirm' | 'number' | 'lines' | 'text';
  initial: boolean | number | string | string[];
  schema: z.ZodType;
}

/** The settings of the modules, with the values that they have from the start. */
export function parameterChoices(): ParameterChoice[] {
  return modules.flatMap(({ name, parameters }) => (parameters ? choicesOf(name, parameters) : []));
}

function choicesOf(module: string, parameters: NonNullable<ModuleManifest['parameters']>): ParameterChoice[] {
  const initial: Record<string, unknown> = parameters.parse({});
  const shape = parameters.shape as Record<string, z.ZodType>;
  return Object.entries(initial).flatMap(([key, value]): ParameterChoice[] => {
    const schema = shape[key] ?? z.unknown();
    if (typeof value === 'boolean') return [{ module, key, kind: 'confirm', initial: value, schema }];
    if (typeof value === 'number') return [{ module, key, kind: 'number', initial: value, schema }];
    if (typeof value === 'string') return [{ module, key, kind: 'text', initial: value, schema }];
    if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
      return [{ module, key, kind: 'lines', initial: value, schema }];
    return [];
  });
}

/** Stores the settings of each module that differ from what is stored; returns how many were changed. */
export async function chooseParameters(
  { uow }: Services,
  values: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<number> {
  let changed = 0;
  for (const manifest of modules) {
    const chosen = values[manifest.name];
    if (chosen) changed += (await uow.run(founder, (unit) => changeParameters(unit, manifest, chosen))).length;
  }
  return changed;
}
