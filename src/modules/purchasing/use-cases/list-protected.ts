import { addDays, type BusinessDate, DomainError, invalid, notFound } from '../../../kernel';
import { findByNumbers, shownNumbers } from '../../../ledger';
import { sql } from '../../../platform/database';
import type { Actor, StoreScope } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import type { ReturnScan } from '../domain/return-scan';
import { devicesAt } from '../queries/judge-devices';
import { protectionDevicesOf, protectionLinesOf, replaceDevices, writeProtection } from '../store/protection.store';
import { protectionDevice, type ProtectionDeviceRow, type ProtectionRow } from '../store/protection.table';
import { judgedRows } from './judged-rows';
import { auditProtection, EDIT_PROTECTIONS, lockProtectionDraft } from './save-protection';

export const MAX_PROTECTED = 5_000;

export interface ProtectionAnswer {
  key: string;
  outcome: 'right' | 'double' | 'wrong';
  number: string;
  /** Key of the words behind `purchasing:protection.scan.`; of devices that are not covered, the reason. */
  reason: string;
  /** It stands in the list now, covered or not. */
  listed: boolean;
}

/**
 * Lists the devices of scans, each judged; what is not covered is listed with its reason, so that it can be argued about.
 * Numbers that nobody can read, and devices of stores that the actor does not work for, are answered only.
 */
export function scanIntoProtection(
  uow: UnitOfWork,
  actor: Actor,
  { claimId, scans }: { claimId: number; scans: readonly ReturnScan[] },
  options?: RunOptions,
): Promise<{ answers: ProtectionAnswer[] }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, { claimId });
      const before = await protectionDevicesOf(unit, row.id);
      const { answers, fresh } = await readScans(unit, row, before, scans);
      const judged = await judgedRows(unit, row, fresh);
      const scope = actor.scope(EDIT_PROTECTIONS);
      const mine = judged.filter((one) => one.deviceId === null || inStores(scope, one.storeId));
      await writeList(unit, row, before, mine);
      const verdicts = new Map(judged.map((one) => [one.mainNumber, one]));
      const listed = new Set(mine.map(({ mainNumber }) => mainNumber));
      return {
        answers: answers.map((answer) => {
          const its = answer.listed ? verdicts.get(answer.number) : undefined;
          if (!its) return answer;
          if (!listed.has(answer.number)) return { ...answer, outcome: 'wrong', reason: 'other_store', listed: false };
          const covered = its.coverage !== 'none';
          return { ...answer, outcome: covered ? 'right' : 'wrong', reason: its.reason ?? its.coverage };
        }),
      };
    },
    options,
  );
}

const inStores = (scope: StoreScope, storeId: number | null): boolean =>
  scope === 'all' || (storeId !== null && scope.includes(storeId));

async function readScans(
  unit: Unit,
  row: ProtectionRow,
  before: readonly ProtectionDeviceRow[],
  scans: readonly ReturnScan[],
): Promise<{ answers: ProtectionAnswer[]; fresh: ProtectionDeviceRow[] }> {
  const found = await findByNumbers(
    unit,
    scans.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)),
  );
  // Active numbers come first: a number that moved on finds the device that has it.
  const deviceOf = new Map(found.toReversed().map(({ number, deviceId }) => [number, deviceId]));
  const shown = await shownNumbers(unit, [...deviceOf.values()]);
  const known = new Set(before.map(({ mainNumber }) => mainNumber));
  const fresh: ProtectionDeviceRow[] = [];
  const answers = scans.map(({ key, text, identifiers, problems }): ProtectionAnswer => {
    const ids = new Set(identifiers.flatMap(({ value }) => deviceOf.get(value) ?? []));
    const [deviceId = null] = ids;
    const number = (deviceId === null ? identifiers[0]?.value : shown.get(deviceId)) ?? text.slice(0, 40);
    const say = (outcome: ProtectionAnswer['outcome'], reason: string, listed = false): ProtectionAnswer => ({
      key,
      outcome,
      number,
      reason,
      listed,
    });
    if (ids.size > 1) return say('wrong', 'two');
    if (deviceId === null && (identifiers.length === 0 || problems.some(({ level }) => level === 'refuse')))
      return say('wrong', 'unreadable');
    if (known.has(number)) return say('double', 'double');
    known.add(number);
    fresh.push(blank(row.id, number, deviceId));
    return say('right', 'held', true);
  });
  return { answers, fresh };
}

