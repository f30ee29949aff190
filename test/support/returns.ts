import {
  type CreateReturn,
  createReturn,
  postReturn,
  readReturnPaste,
  receiveGoods,
  scanIntoReturn,
} from '../../src/modules/purchasing';
import { purchaseReturn } from '../../src/modules/purchasing/store/return.table';
import type { Database } from '../../src/platform/database';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import type { SamplePurchasing } from './purchasing';

const system = systemActor('test');

/** A posted receipt in the first store: these devices at 3,920.00 and ten chargers at 56.50. */
export const receiveSample = (
  uow: UnitOfWork,
  sample: SamplePurchasing,
  devices: readonly string[],
  { withInvoice = false, supplierId = sample.supplierId }: { withInvoice?: boolean; supplierId?: number } = {},
) =>
  receiveGoods(uow, system, {
    supplierId,
    storeId: sample.storeId,
    locationId: sample.locationId,
    businessDate: '2026-11-20',
    deliveryNote: null,
    withInvoice,
    note: null,
    lines: [
      { skuId: sample.phoneSkuIds[0], quantity: devices.length, unitPriceFen: 392_000, devices },
      { skuId: sample.chargerSkuId, quantity: 10, unitPriceFen: 5_650 },
    ],
  });

/** A draft with these devices scanned. */
export async function draftReturn(
  uow: UnitOfWork,
  sample: SamplePurchasing,
  devices: readonly string[],
  { actor = system, ...header }: Partial<CreateReturn> & { actor?: Actor } = {},
) {
  const made = await createReturn(uow, actor, {
    supplierId: sample.supplierId,
    storeId: sample.storeId,
    locationId: sample.locationId,
    reason: '开箱不良',
    exchange: false,
    note: null,
    ...header,
  });
  const { answers } = await scanIntoReturn(uow, actor, {
    returnId: made.id,
    scans: readReturnPaste(devices.join('\n')),
  });
  return { ...made, answers };
}

export const returnVersion = async (database: Database, id: number): Promise<number> =>
  (await database.read.get(purchaseReturn, id))?.version ?? 0;

export const postReturnNow = async (database: Database, uow: UnitOfWork, returnId: number, actor: Actor = system) =>
  postReturn(uow, actor, { returnId, version: await returnVersion(database, returnId) });
