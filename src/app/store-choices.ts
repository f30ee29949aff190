import { listStores } from '../modules/organization';
import type { Reader } from '../platform/database';
import type { StoreChoice } from '../platform/http';

/** Stores and warehouses for the top bar. */
export async function listStoreChoices(read: Reader): Promise<StoreChoice[]> {
  const stores = await listStores(read);
  return stores.map(({ id, code, name }) => ({ id, code, name }));
}
