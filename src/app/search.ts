import type { Ctx } from '../platform/http';
import type { ModuleManifest, SearchHit } from '../platform/modules';
import { can } from '../platform/permissions';

const LONGEST_TEXT = 100;

/** What was typed or scanned, without control characters and outer space; '' when there is nothing to look for. */
export function searchText(typed: string | undefined): string {
  return (typed ?? '')
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, LONGEST_TEXT);
}

/** Asks every module that is on and that the reader may use; exact hits first, each address once. */
export async function search(
  manifests: readonly ModuleManifest[],
  ctx: Pick<Ctx, 'read' | 'actor' | 't' | 'services'>,
  text: string,
): Promise<SearchHit[]> {
  if (text === '') return [];
  const providers = manifests
    .flatMap((manifest) => manifest.search ?? [])
    .filter(({ permission }) => can(ctx.actor, permission));
  const hits = (await Promise.all(providers.map((provider) => provider.find(ctx, text)))).flat();
  const byHref = new Map<string, SearchHit>();
  for (const hit of hits) if (!byHref.get(hit.href)?.exact) byHref.set(hit.href, hit);
  return [...byHref.values()].sort((a, b) => Number(b.exact) - Number(a.exact));
}

/** Where to go straight away: the one thing whose number this is. */
export function onlyExactHit(hits: readonly SearchHit[]): SearchHit | null {
  const exact = hits.filter((hit) => hit.exact);
  return exact.length === 1 ? (exact[0] ?? null) : null;
}
