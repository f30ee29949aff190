import { addDays, type BusinessDate } from '../../kernel';
import { approvePayment, createPayment, payment, postPayment, submitPayment } from '../../modules/finance';
import { createInvoice, postInvoice, supplierInvoice, takeReceived } from '../../modules/purchasing';
import { type Reader, sql } from '../../platform/database';
import type { UnitOfWork } from '../../platform/unit-of-work';
import type { DemoCompany } from './company';

/** Invoices come for what was received so many days ago and earlier. */
const INVOICED_AFTER_DAYS = 10;
/** What falls due in the last days waits for who tries the pages of payments. */
const UNPAID_DAYS = 10;
const LINES_OF_ONE = 150;

/** The accountant's week: suppliers' invoices on one day, what is due paid on the next. */
export async function doPaperwork(
  uow: UnitOfWork,
  company: DemoCompany,
  date: BusinessDate,
  { day, daysLeft }: { day: number; daysLeft: number },
): Promise<void> {
  if (day % 7 === 5) await enterInvoices(uow, company, date, daysLeft);
  if (day % 7 === 6 && daysLeft > UNPAID_DAYS) await payWhatIsDue(uow, company, date);
}

/** An invoice for each store and supplier. Of the last week one stays a draft. */
async function enterInvoices(
  uow: UnitOfWork,
  { accountant }: DemoCompany,
  date: BusinessDate,
  daysLeft: number,
): Promise<void> {
  const { read } = uow.database;
  let left = daysLeft < 7 ? 1 : 0;
  for (const bill of await billsFor(read, date, addDays(date, -INVOICED_AFTER_DAYS))) {
    const { id } = await createInvoice(uow, accountant, {
      supplierId: bill.supplierId,
      storeId: bill.storeId,
      invoiceNumber: bill.invoiceNumber,
      invoicedOn: date,
      dueOn: null,
      totalFen: bill.totalFen,
      deductible: true,
      note: null,
    });
    await takeReceived(uow, accountant, { invoiceId: id, receiptLineIds: bill.lineIds });
    if (left-- > 0) continue;
    const version = (await read.get(supplierInvoice, id))?.version ?? 0;
    await postInvoice(uow, accountant, { invoiceId: id, version });
  }
}

interface Bill {
  supplierId: number;
  storeId: number;
  invoiceNumber: string;
  totalFen: number;
  lineIds: number[];
}

async function billsFor(read: Reader, on: BusinessDate, until: BusinessDate): Promise<Bill[]> {
  const rows = await read.all<{ lineId: number; supplierId: number; storeId: number; amountFen: number }>(
    sql`SELECT l.id AS line_id, r.supplier_id, r.store_id, l.amount_fen FROM receipt r JOIN receipt_line l ON l.receipt_id = r.id
      WHERE r.state = 'posted' AND r.with_invoice = ${false} AND r.business_date <= ${until} AND COALESCE(l.cleared_pieces, 0) = 0
        AND l.amount_fen > 0
      ORDER BY r.store_id, r.supplier_id, l.id`,
  );
  const bills = new Map<string, Bill[]>();
  let count = 0;
  for (const { lineId, supplierId, storeId, amountFen } of rows) {
    const key = `${storeId} ${supplierId}`;
    const known = bills.get(key) ?? [];
    bills.set(key, known);
    let bill = known.at(-1);
    if (!bill || bill.lineIds.length >= LINES_OF_ONE) {
      const invoiceNumber = `${on.slice(2).replaceAll('-', '')}${String((count += 1)).padStart(2, '0')}`;
      bill = { supplierId, storeId, invoiceNumber, totalFen: 0, lineIds: [] };
      known.push(bill);
    }
    bill.totalFen += Number(amountFen);
    bill.lineIds.push(lineId);
  }
  return [...bills.values()].flat();
}

async function payWhatIsDue(
  uow: UnitOfWork,
  { accountant, owner, stores }: DemoCompany,
  date: BusinessDate,
): Promise<void> {
  const { read } = uow.database;
  const owed = await read.all<{ supplierId: number }>(
    sql`SELECT DISTINCT party_id AS supplier_id FROM open_item
      WHERE direction = 'payable' AND party_type = 'supplier' AND due_on <= ${date} AND settled_fen < amount_fen
      ORDER BY party_id`,
  );
  const version = async (id: number): Promise<number> => (await read.get(payment, id))?.version ?? 0;
  for (const { supplierId } of owed) {
    const { id } = await createPayment(uow, accountant, {
      supplierId,
      storeId: stores[0]?.id ?? 0,
      account: 'bank',
      businessDate: date,
      amountFen: null,
      reference: `6225${date.slice(2).replaceAll('-', '')}${String(supplierId).padStart(4, '0').slice(-4)}`,
      note: null,
    });
    const { state } = await submitPayment(uow, accountant, { paymentId: id, version: await version(id) });
    if (state === 'submitted') await approvePayment(uow, owner, { paymentId: id, version: await version(id) });
    await postPayment(uow, accountant, { paymentId: id, version: await version(id) });
  }
}
