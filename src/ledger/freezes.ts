import { DomainError } from '../kernel';
import { chunked, sql } from '../platform/database';
import type { Unit } from '../platform/unit-of-work';
import { heldBy } from './books';
import type { PostedDocument } from './posting';
import { stockFreeze } from './tables';

/** What is counted is not moved meanwhile: all stock of a location, or some products of it. */
export interface StockFreeze {
  /** The document that asked for it, and alone may move these goods. */
  document: Pick<PostedDocument, 'type' | 'id' | 'number'>;
  locationId: number;
  /** Null: everything there, also what comes for the first time. */
  skuIds: readonly number[] | null;
}

/** 0 stands for all products. */
const EVERYTHING = 0;

/**
 * From its commit on no posting takes goods from the location or brings some, until `thawStock`. It waits for nobody and
 * nobody waits for it: a posting that was under way is still booked, and is a move like any other of those since.
 */
export async function freezeStock(unit: Unit, { document, locationId, skuIds }: StockFreeze): Promise<void> {
  const ids = skuIds ?? [EVERYTHING];
  const { type: documentType, id: documentId, number: documentNumber } = document;
  unit.needIds(stockFreeze, ids.length);
  for (const chunk of chunked(ids)) {
    const firstId = unit.takeIds(stockFreeze, chunk.length);
    await unit.insert(
      stockFreeze,
      chunk.map((skuId, index) => ({
        id: firstId + index,
        locationId,
        skuId,
        documentType,
        documentId,
        documentNumber,
        since: unit.now,
      })),
    );
  }
}

/** Lets the goods go again; does nothing where the document froze none. */
export async function thawStock(unit: Unit, { type, id }: Pick<PostedDocument, 'type' | 'id'>): Promise<void> {
  await unit.execute(sql`DELETE FROM stock_freeze WHERE document_type = ${type} AND document_id = ${id}`);
}

interface MovedStock {
  locationId: number;
  skuId: number;
  bucket: string;
  quantity: number;
}

/**
 * Throws 409 ledger:error.stock_frozen when goods move that another document has frozen. Whether anything is frozen at all
 * is read along with the period, so that a shop that counts nothing asks nothing more. Goods on their way to a location are
 * not there yet; a cost may change while goods are counted.
 */
export async function requireThawed(unit: Unit, document: PostedDocument, stock: readonly MovedStock[]): Promise<void> {
  if (!heldBy(unit).frozen) return;
  const moved = stock.filter(({ quantity, bucket }) => quantity !== 0 && bucket !== 'in_transit');
  const places = [...new Set(moved.map(({ locationId }) => locationId))];
  const skuIds = [...new Set([EVERYTHING, ...moved.map(({ skuId }) => skuId)])];
  if (places.length === 0) return;
  for (const chunk of chunked(skuIds)) {
    const found = await unit.all<{ locationId: number; skuId: number; documentNumber: string }>(
      sql`SELECT location_id, sku_id, document_number FROM stock_freeze
        WHERE location_id IN (${sql.list(places)}) AND sku_id IN (${sql.list(chunk)})
          AND NOT (document_type = ${document.type} AND document_id = ${document.id}) ORDER BY id`,
    );
    const first = found.find((freeze) =>
      moved.some(
        ({ locationId, skuId }) =>
          freeze.locationId === locationId && (freeze.skuId === EVERYTHING || freeze.skuId === skuId),
      ),
    );
    if (!first) continue;
    const { documentNumber: number, locationId } = first;
    throw new DomainError('ledger:error.stock_frozen', { status: 409, details: { number, locationId } });
  }
}
