import { type FieldProblem, fen, invalid, isDomainError, plainMoney, splitTax } from '../../../kernel';
import type { DeviceOnBooks } from '../../../ledger';
import { type Actor, authorise, can, COST_PERMISSION } from '../../../platform/permissions';
import type { Unit } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import {
  activeFloorRules,
  type BasketLine,
  type BasketPrice,
  type FloorTerms,
  floorTermsOf,
  priceBasket,
  pricesOf,
} from '../../pricing';
import type { PriceSource } from '../domain/sale';
import type { TillContext } from '../store/till-context';
import { APPROVE, approvalLimitOf } from './approval-limits';
import type { SaleLineCommand } from './post-sale';

export type PricedSaleLine = ReturnType<typeof priceLines>[number];

/** What the prices of a sale are made of. */
interface PriceBasis {
  skus: Awaited<ReturnType<typeof skusByIds>>;
  prices: Awaited<ReturnType<typeof pricesOf>>;
  floors: ReadonlyMap<number, FloorTerms>;
}

export async function readPrices(
  unit: Unit,
  commands: readonly SaleLineCommand[],
  { store }: TillContext,
  { channelId, levelId }: { channelId: number | null; levelId: number | null },
): Promise<PriceBasis> {
  const ids = commands.map((line) => line.skuId);
  const [skus, prices, rules] = await unit.together([
    () => skusByIds(unit, ids),
    () => pricesOf(unit, ids, { storeId: store.id, channelId, levelId, at: unit.now, on: unit.today }),
    () => activeFloorRules(unit),
  ]);
  const withoutFloor = new Map([...skus].filter(([id]) => (prices.get(id)?.floorFen ?? null) === null));
  return { skus, prices, floors: await floorTermsOf(unit, rules, withoutFloor, channelId) };
}

/**
 * Prices the lines of a sale with the one price engine: the device's own price or that of the list which counts for the store,
 * the channel and the customer's level, less the line's discount.
 * 422 at `lines.<index>`: no price, a discount without the right or larger than the line, a device that was not scanned.
 */
export function priceLines(
  actor: Actor,
  commands: readonly SaleLineCommand[],
  { store }: TillContext,
  devices: ReadonlyMap<number, DeviceOnBooks>,
  { skus, prices, floors }: PriceBasis,
) {
  const mayDiscount = can(actor, 'sales.discount.give', store.id);
  const refuse = (index: number, code: string, details: Record<string, unknown> = {}) => {
    const about = { name: skus.get(commands[index]?.skuId ?? 0)?.name ?? '', ...details };
    return invalid(code, about, [{ path: `lines.${index}`, code, details: about }]);
  };
  const checked = commands.map((line, index) => {
    const sku = skus.get(line.skuId);
    if (!sku?.active) throw refuse(index, 'sales:error.sku_unknown');
    if (sku.tracking === 'serial' && !line.deviceId) throw refuse(index, 'sales:error.scan_device');
    if (sku.tracking !== 'serial' && line.deviceId) throw refuse(index, 'sales:error.device.unknown');
    if (line.discountFen !== 0 && !mayDiscount) throw refuse(index, 'sales:error.no_discount_right');
    const own = line.deviceId ? devices.get(line.deviceId)?.priceFen : null;
    // A typed price is a discount in disguise: it needs the same right.
    const typed = mayDiscount && !prices.has(line.skuId) ? line.listPriceFen : null;
    const unitPriceFen = own ?? typed ?? null;
    const list = unitPriceFen === null ? prices.get(line.skuId)?.list : undefined;
    if (unitPriceFen === null && !list) throw refuse(index, 'sales:error.no_price');
    const priceFrom: PriceSource = list ? 'list' : typeof own === 'number' ? 'device' : 'typed';
    return {
      line,
      sku,
      unitPriceFen,
      priceFrom,
      priceListId: list?.id ?? null,
      unitCostFen: line.deviceId ? devices.get(line.deviceId)?.costFen : null,
    };
  });
  const basket = priced(
    checked.map(({ line, unitPriceFen, unitCostFen }, index) => ({
      key: String(index),
      skuId: line.skuId,
      quantity: line.quantity,
      unitPriceFen,
      unitCostFen,
      discount: { kind: 'amount', amountFen: line.discountFen },
    })),
    prices,
    floors,
    refuse,
  );
  return checked.map(({ line, sku, priceFrom, priceListId }, index) => {
    const { quantity, unitPriceFen, lineDiscountFen, totalFen, floorFen, floorFromCost, belowFloorFen } = basket[
      index
    ] as (typeof basket)[number];
    const { netFen, taxFen } = splitTax(fen(totalFen), sku.taxRateBp);
    return {
      path: `lines.${index}`,
      sku,
      deviceId: line.deviceId ?? null,
      quantity,
      listPriceFen: unitPriceFen,
      priceFrom,
      priceListId,
      discountFen: lineDiscountFen,
      taxRateBp: sku.taxRateBp,
      amountFen: fen(totalFen),
      netFen,
      taxFen,
      floorFen,
      floorFromCost,
      belowFloorFen,
    };
  });
}

