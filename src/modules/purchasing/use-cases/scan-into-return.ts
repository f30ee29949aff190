import { DomainError, invalid, parsePaste, parseScanLine } from '../../../kernel';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { checkReturnScans, type ReturnAnswer, type ReturnScan, type ReturnScanCheck } from '../domain/return-scan';
import { knownForReturn } from '../queries/known-for-return';
import { returnAmounts, returnLinesOf, writeReturnTotals } from '../store/return.store';
import { purchaseReturnDevice, purchaseReturnLine, type ReturnLineRow, type ReturnRow } from '../store/return.table';
import { lockDraft } from './save-return';

export const MAX_RETURN_DEVICES = 5_000;
export const MAX_RETURN_LINES = 500;

/** One code as a scanner gives it. */
export const readReturnScan = (key: string, text: string): ReturnScan => ({ key, text, ...parseScanLine(text) });

/** The devices of a pasted list; headings are left out. Throws errors:imei.too_many_lines. */
export const readReturnPaste = (text: string): ReturnScan[] =>
  parsePaste(text)
    .filter(({ identifiers, problems }) => identifiers.length > 0 || problems.some(({ level }) => level !== 'note'))
    .map(({ line, text: onLine, identifiers, problems }, index) => ({
      key: `${line}-${index}`,
      text: onLine,
      identifiers,
      problems,
    }));

/**
 * Takes what is right of the scans into a draft and answers each in its order. A device stands in a return once: a scan that is
 * sent again counts nothing twice. Devices bought at another price get a line of their own.
 */
export function scanIntoReturn(
  uow: UnitOfWork,
  actor: Actor,
  { returnId, scans }: { returnId: number; scans: readonly ReturnScan[] },
  options?: RunOptions,
): Promise<{ answers: ReturnAnswer[] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockDraft(unit, actor, { returnId });
      const check = checkReturnScans(scans, await knownForReturn(unit, actor, row, scans));
      await writeScanned(unit, row, check.devices);
      return { answers: check.answers };
    },
    options,
  );
}

async function writeScanned(unit: Unit, row: ReturnRow, devices: ReturnScanCheck['devices']): Promise<void> {
  if (devices.length === 0) return;
  if ((devices.at(-1)?.seq ?? 0) > MAX_RETURN_DEVICES)
    throw new DomainError('purchasing:error.return_devices', { details: { max: MAX_RETURN_DEVICES } });
  const before = await returnLinesOf(unit, row.id);
  const keyOf = (skuId: number, boughtFen: number | null): string => `${skuId}/${boughtFen ?? ''}`;
  const lines = new Map(before.map((line) => [keyOf(line.skuId, line.boughtFen), line]));
  const known = new Set(before.map(({ id }) => id));
  let lastNo = Math.max(0, ...before.map(({ lineNo }) => lineNo));
  const lineIds = devices.map(({ device, foreign }) => {
    const key = keyOf(device.skuId, device.boughtFen);
    const line = lines.get(key) ?? newDeviceLine(unit, row, ++lastNo, device);
    const quantity = line.quantity + 1;
    lines.set(key, {
      ...line,
      quantity,
      foreignPieces: line.foreignPieces + Number(foreign),
      ...returnAmounts({ ...line, quantity }),
    });
    return line.id;
  });
  const all = [...lines.values()];
  requireRoom(all.length);
  await unit.insert(
    purchaseReturnLine,
    all.filter(({ id }) => !known.has(id)),
  );
  for (const line of all) {
    const was = before.find(({ id }) => id === line.id);
    if (was && was.quantity !== line.quantity)
      await unit.update(purchaseReturnLine, line.id, changesOf(line), line.version);
  }
  const firstId = unit.takeIds(purchaseReturnDevice, devices.length);
  await unit.insert(
    purchaseReturnDevice,
    devices.map(({ device, seq, foreign }, index) => ({
      id: firstId + index,
      returnId: row.id,
      lineId: lineIds[index] ?? 0,
      seq,
      deviceId: device.deviceId,
      mainNumber: device.mainNumber,
      foreignPiece: foreign,
      addedAt: unit.now,
      addedByName: unit.actor.name,
    })),
  );
  await writeReturnTotals(unit, row, all);
}

export const changesOf = ({ quantity, foreignPieces, amountFen, taxFen }: ReturnLineRow) => ({
  quantity,
  foreignPieces,
  amountFen,
  taxFen,
});

export function requireRoom(lines: number): void {
  if (lines > MAX_RETURN_LINES) throw invalid('purchasing:error.too_many_lines', { max: MAX_RETURN_LINES });
}

const newDeviceLine = (
  unit: Unit,
  row: ReturnRow,
  lineNo: number,
  { skuId, boughtFen, taxRateBp }: ReturnScanCheck['devices'][number]['device'],
): ReturnLineRow => ({
  id: unit.takeIds(purchaseReturnLine),
  returnId: row.id,
  lineNo,
  skuId,
  bucket: null,
  batchCode: null,
  quantity: 0,
  boughtFen,
  unitPriceFen: boughtFen,
  taxRateBp,
  amountFen: 0,
  taxFen: 0,
  costFen: null,
  foreignPieces: 0,
  version: 1,
});
