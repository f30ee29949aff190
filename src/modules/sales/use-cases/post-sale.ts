import { DomainError, fen, invalid, invalidField, plainMoney } from '../../../kernel';
import { placeOf, post, requireOpenPeriod } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { SkuCard } from '../../catalog';
import { levelOfCustomer } from '../../crm';
import { markConsignedSold } from '../../inventory';
import { requireChannel, staffByIds } from '../../organization';
import { saleTotals } from '../domain/line-amounts';
import { pickStock } from '../domain/pick-stock';
import { MAX_LINES, MAX_QUANTITY, MAX_TENDERS, SALE_DOCUMENT, type SalePosted } from '../domain/sale';
import { lineCostFen, type LineToPost, salePosting } from '../domain/sale-posting';
import { type OfferedTender, settleTenders } from '../domain/tenders';
import { register } from '../store/register.table';
import { sale, saleApproval, saleLine, saleTender } from '../store/sale.table';
import {
  expiredPieces,
  lockSellableDevices,
  lockShelves,
  notEnough,
  type SellableDevice,
  shelvesOf,
  type ShelfPlace,
} from '../store/sellable-stock';
import { shiftTotal, soldInto } from '../store/shift-takings';
import { atTill, lockShift, type TillContext } from '../store/till-context';
import { approvalsFor, priceLines, type PricedSaleLine, readPrices } from './price-lines';

export interface SaleLineCommand {
  skuId: number;
  /** Required for SKUs with serial numbers, bound when scanned. */
  deviceId?: number | null | undefined;
  quantity: number;
  /** Off the whole line. */
  discountFen: number;
  /** Only for SKUs that no price list knows. */
  listPriceFen?: number | null | undefined;
}

export interface SaleCommand {
  /** The till; null for a sale without one (bulk, head office), which needs the store. */
  registerId: number | null;
  storeId?: number | undefined;
  customerId?: number | null | undefined;
  salespersonId?: number | null | undefined;
  /** What the customer was told; a sale that comes to another sum because prices changed is refused. */
  expectedFen?: number | null | undefined;
  note?: string | null | undefined;
  /** Where it came from; left out: the store's own sale. */
  channelId?: number | null | undefined;
  lines: readonly SaleLineCommand[];
  tenders: readonly OfferedTender[];
}

export interface PostSaleOptions {
  operationKey?: string | undefined;
  /** Who signed in to allow prices below the floor, see approverOf. */
  approver?: Actor | undefined;
}

/**
 * Posts a sale: stock, cost, revenue, tax, money, in one unit. With an operation key a repeat gets the first result.
 * 409: a device was sold or moved meanwhile, its message says where it is. 422: no open shift, too little stock, prices
 * changed, tenders that do not pay the sum, sales:error.approval_needed.
 */
export function postSale(
  uow: UnitOfWork,
  actor: Actor,
  command: SaleCommand,
  options: PostSaleOptions = {},
): Promise<SalePosted> {
  return uow.run(actor, (unit) => postSaleIn(unit, command, options.approver), {
    operationKey: options.operationKey,
  });
}