/** What the engine refuses is said with the product's name, beside its line. */
function priced(
  basket: readonly BasketLine[],
  prices: ReadonlyMap<number, BasketPrice>,
  floors: ReadonlyMap<number, FloorTerms>,
  refuse: (index: number, code: string, details: Record<string, unknown>) => Error,
) {
  try {
    return priceBasket(basket, prices, null, floors).lines;
  } catch (error) {
    const problem: FieldProblem | undefined = isDomainError(error) ? error.fields[0] : undefined;
    if (!problem) throw error;
    throw refuse(Number(problem.path.split('.')[1] ?? 0), problem.code, problem.details ?? {});
  }
}

/**
 * Below the floor somebody with the right must allow it, and by no more than their limit: the seller, or who signed in for it.
 * 422 sales:error.approval_needed asks for somebody (else), sales:error.approval_limit says that this person's limit is lower.
 */
export async function approvalsFor(
  unit: Unit,
  lines: readonly PricedSaleLine[],
  { store }: TillContext,
  approver: Actor | undefined,
) {
  const below = lines.map((line, index) => ({ line, lineNo: index + 1 })).filter(({ line }) => line.belowFloorFen > 0);
  if (below.length === 0) return [];
  const belowFen = below.reduce((sum, { line }) => sum + line.belowFloorFen, 0);
  // By how much it lies below tells the floor, and so the cost.
  const mayTell = can(unit.actor, COST_PERMISSION, store.id) || !below.some(({ line }) => line.floorFromCost);
  const allows = await whoAllows(unit, store.id, approver, belowFen, mayTell);
  if (!allows) {
    const names = below.map(({ line }) => line.sku.name).join('、');
    throw invalid(
      'sales:error.approval_needed',
      { names },
      below.map(({ line }) => ({ path: line.path, code: 'sales:error.below_floor', details: { name: line.sku.name } })),
    );
  }
  return below.map(({ line, lineNo }) => ({
    lineNo,
    skuId: line.sku.id,
    floorFen: line.floorFen ?? 0,
    priceFen: line.amountFen,
    requestedById: unit.actor.userId,
    requestedByName: unit.actor.name,
    approvedById: allows.userId,
    approvedByName: allows.name,
    approvedAt: unit.now,
    floorFromCost: line.floorFromCost,
  }));
}

/** The seller within their own limit, else who signed in; undefined when nobody did. */
async function whoAllows(
  unit: Unit,
  storeId: number,
  approver: Actor | undefined,
  belowFen: number,
  mayTell: boolean,
): Promise<Actor | undefined> {
  const limitOf = (actor: Actor): Promise<number> => approvalLimitOf(unit, actor, storeId, unit.now);
  if (can(unit.actor, APPROVE, storeId) && (await limitOf(unit.actor)) >= belowFen) return unit.actor;
  if (!approver) return undefined;
  authorise(approver, APPROVE, storeId);
  const limitFen = await limitOf(approver);
  if (limitFen >= belowFen) return approver;
  const details = {
    name: approver.name,
    limit: plainMoney(fen(limitFen)),
    ...(mayTell ? { below: plainMoney(fen(belowFen)) } : {}),
  };
  const code = mayTell ? 'sales:error.approval_limit' : 'sales:error.approval_limit_hidden';
  throw invalid(code, details, [{ path: 'approval.login', code, details }]);
}
