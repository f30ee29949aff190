import { fen, invalid, stale } from '../../../kernel';
import { type DeviceOnBooks, openItemsFor, placeOf, post } from '../../../ledger';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { claimOf, type LineClaim, takeUninvoiced, type UninvoicedLine } from '../domain/return-claim';
import { type OpenPayable, type ReturnedDevice, returnPosting } from '../domain/return-posting';
import { FOREIGN_RETURNS } from '../queries/known-for-return';
import { lockReceipts, uninvoicedLines, writeClearings } from '../store/receipt-clearing.store';
import {
  assertReturnDraft,
  lockReturn,
  returnDevicesOf,
  returnLinesOf,
  writeReturnTotals,
} from '../store/return.store';
import { purchaseReturnLine, type ReturnDeviceRow, type ReturnLineRow, type ReturnRow } from '../store/return.table';
import { supplier } from '../store/supplier.table';
import { auditReturn } from './save-return';
import { devicesHere, goodsHere, type TakenGoods } from './take-returned';

export interface PostReturn {
  returnId: number;
  /** As the page showed it: what is posted is what was seen. */
  version: number;
}

/** Puts a draft into the books, once: goods leave at their cost, what is owed to the supplier is lowered by what was agreed. */
export function postReturn(
  uow: UnitOfWork,
  actor: Actor,
  command: PostReturn,
  options?: RunOptions,
): Promise<{ id: number; number: string; quantity: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReturn(unit, command.returnId);
      authorise(actor, 'purchasing.return.post', row.storeId);
      assertReturnDraft(row);
      if (row.version !== command.version) throw stale();
      const lines = await returnLinesOf(unit, row.id);
      const scanned = await returnDevicesOf(unit, row.id);
      if (lines.length === 0) throw invalid('purchasing:error.no_lines');
      const unpriced = lines.filter(({ unitPriceFen }) => unitPriceFen === null);
      if (unpriced.length > 0)
        throw invalid(
          'purchasing:error.cannot_post',
          {},
          unpriced.map(({ lineNo }) => ({
            path: `line.${lineNo}.unitPrice`,
            code: 'purchasing:error.line_without_price',
            details: { line: lineNo },
          })),
        );
      // Read before the locks to know what to lock, and again under them.
      const ahead = await uninvoicedOf(unit, row, lines, scanned);
      await lockReceipts(
        unit,
        ahead.map(({ receiptId }) => receiptId),
      );
      const devices = await devicesHere(unit, row, scanned);
      const foreign = [...devices.values()].filter(({ supplierId }) => supplierId !== row.supplierId).length;
      const foreignGoods = lines.reduce((sum, line) => sum + (line.bucket === null ? 0 : line.foreignPieces), 0);
      if (foreign + foreignGoods > 0) authorise(actor, FOREIGN_RETURNS, row.storeId);
      const goods = await goodsHere(
        unit,
        row,
        lines.filter(({ bucket }) => bucket !== null),
      );
      const claims = await claimsOf(unit, row, lines, scanned);
      const payableIds = await openPayables(unit, row);
      const accruedIds = claims.flatMap(({ cleared }) => cleared.flatMap(({ openItemId }) => openItemId ?? []));
      const items = await openItemsFor(unit, [...accruedIds, ...payableIds]);
      // What is open of them now that they are locked: another document may have settled some meanwhile.
      const payables = payableIds.flatMap((openItemId): OpenPayable[] => {
        const item = items.get(openItemId);
        return item ? [{ openItemId, openFen: item.amountFen - item.settledFen }] : [];
      });
      const party = await unit.get(supplier, row.supplierId);
      const { costFen, ...posting } = returnPosting(
        {
          id: row.id,
          number: row.number,
          businessDate: unit.today,
          storeId: row.storeId,
          supplierId: row.supplierId,
          supplierName: party?.name ?? '',
        },
        scanned.flatMap(({ deviceId }): ReturnedDevice[] => {
          const device = devices.get(deviceId);
          return device ? [{ deviceId, skuId: device.skuId, place: placeOf(device), costFen: device.costFen }] : [];
        }),
        goods.map(({ lineId: _line, ...move }) => move),
        claims,
        payables,
      );
      await post(unit, posting);
      await writeClearings(
        unit,
        { type: 'purchasing.return', id: row.id },
        claims.flatMap(({ cleared }, index) => {
          const documentLineId = lines[index]?.id ?? 0;
          return cleared.map((one) => ({ ...one, documentLineId }));
        }),
      );
      await writeCosts(unit, lines, scanned, devices, goods);
      await writeReturnTotals(unit, row, lines, {
        state: 'posted',
        businessDate: unit.today,
        postedAt: unit.now,
        costFen,
        foreignPieces: foreign + foreignGoods,
      });
      await auditReturn(unit, row, 'post', {
        supplierId: row.supplierId,
        quantity: row.quantity,
        devices: scanned.length,
        ...(foreign + foreignGoods > 0 ? { foreign: foreign + foreignGoods } : {}),
      });
      await unit.publish('purchasing.return.posted', { returnId: row.id, number: row.number, storeId: row.storeId });
      return { id: row.id, number: row.number, quantity: row.quantity };
    },
    options,
  );
}

