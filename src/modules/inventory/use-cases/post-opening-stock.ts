import { businessDate } from '../../../kernel';
import {
  device,
  deviceEvent,
  deviceIdentifier,
  journalEntry,
  journalLine,
  post,
  posting,
  stockBalance,
  stockEntry,
} from '../../../ledger';
import { authorise } from '../../../platform/permissions';
import { auditLog, type Unit } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { getStore } from '../../organization';
import { type OpeningLine, openingPosting } from '../domain/opening-posting';
import { batch } from '../store/batch.table';
import { openingStock, openingStockLine } from '../store/opening-stock.table';
import { batchKeyText, ensureBatches, type WantedBatch } from './ensure-batches';

export interface OpeningStockCommand {
  storeId: number;
  businessDate: string;
  lines: readonly OpeningLine[];
}

/** Says how many ids the documents will take: running out in the middle would begin the whole work again. */
export function needOpeningIds(unit: Unit, documents: readonly (readonly OpeningLine[])[]): void {
  const lines = documents.reduce((sum, own) => sum + own.length, 0);
  const devices = documents.reduce(
    (sum, own) => sum + own.filter(({ identifiers }) => identifiers.length > 0).length,
    0,
  );
  const numbers = documents.reduce((sum, own) => sum + own.reduce((all, line) => all + line.identifiers.length, 0), 0);
  for (const [table, count] of [
    [device, devices],
    [deviceEvent, devices],
    [deviceIdentifier, numbers],
    [stockEntry, lines],
    [stockBalance, lines],
    [batch, lines - devices],
    [posting, documents.length],
    [journalEntry, documents.length],
    [journalLine, 4 * documents.length],
    [openingStock, documents.length],
    [openingStockLine, lines],
    [auditLog, documents.length + 1],
  ] as const)
    if (count > 0) unit.needIds(table, count);
}

/**
 * Writes and posts the opening stock of one store, all or nothing, in the caller's unit of work. The lines were checked by
 * the importer; the ledger checks the numbers again (DomainError when one is active on another device).
 */
export async function postOpeningStock(
  unit: Unit,
  command: OpeningStockCommand,
): Promise<{ id: number; number: string }> {
  const { storeId } = command;
  authorise(unit.actor, 'inventory.opening.post', storeId);
  const date = businessDate(command.businessDate);
  const store = await getStore(unit, storeId);
  const id = unit.takeIds(openingStock);
  const number = unit.documentNumber('QC', store.code, date);
  const lines = await withBatches(unit, command.lines, number);
  const document = { type: 'inventory.opening', id, number, businessDate: date, storeId };
  const { deviceIds } = await post(unit, openingPosting(document, lines));
  await unit.insert(openingStock, [
    {
      id,
      number,
      storeId,
      businessDate: date,
      state: 'posted',
      devices: deviceIds.size,
      quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
      valueFen: lines.reduce((sum, line) => sum + line.valueFen, 0),
      createdBy: unit.actor.name,
      createdAt: unit.now,
      version: 1,
    },
  ]);
  const firstId = unit.takeIds(openingStockLine, lines.length);
  await unit.insert(
    openingStockLine,
    lines.map((line, index) => {
      const imeis = line.identifiers.filter(({ kind }) => kind !== 'sn').map(({ value }) => value);
      return {
        id: firstId + index,
        openingId: id,
        lineNo: line.lineNo,
        skuId: line.skuId,
        locationId: line.locationId,
        quantity: line.quantity,
        valueFen: line.valueFen,
        imei1: imeis[0] ?? null,
        imei2: imeis[1] ?? null,
        sn: line.identifiers.find(({ kind }) => kind === 'sn')?.value ?? null,
        deviceId: deviceIds.get(String(line.lineNo)) ?? null,
      };
    }),
  );
  await unit.audit({
    action: 'inventory.opening.post',
    subjectType: 'inventory.opening',
    subjectId: id,
    storeId,
    detail: { number, lines: lines.length },
  });
  return { id, number };
}

/** Goods kept by batch get theirs; without a number of its own it is that of the document. */
async function withBatches(
  unit: Unit,
  lines: readonly OpeningLine[],
  documentNumber: string,
): Promise<readonly OpeningLine[]> {
  const skus = await skusByIds(
    unit,
    lines.map(({ skuId }) => skuId),
  );
  const wanted = lines
    .filter(({ skuId }) => skus.get(skuId)?.tracking === 'batch')
    .map((line): WantedBatch & { line: OpeningLine } => ({
      line,
      skuId: line.skuId,
      code: line.batch?.code ?? documentNumber,
      expiresOn: line.batch?.expiresOn ?? null,
      receivedOn: line.receivedOn,
    }));
  if (wanted.length === 0) return lines;
  const ids = await ensureBatches(
    unit,
    wanted.map(({ line: _line, ...one }) => one),
  );
  const idOf = new Map(wanted.map((one) => [one.line, ids.get(batchKeyText(one)) ?? null]));
  return lines.map((line) => (idOf.has(line) ? { ...line, batchId: idOf.get(line) ?? null } : line));
}
