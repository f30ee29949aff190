import { addStore, getCompany, listStores, type StoreKind, writeCompany } from '../../modules/organization';
import { systemActor } from '../../platform/permissions';
import type { Services } from '../../platform/services';

export const founder = systemActor('setup');

export interface FoundingStore {
  code: string;
  name: string;
  kind: StoreKind;
}

export interface FoundingCommand {
  name: string;
  taxNumber: string | null;
  phone: string | null;
  address: string | null;
  timeZone: string;
  stores: readonly FoundingStore[];
}

/** Whether a company stands in the database already. */
export async function isFounded({ database }: Pick<Services, 'database'>): Promise<boolean> {
  return (await getCompany(database.read)) !== undefined;
}

/**
 * Writes the company and opens the stores that are not there yet, in one unit of work: all or nothing, and again without
 * harm. Returns how many stores were opened.
 */
export async function foundCompany(
  { uow }: Pick<Services, 'uow'>,
  { stores, ...company }: FoundingCommand,
): Promise<number> {
  return uow.run(founder, async (unit) => {
    const before = await getCompany(unit);
    const same =
      before &&
      before.name === company.name &&
      before.taxNumber === company.taxNumber &&
      before.phone === company.phone &&
      before.address === company.address &&
      before.timeZone === company.timeZone;
    if (!same) await writeCompany(unit, company);
    const known = new Set((await listStores(unit)).map(({ code }) => code));
    const wanted = stores.filter(({ code }) => !known.has(code.toUpperCase()));
    for (const store of wanted) await addStore(unit, store);
    return wanted.length;
  });
}
