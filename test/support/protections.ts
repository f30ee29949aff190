import { devicesFor, findByNumbers, post } from '../../src/ledger';
import {
  addProtectionLine,
  agreeProtection,
  createProtection,
  type CreateProtection,
  listAllProtected,
  readReturnPaste,
  reverseProtection,
  scanIntoProtection,
  submitProtection,
} from '../../src/modules/purchasing';
import { protection } from '../../src/modules/purchasing/store/protection.table';
import { type Database, sql } from '../../src/platform/database';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { document, sale, salesReturn } from './ledger-documents';
import type { SamplePurchasing } from './purchasing';

const system = systemActor('test');

export interface DraftProtection extends Partial<CreateProtection> {
  /** A piece. */
  unitFen?: number;
  actor?: Actor;
}

/** A draft with the first phone at 200.00 a piece and what was pasted, or everything that was there at the hour. */
export async function draftProtection(
  uow: UnitOfWork,
  sample: SamplePurchasing,
  devices: readonly string[] | 'all',
  { unitFen = 20_000, actor = system, ...header }: DraftProtection = {},
) {
  const made = await createProtection(uow, actor, {
    supplierId: sample.supplierId,
    storeId: sample.storeId,
    effectiveAt: Date.parse('2026-11-21T16:00:00Z'),
    timeZone: 'Asia/Shanghai',
    windowDays: 7,
    withTax: false,
    reference: null,
    note: null,
    ...header,
  });
  const claimId = made.id;
  const prices = { oldPriceFen: null, newPriceFen: null, unitFen, wholeModel: false };
  await addProtectionLine(uow, actor, { claimId, skuId: sample.phoneSkuIds[0], ...prices });
  if (devices === 'all') {
    await listAllProtected(uow, actor, { claimId });
    return { ...made, answers: [] };
  }
  const scans = readReturnPaste(devices.join('\n'));
  return { ...made, ...(await scanIntoProtection(uow, actor, { claimId, scans })) };
}

export const protectionVersion = async (database: Database, id: number): Promise<number> =>
  (await database.read.get(protection, id))?.version ?? 0;

export const submitNow = async (database: Database, uow: UnitOfWork, claimId: number) =>
  submitProtection(uow, system, { claimId, version: await protectionVersion(database, claimId) });

/** Sells devices of the first store by their numbers; what a till's sale does to the books. */
export const sellNow = (
  uow: UnitOfWork,
  sample: SamplePurchasing,
  numbers: readonly string[],
  businessDate = '2026-11-22',
): Promise<void> =>
  moveByNumbers(uow, numbers, (rows) => {
    const shop = { storeId: sample.storeId, locationId: sample.locationId };
    return sale(rows, 400_000, undefined, shop, document('sales.sale', shop, businessDate));
  });

/** Takes sold devices back into the first store. */
export const takeBackNow = (uow: UnitOfWork, sample: SamplePurchasing, numbers: readonly string[]): Promise<void> =>
  moveByNumbers(uow, numbers, (rows) => {
    const shop = { storeId: sample.storeId, locationId: sample.locationId };
    return salesReturn(rows, 400_000, shop, document('sales.return', shop));
  });

type Rows = Parameters<typeof sale>[0];

const moveByNumbers = (
  uow: UnitOfWork,
  numbers: readonly string[],
  posting: (rows: Rows) => Parameters<typeof post>[1],
): Promise<void> =>
  uow.run(system, async (unit) => {
    const found = await findByNumbers(unit, numbers);
    const rows = await devicesFor(
      unit,
      found.map(({ deviceId }) => deviceId),
    );
    await post(unit, posting([...rows.values()]));
  });

/** A device in stock is protected by its supplier, and that is taken back: both change the value of stock. */
export async function protectAndTakeBack(database: Database, uow: UnitOfWork, storeId: number): Promise<void> {
  const [one] = await database.read.all<{ id: number; skuId: number; supplierId: number; at: number }>(
    sql`SELECT d.id, d.sku_id, d.supplier_id, MAX(e.at) AS at FROM device d JOIN device_event e ON e.device_id = d.id
      WHERE d.state = 'in_stock' AND d.supplier_id IS NOT NULL GROUP BY d.id, d.sku_id, d.supplier_id ORDER BY d.id`,
  );
  if (!one) throw new Error('no device in stock to protect');
  const claim = { supplierId: one.supplierId, storeId, effectiveAt: Number(one.at), timeZone: 'Asia/Shanghai' };
  const header = { windowDays: 0, withTax: true, reference: null, note: null };
  const { id: claimId } = await createProtection(uow, system, { ...claim, ...header });
  const prices = { oldPriceFen: null, newPriceFen: null, unitFen: 1_130, wholeModel: false };
  await addProtectionLine(uow, system, { claimId, skuId: one.skuId, ...prices });
  await listAllProtected(uow, system, { claimId });
  await submitNow(database, uow, claimId);
  const version = () => protectionVersion(database, claimId);
  const agreed = { claimId, version: await version(), dueOn: null, lines: [], exceptions: '' };
  await agreeProtection(uow, system, agreed);
  await reverseProtection(uow, system, { claimId, version: await version(), reason: '供应商反悔' });
}
