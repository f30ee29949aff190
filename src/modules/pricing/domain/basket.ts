import { allocate, fen, invalidField, mulDiv } from '../../../kernel';
import { floorByRule, type FloorTerms } from './floor';

/** A discount of one line or of the whole basket. Percent 500 is 5 % off; `to` names the amount that is left. */
export type Discount =
  | { kind: 'amount'; amountFen: number }
  | { kind: 'percent'; rateBp: number }
  | { kind: 'to'; amountFen: number }
  /** Rounds down to whole yuan (100), ten yuan (1000) or jiao (10): 抹零. */
  | { kind: 'round'; toFen: 10 | 100 | 1000 };

export interface BasketLine {
  /** The caller's key of the line, unique in the basket. */
  key: string;
  skuId: number;
  /** Pieces, at least 1. */
  quantity: number;
  /** The price of this very piece (a used device, a demo phone) in place of the list price. */
  unitPriceFen?: number | null | undefined;
  /** What this very piece cost, when it is known; a floor that comes from the cost goes by it. */
  unitCostFen?: number | null | undefined;
  /** Of the whole line. */
  discount?: Discount | null | undefined;
}

export interface BasketPrice {
  priceFen: number;
  floorFen: number | null;
}

/** One step of the explanation: what was done and what the line comes to afterwards. */
export interface PriceStep {
  kind: 'list' | 'own' | 'line_discount' | 'order_discount';
  /** Signed; the steps' sum is the line's total. */
  amountFen: number;
  /** The line's total after this step. */
  totalFen: number;
  discount?: Discount;
}

export interface PricedLine {
  key: string;
  skuId: number;
  quantity: number;
  unitPriceFen: number;
  /** Unit price × quantity. */
  listFen: number;
  lineDiscountFen: number;
  orderDiscountFen: number;
  /** What is to be paid for the line, with tax. */
  totalFen: number;
  /** Floor, or the piece's own lower price, × quantity; null: no floor. */
  floorFen: number | null;
  /** The floor tells the cost: it is enforced for all, and shown to who may see cost. */
  floorFromCost: boolean;
  /** By how much the total lies below the floor; 0 when it does not. Above 0 the sale needs approval. */
  belowFloorFen: number;
  steps: PriceStep[];
}

export interface PricedBasket {
  lines: PricedLine[];
  listFen: number;
  lineDiscountFen: number;
  orderDiscountFen: number;
  totalFen: number;
  /** Keys of the lines below their floor. */
  belowFloor: string[];
}

/**
 * Prices a basket: list price, then the line's discount, then the order's discount, which is shared among the lines by
 * what they come to, to the fen. Every line tells how it came about. Pure; throws errors:form at `lines.<index>.<field>`
 * or `orderDiscount` when a price is missing or a discount is more than there is. `floors`: the rule of each product, which
 * counts where no floor stands beside the price.
 */
export function priceBasket(
  basket: readonly BasketLine[],
  prices: ReadonlyMap<number, BasketPrice>,
  orderDiscount?: Discount | null,
  floors: ReadonlyMap<number, FloorTerms> = new Map(),
): PricedBasket {
  const lines = basket.map((line, index) =>
    priceLine(line, { price: prices.get(line.skuId), terms: floors.get(line.skuId) }, index),
  );
  const subtotal = totalOf(lines, (line) => line.totalFen);
  if (orderDiscount) {
    const off = discountOf(orderDiscount, subtotal, 'orderDiscount');
    const shares = allocate(
      fen(off),
      lines.map((line) => line.totalFen),
    );
    lines.forEach((line, index) => applyOrderDiscount(line, shares[index] ?? 0, orderDiscount));
  }
  for (const line of lines) line.belowFloorFen = Math.max(0, (line.floorFen ?? 0) - line.totalFen);
  return {
    lines,
    listFen: totalOf(lines, (line) => line.listFen),
    lineDiscountFen: totalOf(lines, (line) => line.lineDiscountFen),
    orderDiscountFen: totalOf(lines, (line) => line.orderDiscountFen),
    totalFen: totalOf(lines, (line) => line.totalFen),
    belowFloor: lines.filter((line) => line.belowFloorFen > 0).map((line) => line.key),
  };
}