/** The same inside a unit that does more, e.g. many sales of a sample company. */
export async function postSaleIn(unit: Unit, command: SaleCommand, approver?: Actor): Promise<SalePosted> {
  checkShape(command);
  const levelId = await checkPeople(unit, command);
  const at = { registerId: command.registerId, storeId: command.storeId ?? 0 };
  const channelId = await channelHere(unit, command);
  const scanned = command.lines.flatMap(({ deviceId, skuId }, index) =>
    deviceId ? [{ deviceId, skuId, path: `lines.${index}` }] : [],
  );
  const unscanned = command.lines.flatMap(({ deviceId, skuId }) => (deviceId ? [] : [skuId]));
  const [till, [, , devices, read, places]] = await atTill(
    unit,
    at,
    ({ store }) => authorise(unit.actor, 'sales.sale.create', store.id),
    (place) =>
      unit.together([
        () => lockShift(unit, place),
        () => requireOpenPeriod(unit, unit.today),
        () => lockSellableDevices(unit, place.store.id, scanned),
        () => readPrices(unit, command.lines, place, { channelId, levelId }),
        () => shelvesOf(unit, place, unscanned),
      ]),
  );
  const priced = priceLines(unit.actor, command.lines, till, devices, read);
  const approvals = await approvalsFor(unit, priced, till, approver);
  const totals = saleTotals(priced);
  if (command.expectedFen !== undefined && command.expectedFen !== null && command.expectedFen !== totals.grossFen)
    throw new DomainError('sales:error.price_changed', {
      status: 409,
      details: { expected: plainMoney(fen(command.expectedFen)), now: plainMoney(totals.grossFen) },
    });
  const { tenders, changeFen } = settleTenders(totals.grossFen, command.tenders);
  const customerId = command.customerId ?? null;
  if (customerId === null && tenders.some((tender) => tender.kind === 'on_account'))
    throw invalid('sales:error.account_needs_customer');

  const lines = await takeStock(unit, priced, till, devices, places);
  const saleId = unit.takeIds(sale);
  const saleNumber = unit.documentNumber('XS', till.store.code, unit.today);
  const document = {
    type: SALE_DOCUMENT,
    id: saleId,
    number: saleNumber,
    businessDate: unit.today,
    storeId: till.store.id,
  };
  const posting = salePosting({ document, customerId, lines, tenders });
  const lineId = unit.takeIds(saleLine, priced.length);
  const tenderId = tenders.length > 0 ? unit.takeIds(saleTender, tenders.length) : 0;
  const approvalId = approvals.length > 0 ? unit.takeIds(saleApproval, approvals.length) : 0;
  const consigned = [...devices.values()].flatMap((row) => row.consigned?.id ?? []);
  const [, , , , , , , , total] = await unit.together([
    () => post(unit, posting),
    () =>
      unit.insert(sale, [
        {
          id: saleId,
          saleNumber,
          kind: 'sale',
          storeId: till.store.id,
          registerId: till.registerId,
          shiftId: till.shift?.id ?? null,
          businessDate: unit.today,
          soldAt: unit.now,
          cashierId: unit.actor.userId,
          cashierName: unit.actor.name,
          salespersonId: command.salespersonId ?? unit.actor.staffId,
          customerId,
          ...totals,
          costFen: lines.reduce((total, line) => total + lineCostFen(line), 0),
          changeFen,
          state: 'posted',
          note: command.note ?? null,
          version: 1,
          channelId,
        },
      ]),
    () =>
      unit.insert(
        saleLine,
        priced.map((line, index) => ({
          id: lineId + index,
          saleId,
          lineNo: index + 1,
          skuId: line.sku.id,
          deviceId: line.deviceId,
          quantity: line.quantity,
          listPriceFen: line.listPriceFen,
          discountFen: line.discountFen,
          amountFen: line.amountFen,
          taxRateBp: line.taxRateBp,
          netFen: line.netFen,
          taxFen: line.taxFen,
          costFen: lineCostFen(lines[index] as LineToPost),
          returnedQuantity: 0,
          priceFrom: line.priceFrom,
          priceListId: line.priceListId,
        })),
      ),
    () =>
      unit.insert(
        saleTender,
        tenders.map((tender, index) => ({ id: tenderId + index, saleId, lineNo: index + 1, ...tender })),
      ),
    () =>
      unit.insert(
        saleApproval,
        approvals.map((approval, index) => ({ id: approvalId + index, saleId, ...approval })),
      ),
    () =>
      unit.audit({
        action: 'sales.sale.create',
        subjectType: SALE_DOCUMENT,
        subjectId: saleId,
        storeId: till.store.id,
        detail: {
          number: saleNumber,
          grossFen: totals.grossFen,
          discountFen: totals.discountFen,
          ...(approvals[0] ? { belowFloorApprovedBy: approvals[0].approvedByName } : {}),
        },
      }),
    () => unit.publish('sales.sale.posted', { saleId, storeId: till.store.id, customerId, grossFen: totals.grossFen }),
    // The shift is locked: nobody sells into it between this sale and its commit.
    () => (till.shift ? soldInto(unit, till.shift.id, { count: 1, grossFen: totals.grossFen }) : Promise.resolve()),
    () => (till.shift ? shiftTotal(unit, till.shift.id) : Promise.resolve(null)),
  ]);
  if (consigned.length > 0) await markConsignedSold(unit, consigned, document);
  return { saleId, saleNumber, grossFen: totals.grossFen, changeFen, total };
}

