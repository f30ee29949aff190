import { listStores, store } from '../modules/organization';
import type { Database, Reader } from '../platform/database';
import type { StoreChoice } from '../platform/http';

/** Stores and warehouses for the top bar. */
export async function listStoreChoices(read: Reader): Promise<StoreChoice[]> {
  const stores = await listStores(read);
  return stores.map(({ id, code, name }) => ({ id, code, name }));
}

/** How long a server may go on with the stores as they were after another process changed them. */
const KEPT_MS = 3000;

/** The same, kept from one request to the next; a change by this server is seen at once. */
export function keepStoreChoices(
  { read, writes }: Pick<Database, 'read' | 'writes'>,
  clock: () => number = Date.now,
): () => Promise<StoreChoice[]> {
  let kept: { until: number; written: number; choices: Promise<StoreChoice[]> } | undefined;
  return () => {
    const written = writes.of(store.name);
    if (kept && kept.until > clock() && kept.written === written) return kept.choices;
    const choices = listStoreChoices(read);
    kept = { until: clock() + KEPT_MS, written, choices };
    choices.catch(() => (kept = undefined));
    return choices;
  };
}