interface KnownOfSku {
  price: BasketPrice | undefined;
  terms: FloorTerms | undefined;
}

function priceLine(line: BasketLine, { price, terms }: KnownOfSku, index: number): PricedLine {
  if (!Number.isSafeInteger(line.quantity) || line.quantity < 1)
    throw invalidField(`lines.${index}.quantity`, 'pricing:error.quantity');
  const own = line.unitPriceFen ?? null;
  const unitPriceFen = own ?? price?.priceFen;
  if (unitPriceFen === undefined) throw invalidField(`lines.${index}.skuId`, 'pricing:error.no_price');
  if (!Number.isSafeInteger(unitPriceFen) || unitPriceFen < 0)
    throw invalidField(`lines.${index}.unitPriceFen`, 'pricing:error.price_range');
  const listFen = fen(unitPriceFen * line.quantity);
  const steps: PriceStep[] = [{ kind: own === null ? 'list' : 'own', amountFen: listFen, totalFen: listFen }];
  const off = line.discount ? discountOf(line.discount, listFen, `lines.${index}.discount`) : 0;
  if (line.discount && off > 0)
    steps.push({ kind: 'line_discount', amountFen: -off, totalFen: listFen - off, discount: line.discount });
  return {
    key: line.key,
    skuId: line.skuId,
    quantity: line.quantity,
    unitPriceFen,
    listFen,
    lineDiscountFen: off,
    orderDiscountFen: 0,
    totalFen: listFen - off,
    ...floorOf({ price, terms }, unitPriceFen, line),
    belowFloorFen: 0,
    steps,
  };
}

/**
 * By hand before by rule. A piece with a price of its own (used, demo) may be cheaper than the floor of its model; a floor that
 * comes from its own cost is its own.
 */
function floorOf(
  { price, terms }: KnownOfSku,
  unitPriceFen: number,
  { unitPriceFen: own, unitCostFen, quantity }: BasketLine,
): { floorFen: number | null; floorFromCost: boolean } {
  const byHand = price?.floorFen ?? null;
  const byRule = byHand === null && terms ? floorByRule(terms, { priceFen: unitPriceFen, costFen: unitCostFen }) : null;
  const floorFen = byHand ?? byRule?.floorFen ?? null;
  if (floorFen === null) return { floorFen, floorFromCost: false };
  const floorFromCost = byRule?.fromCost ?? false;
  const ownCost = floorFromCost && (unitCostFen ?? null) !== null;
  return { floorFen: fen((ownCost ? floorFen : Math.min(floorFen, own ?? floorFen)) * quantity), floorFromCost };
}

function applyOrderDiscount(line: PricedLine, off: number, discount: Discount): void {
  if (off === 0) return;
  line.orderDiscountFen = off;
  line.totalFen -= off;
  line.steps.push({ kind: 'order_discount', amountFen: -off, totalFen: line.totalFen, discount });
}

/** What is taken off an amount, 0 … amount. */
function discountOf(discount: Discount, amountFen: number, path: string): number {
  switch (discount.kind) {
    case 'amount':
      return within(discount.amountFen, amountFen, path);
    case 'percent':
      if (!Number.isInteger(discount.rateBp) || discount.rateBp < 0 || discount.rateBp > 10_000)
        throw invalidField(path, 'pricing:error.discount_percent');
      return mulDiv(amountFen, discount.rateBp, 10_000);
    case 'to':
      return amountFen - within(discount.amountFen, amountFen, path);
    case 'round':
      return amountFen % discount.toFen;
  }
}

function within(value: number, most: number, path: string): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw invalidField(path, 'pricing:error.discount_amount');
  return value;
}

const totalOf = (lines: readonly PricedLine[], amount: (line: PricedLine) => number): number =>
  fen(lines.reduce((sum, line) => sum + amount(line), 0));
