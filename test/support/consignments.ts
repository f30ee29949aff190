import { createConsignment } from '../../src/modules/purchasing/use-cases/consignment-receipt';
import { addConsigned } from '../../src/modules/purchasing/use-cases/consignment-devices';
import { postConsignment } from '../../src/modules/purchasing/use-cases/post-consignment';
import { consignment } from '../../src/modules/purchasing/store/consignment.table';
import { consignedDevice } from '../../src/modules/inventory';
import { type AccountRole, device, journalLine, openItem } from '../../src/ledger';
import { sql } from '../../src/platform/database';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';
import { imeiOf, type SampleShop } from './sample-shop';

/** 3,390.00 with 13 % tax: 3,000.00 net. */
export const AGREED_FEN = 339_000;
export const AGREED_NET_FEN = 300_000;

/** What tests of consigned goods do again and again. */
export function consignmentHands(uow: UnitOfWork, shop: SampleShop, actor: Actor = systemActor('周敏')) {
  const { read } = uow.database;
  const seen = async (id: number) => ({ id, version: (await read.get(consignment, id))?.version ?? 0 });
  const draft = (supplierId: number) =>
    createConsignment(uow, actor, { supplierId, locationId: shop.locationId, note: '' });
  const add = async (id: number, numbers: string, more: { priceFen?: number; skuId?: number } = {}) =>
    addConsigned(uow, actor, {
      ...(await seen(id)),
      skuId: shop.phoneSkuIds[0],
      priceFen: AGREED_FEN,
      taxRateBp: 1300,
      numbers,
      ...more,
    });
  return {
    seen,
    draft,
    add,
    /** A posted receipt of these handsets, by the index of their number. */
    receive: async (supplierId: number, indexes: readonly number[]) => {
      const { id, number } = await draft(supplierId);
      await add(id, indexes.map(imeiOf).join('\n'));
      await postConsignment(uow, actor, await seen(id));
      return { id, number };
    },
    rowOf: async (index: number) => (await read.find(consignedDevice, { mainNumber: imeiOf(index) })).at(-1),
    deviceOf: async (index: number) => {
      const row = (await read.find(consignedDevice, { mainNumber: imeiOf(index) })).at(-1);
      const found = row?.deviceId ? await read.get(device, row.deviceId) : undefined;
      if (!found) throw new Error(`no device ${index}`);
      return found;
    },
    /** Debits less credits of a role. */
    balance: async (role: AccountRole) => {
      const row = await read.one<{ amount: number | null }>(
        sql`SELECT SUM(l.debit_fen - l.credit_fen) AS amount FROM journal_line l
          JOIN account_role r ON r.account_id = l.account_id WHERE r.role = ${role}`,
      );
      return Number(row?.amount ?? 0);
    },
    owed: async (supplierId: number, direction: 'accrued' | 'payable') =>
      (await read.find(openItem, { partyId: supplierId, direction }))
        .filter(({ partyType }) => partyType === 'supplier')
        .reduce((sum, { amountFen, settledFen }) => sum + amountFen - settledFen, 0),
    lines: () => read.find(journalLine, {}),
  };
}
