import {
  DomainError,
  emptyToNull,
  type FieldProblem,
  invalid,
  normaliseName,
  notFound,
  plainMoney,
  fen,
  stale,
} from '../../../kernel';
import { openItemsFor, post, posting, reverse } from '../../../ledger';
import { chunked, sql } from '../../../platform/database';
import { type Actor, authorise, can } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import {
  COLLECTION_DOCUMENT,
  type CollectedItem,
  collectionPosting,
  RECEIVING_ACCOUNTS,
} from '../domain/collection-posting';
import { SALE_DOCUMENT } from '../domain/sale';
import { COLLECT } from '../queries/receivables';
import { collection, collectionLine, type CollectionRow } from '../store/collection.table';

export const REVERSE_COLLECTIONS = 'sales.receivable.reverse';

export interface CollectPayment {
  customerId: number;
  /** Whose account the money came to. */
  storeId: number;
  account: string;
  /** How much of which open item. */
  items: readonly { openItemId: number; amountFen: number }[];
  reference: string;
  note: string;
}

/** Money came for what was sold on account: booked at once, today. 409 where an item is settled by now. */
export function collectPayment(
  uow: UnitOfWork,
  actor: Actor,
  command: CollectPayment,
  options?: RunOptions,
): Promise<{ id: number; number: string; amountFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      authorise(actor, COLLECT, command.storeId);
      const words = checkedWords(command);
      const items = await itemsOf(unit, command);
      const store = await getStore(unit, command.storeId);
      const amountFen = items.reduce((total, item) => total + item.amountFen, 0);
      const row: CollectionRow = {
        ...words,
        id: unit.takeIds(collection),
        number: unit.documentNumber('SK', store.code, unit.today),
        customerId: command.customerId,
        storeId: store.id,
        businessDate: unit.today,
        amountFen,
        state: 'posted',
        createdAt: unit.now,
        createdBy: actor.userId,
        createdByName: actor.name,
        reversedAt: null,
        reversedByName: null,
        reversalNumber: null,
        reversalReason: null,
        version: 1,
      };
      const { id, number, businessDate, storeId } = row;
      await post(unit, collectionPosting({ type: COLLECTION_DOCUMENT, id, number, businessDate, storeId }, row, items));
      await unit.insert(collection, [row]);
      const lineId = unit.takeIds(collectionLine, items.length);
      await unit.insert(
        collectionLine,
        items.map((item, index) => ({
          id: lineId + index,
          collectionId: id,
          openItemId: item.openItemId,
          amountFen: item.amountFen,
        })),
      );
      await auditCollection(unit, row, 'post', { amountFen, customerId: row.customerId });
      return { id, number, amountFen };
    },
    options,
  );
}

/** Books the mirror with today's date (红冲): what it settled is open again. */
export function reverseCollection(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; version: number; reason: string },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const [row] = await unit.lockRows(collection, [command.id]);
      if (!row) throw notFound(COLLECTION_DOCUMENT, command.id);
      authorise(actor, REVERSE_COLLECTIONS, row.storeId);
      if (row.version !== command.version || row.state !== 'posted') throw stale();
      const reason = command.reason.trim().slice(0, 200);
      if (reason === '') throw invalid('errors:form', {}, [{ path: 'reason', code: 'sales:error.reason' }]);
      const lines = await unit.find(collectionLine, { collectionId: row.id });
      await openItemsFor(
        unit,
        lines.map(({ openItemId }) => openItemId),
      );
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('SK', store.code, unit.today);
      const document = { type: COLLECTION_DOCUMENT, id: row.id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      const by = { reversedAt: unit.now, reversedByName: actor.name, reversalNumber: number, reversalReason: reason };
      await unit.update(collection, row.id, { state: 'reversed', ...by }, row.version);
      await auditCollection(unit, row, 'reverse', { reversalNumber: number, reason });
      return { number };
    },
    options,
  );
}

function checkedWords(command: CollectPayment) {
  const account = RECEIVING_ACCOUNTS.find((one) => one === command.account);
  const words = {
    reference: emptyToNull(normaliseName(command.reference)),
    note: emptyToNull(normaliseName(command.note)),
  };
  const fields: FieldProblem[] = [];
  if (!account) fields.push({ path: 'account', code: 'errors:field.required' });
  for (const [path, max] of [
    ['reference', 80],
    ['note', 200],
  ] as const)
    if ([...(words[path] ?? '')].length > max) fields.push({ path, code: 'errors:field.too_long', details: { max } });
  if (fields.length > 0 || !account) throw invalid('errors:form', {}, fields);
  return { account, ...words };
}

/** The items under lock, each of this customer and of a store in which the actor may collect. */
async function itemsOf(unit: Unit, { customerId, items }: CollectPayment): Promise<CollectedItem[]> {
  if (items.length === 0) throw invalid('sales:error.collection_nothing');
  const ids = items.map(({ openItemId }) => openItemId);
  const held = await openItemsFor(unit, ids);
  const ofSales = await soldBy(
    unit,
    [...held.values()].map(({ postingId }) => postingId),
  );
  const problems: FieldProblem[] = [];
  const found = items.map(({ openItemId, amountFen }): CollectedItem => {
    const item = held.get(openItemId);
    const path = `items.i${openItemId}`;
    const isTheirs = item?.partyType === 'customer' && item.partyId === customerId && item.direction === 'receivable';
    if (!item || !isTheirs || !ofSales.has(item.postingId) || !can(unit.actor, COLLECT, item.storeId))
      throw notFound('ledger.open_item', openItemId);
    const openFen = item.amountFen - item.settledFen;
    if (amountFen <= 0 || amountFen > openFen)
      problems.push({ path, code: 'sales:error.collection_over', details: { open: plainMoney(fen(openFen)) } });
    return { openItemId, storeId: item.storeId, amountFen };
  });
  if (problems.length > 0) throw new DomainError('errors:form', { status: 409, fields: problems });
  return found;
}

async function soldBy(unit: Unit, postingIds: readonly number[]): Promise<Set<number>> {
  const found = new Set<number>();
  for (const chunk of chunked([...new Set(postingIds)]))
    for (const { id, documentType } of await unit.rows(
      posting,
      sql`SELECT * FROM posting WHERE id IN (${sql.list(chunk)})`,
    ))
      if (documentType === SALE_DOCUMENT) found.add(id);
  return found;
}

const auditCollection = (
  unit: Unit,
  { id, number, storeId }: CollectionRow,
  what: 'post' | 'reverse',
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `${COLLECTION_DOCUMENT}.${what}`,
    subjectType: COLLECTION_DOCUMENT,
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
