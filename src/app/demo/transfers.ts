import {
  addTransferLine,
  countTransfer,
  createTransfer,
  decideTransfer,
  pasteIntoTransfer,
  readTransferPaste,
  receiveTransfer,
  sendTransfer,
  transfer,
  transferLine,
} from '../../modules/inventory';
import { shownNumbers } from '../../ledger';
import type { BusinessDate } from '../../kernel';
import type { Database } from '../../platform/database';
import type { Actor } from '../../platform/permissions';
import type { UnitOfWork } from '../../platform/unit-of-work';
import type { DemoStore } from './company';

export interface Carriage {
  from: DemoStore;
  to: DemoStore;
  deviceIds: readonly number[];
  /** Goods without serial numbers. */
  goods: { skuId: number; quantity: number } | null;
  expectedOn: BusinessDate;
}

const versionOf = async (database: Database, id: number): Promise<{ transferId: number; version: number }> => ({
  transferId: id,
  version: (await database.read.get(transfer, id))?.version ?? 0,
});

/** One store asks another for goods. */
export async function askForGoods(
  database: Database,
  uow: UnitOfWork,
  actor: Actor,
  { from, to, goods, expectedOn }: Carriage,
): Promise<number> {
  const { id } = await createTransfer(uow, actor, {
    fromLocationId: from.locationId,
    toLocationId: to.locationId,
    expectedOn,
    lines: goods ? [goods] : [],
  });
  await decideTransfer(uow, actor, { ...(await versionOf(database, id)), decision: 'request' });
  return id;
}

/** A transfer from the first scan to the moment in which it leaves. Returns its id. */
export async function sendGoods(
  database: Database,
  uow: UnitOfWork,
  actor: Actor,
  { from, to, deviceIds, goods, expectedOn }: Carriage,
): Promise<number> {
  const { id } = await createTransfer(uow, actor, {
    fromLocationId: from.locationId,
    toLocationId: to.locationId,
    expectedOn,
  });
  const numbers = await shownNumbers(database.read, deviceIds);
  const codes = deviceIds.map((deviceId) => numbers.get(deviceId) ?? '').join('\n');
  await pasteIntoTransfer(uow, actor, { transferId: id, scans: readTransferPaste(codes), keep: 'all' });
  if (goods) {
    const { lineId } = await addTransferLine(uow, actor, { transferId: id, ...goods });
    const lines = [{ lineId, quantity: goods.quantity }];
    await countTransfer(uow, actor, { ...(await versionOf(database, id)), lines });
  }
  await decideTransfer(uow, actor, { ...(await versionOf(database, id)), decision: 'approve' });
  await sendTransfer(uow, actor, await versionOf(database, id));
  return id;
}

/** All that is on the way is scanned, counted and received, but for so many handsets that nobody found. */
export async function receiveGoods(
  database: Database,
  uow: UnitOfWork,
  actor: Actor,
  transferId: number,
  deviceIds: readonly number[],
): Promise<void> {
  const numbers = await shownNumbers(database.read, deviceIds);
  const codes = deviceIds.map((deviceId) => numbers.get(deviceId) ?? '').join('\n');
  await pasteIntoTransfer(uow, actor, { transferId, scans: readTransferPaste(codes), keep: 'all' });
  const lines = (await database.read.find(transferLine, { transferId }))
    .filter(({ picked, sent, received }) => picked === 0 && sent > received)
    .map(({ id, sent }) => ({ lineId: id, quantity: sent }));
  await countTransfer(uow, actor, { ...(await versionOf(database, transferId)), lines });
  await receiveTransfer(uow, actor, await versionOf(database, transferId));
}
