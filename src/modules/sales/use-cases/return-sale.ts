import { DomainError, fen, invalid, notFound, plainMoney } from '../../../kernel';
import { openItemsFor, post } from '../../../ledger';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { consignedCameBack } from '../../inventory';
import { returnPosting } from '../domain/return-posting';
import { RETURN_DOCUMENT, RETURN_ELSEWHERE, SALE_DOCUMENT } from '../domain/sale';
import { shareOf } from '../domain/share';
import { type OfferedTender, settleTenders } from '../domain/tenders';
import { sale, saleLine, type SaleRow } from '../store/sale.table';
import { tillContext } from '../store/till-context';
import { type Amounts, linesToPost, type Taken } from './return-lines';
import { writeReturn } from './write-return';

export interface ReturnCommand {
  originalSaleId: number;
  /** The till that pays back: its store takes the goods, also those of another store. Null: without one, where it was sold. */
  registerId: number | null;
  lines: readonly { lineId: number; quantity: number }[];
  /** Defective goods come back, but not for sale. */
  bucket: 'sellable' | 'defective';
  /** Must add up to what the lines cost the customer; an amount of null is what the others leave. */
  refunds: readonly (Omit<OfferedTender, 'amountFen'> & { amountFen: number | null })[];
  reason?: string | null | undefined;
}

export interface ReturnPosted {
  saleId: number;
  saleNumber: string;
  /** What the customer got back, positive. */
  refundFen: number;
}

/**
 * Takes goods of a sale back, whole or by line: device, frozen cost and money. 409 sales:error.already_returned when more
 * would come back than was sold; 422 when refunds do not add up. A return in another store than sold it needs a right of
 * its own; stock, cost, revenue and money are then that store's, so that each store's books balance by themselves.
 */
export function returnSale(
  uow: UnitOfWork,
  actor: Actor,
  command: ReturnCommand,
  options: { operationKey?: string | undefined } = {},
): Promise<ReturnPosted> {
  return uow.run(actor, (unit) => returnSaleIn(unit, command), options);
}

export async function returnSaleIn(unit: Unit, command: ReturnCommand): Promise<ReturnPosted> {
  const found = await unit.get(sale, command.originalSaleId);
  if (!found) throw notFound('sales.sale', command.originalSaleId);
  const till = await tillContext(
    unit,
    command.registerId === null ? { registerId: null, storeId: found.storeId } : { registerId: command.registerId },
  );
  authorise(unit.actor, 'sales.sale.return', till.store.id);
  if (till.store.id !== found.storeId) authorise(unit.actor, RETURN_ELSEWHERE, till.store.id);
  // The shift first, then the sale: the order in which reversal locks as well.
  await unit.lock(sale, [found.id]);
  const original = (await unit.get(sale, found.id)) ?? found;
  if (original.kind !== 'sale' || original.state !== 'posted')
    throw new DomainError('sales:error.not_returnable', { status: 409, details: { number: original.saleNumber } });

  const taken = await takeLines(unit, original, command);
  const refundFen = taken.reduce((total, line) => total + line.share.amountFen, 0);
  const wanted = wholeRefunds(refundFen, command.refunds);
  // Too much or too little going back is said as such: nobody has "paid too little".
  if (wanted.reduce((sum, { amountFen }) => sum + amountFen, 0) !== refundFen)
    throw invalid('sales:error.refund_sum', { due: plainMoney(fen(refundFen)) });
  const { tenders: refunds } = settleTenders(refundFen, wanted);
  const onAccountFen = refunds.reduce((sum, { kind, amountFen }) => sum + (kind === 'on_account' ? amountFen : 0), 0);
  const openItems = onAccountFen > 0 ? await itemsToSettle(unit, original, onAccountFen) : [];

  const saleId = unit.takeIds(sale);
  const saleNumber = unit.documentNumber('XT', till.store.code, unit.today);
  const lines = await linesToPost(unit, original, taken);
  await post(
    unit,
    returnPosting({
      document: {
        type: RETURN_DOCUMENT,
        id: saleId,
        number: saleNumber,
        businessDate: unit.today,
        storeId: till.store.id,
      },
      customerId: original.customerId,
      locationId: till.location.id,
      bucket: command.bucket,
      lines,
      refunds,
      openItems,
    }),
  );
  const back = lines.flatMap(({ device }) => device?.owed?.id ?? []);
  if (back.length > 0) await consignedCameBack(unit, back);
  await writeReturn(unit, { saleId, saleNumber, original, till, taken, refunds, reason: command.reason ?? null });
  return { saleId, saleNumber, refundFen };
}

