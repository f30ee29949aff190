import { forbidden } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import { shownNumbers } from '../../../ledger';
import { skusByIds } from '../../catalog';
import { getStore, storesByIds } from '../../organization';
import type { LineMatch } from '../domain/invoice-matching';
import { getInvoice, invoiceLinesOf, invoiceSharesOf } from '../store/invoice.store';
import type { InvoiceLineRow, InvoiceRow, InvoiceShareRow } from '../store/invoice.table';
import { supplier } from '../store/supplier.table';
import { VIEW_INVOICES } from './invoice-list';
import { matchesOf, receivedLines, type ReceivedLineRow, tolerance } from './received-lines';

export interface InvoiceLineView extends Omit<InvoiceLineRow, 'invoiceId'> {
  /** The product, or what the line is for. */
  title: string;
  skuCode: string;
  storeName: string;
  /** Null: no goods, or the receipt was reversed. */
  received: ReceivedLineRow | null;
  match: LineMatch | null;
}

export interface InvoiceView extends Omit<InvoiceRow, 'createdBy' | 'activeKey'> {
  supplierName: string;
  storeName: string;
  /** Those in the reader's stores. */
  lines: InvoiceLineView[];
  /** Lines in other stores. */
  hidden: number;
  /** Still to be paid; null unless posted. */
  openFen: number | null;
}

/** An invoice as this reader may see it. Throws 404, or 403 outside the reader's stores and without the right to see cost. */
export async function invoiceView(read: Reader, actor: Actor, id: number): Promise<InvoiceView> {
  const { createdBy: _by, activeKey: _key, ...row } = await getInvoice(read, id);
  authorise(actor, VIEW_INVOICES, row.storeId);
  if (!can(actor, COST_PERMISSION, row.storeId)) throw forbidden(COST_PERMISSION);
  const all = await invoiceLinesOf(read, id);
  const lines = all.filter(({ storeId }) => can(actor, VIEW_INVOICES, storeId) && can(actor, COST_PERMISSION, storeId));
  const received = await receivedLines(
    read,
    lines.flatMap(({ receiptLineId }) => receiptLineId ?? []),
  );
  const matches = matchesOf(lines, received, await tolerance(read));
  const cards = await skusByIds(
    read,
    lines.flatMap(({ skuId }) => skuId ?? []),
  );
  const stores = await storesByIds(
    read,
    lines.map(({ storeId }) => storeId),
  );
  const party = await read.get(supplier, row.supplierId);
  const inBooks = row.state === 'posted' || row.state === 'reversed';
  return {
    ...row,
    supplierName: party?.name ?? '',
    storeName: (await getStore(read, row.storeId)).name,
    hidden: all.length - lines.length,
    openFen: row.state === 'posted' ? await openOf(read, id) : null,
    lines: lines.map(({ invoiceId: _invoice, ...line }, index) => ({
      ...line,
      title: cards.get(line.skuId ?? 0)?.name ?? line.text ?? '',
      skuCode: cards.get(line.skuId ?? 0)?.code ?? '',
      storeName: stores.get(line.storeId)?.name ?? '',
      received: received.get(line.receiptLineId ?? 0) ?? null,
      // What was left of an amount without pieces is gone once it is in the books.
      match: inBooks && line.quantity === 0 ? null : (matches[index] ?? null),
    })),
  };
}

async function openOf(read: Reader, id: number): Promise<number> {
  const row = await read.one<{ openFen: number | null }>(
    sql`SELECT SUM(i.amount_fen - i.settled_fen) AS open_fen FROM posting p JOIN open_item i ON i.posting_id = p.id
      WHERE p.document_type = 'purchasing.invoice' AND p.document_id = ${id} AND p.kind = 'post'
        AND i.direction = 'payable'`,
  );
  return Number(row?.openFen ?? 0);
}

export interface ShareView extends InvoiceShareRow {
  lineNo: number;
  title: string;
  deviceNumber: string | null;
  sale: { type: string; id: number; number: string } | null;
}

/** Where the differences of the lines that the reader sees went; at most `most`. */
export async function shareViews(read: Reader, document: InvoiceView, most: number): Promise<ShareView[]> {
  const lines = new Map(document.lines.map((line) => [line.id, line]));
  const shares = (await invoiceSharesOf(read, document.id, most)).filter(({ lineId }) => lines.has(lineId));
  const numbers = await shownNumbers(
    read,
    shares.flatMap(({ deviceId }) => deviceId ?? []),
  );
  const sales = await postingsByIds(
    read,
    shares.flatMap(({ salePostingId }) => salePostingId ?? []),
  );
  return shares.map((share) => ({
    ...share,
    lineNo: lines.get(share.lineId)?.lineNo ?? 0,
    title: lines.get(share.lineId)?.title ?? '',
    deviceNumber: numbers.get(share.deviceId ?? 0) ?? null,
    sale: sales.get(share.salePostingId ?? 0) ?? null,
  }));
}

async function postingsByIds(
  read: Reader,
  ids: readonly number[],
): Promise<Map<number, { type: string; id: number; number: string }>> {
  const found = new Map<number, { type: string; id: number; number: string }>();
  for (const chunk of chunked([...new Set(ids)]))
    for (const { postingId, ...document } of await read.all<{
      postingId: number;
      type: string;
      id: number;
      number: string;
    }>(
      sql`SELECT p.id AS posting_id, p.document_type AS type, p.document_id AS id, p.document_number AS number
        FROM posting p WHERE p.id IN (${sql.list(chunk)})`,
    ))
      found.set(postingId, document);
  return found;
}
