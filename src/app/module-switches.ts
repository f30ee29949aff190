import type { ModuleManifest } from '../platform/modules';

export interface ModuleSwitches {
  isOn: (module: string) => Promise<boolean>;
  /** The manifests of the modules that are on. */
  active: () => Promise<readonly ModuleManifest[]>;
  /** Reads the switches again now, after a change on this server. */
  refresh: () => void;
}

/** How long a server may go on with the switches as they were; another server's change shows after this time. */
const KEPT_MS = 3000;

/**
 * Which modules are on. `readOff` gives the names that were switched off; a module is also off while one that it needs is,
 * and the core modules are always on.
 */
export function createModuleSwitches(
  manifests: readonly ModuleManifest[],
  readOff: () => Promise<ReadonlySet<string>>,
  clock: () => number = Date.now,
): ModuleSwitches {
  let kept: { until: number; active: Promise<readonly ModuleManifest[]> } | undefined;
  const active = (): Promise<readonly ModuleManifest[]> => {
    if (kept && kept.until > clock()) return kept.active;
    const fresh = readOff().then((off) => activeModules(manifests, off));
    kept = { until: clock() + KEPT_MS, active: fresh };
    fresh.catch(() => (kept = undefined));
    return fresh;
  };
  return {
    active,
    isOn: async (module) => (await active()).some(({ name }) => name === module),
    refresh: () => (kept = undefined),
  };
}

export function activeModules(manifests: readonly ModuleManifest[], off: ReadonlySet<string>): ModuleManifest[] {
  const on = new Map(
    manifests.filter(({ name, core }) => core || !off.has(name)).map((manifest) => [manifest.name, manifest]),
  );
  for (let before = -1; before !== on.size;) {
    before = on.size;
    for (const { name, needs, core } of on.values()) if (!core && needs.some((need) => !on.has(need))) on.delete(name);
  }
  return [...on.values()];
}

/** The modules that would go off with this one. */
export function dependentsOf(manifests: readonly ModuleManifest[], name: string): ModuleManifest[] {
  const on = new Set(activeModules(manifests, new Set([name])).map((manifest) => manifest.name));
  return manifests.filter((manifest) => manifest.name !== name && !on.has(manifest.name));
}
