import { devicesFor, openItemsFor, placeOf, post } from '../../../ledger';
import { DomainError } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { dropStands } from '../domain/protection-coverage';
import { unprotectPosting, type UnprotectedDevice } from '../domain/protection-posting';
import { claimItem } from '../queries/claim-item';
import { deviceLives } from '../queries/device-lives';
import { protectionDevicesOf } from '../store/protection.store';
import { protection } from '../store/protection.table';
import { checkedReason } from './decide-order';
import { auditProtection, lockForStep } from './save-protection';

/**
 * Takes an agreement back with today's business date (红冲), also after devices were sold or moved on: what of them is stock
 * costs again what it did, the rest corrects the cost of sales. A settled claim is to be unsettled first.
 */
export function reverseProtection(
  uow: UnitOfWork,
  actor: Actor,
  { reason: text, ...command }: { claimId: number; version: number; reason: string },
  options?: RunOptions,
): Promise<{ id: number; reversalNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, 'purchasing.protection.reverse', 'reverse');
      const reason = checkedReason(text);
      const rows = (await protectionDevicesOf(unit, row.id)).filter(({ agreedFen }) => (agreedFen ?? 0) > 0);
      const onBooks = await devicesFor(
        unit,
        rows.flatMap(({ deviceId }) => deviceId ?? []),
      );
      const lives = await deviceLives(unit, [...onBooks.keys()]);
      const type = 'purchasing.protection';
      const itemId = await claimItem(unit, type, row.id);
      const item = (await openItemsFor(unit, itemId === null ? [] : [itemId])).get(itemId ?? 0);
      if (!item || item.settledFen !== 0)
        throw new DomainError('purchasing:error.protection_settled', { status: 409, details: { number: row.number } });
      const store = await getStore(unit, row.storeId);
      const reversalNumber = unit.documentNumber('JB', store.code, unit.today);
      const devices = rows.flatMap((one): UnprotectedDevice[] => {
        const device = onBooks.get(one.deviceId ?? 0);
        if (!device) return [];
        return [
          {
            deviceId: device.id,
            skuId: device.skuId,
            place: placeOf(device),
            netFen: one.netFen ?? 0,
            costDropFen: one.costDropFen ?? 0,
            stands: dropStands(lives.get(device.id) ?? [], { type, id: row.id }),
            storeId: device.storeId ?? one.storeId ?? row.storeId,
          },
        ];
      });
      await post(
        unit,
        unprotectPosting(
          {
            type: 'purchasing.protection_reversal',
            id: row.id,
            number: reversalNumber,
            businessDate: unit.today,
            storeId: row.storeId,
          },
          {
            supplierId: row.supplierId,
            agreedFen: row.agreedFen ?? 0,
            taxFen: row.taxFen ?? 0,
            openItemId: item.id,
          },
          devices,
        ),
      );
      const changes = { state: 'reversed' as const, reversalNumber, reversalReason: reason, closedAt: unit.now };
      await unit.update(protection, row.id, changes, row.version);
      await auditProtection(unit, row, 'reverse', { reversalNumber, reason });
      return { id: row.id, reversalNumber };
    },
    options,
  );
}
