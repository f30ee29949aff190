import type { FrameReader } from '../platform/http';
import type { Alert, ModuleManifest } from '../platform/modules';
import { switchedOff } from '../platform/parameters';
import { can } from '../platform/permissions';

const KEPT_MS = 60_000;
const MOST_KEPT = 500;

export type AlertReader = Omit<FrameReader, 'path'>;

/** Everything that wants this reader's attention, module by module. */
export async function findAlerts(manifests: readonly ModuleManifest[], reader: AlertReader): Promise<Alert[]> {
  const sources = manifests
    .flatMap(({ alerts }) => alerts ?? [])
    .filter((source) => can(reader.actor, source.permission));
  const off = await switchedOff(
    reader.read,
    sources.flatMap((source) => source.switch ?? []),
  );
  const told = sources.filter((source) => source.switch === undefined || !off.has(source.switch));
  return (await Promise.all(told.map((source) => source.find(reader)))).flat();
}

/** The number beside the bell, a minute old at most: it stands on every page and must not cost a query on each. */
export function createAlertCounter(): (manifests: readonly ModuleManifest[], reader: AlertReader) => Promise<number> {
  const kept = new Map<string, { until: number; count: Promise<number> }>();
  return (manifests, reader) => {
    const key = `${reader.actor.userId} ${reader.store?.id ?? 'all'}`;
    const known = kept.get(key);
    if (known && known.until > reader.now) return known.count;
    if (kept.size >= MOST_KEPT) kept.clear();
    const count = findAlerts(manifests, reader).then((alerts) => alerts.length);
    kept.set(key, { until: reader.now + KEPT_MS, count });
    // A failed count is asked for again with the next page.
    count.catch(() => kept.delete(key));
    return count;
  };
}
