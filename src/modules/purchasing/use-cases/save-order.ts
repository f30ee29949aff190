import { addDays, businessDate, stale } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { assertOrderDraft, lockOrder, orderLinesOf, storesOfOrder } from '../store/order.store';
import { type OrderRow, purchaseOrder } from '../store/order.table';
import { checkOrderHeader, type OrderHeader } from './order-header';

export const EDIT_ORDERS = 'purchasing.order.edit';

export interface CreateOrder extends OrderHeader {
  /** The store that orders: its code stands in the number. */
  storeId: number;
}

export interface OrderCreated {
  id: number;
  number: string;
}

/** Opens an empty draft. */
export function createOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateOrder,
  options?: RunOptions,
): Promise<OrderCreated> {
  authorise(actor, EDIT_ORDERS, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const { id, number } = await addOrder(unit, command);
      return { id, number };
    },
    options,
  );
}

/** For a larger unit of work; the caller has authorised it. */
export async function addOrder(unit: Unit, command: CreateOrder): Promise<OrderRow> {
  const store = await getStore(unit, command.storeId);
  const { supplier, orderedOn, expectedOn, note } = await checkOrderHeader(unit, command);
  const row: OrderRow = {
    id: unit.takeIds(purchaseOrder),
    number: unit.documentNumber('CG', store.code, orderedOn),
    supplierId: supplier.id,
    storeId: store.id,
    orderedOn,
    // What the supplier usually needs, where nobody said.
    expectedOn: expectedOn ?? (supplier.leadDays === null ? null : addDays(businessDate(orderedOn), supplier.leadDays)),
    state: 'draft',
    lineCount: 0,
    quantity: 0,
    received: 0,
    grossFen: 0,
    taxFen: 0,
    note,
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    createdByName: unit.actor.name,
    submission: 0,
    submittedAt: null,
    submittedBy: null,
    approvedAt: null,
    endedAt: null,
    endReason: null,
    version: 1,
  };
  await unit.insert(purchaseOrder, [row]);
  await auditOrder(unit, row, 'create', { supplierId: supplier.id });
  return row;
}

export interface ChangeOrder extends OrderHeader {
  orderId: number;
  /** As the page showed it. */
  version: number;
}

/** Changes what stands above the lines of a draft; the ordering store stays. */
export function changeOrder(
  uow: UnitOfWork,
  actor: Actor,
  command: ChangeOrder,
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockOrder(unit, command.orderId);
      await authoriseOrder(unit, actor, EDIT_ORDERS, row);
      assertOrderDraft(row);
      if (row.version !== command.version) throw stale();
      const { supplier, orderedOn, expectedOn, note } = await checkOrderHeader(unit, command, row);
      const changes = { supplierId: supplier.id, orderedOn, expectedOn, note };
      await unit.update(purchaseOrder, row.id, changes, row.version);
      await auditOrder(unit, row, 'edit', { supplierId: supplier.id });
      return { id: row.id };
    },
    options,
  );
}

/** Throws 403 unless the actor has the right in every store that the order is about. */
export async function authoriseOrder(unit: Unit, actor: Actor, permission: string, row: OrderRow): Promise<void> {
  for (const storeId of storesOfOrder(row, await orderLinesOf(unit, row.id))) authorise(actor, permission, storeId);
}

/** The words of each action: `purchasing:audit.order.<what>`. */
type OrderAction =
  | 'create'
  | 'edit'
  | 'add_lines'
  | 'edit_lines'
  | 'remove_line'
  | 'submit'
  | 'withdraw'
  | 'approve'
  | 'send_back'
  | 'cancel'
  | 'close'
  | 'receive'
  | 'take_back';

export async function auditOrder(
  unit: Unit,
  row: Pick<OrderRow, 'id' | 'storeId' | 'number'>,
  what: OrderAction,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await unit.audit({
    action: `purchasing.order.${what}`,
    subjectType: 'purchasing.order',
    subjectId: row.id,
    storeId: row.storeId,
    detail: { number: row.number, ...detail },
  });
}
