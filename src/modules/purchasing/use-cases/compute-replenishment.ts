import { type BusinessDate, fromInstant } from '../../../kernel';
import { chunked, type Reader, sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import { type StartedUpkeep, startUpkeep, type UpkeepProgress } from '../../../platform/upkeep';
import {
  leadDaysOf,
  loadOf,
  type Need,
  needOf,
  type Rule,
  type Share,
  shareOut,
  type Sold,
  soldOutDays,
  USUAL_RULE,
} from '../domain/replenishment';
import {
  lastSuppliers,
  agreedLeads,
  deliveryDays,
  listedPacks,
  movesByDay,
  pairOf,
  positions,
  replenished,
  soldByWeekday,
  soldPieces,
} from '../queries/replenishment-facts';
import {
  replenishmentLine,
  type ReplenishmentLineRow,
  type ReplenishmentRuleRow,
  replenishmentRule,
} from '../store/replenishment.table';

export const EDIT_REPLENISHMENT = 'purchasing.replenishment.edit';

const WRITE_AT_ONCE = 4000;
const SKUS_AT_ONCE = 200;
/** Parts of the reading, which is counted beside the goods. */
const READS = 4;

/** Computes the proposals anew in the background; 409 upkeep:error.running while it is at work, on whatever node. */
export async function startReplenishment(services: Services, actor: Actor): Promise<StartedUpkeep> {
  authorise(actor, EDIT_REPLENISHMENT);
  return startUpkeep(services, actor, 'replenish', async (progress, signal) => {
    const { uow, database, clock, timeZone } = services;
    const today = fromInstant(clock(), timeZone);
    const shares = await proposals(database.read, today, progress);
    signal.throwIfAborted();
    await writeProposals({ uow, database }, actor, shares, progress, signal);
    return { done: shares.length, proposals: shares.length, today };
  });
}

type Proposal = Share & { skuId: number; supplierId: number | null };

/** Everything that is missing anywhere, from a handful of statements over all stores and goods. */
export async function proposals(read: Reader, today: BusinessDate, progress?: UpkeepProgress): Promise<Proposal[]> {
  const suppliers = await lastSuppliers(read);
  const needs = await stockNeeds(read, today, progress, suppliers);
  return [...needs].flatMap(([skuId, ofStores]) =>
    shareOut(ofStores).map((share) => ({ ...share, skuId, supplierId: suppliers.get(skuId) ?? null })),
  );
}

/** What each product needs, and has too much of, in each store that holds it, sold it or has a rule for it. */
export async function stockNeeds(
  read: Reader,
  today: BusinessDate,
  progress?: UpkeepProgress,
  suppliers?: ReadonlyMap<number, number>,
): Promise<Map<number, Need[]>> {
  let step = 0;
  const next = async <T>(part: Promise<T>): Promise<T> => {
    const found = await part;
    await progress?.(++step, READS);
    return found;
  };
  const { skuIds, stores } = await next(replenished(read));
  const sold = await next(soldPieces(read, today));
  const weeks = await next(soldByWeekday(read, today));
  const there = await next(positions(read));
  const rules = await rulesOf(read, await supplierTermsOf(read, today, suppliers ?? (await lastSuppliers(read))));
  const bySku = new Map<number, Map<number, Sold>>();
  const pair = (skuId: number, storeId: number): Sold => {
    const ofSku = bySku.get(skuId) ?? new Map<number, Sold>();
    bySku.set(skuId, ofSku);
    const known = ofSku.get(storeId) ?? { recent: 0, earlier: 0 };
    ofSku.set(storeId, known);
    return known;
  };
  for (const { storeId, skuId, recent, earlier } of sold) Object.assign(pair(skuId, storeId), { recent, earlier });
  await noteSoldOut(read, bySku, there, today);
  for (const { storeId, skuId } of there.values()) pair(skuId, storeId);
  for (const { storeId, skuId } of rules.named)
    for (const id of storeId === null ? sellingStores(stores) : [storeId]) pair(skuId, id);
  const load = loadsOf(weeks, today);
  const found = new Map<number, Need[]>();
  for (const [skuId, ofSku] of bySku) {
    if (!skuIds.has(skuId)) continue;
    const needs: Need[] = [];
    found.set(skuId, needs);
    for (const [storeId, pieces] of ofSku) {
      if (!stores.has(storeId)) continue;
      const rule = rules.of(storeId, skuId);
      const position = there.get(pairOf(storeId, skuId)) ?? NONE;
      needs.push(needOf(storeId, pieces, justPosition(position), rule, load(storeId, rule), today));
    }
  }
  return found;
}

/** Days without anything to sell, of what sold at all; some products at a time, so that memory stays flat. */
async function noteSoldOut(
  read: Reader,
  bySku: ReadonlyMap<number, ReadonlyMap<number, Sold>>,
  there: Awaited<ReturnType<typeof positions>>,
  today: BusinessDate,
): Promise<void> {
  const wanted = [...bySku].filter(([, ofSku]) => [...ofSku.values()].some(({ recent }) => recent > 0));
  for (const part of chunked(wanted, SKUS_AT_ONCE)) {
    const moves = await movesByDay(
      read,
      part.map(([skuId]) => skuId),
      today,
    );
    const byPair = Map.groupBy(moves, ({ storeId, skuId }) => pairOf(storeId, skuId));
    for (const [skuId, ofSku] of part)
      for (const [storeId, sold] of ofSku) {
        const name = pairOf(storeId, skuId);
        if (sold.recent > 0)
          Object.assign(sold, soldOutDays(there.get(name)?.sellable ?? 0, byPair.get(name) ?? [], today));
      }
  }
}

interface SupplierTerms {
  packs: ReadonlyMap<number, number>;
  leads: ReadonlyMap<number, { days: number; from: 'supplier' | 'orders' }>;
}

/** Of each product, from who delivers it: the pack of the price list; the days of its record, else those that its orders took. */
async function supplierTermsOf(
  read: Reader,
  today: BusinessDate,
  suppliers: ReadonlyMap<number, number>,
): Promise<SupplierTerms> {
  const listed = await listedPacks(read, today);
  const agreed = await agreedLeads(read);
  const leadOf = new Map<number, { days: number; from: 'supplier' | 'orders' }>();
  for (const [supplierId, days] of await deliveryDays(read, today)) {
    const took = leadDaysOf(days);
    if (took !== null) leadOf.set(supplierId, { days: took, from: 'orders' });
  }
  for (const [supplierId, days] of agreed) leadOf.set(supplierId, { days: Math.max(1, days), from: 'supplier' });
  return {
    packs: new Map(
      listed.flatMap(({ supplierId, skuId, packSize }) =>
        suppliers.get(skuId) === supplierId ? [[skuId, packSize]] : [],
      ),
    ),
    leads: new Map(
      [...suppliers].flatMap(([skuId, supplierId]) => {
        const days = leadOf.get(supplierId);
        return days ? [[skuId, days]] : [];
      }),
    ),
  };
}

const NONE = { sellable: 0, promised: 0, inTransit: 0, asked: 0, onOrder: 0 };
const justPosition = ({ sellable, promised, inTransit, asked, onOrder }: typeof NONE): typeof NONE => ({
  sellable,
  promised,
  inTransit,
  asked,
  onOrder,
});

const sellingStores = (stores: ReadonlyMap<number, string>): number[] =>
  [...stores].filter(([, kind]) => kind === 'store').map(([id]) => id);

/** Loads are the same for all goods of a store with the same days. */
function loadsOf(weeks: Awaited<ReturnType<typeof soldByWeekday>>, today: BusinessDate) {
  const known = new Map<string, { lead: number; all: number; keep: number }>();
  return (storeId: number, { leadDays, coverDays }: Rule) => {
    const name = `${storeId}/${leadDays}/${coverDays}`;
    const found = known.get(name);
    if (found) return found;
    const days = (count: number): number => loadOf(weeks.get(storeId), today, count);
    const made = { lead: days(leadDays), all: days(leadDays + coverDays), keep: days(leadDays + 2 * coverDays) };
    known.set(name, made);
    return made;
  };
}

/** The rule of a product in a store, each value from the narrowest rule that has one; lead and pack from the supplier where none has. */
export async function rulesOf(
  read: Reader,
  { packs, leads }: SupplierTerms,
): Promise<{
  named: { storeId: number | null; skuId: number }[];
  of: (storeId: number, skuId: number) => Rule;
}> {
  const all = new Map((await read.find(replenishmentRule, {})).map((row) => [row.ruleKey, row]));
  return {
    named: [...all.values()].flatMap(({ storeId, skuId, minimum, maximum }) =>
      skuId !== null && (minimum !== null || maximum !== null) ? [{ storeId, skuId }] : [],
    ),
    of: (storeId, skuId) => {
      const chain = [`${storeId}/${skuId}`, `0/${skuId}`, `${storeId}/0`, '0/0'].map((name) => all.get(name));
      const ruled = <K extends keyof Rule & keyof ReplenishmentRuleRow>(name: K): ReplenishmentRuleRow[K] | null =>
        chain.find((row) => row?.[name] !== null && row?.[name] !== undefined)?.[name] ?? null;
      const [lead, pack] = [ruled('leadDays'), ruled('packSize')];
      const known = leads.get(skuId);
      return {
        minimum: ruled('minimum') ?? USUAL_RULE.minimum,
        maximum: ruled('maximum'),
        coverDays: ruled('coverDays') ?? USUAL_RULE.coverDays,
        leadDays: lead ?? known?.days ?? USUAL_RULE.leadDays,
        packSize: pack ?? packs.get(skuId) ?? USUAL_RULE.packSize,
        ...(lead === null && known ? { leadFrom: known.from } : {}),
        ...(pack === null && packs.has(skuId) ? { packListed: true } : {}),
      };
    },
  };
}

/** The new proposals in parts, then the old ones go: whoever looks meanwhile sees the old ones, for the run is not over. */
async function writeProposals(
  { uow }: Pick<Services, 'uow' | 'database'>,
  actor: Actor,
  found: readonly Proposal[],
  progress: UpkeepProgress,
  signal: AbortSignal,
): Promise<void> {
  const runId = await newestRun(uow.database.read);
  let done = 0;
  for (const part of chunked(found, WRITE_AT_ONCE)) {
    signal.throwIfAborted();
    await uow.run(actor, async (unit) => {
      const firstId = unit.takeIds(replenishmentLine, part.length);
      await unit.insert(
        replenishmentLine,
        part.map(({ need, skuId, supplierId, fromStoreId, quantity }, index): ReplenishmentLineRow => {
          const { storeId, spare: _, coverTenths, ...figures } = need;
          return {
            id: firstId + index,
            runId,
            kind: fromStoreId === null ? 'purchase' : 'transfer',
            storeId,
            skuId,
            fromStoreId,
            supplierId: fromStoreId === null ? supplierId : null,
            quantity,
            coverTenths,
            figures,
            state: 'open',
            documentId: null,
            documentNumber: null,
          };
        }),
      );
    });
    await progress((done += part.length), found.length);
  }
  await uow.run(actor, async (unit) => {
    await unit.execute(sql`DELETE FROM replenishment_line WHERE run_id <> ${runId}`);
    await unit.audit({ action: 'purchasing.replenishment.compute', detail: { proposals: found.length } });
  });
}

async function newestRun(read: Reader): Promise<number> {
  const row = await read.one<{ id: number }>(
    sql`SELECT MAX(id) AS id FROM upkeep_run WHERE kind = 'replenish' AND state IN ('running', 'stopping')`,
  );
  return Number(row?.id ?? 0);
}
