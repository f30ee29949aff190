import { DomainError, notFound } from '../kernel';
import type { Reader } from '../platform/database';
import type { ModuleManifest } from '../platform/modules';
import { parameter, writeParameter } from '../platform/parameters';
import { type Actor, authorise } from '../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../platform/unit-of-work';
import { activeModules } from './module-switches';

/** Module name → false where somebody switched it off; a module that is not named is on. */
const NAME = 'modules.enabled';
export const SWITCH_PERMISSION = 'system.module.switch';

type Switches = Record<string, boolean>;

export async function readOff(read: Reader): Promise<ReadonlySet<string>> {
  const [row] = await read.find(parameter, { name: NAME });
  const switches = (row?.value ?? {}) as Switches;
  return new Set(Object.keys(switches).filter((name) => switches[name] === false));
}

export interface SwitchCommand {
  module: string;
  on: boolean;
  /** Kept with the revision. */
  reason?: string;
}

/**
 * Switches a module on or off; those that need it go off with it because of activeModules. Refused for core modules and,
 * when switching on, while a module that it needs is off.
 */
export async function switchModule(
  uow: UnitOfWork,
  manifests: readonly ModuleManifest[],
  actor: Actor,
  { module, on, reason }: SwitchCommand,
  options?: RunOptions,
): Promise<void> {
  authorise(actor, SWITCH_PERMISSION);
  const manifest = manifests.find(({ name }) => name === module);
  if (!manifest) throw notFound('module', module.slice(0, 40));
  if (manifest.core) throw new DomainError('system:error.core_module', { status: 409 });
  await uow.run(
    actor,
    async (unit) => {
      const off = new Set(await readOff(unit));
      if (on) off.delete(module);
      else off.add(module);
      if (on && !activeModules(manifests, off).some(({ name }) => name === module))
        throw new DomainError('system:error.needs_first', { status: 409 });
      await writeOff(unit, off);
      const detail = { module, on, ...(reason ? { reason } : {}) };
      await unit.audit({ action: 'system.module.switch', subjectType: 'system.module', detail });
    },
    options,
  );
}

/** Stores which modules are off. The caller checks right and dependencies, and audits. */
export async function writeOff(unit: Unit, off: ReadonlySet<string>): Promise<void> {
  await writeParameter(unit, NAME, Object.fromEntries([...off].sort().map((name) => [name, false])));
}
