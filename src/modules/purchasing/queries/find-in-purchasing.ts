import { normaliseCode } from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, inScope } from '../../../platform/permissions';
import { searchTerms } from '../../../platform/text-search';
import { contactIs, openContact } from '../store/supplier-secrets';
import type { ReceiptState } from '../domain/receipt-state';

export interface FoundReceipt {
  id: number;
  number: string;
  state: ReceiptState;
  supplierName: string;
  storeName: string;
  businessDate: string;
  received: number;
}

const MOST = 8;

/** Receipts by their number or its end, in the reader's stores. */
export async function findReceipts(read: Reader, actor: Actor, text: string): Promise<FoundReceipt[]> {
  const code = normaliseCode(text).replace(/\s/g, '');
  if (!/^R[KH]?[\dA-Z-]{2,}$|^\d{2,6}-[A-Z0-9-]+$/.test(code)) return [];
  return read.all<FoundReceipt>(
    sql`SELECT r.id, r.number, r.state, s.name AS supplier_name, st.name AS store_name, r.business_date, r.received
      FROM receipt r JOIN supplier s ON s.id = r.supplier_id JOIN store st ON st.id = r.store_id
      WHERE (${sql.contains('r.number', code)} OR r.reversal_number = ${code})
        AND ${inScope('r.store_id', actor.scope('purchasing.receipt.view'))}
      ORDER BY r.id DESC ${sql.limit(MOST)}`,
  );
}

export interface FoundBox {
  boxNo: string;
  receiptId: number;
  number: string;
  devices: number;
  skuName: string;
}

/** Boxes of packing lists by their whole number, on receipts of the reader's stores. */
export async function findBoxes(read: Reader, actor: Actor, text: string): Promise<FoundBox[]> {
  const code = normaliseCode(text);
  if (code.length < 3 || code.length > 60) return [];
  const rows = await read.all<FoundBox>(
    sql`SELECT d.box_no, r.id AS receipt_id, r.number, COUNT(*) AS devices, MIN(k.name) AS sku_name
      FROM receipt_device d JOIN receipt r ON r.id = d.receipt_id JOIN receipt_line l ON l.id = d.line_id
      JOIN sku k ON k.id = l.sku_id
      WHERE d.box_no = ${code} AND ${inScope('r.store_id', actor.scope('purchasing.receipt.view'))}
      GROUP BY d.box_no, r.id, r.number ORDER BY r.id DESC ${sql.limit(MOST)}`,
  );
  return rows.map((row) => ({ ...row, devices: Number(row.devices) }));
}

export interface FoundSupplier {
  id: number;
  code: string;
  name: string;
  category: string | null;
  contact: string | null;
}

/** Suppliers by name, pinyin initials or code, or by the whole name of the contact. */
export async function findSuppliers(read: Reader, keys: KeyRing, text: string): Promise<FoundSupplier[]> {
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  const words = sql.all(terms.map((term) => sql.contains('search_key', term)));
  const rows = await read.all<FoundSupplier & { contactCipher: string | null }>(
    sql`SELECT id, code, name, category, contact, contact_cipher FROM supplier
      WHERE (${words}) OR code = ${normaliseCode(text)} OR ${contactIs(keys, 'contact_hash', text)}
      ORDER BY active DESC, name, id ${sql.limit(MOST)}`,
  );
  return rows.map(({ contactCipher, ...row }) => ({
    ...row,
    contact: openContact(keys, { contact: row.contact, contactCipher }),
  }));
}

export interface WaitingDrafts {
  drafts: number;
  received: number;
  /** Business date of the oldest. */
  since: string | null;
}

/** Drafts with something received that nobody has posted yet. */
export async function waitingDrafts(read: Reader, actor: Actor, storeId: number | null): Promise<WaitingDrafts> {
  const row = await read.one<{ drafts: number; received: number | null; since: string | null }>(
    sql`SELECT COUNT(*) AS drafts, SUM(received) AS received, MIN(business_date) AS since FROM receipt
      WHERE state = 'draft' AND received > 0 AND ${inScope('store_id', actor.scope('purchasing.receipt.post'))}
        AND ${storeId === null ? sql`1 = 1` : sql`store_id = ${storeId}`}`,
  );
  return { drafts: Number(row?.drafts ?? 0), received: Number(row?.received ?? 0), since: row?.since ?? null };
}