function wholeRefunds(refundFen: number, refunds: ReturnCommand['refunds']): OfferedTender[] {
  const given = refunds.reduce((total, { amountFen }) => total + (amountFen ?? 0), 0);
  return refunds
    .map((refund) => ({ ...refund, amountFen: refund.amountFen ?? refundFen - given }))
    .filter((refund) => refund.amountFen !== 0);
}

/** Counts the pieces as returned, guarded by the database: of two returns at once one is refused. */
async function takeLines(unit: Unit, original: SaleRow, command: ReturnCommand): Promise<Taken[]> {
  if (command.lines.length === 0) throw invalid('sales:error.no_return_lines');
  const rows = new Map((await unit.find(saleLine, { saleId: original.id })).map((row) => [row.id, row]));
  const taken: Taken[] = [];
  for (const [index, { lineId, quantity }] of command.lines.entries()) {
    const row = rows.get(lineId);
    if (!row || !Number.isSafeInteger(quantity) || quantity < 1 || taken.some((line) => line.id === lineId))
      throw invalid('sales:error.quantity', {}, [{ path: `lines.${index}`, code: 'sales:error.quantity' }]);
    const left = row.quantity - row.returnedQuantity;
    if (quantity > left)
      throw new DomainError('sales:error.already_returned', {
        status: 409,
        details: { left, line: row.lineNo },
        fields: [{ path: `lines.${index}`, code: 'sales:error.already_returned', details: { left, line: row.lineNo } }],
      });
    const part = (totalFen: number): number => shareOf(totalFen, row.quantity, row.returnedQuantity, quantity);
    const [amountFen, taxFen] = [part(row.amountFen), part(row.taxFen)];
    const share: Amounts = {
      listFen: row.listPriceFen * quantity,
      discountFen: row.listPriceFen * quantity - amountFen,
      amountFen,
      taxFen,
      netFen: amountFen - taxFen,
      costFen: part(row.costFen),
    };
    taken.push({ ...row, returning: quantity, share });
  }
  for (const line of taken.toSorted((a, b) => a.id - b.id))
    await unit.update(saleLine, line.id, { returnedQuantity: line.returnedQuantity + line.returning });
  return taken;
}

/** What the sale left open on the customer's account; a refund on account may not exceed it. */
async function itemsToSettle(
  unit: Unit,
  original: SaleRow,
  wantedFen: number,
): Promise<{ id: number; openFen: number }[]> {
  const found = await unit.all<{ id: number }>(
    sql`SELECT o.id FROM posting p JOIN open_item o ON o.posting_id = p.id
      WHERE p.document_type = ${SALE_DOCUMENT} AND p.document_id = ${original.id} AND o.direction = 'receivable' ORDER BY o.id`,
  );
  const rows = await openItemsFor(
    unit,
    found.map((row) => row.id),
  );
  const items = [...rows.values()].map((row) => ({ id: row.id, openFen: row.amountFen - row.settledFen }));
  const openFen = items.reduce((total, item) => total + item.openFen, 0);
  if (openFen < wantedFen) throw invalid('sales:error.refund_account', { open: plainMoney(fen(openFen)) });
  return items;
}
