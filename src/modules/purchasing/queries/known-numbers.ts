import { activeNumbers, findByNumbers, type FoundNumber } from '../../../ledger';
import type { Reader } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { modelsByTac, skusByIds } from '../../catalog';
import { locationsByIds, storesByIds } from '../../organization';
import { comesBack } from '../domain/returning-device';
import type { KnownNumbers, Scan } from '../domain/scan-check';
import type { ScanLine } from '../domain/scan-line-choice';
import type { ReceiptLineRow, ReceiptRow } from '../store/receipt.table';
import { numbersInDrafts, numbersInReceipt } from '../store/scanned-numbers';

export const OVERRIDE_PERMISSION = 'purchasing.imei.override';

/** Everything the check of these scans needs, in a handful of set queries whatever their number. */
export async function knownNumbers(
  read: Reader,
  actor: Actor,
  receipt: ReceiptRow,
  lines: readonly ReceiptLineRow[],
  scans: readonly Scan[],
  nextSeq: number,
): Promise<KnownNumbers> {
  const numbers = [...new Set(scans.flatMap((scan) => scan.identifiers.map(({ value }) => value)))];
  const imeis = scans.flatMap((scan) =>
    scan.identifiers.filter(({ kind }) => kind === 'imei').map(({ value }) => value),
  );
  const held = (await findByNumbers(read, numbers)).filter(({ active }) => active);
  const places = await placesOf(read, held);
  const returning = held.filter(({ state }) => comesBack(state) !== 'never').map(({ deviceId }) => deviceId);
  const theirs = await activeNumbers(read, returning);
  const models = await modelsByTac(read, imeis);
  return {
    lines: await scanLines(read, lines),
    inReceipt: await numbersInReceipt(read, receipt.id, numbers),
    inBooks: new Map(
      held.map((found) => {
        const { deviceId, state, number } = found;
        return [number, { deviceId, state, place: places(found), numbers: theirs.get(deviceId) ?? [] }];
      }),
    ),
    inDrafts: await numbersInDrafts(read, receipt.id, numbers),
    models: new Map(
      [...models].map(([code, { productId, brandText, modelText }]) => [
        code,
        { productId, name: modelText.startsWith(brandText) ? modelText : `${brandText} ${modelText}`.trim() },
      ]),
    ),
    mayOverride: can(actor, OVERRIDE_PERMISSION, receipt.storeId),
    nextSeq,
  };
}

export async function scanLines(read: Reader, lines: readonly ReceiptLineRow[]): Promise<ScanLine[]> {
  const cards = await skusByIds(
    read,
    lines.map((line) => line.skuId),
  );
  return lines.map((line) => {
    const card = cards.get(line.skuId);
    return {
      id: line.id,
      lineNo: line.lineNo,
      skuId: line.skuId,
      skuName: card?.name ?? '',
      productId: card?.productId ?? 0,
      tracking: card?.tracking ?? 'plain',
      quantity: line.quantity,
      countsScans: line.countsScans,
      received: line.received,
    };
  });
}

/** "新街口店 前仓" for each device that is somewhere. */
async function placesOf(read: Reader, held: readonly FoundNumber[]): Promise<(found: FoundNumber) => string> {
  const stores = await storesByIds(read, withoutNull(held.map((found) => found.storeId)));
  const locations = await locationsByIds(read, withoutNull(held.map((found) => found.locationId)));
  return ({ storeId, locationId }) =>
    [stores.get(storeId ?? 0)?.name, locations.get(locationId ?? 0)?.name].filter(Boolean).join(' ');
}

function withoutNull(ids: readonly (number | null)[]): number[] {
  return ids.filter((id) => id !== null);
}
