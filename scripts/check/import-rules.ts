import { areas, layers, moduleEdges, seesThroughDoors, typesOnly, type Layer } from './import-table';
import type { Import } from './read-imports';

/** Why an import is not allowed, or undefined when it is. */
export function judge(found: Import): string | undefined {
  const from = areaOf(found.from);
  if (!from) return `${found.from} belongs to no area; add its folder to scripts/check/import-table.ts`;
  return found.isPackage ? judgePackage(found, from) : judgeFile(found, from);
}

/** The area whose path is the longest match. */
export function areaOf(file: string): string | undefined {
  let best: string | undefined;
  let length = 0;
  for (const [name, { paths }] of Object.entries(areas)) {
    for (const start of paths)
      if (file.startsWith(start) && start.length > length) [best, length] = [name, start.length];
  }
  return best;
}

function judgePackage(found: Import, from: string): string | undefined {
  if (found.typeOnly) return undefined;
  const layerName = from === 'modules' ? placeOf(found.from).layer : undefined;
  const layer = layerName === undefined ? undefined : layers[layerName];
  const allowed = layer?.packages ?? areas[from]?.packages;
  if (allowed && !allowed.includes(found.to))
    return `${layerName ?? from} is pure and may not use the package ${found.to}`;
  if (layer?.not?.includes(found.to)) return `${layerName} leaves ${found.to} to store and queries`;
  return undefined;
}

function judgeFile(found: Import, from: string): string | undefined {
  const to = areaOf(found.to);
  if (!to) return from === 'tools' || found.to.endsWith('.json') ? undefined : `${found.to} belongs to no area`;
  if (from === 'modules' && to === 'modules') return judgeInModules(found);
  if (from === to) return undefined;
  if (!areas[from]?.mayImport.includes(to)) return `${from} may not import ${to}`;
  const { door } = areas[to] ?? {};
  if (door && !door.test(found.to) && !seesThroughDoors.includes(from))
    return `${to} is entered through its door only (index.ts)`;
  return from === 'modules' ? judgeLayerAgainstArea(found, to) : undefined;
}

function judgeLayerAgainstArea(found: Import, to: string): string | undefined {
  const { layer: name } = placeOf(found.from);
  const layer = layers[name];
  if (!layer) return unknownFolder(found.from);
  if (!layer.areas || layer.areas.includes(to)) return undefined;
  const named = typesOnly[name]?.includes(to) ?? false;
  if (named && found.typeOnly) return undefined;
  return `${name} may import ${named ? `only types of ${to}` : `no ${to}`}`;
}

function judgeInModules(found: Import): string | undefined {
  const from = placeOf(found.from);
  const to = placeOf(found.to);
  const layer: Layer | undefined = layers[from.layer];
  if (!layer) return unknownFolder(found.from);
  if (from.module !== to.module) {
    if (!below(from.module).has(to.module)) return `the module ${from.module} may not import the module ${to.module}`;
    if (to.layer !== 'door') return `another module is entered through its index.ts only`;
    return layer.areas ? `${from.layer} may not import other modules` : undefined;
  }
  if (from.layer === to.layer || layer.mayImport.includes(to.layer)) return undefined;
  return layers[to.layer] ? `in a module ${from.layer} may not import ${to.layer}` : unknownFolder(found.to);
}

function unknownFolder(file: string): string {
  return `${file} lies in a folder that is no layer of a module (${Object.keys(layers).join(', ')})`;
}

/** src/modules/sales/web/till.routes.ts → { module: 'sales', layer: 'web' } */
function placeOf(file: string): { module: string; layer: string } {
  const [, , module = '', next = '', ...rest] = file.split('/');
  if (rest.length > 0) return { module, layer: next };
  if (next === 'index.ts') return { module, layer: 'door' };
  return { module, layer: next.endsWith('.module.ts') ? 'manifest' : next };
}

/** The modules that lie below this one, at any depth. */
export function below(module: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...(moduleEdges[module] ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(moduleEdges[next] ?? []));
  }
  return found;
}
