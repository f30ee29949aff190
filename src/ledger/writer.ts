import { DomainError, isDomainError } from '../kernel';
import { type AnyTable, duplicateKey } from '../platform/database';
import type { Unit } from '../platform/unit-of-work';
import { bookLines } from './accounts';
import { type BookedPosting, checkAgreement, checkPosting, PostingDefect } from './check-posting';
import { effectOf, effectProblems, stockChanges } from './effects';
import { requireThawed } from './freezes';
import { requireOpenPeriod } from './periods';
import type { DeviceMove, MovedDevice, NewDevice, PostedDocument, Posting, PostResult } from './posting';
import {
  device,
  deviceEvent,
  deviceIdentifier,
  journalEntry,
  journalLine,
  openItem,
  posting as postingTable,
  type PostingKind,
  settlement,
} from './tables';
import { insertEvents, lockMoved, newDevices, rememberDevices, updateDevices } from './write-devices';
import { endNumbers, insertNumbers, numbersBrought, numbersOf, requireFreeNumbers } from './write-numbers';
import { insertJournal, insertOpenItems, isOpen, isSettle, lockSettled, updateSettled } from './write-journal';
import { insertEntries, lockChanged, rememberBalances, updateBalances } from './write-stock';

/**
 * Writes a document to the books, all or nothing: the only way in which devices, stock and money change.
 *
 * Refuses what people can do something about with a DomainError: ledger:error.posted (409, the document is posted already),
 * period_closed, device_moved (409), number_taken (409), number_twice, stock_short, over_settled (409).
 * Throws PostingDefect when the posting itself breaks a rule of the books, which is a defect of the document's code.
 *
 * Locks in this order, each in ascending order of id: period (shared), devices, balances, open items; inserts come last.
 */
export async function post(unit: Unit, posting: Posting): Promise<PostResult> {
  const { journal, ...rest } = posting;
  return write(unit, { ...rest, lines: await bookLines(unit, journal) }, 'post', null);
}

export async function write(
  unit: Unit,
  posting: BookedPosting,
  kind: PostingKind,
  reversesId: number | null,
): Promise<PostResult> {
  try {
    return await apply(unit, posting, kind, reversesId);
  } catch (error) {
    // Posted a moment ago by another request: that, and not what it changed, is what there is to say.
    if (isDomainError(error) && (await isPosted(unit, posting.document, kind))) throw postedError(posting.document);
    throw error;
  }
}

async function apply(
  unit: Unit,
  posting: BookedPosting,
  kind: PostingKind,
  reversesId: number | null,
): Promise<PostResult> {
  const { document, devices, lines, openItems } = posting;
  refuse(document, checkPosting(posting));
  const ids = takeIds(unit, posting);
  await requireOpenPeriod(unit, document.businessDate);

  const moves = devices.filter(isMove);
  const born = devices.filter(isBirth);
  const rows = await lockMoved(unit, moves);
  const effects = moves.map((move) => {
    const row = rows.get(move.deviceId);
    if (!row) throw new Error(`device ${move.deviceId} is not locked`);
    return effectOf(move, row, document.businessDate);
  });
  const requireFree = (): Promise<void> => requireFreeNumbers(unit, born, moves);
  await requireFree();
  const stock = stockChanges(effects, born, posting.stock);
  await requireThawed(unit, document, stock);
  const changes = await lockChanged(unit, stock);
  const parties = await lockSettled(unit, openItems);
  refuse(document, [...effectProblems(effects, born), ...checkAgreement(lines, stock, parties)]);

  const exchanged = await endNumbers(unit, effects);
  const postingId = ids.posting;
  const newRows = newDevices(postingId, born, document, ids.devices);
  const arrived = born.map((one, index) => ({ one, id: newRows[index]?.id ?? 0 }));
  const figures: PostingFigures = {
    reversesId,
    deviceEvents: devices.length,
    stockEntries: changes.length,
    journalLines: lines.length,
    openedItems: openItems.filter(isOpen).length,
    settlements: openItems.filter(isSettle).length,
  };
  await unit.together([
    () => updateDevices(unit, effects),
    () => updateBalances(unit, changes),
    () => updateSettled(unit, openItems),
    () => insertPosting(unit, postingId, document, kind, figures),
    () => unit.insert(device, newRows),
    () => insertNumbers(unit, [...numbersOf(arrived), ...exchanged], ids.identifiers, requireFree),
    () => insertEvents(unit, postingId, effects, arrived, document, ids.events),
    () => insertEntries(unit, postingId, changes, document.businessDate),
    () => insertJournal(unit, postingId, lines, document, ids),
    () => insertOpenItems(unit, postingId, openItems, document, ids),
  ]);
  rememberDevices(unit, effects, newRows);
  rememberBalances(unit, changes);
  return { postingId, deviceIds: new Map(arrived.map(({ one, id }) => [one.ref, id])) };
}

/** First ids of the rows to be. Taken before anything is read: a block that is used up makes the unit start again. */
export interface FirstIds {
  posting: number;
  devices: number;
  identifiers: number;
  events: number;
  journalEntry: number;
  journalLines: number;
  openItems: number;
  settlements: number;
}

function takeIds(unit: Unit, { devices, lines, openItems }: BookedPosting): FirstIds {
  const born = devices.filter(isBirth);
  const take = (table: AnyTable, count: number): number => (count > 0 ? unit.takeIds(table, count) : 0);
  return {
    posting: unit.takeIds(postingTable),
    devices: take(device, born.length),
    identifiers: take(deviceIdentifier, numbersBrought(born, devices.filter(isMove))),
    events: take(deviceEvent, devices.length),
    journalEntry: take(journalEntry, Math.min(lines.length, 1)),
    journalLines: take(journalLine, lines.length),
    openItems: take(openItem, openItems.filter(isOpen).length),
    settlements: take(settlement, openItems.filter(isSettle).length),
  };
}

const isMove = (move: DeviceMove): move is MovedDevice => move.kind === 'move';
const isBirth = (move: DeviceMove): move is NewDevice => move.kind === 'new';

function refuse(document: PostedDocument, problems: readonly string[]): void {
  if (problems.length > 0) throw new PostingDefect(document, problems);
}

interface PostingFigures {
  reversesId: number | null;
  deviceEvents: number;
  stockEntries: number;
  journalLines: number;
  openedItems: number;
  settlements: number;
}

/** The unique key on document and kind is what keeps a document from being posted twice. */
async function insertPosting(
  unit: Unit,
  id: number,
  document: PostedDocument,
  kind: PostingKind,
  figures: PostingFigures,
): Promise<void> {
  const { type, id: documentId, number, businessDate, storeId } = document;
  try {
    await unit.insert(postingTable, [
      {
        id,
        documentType: type,
        documentId,
        kind,
        documentNumber: number,
        businessDate,
        storeId,
        postedAt: unit.now,
        actorId: unit.actor.userId,
        actorName: unit.actor.name,
        ...figures,
      },
    ]);
  } catch (error) {
    throw duplicateKey(error) ? postedError(document) : error;
  }
}

async function isPosted(unit: Unit, { type, id }: PostedDocument, kind: PostingKind): Promise<boolean> {
  return (await unit.find(postingTable, { documentType: type, documentId: id, kind })).length > 0;
}

const postedError = ({ type, id, number }: PostedDocument): DomainError =>
  new DomainError('ledger:error.posted', { status: 409, details: { type, id, number } });
