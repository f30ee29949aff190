import type { ConfigurationDocument, ConfigurationRecord } from '../../platform/configuration';
import type { Reader } from '../../platform/database';
import type { ModuleManifest } from '../../platform/modules';
import { readParameters } from '../../platform/parameters';
import { readOff } from '../module-store';

/** The configuration as it is now. */
export async function readConfiguration(
  read: Reader,
  manifests: readonly ModuleManifest[],
): Promise<ConfigurationDocument> {
  const off = await readOff(read);
  const modules: Record<string, boolean> = {};
  const parameters: Record<string, Record<string, unknown>> = {};
  const data: Record<string, ConfigurationRecord[]> = {};
  for (const manifest of manifests) {
    if (!manifest.core) modules[manifest.name] = !off.has(manifest.name);
    if (manifest.parameters) parameters[manifest.name] = await readParameters(read, manifest.name, manifest.parameters);
    for (const set of manifest.configuration ?? []) data[`${manifest.name}.${set.id}`] = await set.read(read);
  }
  return { modules, parameters, data };
}
