import { giveBackDevices } from '../../src/modules/inventory/use-cases/give-back-devices';
import { lendDevices } from '../../src/modules/inventory/use-cases/lend-devices';
import { loan, loanDevice } from '../../src/modules/inventory/store/loan.table';
import { supplier } from '../../src/modules/purchasing/store/supplier.table';
import type { Database } from '../../src/platform/database';
import type { Actor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { consignmentHands } from './consignments';
import { imeiOf, type SampleShop } from './sample-shop';

interface Hands {
  database: Database;
  uow: UnitOfWork;
  actor: Actor;
}

/** A handset of the shop is lent and comes back. */
export async function lendOne({ database, uow, actor }: Hands, shop: SampleShop, numbers: string): Promise<void> {
  const about = { borrower: '河西活动', purpose: 'event', dueOn: '2099-01-01', note: '' };
  const { id } = await lendDevices(uow, actor, { ...about, locationId: shop.locationId, numbers });
  const rows = (await database.read.find(loanDevice, { loanId: id })).map((row) => row.id);
  const version = (await database.read.get(loan, id))?.version ?? 0;
  await giveBackDevices(uow, actor, { id, version, rows, bucket: '', note: '' });
}

/** A supplier of the shop leaves a handset on consignment. */
export async function consignOne({ database, uow, actor }: Hands, shop: SampleShop): Promise<void> {
  const [from] = await database.read.find(supplier, {});
  await consignmentHands(uow, shop, actor).receive(from?.id ?? 0, [90]);
}

export const lentNumber = imeiOf(4);