const blank = (claimId: number, mainNumber: string, deviceId: number | null): ProtectionDeviceRow => ({
  id: 0,
  claimId,
  seq: 0,
  mainNumber,
  deviceId,
  lineId: null,
  coverage: 'none',
  reason: null,
  storeId: null,
  soldOn: null,
  saleType: null,
  saleId: null,
  saleNumber: null,
  claimedFen: 0,
  agreedFen: null,
  netFen: null,
  stockFen: null,
  costDropFen: null,
});

async function writeList(
  unit: Unit,
  row: ProtectionRow,
  before: readonly ProtectionDeviceRow[],
  fresh: readonly ProtectionDeviceRow[],
): Promise<void> {
  if (fresh.length === 0) return;
  if (before.length + fresh.length > MAX_PROTECTED)
    throw new DomainError('purchasing:error.protection_devices', { details: { max: MAX_PROTECTED } });
  const firstId = unit.takeIds(protectionDevice, fresh.length);
  const lastSeq = before.at(-1)?.seq ?? 0;
  const added = fresh.map((one, index) => ({ ...one, id: firstId + index, seq: lastSeq + index + 1 }));
  await unit.insert(protectionDevice, added);
  await writeProtection(unit, row, [...before, ...added]);
}

/**
 * Lists everything of the claim's products that stood in the actor's stores at the effective hour or was sold within the
 * window, as far as it came from this supplier.
 */
export function listAllProtected(
  uow: UnitOfWork,
  actor: Actor,
  { claimId }: { claimId: number },
  options?: RunOptions,
): Promise<{ added: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, { claimId });
      const lines = await protectionLinesOf(unit, row.id);
      if (lines.length === 0) throw invalid('purchasing:error.protection_no_lines');
      const before = await protectionDevicesOf(unit, row.id);
      const windowFrom = row.windowDays === 0 ? null : addDays(row.effectiveOn as BusinessDate, -row.windowDays);
      const skuIds = lines.map(({ skuId }) => skuId);
      const scope = actor.scope(EDIT_PROTECTIONS);
      const ids = await devicesAt(unit, row, skuIds, windowFrom, scope, MAX_PROTECTED);
      const known = new Set(before.map(({ deviceId }) => deviceId));
      const missing = ids.filter((id) => !known.has(id));
      const shown = await shownNumbers(unit, missing);
      const judged = await judgedRows(
        unit,
        row,
        missing.map((id) => blank(row.id, shown.get(id) ?? `#${id}`, id)),
      );
      const covered = judged.filter(({ coverage }) => coverage !== 'none');
      await writeList(unit, row, before, covered);
      await auditProtection(unit, row, 'list_all', { count: covered.length });
      return { added: covered.length };
    },
    options,
  );
}

/** Judges the listed devices by what the books say now. */
export function recheckProtection(
  uow: UnitOfWork,
  actor: Actor,
  { claimId }: { claimId: number },
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, { claimId });
      const before = await protectionDevicesOf(unit, row.id);
      const after = await judgedRows(unit, row, before);
      const changed = after.filter((one, index) => one.coverage !== before[index]?.coverage).length;
      await replaceDevices(unit, row.id, after);
      await writeProtection(unit, row, after);
      return { changed };
    },
    options,
  );
}

/** Takes one device off a draft, or with `uncovered` all that are not made good. */
export function unlistProtected(
  uow: UnitOfWork,
  actor: Actor,
  { claimId, ...which }: { claimId: number } & ({ rowId: number } | { uncovered: true }),
  options?: RunOptions,
): Promise<{ removed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, { claimId });
      const before = await protectionDevicesOf(unit, row.id);
      const rest = before.filter((one) => ('rowId' in which ? one.id !== which.rowId : one.coverage !== 'none'));
      if ('rowId' in which && rest.length === before.length)
        throw notFound('purchasing.protection_device', which.rowId);
      if ('rowId' in which) await unit.execute(sql`DELETE FROM price_protection_device WHERE id = ${which.rowId}`);
      else
        await unit.execute(sql`DELETE FROM price_protection_device WHERE claim_id = ${row.id} AND coverage = 'none'`);
      await writeProtection(unit, row, rest);
      const removed = before.length - rest.length;
      await auditProtection(unit, row, 'remove_devices', { count: removed });
      return { removed };
    },
    options,
  );
}
