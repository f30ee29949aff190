import { DomainError, invalid, notFound } from '../../../kernel';
import { type Actor, authorise, can } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import { addTransfer } from '../../inventory';
import { defaultLocation } from '../../organization';
import { EDIT_REQUISITIONS, request } from '../../purchasing';
import { stockAlert, type StockAlertRow } from '../store/alert.table';

export const CREATE_TRANSFERS = 'inventory.transfer.create';

export type AlertAct = 'transfer' | 'requisition';

type Told = Pick<StockAlertRow, 'kind' | 'state' | 'storeId' | 'otherStoreId' | 'skuId' | 'wanted'>;

/** What can be made from an alert by whom: goods that are missing are asked for, goods that stand go where they are wanted. */
export function actsOf(actor: Actor, { kind, state, storeId, otherStoreId, skuId, wanted }: Told): AlertAct[] {
  if (state !== 'open' || skuId === null || wanted < 1) return [];
  if (kind === 'below') return can(actor, EDIT_REQUISITIONS, storeId) ? ['requisition'] : [];
  if ((kind !== 'above' && kind !== 'idle') || otherStoreId === null) return [];
  return can(actor, CREATE_TRANSFERS, storeId) || can(actor, CREATE_TRANSFERS, otherStoreId) ? ['transfer'] : [];
}

export interface MadeDocument {
  type: AlertAct;
  id: number;
  number: string;
}

/** Makes the document, filled in, and marks the alert: two people at once make one. Throws 404, 403, 409 (done already), 422. */
export function actOnAlert(
  uow: UnitOfWork,
  actor: Actor,
  { id, act }: { id: number; act: AlertAct },
): Promise<MadeDocument> {
  return uow.run(actor, async (unit) => {
    await unit.lock(stockAlert, [id]);
    const alert = await unit.get(stockAlert, id);
    if (!alert) throw notFound('reporting.alert', id);
    if (alert.state === 'done')
      throw new DomainError('reporting:error.alert_done', { status: 409, details: { number: alert.madeNumber ?? '' } });
    const { storeId, otherStoreId, skuId, wanted: quantity } = alert;
    if (act === 'requisition') authorise(actor, EDIT_REQUISITIONS, storeId);
    else if (!can(actor, CREATE_TRANSFERS, otherStoreId ?? storeId)) authorise(actor, CREATE_TRANSFERS, storeId);
    if (skuId === null || !actsOf(actor, alert).includes(act)) throw invalid('reporting:error.alert_act');
    let made: { id: number; number: string } | undefined;
    if (act === 'requisition') {
      const lines = [{ storeId, skuId, quantity }];
      ({
        requisitions: [made],
      } = await request(unit, { lines, wantedOn: null, reason: null, upTo: 'draft' }));
    } else {
      const from = await defaultLocation(unit, storeId);
      const to = await defaultLocation(unit, otherStoreId ?? 0);
      made = await addTransfer(unit, { fromLocationId: from.id, toLocationId: to.id, lines: [{ skuId, quantity }] });
    }
    if (!made) throw invalid('reporting:error.alert_act');
    await unit.update(stockAlert, id, { state: 'done', madeType: act, madeId: made.id, madeNumber: made.number });
    return { type: act, id: made.id, number: made.number };
  });
}
