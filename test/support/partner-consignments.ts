import { type ConsignDevices, consignDevices } from '../../src/modules/sales/use-cases/consign-devices';
import { type SettleConsignment, settleConsignment } from '../../src/modules/sales/use-cases/settle-consignment';
import { takeBackConsigned } from '../../src/modules/sales/use-cases/take-back-consigned';
import { consignment, consignmentDevice } from '../../src/modules/sales/store/consignment.table';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { testKeys } from './auth';
import { imeiOf, type SampleShop } from './sample-shop';

/** Giving devices of the sample shop to a partner shop, and taking them back. */
export function consignmentHands(uow: UnitOfWork, shop: SampleShop, actor: Actor = systemActor('周敏')) {
  const { database } = uow;
  const seen = async (id: number) => ({ id, version: (await database.read.get(consignment, id))?.version ?? 0 });
  return {
    seen,
    consign: (more: Partial<ConsignDevices> = {}, options?: { operationKey: string }) =>
      consignDevices(
        { uow, keys: testKeys },
        actor,
        {
          locationId: shop.locationId,
          partner: '13800138000',
          partnerName: '河西通讯',
          dueOn: '2026-12-22',
          priceFen: null,
          note: '',
          numbers: `${imeiOf(0)} 4299\n${imeiOf(1)}`,
          ...more,
        },
        options,
      ),
    rowsOf: async (id: number) =>
      (await database.read.find(consignmentDevice, { outId: id })).sort((a, b) => a.seq - b.seq),
    settle: (consignmentId: number, more: Partial<SettleConsignment> = {}, options?: { operationKey: string }) =>
      settleConsignment(
        uow,
        actor,
        {
          consignmentId,
          rows: [],
          numbers: '',
          dueOn: '2026-12-31',
          commissionFen: null,
          commissionTaxFen: null,
          reference: '',
          note: '',
          channelId: null,
          ...more,
        },
        options,
      ),
    takeBack: async (id: number, rows: (number | undefined)[], more: { bucket?: string; numbers?: string } = {}) =>
      takeBackConsigned(uow, actor, {
        ...(await seen(id)),
        rows: rows.map((one) => one ?? 0),
        numbers: '',
        bucket: '',
        note: '',
        ...more,
      }),
  };
}

/** A handset of the shop goes to a partner and comes back. */
export async function leaveOneWithPartner(uow: UnitOfWork, shop: SampleShop, numbers: string): Promise<void> {
  const hands = consignmentHands(uow, shop);
  const { id } = await hands.consign({ numbers: `${numbers} 4300` });
  await hands.takeBack(id, [], { numbers });
}
