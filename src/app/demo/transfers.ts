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
import { addDays, type BusinessDate } from '../../kernel';
import type { Database } from '../../platform/database';
import type { Actor } from '../../platform/permissions';
import type { UnitOfWork } from '../../platform/unit-of-work';
import type { DemoStore } from './company';
import type { Story } from './shelf';

/** Days between two transfers, and before the end from which not all of one is found. */
const CARRIED_EVERY = 4;
const LAST_DAYS = 6;

interface Carriage {
  from: DemoStore;
  to: DemoStore;
  deviceIds: readonly number[];
  /** Goods without serial numbers. */
  goods: { skuId: number; quantity: number } | null;
  expectedOn: BusinessDate;
}

/**
 * Every few days what one store has several of goes to the next one, which receives it the day after. In the last days one
 * handset is not found, and a store asks for goods: what the pages of transfers are for.
 */
export function demoTransfers(): Story {
  const onTheWay: { id: number; deviceIds: readonly number[]; allFound: boolean }[] = [];
  return async ({ market: { database, company, shelfOf }, uow, date, day, daysLeft }) => {
    const { stores, buyer } = company;
    for (const { id, deviceIds, allFound } of onTheWay.splice(0)) {
      const found = allFound ? deviceIds : deviceIds.slice(1);
      if (found.length > 0) await receiveGoods(database, uow, buyer, id, found);
    }
    const from = stores[day % stores.length];
    const to = stores[(day + 1) % stores.length];
    if (day === 0 || !from || !to || from === to) return;
    const shelf = shelfOf(from);
    const held = [...shelf.goods].filter(([, pieces]) => pieces >= 6);
    const [skuId] = held[day % Math.max(1, held.length)] ?? [];
    const goods = skuId === undefined ? null : { skuId, quantity: 2 };
    const expectedOn = addDays(date, 2);
    if (daysLeft === 0) {
      await askForGoods(database, uow, buyer, { from, to, deviceIds: [], goods, expectedOn });
      return;
    }
    if (day % CARRIED_EVERY !== 1) return;
    const many = [...shelf.devices.values()].filter((held) => held.length > 1);
    const deviceIds = many.slice(0, 2).map((held) => held.at(-1)?.id ?? 0);
    if (deviceIds.length === 0) return;
    const id = await sendGoods(database, uow, buyer, { from, to, deviceIds, goods, expectedOn });
    onTheWay.push({ id, deviceIds, allFound: daysLeft > LAST_DAYS });
  };
}

const versionOf = async (database: Database, id: number): Promise<{ transferId: number; version: number }> => ({
  transferId: id,
  version: (await database.read.get(transfer, id))?.version ?? 0,
});

/** One store asks another for goods. */
async function askForGoods(
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
async function sendGoods(
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
async function receiveGoods(
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
