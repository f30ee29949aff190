import { type BusinessDate, fromInstant } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import { type StartedUpkeep, startUpkeep } from '../../../platform/upkeep';
import { claimAlertDays, stockNeeds } from '../../purchasing';
import {
  type AboutDocument,
  ageingAlert,
  type AlertLimits,
  type DocumentAlert,
  documentAlert,
  idleAlert,
  inOrder,
  needAlerts,
  type NewAlert,
} from '../domain/stock-alerts';
import { expiringBatches, idlePairs, lateTransfers, oldDevices, openExchanges } from '../queries/alert-facts';
import { lateLoans, lateOrders, openClaims, openRebates } from '../queries/alert-documents';
import { analysisRun } from '../queries/analysis-list';
import { readParameters, type ReportingParameters } from '../queries/parameters';
import { stockAlert, type StockAlertRow } from '../store/alert.table';
import { ANALYSE } from './analyse-stock';

const WRITE_AT_ONCE = 4000;

/** Looks anew for what wants attention, in the background; 409 upkeep:error.running while it is at work. */
export async function startAlerts(services: Services, actor: Actor): Promise<StartedUpkeep> {
  authorise(actor, ANALYSE);
  return startUpkeep(services, actor, 'alerts', async (progress, signal) => {
    const { uow, database, clock, timeZone } = services;
    const found = await stockAlerts(database.read, fromInstant(clock(), timeZone));
    const runId = await newestRun(database.read);
    let done = 0;
    for (const part of chunked(found, WRITE_AT_ONCE)) {
      signal.throwIfAborted();
      await uow.run(actor, async (unit) => {
        const id = unit.takeIds(stockAlert, part.length);
        await unit.insert(
          stockAlert,
          part.map((alert, index): StockAlertRow => ({
            ...alert,
            id: id + index,
            runId,
            state: 'open',
            madeType: null,
            madeId: null,
            madeNumber: null,
          })),
        );
      });
      await progress((done += part.length), found.length);
    }
    await uow.run(actor, (unit) => unit.execute(sql`DELETE FROM stock_alert WHERE run_id <> ${runId}`));
    return { done: found.length };
  });
}

async function newestRun(read: Reader): Promise<number> {
  const row = await read.one<{ id: number }>(
    sql`SELECT MAX(id) AS id FROM upkeep_run WHERE kind = 'alerts' AND state IN ('running', 'stopping')`,
  );
  return Number(row?.id ?? 0);
}

/** `claimDays`: after which what suppliers have not settled waits too long, a setting of purchasing. */
export function limitsOf(set: ReportingParameters, claimDays: number): AlertLimits {
  const from = (on: boolean, days: number): { days: number } | null => (on ? { days } : null);
  return {
    below: set.alertBelow,
    above: from(set.alertAbove, set.alertAboveDays),
    ageing: from(set.alertAgeing, set.alertAgeingDays),
    idle: from(set.alertIdle, set.alertIdleDays),
    transit: from(set.alertTransit, set.alertTransitDays),
    batch: from(set.alertBatch, set.alertBatchDays),
    exchange: from(set.alertExchange, set.alertExchangeDays),
    order: from(set.alertOrder, set.alertOrderDays),
    loan: from(set.alertLoan, set.alertLoanDays),
    claim: from(set.alertClaim, claimDays),
    rebate: from(set.alertRebate, claimDays),
  };
}

type Look = (read: Reader, today: BusinessDate, days: number) => Promise<AboutDocument[]>;

const ABOUT_DOCUMENTS: readonly (readonly [DocumentAlert, Look])[] = [
  ['order', lateOrders],
  ['transit', lateTransfers],
  ['loan', lateLoans],
  ['batch', expiringBatches],
  ['exchange', openExchanges],
  ['claim', openClaims],
  ['rebate', openRebates],
];

/** Everything in all stores, a statement or a few for each kind. */
export async function stockAlerts(read: Reader, today: BusinessDate): Promise<NewAlert[]> {
  const limits = limitsOf(await readParameters(read), await claimAlertDays(read));
  const { below, above, ageing, idle } = limits;
  const found: NewAlert[] = [];
  if (below || above)
    for (const [skuId, needs] of await stockNeeds(read, today)) found.push(...needAlerts(skuId, needs, limits));
  if (ageing) for (const old of await oldDevices(read, today, ageing.days)) found.push(ageingAlert(old, today));
  if (idle) {
    const run = await analysisRun(read);
    for (const pair of await idlePairs(read, run?.id ?? 0, idle.days)) found.push(idleAlert(pair));
  }
  for (const [kind, look] of ABOUT_DOCUMENTS) {
    const limit = limits[kind];
    if (limit) for (const about of await look(read, today, limit.days)) found.push(documentAlert(kind, about, today));
  }
  return inOrder(found);
}
