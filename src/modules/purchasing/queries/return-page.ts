import type { Reader } from '../../../platform/database';
import { sql } from '../../../platform/database';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { getLocation, getStore } from '../../organization';
import { getReturn, returnLinesOf } from '../store/return.store';
import type { ReturnLineRow, ReturnRow } from '../store/return.table';
import { supplier } from '../store/supplier.table';
import { type Replacement, replacementsOf } from './replacements';
import { VIEW_RETURNS } from './return-list';

export interface ReturnLineView extends Pick<
  ReturnLineRow,
  'id' | 'lineNo' | 'skuId' | 'bucket' | 'batchCode' | 'quantity' | 'foreignPieces' | 'version'
> {
  skuCode: string;
  skuName: string;
  priced: boolean;
  /** Pieces that came in their place. */
  replaced: number;
  /** Absent without the right to see cost: tax-inclusive as bought and as agreed; in the books, once it is posted. */
  money?: Pick<ReturnLineRow, 'boughtFen' | 'unitPriceFen' | 'amountFen' | 'taxFen' | 'costFen'>;
}

export interface ReturnView extends Omit<ReturnRow, 'grossFen' | 'taxFen' | 'costFen' | 'createdBy'> {
  supplierName: string;
  storeName: string;
  locationName: string;
  lines: ReturnLineView[];
  /** Pieces not replaced yet and not expected in a draft; 0 unless posted. */
  openPieces: number;
  replacements: Replacement[];
  /** Absent without the right to see cost. */
  money?: Pick<ReturnRow, 'grossFen' | 'taxFen' | 'costFen'>;
}

/** A return as this reader may see it. Throws 404, or 403 outside the reader's stores. */
export async function returnView(read: Reader, actor: Actor, id: number): Promise<ReturnView> {
  const { grossFen, taxFen, costFen, createdBy: _by, ...row } = await getReturn(read, id);
  authorise(actor, VIEW_RETURNS, row.storeId);
  const lines = await returnLinesOf(read, id);
  const cards = await skusByIds(
    read,
    lines.map(({ skuId }) => skuId),
  );
  const seesCost = can(actor, COST_PERMISSION, row.storeId);
  const replacements = row.state === 'posted' ? await replacementsOf(read, id) : [];
  const came = (lineId: number, drafts: boolean): number =>
    replacements.reduce(
      (sum, one) => sum + (one.returnLineId === lineId && (drafts || one.state === 'posted') ? one.pieces : 0),
      0,
    );
  const party = await read.get(supplier, row.supplierId);
  return {
    ...row,
    supplierName: party?.name ?? '',
    storeName: (await getStore(read, row.storeId)).name,
    locationName: (await getLocation(read, row.locationId)).name,
    lines: lines.map((line) => {
      const { boughtFen, unitPriceFen, amountFen, taxFen: lineTaxFen, costFen: lineCostFen } = line;
      return {
        id: line.id,
        lineNo: line.lineNo,
        skuId: line.skuId,
        bucket: line.bucket,
        batchCode: line.batchCode,
        quantity: line.quantity,
        foreignPieces: line.foreignPieces,
        version: line.version,
        skuCode: cards.get(line.skuId)?.code ?? '',
        skuName: cards.get(line.skuId)?.name ?? '',
        priced: unitPriceFen !== null,
        replaced: came(line.id, false),
        ...(seesCost
          ? { money: { boughtFen, unitPriceFen, amountFen, taxFen: lineTaxFen, costFen: lineCostFen } }
          : {}),
      };
    }),
    openPieces:
      row.state === 'posted'
        ? lines.reduce((sum, line) => sum + Math.max(0, line.quantity - came(line.id, true)), 0)
        : 0,
    replacements,
    ...(seesCost ? { money: { grossFen, taxFen, costFen } } : {}),
  };
}

export interface ReturnedDeviceView {
  id: number;
  seq: number;
  deviceId: number;
  mainNumber: string;
  foreignPiece: boolean;
  lineNo: number;
  skuName: string;
  supplierName: string | null;
}

/** Devices of a return, the last scanned first; at most `most`. */
export async function returnedDevices(read: Reader, returnId: number, most: number): Promise<ReturnedDeviceView[]> {
  const rows = await read.all<Omit<ReturnedDeviceView, 'foreignPiece'> & { foreignPiece: number }>(
    sql`SELECT d.id, d.seq, d.device_id, d.main_number, d.foreign_piece, l.line_no, k.name AS sku_name,
        s.name AS supplier_name
      FROM purchase_return_device d JOIN purchase_return_line l ON l.id = d.line_id JOIN sku k ON k.id = l.sku_id
        JOIN device v ON v.id = d.device_id LEFT JOIN supplier s ON s.id = v.supplier_id
      WHERE d.return_id = ${returnId} ORDER BY d.seq DESC ${sql.limit(most)}`,
  );
  return rows.map((row) => ({ ...row, foreignPiece: Number(row.foreignPiece) === 1 }));
}

export async function deviceCountOf(read: Reader, returnId: number): Promise<number> {
  const row = await read.one<{ n: number }>(
    sql`SELECT COUNT(*) AS n FROM purchase_return_device WHERE return_id = ${returnId}`,
  );
  return Number(row?.n ?? 0);
}