/** Receipt lines without invoice that the returned pieces may come from: of devices their own, of goods any of the store. */
async function uninvoicedOf(
  unit: Unit,
  row: ReturnRow,
  lines: readonly ReturnLineRow[],
  scanned: readonly ReturnDeviceRow[],
): Promise<UninvoicedLine[]> {
  const found: UninvoicedLine[] = [];
  const skuIds = lines.filter(({ bucket }) => bucket !== null).map(({ skuId }) => skuId);
  for (const chunk of chunked([...new Set(skuIds)]))
    found.push(
      ...(await uninvoicedLines(
        unit,
        row.supplierId,
        sql`r.store_id = ${row.storeId} AND l.sku_id IN (${sql.list(chunk)})`,
      )),
    );
  const receiptLineIds = [...new Set((await receiptLinesOf(unit, scanned)).values())];
  for (const chunk of chunked(receiptLineIds))
    found.push(...(await uninvoicedLines(unit, row.supplierId, sql`l.id IN (${sql.list(chunk)})`)));
  return found;
}

/** Device → the line of the last posted receipt that brought it. */
async function receiptLinesOf(read: Reader, scanned: readonly ReturnDeviceRow[]): Promise<Map<number, number>> {
  const lineOf = new Map<number, number>();
  for (const chunk of chunked(scanned.map(({ deviceId }) => deviceId)))
    for (const { deviceId, lineId } of await read.all<{ deviceId: number; lineId: number }>(
      sql`SELECT d.device_id, d.line_id FROM receipt_device d JOIN receipt r ON r.id = d.receipt_id
        WHERE d.device_id IN (${sql.list(chunk)}) AND r.state = 'posted' ORDER BY d.id`,
    ))
      lineOf.set(deviceId, lineId);
  return lineOf;
}

/** The claim of each line, in their order. */
async function claimsOf(
  unit: Unit,
  row: ReturnRow,
  lines: readonly ReturnLineRow[],
  scanned: readonly ReturnDeviceRow[],
): Promise<LineClaim[]> {
  const open = await uninvoicedOf(unit, row, lines, scanned);
  const left = new Map(open.map((one) => [one.receiptLineId, one]));
  const receiptLines = await receiptLinesOf(unit, scanned);
  return lines.map((line) => {
    const amounts = { quantity: line.quantity, amountFen: fen(line.amountFen), taxFen: fen(line.taxFen) };
    const taken =
      line.bucket === null
        ? [
            ...countBy(
              scanned.filter(({ lineId }) => lineId === line.id),
              ({ deviceId }) => receiptLines.get(deviceId),
            ),
          ].flatMap(([receiptLineId, pieces]) =>
            takeUninvoiced(
              open.filter((one) => one.receiptLineId === receiptLineId),
              pieces,
              left,
            ),
          )
        : takeUninvoiced(
            open.filter(({ skuId }) => skuId === line.skuId),
            line.quantity,
            left,
          );
    const claim = claimOf(amounts, taken);
    for (const { receiptLineId, clearedFen } of claim.cleared) {
      const now = left.get(receiptLineId);
      if (now) left.set(receiptLineId, { ...now, leftFen: now.leftFen - clearedFen });
    }
    return claim;
  });
}

function countBy<T, K>(values: readonly T[], of: (value: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const value of values) counts.set(of(value), (counts.get(of(value)) ?? 0) + 1);
  return counts;
}

/** Open payables of the supplier, what is due first first. */
async function openPayables(read: Reader, { supplierId }: ReturnRow): Promise<number[]> {
  const rows = await read.all<{ id: number }>(
    sql`SELECT id FROM open_item
      WHERE party_type = 'supplier' AND party_id = ${supplierId} AND direction = 'payable' AND settled_fen < amount_fen
      ORDER BY due_on, id`,
  );
  return rows.map(({ id }) => id);
}

async function writeCosts(
  unit: Unit,
  lines: readonly ReturnLineRow[],
  scanned: readonly ReturnDeviceRow[],
  devices: ReadonlyMap<number, DeviceOnBooks>,
  goods: readonly TakenGoods[],
): Promise<void> {
  const costs = new Map<number, number>();
  const add = (lineId: number, amount: number): void => void costs.set(lineId, (costs.get(lineId) ?? 0) + amount);
  for (const { lineId, deviceId } of scanned) add(lineId, devices.get(deviceId)?.costFen ?? 0);
  for (const { lineId, valueFen } of goods) add(lineId, -valueFen);
  for (const line of lines)
    await unit.update(purchaseReturnLine, line.id, { costFen: costs.get(line.id) ?? 0 }, line.version);
}
