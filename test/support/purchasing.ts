import { completeImei } from '../../src/kernel';
import { addSupplier, createReceipt, type ReceiptCreated } from '../../src/modules/purchasing';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { type SampleCatalog, sampleCatalog } from './sample-catalog';
import { testKeys } from './auth';

export interface SamplePurchasing extends SampleCatalog {
  supplierId: number;
}

/** The sample catalog and a supplier with 30 payment days. */
export async function samplePurchasing(uow: UnitOfWork): Promise<SamplePurchasing> {
  const sample = await sampleCatalog(uow);
  const supplierId = await uow.run(systemActor('test'), (unit) =>
    addSupplier(unit, testKeys, { name: '深圳华盛通讯', category: '国代', paymentDays: 30 }),
  );
  return { ...sample, supplierId };
}

/** A draft in the first store. */
export function draftReceipt(
  uow: UnitOfWork,
  sample: SamplePurchasing,
  { actor = systemActor('test'), withInvoice = false }: { actor?: Actor; withInvoice?: boolean } = {},
): Promise<ReceiptCreated> {
  return createReceipt(uow, actor, {
    supplierId: sample.supplierId,
    storeId: sample.storeId,
    locationId: sample.locationId,
    businessDate: '2026-11-20',
    deliveryNote: 'HS-2211-087',
    withInvoice,
    note: null,
  });
}

/** The n-th right IMEI of a made-up maker. */
export const imeiOf = (n: number): string => completeImei(`86742106${String(n).padStart(6, '0')}`);
export const imeisOf = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => imeiOf(from + index));
