import {
  createTransfer,
  decideTransfer,
  pasteIntoTransfer,
  readTransferPaste,
  receiveTransfer,
  scanIntoTransfer,
  readTransferScan,
  sendTransfer,
  transfer,
} from '../../src/modules/inventory';
import { type Actor, systemActor } from '../../src/platform/permissions';
import type { UnitOfWork } from '../../src/platform/unit-of-work';

/** Short ways through transfers for tests, as the system or somebody else. */
export function transferHands(uow: UnitOfWork, actor: Actor = systemActor('周敏')) {
  const row = async (id: number) => {
    const found = await uow.database.read.get(transfer, id);
    if (!found) throw new Error(`no transfer ${id}`);
    return found;
  };
  const version = async (transferId: number): Promise<{ transferId: number; version: number }> => ({
    transferId,
    version: (await row(transferId)).version,
  });
  const paste = (transferId: number, imeis: readonly string[], { keep = 'all' as const, damaged = false } = {}) =>
    pasteIntoTransfer(uow, actor, { transferId, scans: readTransferPaste(imeis.join('\n'), damaged), keep });
  const draft = (fromLocationId: number, toLocationId: number, lines?: { skuId: number; quantity: number }[]) =>
    createTransfer(uow, actor, { fromLocationId, toLocationId, ...(lines ? { lines } : {}) });
  const decide = async (transferId: number, decision: 'request' | 'approve' | 'reject' | 'withdraw' | 'cancel') =>
    decideTransfer(uow, actor, { ...(await version(transferId)), decision, reason: '测试' });
  const send = async (transferId: number) => sendTransfer(uow, actor, await version(transferId));
  return {
    row,
    version,
    paste,
    draft,
    decide,
    send,
    scan: (transferId: number, ...texts: string[]) =>
      scanIntoTransfer(uow, actor, {
        transferId,
        scans: texts.map((text, index) => readTransferScan(`k${index}-${text}`, text)),
      }),
    receive: async (transferId: number) => receiveTransfer(uow, actor, await version(transferId)),
    /** On the way: these handsets. */
    sent: async (fromLocationId: number, toLocationId: number, imeis: readonly string[]) => {
      const { id } = await draft(fromLocationId, toLocationId);
      await paste(id, imeis);
      await decide(id, 'approve');
      await send(id);
      return id;
    },
  };
}
