import { type BusinessDate, invalid, invalidField } from '../../../kernel';
import { openItemsFor } from '../../../ledger';
import type { Actor } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import { proposeLines } from '../domain/payment-proposal';
import { freeItemsOf } from '../queries/due-items';
import { authoriseMoney, EDIT_PAYMENTS } from '../queries/scope';
import { checkedHeader, openDraft, type PaymentHeader, type PaymentMade } from './save-payment';

/** Items that one payment settles at most; what is more is proposed again. */
const MOST_LINES = 250;
/** Payments made at once. */
const MOST_SUPPLIERS = 200;

export interface PayWhatIsDue extends PaymentHeader {
  supplierIds: readonly number[];
  /** The store that pays. */
  storeId: number;
  /** The store that owes; null: all of the actor's. */
  owingStoreId: number | null;
  until: BusinessDate;
}

/**
 * A draft for each supplier with anything due by the day, prepayments used first. Whoever else does the same at the same time waits
 * for the items and then finds them spoken for: nothing is proposed twice.
 */
export function payWhatIsDue(
  uow: UnitOfWork,
  actor: Actor,
  command: PayWhatIsDue,
  options?: RunOptions,
): Promise<PaymentMade[]> {
  authoriseMoney(actor, EDIT_PAYMENTS, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const { storeId, owingStoreId, until } = command;
      const supplierIds = [...new Set(command.supplierIds)].slice(0, MOST_SUPPLIERS);
      const header = checkedHeader(unit, command, []);
      const ahead = await freeItemsOf(unit, actor, supplierIds, owingStoreId);
      await openItemsFor(
        unit,
        ahead.map(({ id }) => id),
      );
      const items = Map.groupBy(await freeItemsOf(unit, actor, supplierIds, owingStoreId), (item) => item.supplierId);
      const made: PaymentMade[] = [];
      for (const [supplierId, its] of items) {
        const due = its.filter(({ direction, dueOn }) => direction === 'payable' && (dueOn ?? '') <= until);
        const credits = its.filter(({ direction }) => direction === 'receivable').slice(0, MOST_LINES / 2);
        const taken = [...due.slice(0, MOST_LINES - credits.length), ...credits];
        const lines = proposeLines(taken, { amountFen: null, until });
        if (lines.length === 0) continue;
        const payables = new Set(due.map(({ id }) => id));
        made.push(await openDraft(unit, { ...header, supplierId, storeId, amountFen: null }, lines, payables));
      }
      if (made.length === 0) throw supplierIds.length === 0 ? nothingChosen() : invalid('finance:error.nothing_due');
      return made;
    },
    options,
  );
}

const nothingChosen = () => invalidField('suppliers', 'finance:error.nothing_chosen');