function checkShape({ lines, tenders }: SaleCommand): void {
  if (lines.length === 0) throw invalid('sales:error.no_lines');
  if (lines.length > MAX_LINES) throw invalid('sales:error.too_many_lines', { max: MAX_LINES });
  if (tenders.length > MAX_TENDERS) throw invalid('sales:error.tender_amount');
  const bound = lines.flatMap((line) => line.deviceId ?? []);
  if (new Set(bound).size < bound.length) throw invalid('sales:error.device.twice');
  for (const [index, { quantity, deviceId }] of lines.entries())
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > (deviceId ? 1 : MAX_QUANTITY))
      throw invalid('sales:error.quantity', {}, [{ path: `lines.${index}`, code: 'sales:error.quantity' }]);
}

/** The customer's member level. Throws 422 for people who are not there. */
async function checkPeople(unit: Unit, { customerId, salespersonId }: SaleCommand): Promise<number | null> {
  const levelId = customerId ? await levelOfCustomer(unit, customerId) : null;
  if (levelId === undefined) throw invalid('sales:error.customer_unknown');
  if (salespersonId && !(await staffByIds(unit, [salespersonId])).has(salespersonId))
    throw invalid('sales:error.salesperson_unknown');
  return levelId;
}

/** The channel, if it is on and this till may sell by it. */
async function channelHere(unit: Unit, { channelId, registerId }: SaleCommand): Promise<number | null> {
  const id = await requireChannel(unit, channelId);
  const allowed = id === null || registerId === null ? null : (await unit.get(register, registerId))?.channelIds;
  if (id !== null && allowed && !allowed.includes(id)) throw invalidField('channelId', 'sales:error.channel_here');
  return id;
}

const isStocked = (sku: SkuCard): boolean => sku.tracking === 'plain' || sku.tracking === 'batch';

/** Locks the balances, after the devices (the order of the whole product), and takes the cost of each line. */
async function takeStock(
  unit: Unit,
  priced: readonly PricedSaleLine[],
  till: TillContext,
  devices: ReadonlyMap<number, SellableDevice>,
  places: readonly ShelfPlace[],
): Promise<LineToPost[]> {
  const shelves = await lockShelves(unit, till.store.id, places);
  const lines: LineToPost[] = [];
  for (const { sku, deviceId, quantity, netFen, taxFen, path } of priced) {
    const line: LineToPost = { skuId: sku.id, netFen, taxFen };
    const row = deviceId === null ? undefined : devices.get(deviceId);
    if (row) {
      const { id, costFen, consigned } = row;
      lines.push({
        ...line,
        device: { id, place: placeOf(row), costFen, warrantyMonths: sku.warrantyMonths, consigned },
      });
    } else if (isStocked(sku)) {
      const own = shelves.get(sku.id) ?? [];
      const available = own.reduce((total, shelf) => total + shelf.quantity, 0);
      const picked = pickStock(own, quantity);
      if (!picked) {
        const expired = await expiredPieces(unit, till.store.id, [sku.id], unit.today);
        throw notEnough(path, sku.name, available, expired.get(sku.id) ?? 0);
      }
      lines.push({ ...line, picked });
    } else lines.push(line);
  }
  return lines;
}
