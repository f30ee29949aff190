import { isBusinessDate } from '../kernel';
import type { AccountBook } from './account-role';
import { placeProblem } from './check-place';
import type { DeviceMove, Direction, OpenItemChange, PostedDocument, StockMove } from './posting';

/** A posting that breaks a rule of the books: a defect of the document that made it, never of what people typed. */
export class PostingDefect extends Error {
  override name = 'PostingDefect';
  constructor(
    document: PostedDocument,
    readonly problems: readonly string[],
  ) {
    super(`${document.type} ${document.id} (${document.number}) cannot be posted: ${problems.slice(0, 20).join('; ')}`);
  }
}

/** A journal line with the account that its role has, or had when the line was first written. */
export interface BookedLine {
  accountId: number;
  book: AccountBook | null;
  debitFen: number;
  creditFen: number;
  storeId: number;
  partyType: string | null;
  partyId: number | null;
  skuId: number | null;
}

/** A posting in the form in which it is written: accounts instead of roles, lines of 0 left out. */
export interface BookedPosting {
  document: PostedDocument;
  devices: readonly DeviceMove[];
  stock: readonly StockMove[];
  lines: readonly BookedLine[];
  openItems: readonly OpenItemChange[];
}

/** Accounts that must agree with the open items of each party. */
const isControl = (book: AccountBook | null): book is Direction => book !== null && book !== 'inventory';

const isId = (value: number | null): boolean => value !== null && Number.isSafeInteger(value) && value > 0;
const isAmount = (value: number): boolean => Number.isSafeInteger(value);

/** What can be told without the books. No problems: an empty list. */
export function checkPosting(posting: BookedPosting): string[] {
  const { document, devices, stock, lines, openItems } = posting;
  const problems = [
    ...checkDocument(document),
    ...checkDevices(devices),
    ...stock.flatMap(checkStockMove),
    ...checkLines(lines),
    ...openItems.flatMap(checkOpenItem),
  ];
  if (devices.length + stock.length + lines.length + openItems.length === 0) problems.push('it changes nothing');
  return problems;
}

function checkDocument({ type, id, number, businessDate, storeId }: PostedDocument): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z_]*\.[a-z][a-z_]*$/.test(type) || type.length > 40) problems.push(`type ${type}`);
  if (!isId(id)) problems.push(`document id ${id}`);
  if (!isId(storeId)) problems.push(`store ${storeId}`);
  if (!number || number.length > 40) problems.push(`number ${number}`);
  if (!isBusinessDate(businessDate)) problems.push(`business date ${businessDate}`);
  return problems;
}

function checkDevices(devices: readonly DeviceMove[]): string[] {
  const problems: string[] = [];
  const seen = new Set<string | number>();
  const once = (key: string | number, what: string): void => {
    if (seen.has(key)) problems.push(`${what} twice`);
    seen.add(key);
  };
  for (const move of devices) {
    const name = move.kind === 'new' ? `new device ${move.ref}` : `device ${move.deviceId}`;
    const place = placeProblem(move.to);
    if (place) problems.push(`${name} to ${place}`);
    if (!move.event || move.event.length > 30) problems.push(`${name}: event ${move.event}`);
    if (move.kind === 'new') {
      once(`ref:${move.ref}`, name);
      if (!isId(move.skuId)) problems.push(`${name}: sku ${move.skuId}`);
      if (!isAmount(move.costFen) || move.costFen < 0) problems.push(`${name}: cost ${move.costFen}`);
      if (move.identifiers.length === 0) problems.push(`${name} has no number`);
      if (move.to.state === 'void') problems.push(`${name} to void`);
    } else {
      once(move.deviceId, name);
      if (!isId(move.deviceId)) problems.push(name);
      if (!isAmount(move.costChangeFen ?? 0)) problems.push(`${name}: cost change ${move.costChangeFen}`);
      if (move.from.state === 'void') problems.push(`${name} is void`);
    }
  }
  return problems;
}

function checkStockMove(move: StockMove): string[] {
  const { locationId, storeId, skuId, batchId, quantity, valueFen } = move;
  const problems: string[] = [];
  const name = `stock of sku ${skuId} at ${locationId}`;
  if (![locationId, storeId, skuId].every(isId) || (batchId !== null && !isId(batchId))) problems.push(`${name}: ids`);
  if (!isAmount(quantity) || !isAmount(valueFen)) problems.push(`${name}: ${quantity} pieces, ${valueFen} fen`);
  else if (Math.sign(quantity) * Math.sign(valueFen) < 0)
    problems.push(`${name}: ${quantity} pieces but ${valueFen} fen`);
  return problems;
}

function checkLines(lines: readonly BookedLine[]): string[] {
  const problems: string[] = [];
  let debit = 0n;
  let credit = 0n;
  for (const line of lines) {
    const name = `line on account ${line.accountId}`;
    if (!isAmount(line.debitFen) || !isAmount(line.creditFen)) {
      problems.push(`${name}: ${line.debitFen} / ${line.creditFen}`);
      continue;
    }
    debit += BigInt(line.debitFen);
    credit += BigInt(line.creditFen);
    if (line.debitFen !== 0 && line.creditFen !== 0) problems.push(`${name} has both sides`);
    if (!isId(line.storeId)) problems.push(`${name}: store ${line.storeId}`);
    if (isControl(line.book) && (line.partyType === null || line.partyId === null))
      problems.push(`${name} names no party`);
  }
  if (debit !== credit) problems.push(`debits ${debit} and credits ${credit} differ`);
  return problems;
}

function checkOpenItem(change: OpenItemChange): string[] {
  const { amountFen } = change;
  if (change.kind === 'settle')
    return isAmount(amountFen) && amountFen !== 0 ? [] : [`settlement of ${amountFen} for item ${change.openItemId}`];
  const problems: string[] = [];
  if (!isAmount(amountFen) || amountFen <= 0) problems.push(`open item of ${amountFen}`);
  if (!isId(change.partyId)) problems.push(`open item of party ${change.partyId}`);
  if (change.dueOn !== null && !isBusinessDate(change.dueOn)) problems.push(`open item due on ${change.dueOn}`);
  return problems;
}

/** How much more (less: negative) is open with a party afterwards. */
export interface PartyChange {
  direction: Direction;
  partyType: string;
  partyId: number;
  amountFen: number;
}

export interface StockValue {
  storeId: number;
  valueFen: number;
}

/** Stock and inventory accounts change by the same value in each store; open items and control accounts for each party. */
export function checkAgreement(
  lines: readonly BookedLine[],
  stock: readonly StockValue[],
  items: readonly PartyChange[],
): string[] {
  const differences = new Map<string, number>();
  const add = (key: string, amount: number): void => void differences.set(key, (differences.get(key) ?? 0) + amount);
  for (const { storeId, valueFen } of stock) add(`stock and inventory accounts of store ${storeId}`, valueFen);
  for (const item of items)
    add(`open items and ${item.direction} of ${item.partyType} ${item.partyId}`, item.amountFen);
  for (const line of lines) {
    const net = line.debitFen - line.creditFen;
    if (line.book === 'inventory') add(`stock and inventory accounts of store ${line.storeId}`, -net);
    if (isControl(line.book))
      add(`open items and ${line.book} of ${line.partyType} ${line.partyId}`, line.book === 'receivable' ? -net : net);
  }
  return [...differences]
    .filter(([, amount]) => amount !== 0)
    .map(([what, amount]) => `${what} differ by ${amount} fen`);
}
