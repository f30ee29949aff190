import {
  type BusinessDate,
  emptyToNull,
  type FieldProblem,
  fromInstant,
  invalid,
  normaliseName,
  stale,
} from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import type { ProtectionStep } from '../domain/protection-state';
import {
  assertStep,
  getProtection,
  lockProtection,
  protectionDevicesOf,
  replaceDevices,
  writeProtection,
} from '../store/protection.store';
import { protection, type ProtectionRow } from '../store/protection.table';
import { supplier } from '../store/supplier.table';
import { judgedRows } from './judged-rows';
import { cleanNote, tooLong } from './receipt-header';

export const EDIT_PROTECTIONS = 'purchasing.protection.edit';
export const MAX_WINDOW_DAYS = 365;

export interface ProtectionHeader {
  /** Epoch milliseconds; from when the new price holds. Null: not readable. */
  effectiveAt: number | null;
  /** The company's, for the business day of the effective hour. */
  timeZone: string;
  windowDays: number | null;
  withTax: boolean;
  reference: string | null;
  note: string | null;
}

export interface CreateProtection extends ProtectionHeader {
  supplierId: number;
  storeId: number;
}

export interface ProtectionMade {
  id: number;
  number: string;
}

/** Opens an empty draft. The supplier and the claiming store stay as they are then. */
export function createProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateProtection,
  options?: RunOptions,
): Promise<ProtectionMade> {
  authorise(actor, EDIT_PROTECTIONS, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const fields: FieldProblem[] = [];
      const party = await unit.get(supplier, command.supplierId);
      if (!party) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
      const store = await getStore(unit, command.storeId);
      const header = checkedHeader(unit, command, fields);
      const row: ProtectionRow = {
        id: unit.takeIds(protection),
        number: unit.documentNumber('JB', store.code, unit.today),
        supplierId: command.supplierId,
        storeId: store.id,
        ...header,
        state: 'draft',
        businessDate: unit.today,
        deviceCount: 0,
        heldCount: 0,
        transitCount: 0,
        soldCount: 0,
        claimedFen: 0,
        agreedFen: null,
        taxFen: null,
        stockFen: null,
        settledFen: null,
        dueOn: null,
        createdAt: unit.now,
        createdBy: unit.actor.userId,
        createdByName: unit.actor.name,
        submittedAt: null,
        submittedOn: null,
        agreedAt: null,
        closedAt: null,
        refusalReason: null,
        reversalNumber: null,
        reversalReason: null,
        version: 1,
      };
      await unit.insert(protection, [row]);
      await auditProtection(unit, row, 'create', { supplierId: row.supplierId });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** Changes the header of a draft; another hour or window judges the devices anew. */
export function changeProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: ProtectionHeader & { claimId: number; version: number },
  options?: RunOptions,
): Promise<ProtectionMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, command);
      const header = checkedHeader(unit, command, []);
      const changed = { ...row, ...header };
      const devices = await judgedRows(unit, changed, await protectionDevicesOf(unit, row.id));
      await replaceDevices(unit, row.id, devices);
      await writeProtection(unit, row, devices, header);
      await auditProtection(unit, row, 'edit', { effectiveOn: header.effectiveOn, windowDays: header.windowDays });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** Deletes a draft with all that is listed in it. Its number is not used again. */
export function deleteProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: { claimId: number; version: number },
  options?: RunOptions,
): Promise<ProtectionMade> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, command);
      await unit.execute(sql`DELETE FROM price_protection_device WHERE claim_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM price_protection_line WHERE claim_id = ${row.id}`);
      await unit.execute(sql`DELETE FROM price_protection WHERE id = ${row.id}`);
      await auditProtection(unit, row, 'delete', { supplierId: row.supplierId, devices: row.deviceCount });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** A draft that the actor may change, locked; `version`: as the page showed it. */
export async function lockProtectionDraft(
  unit: Unit,
  actor: Actor,
  { claimId, version }: { claimId: number; version?: number | undefined },
): Promise<ProtectionRow> {
  const row = await lockProtection(unit, claimId);
  authorise(actor, EDIT_PROTECTIONS, row.storeId);
  assertStep(row, 'submit');
  if (version !== undefined && row.version !== version) throw stale();
  return row;
}

/** A claim that may take this step, locked by who has the right to it. */
export async function lockForStep(
  unit: Unit,
  actor: Actor,
  { claimId, version }: { claimId: number; version: number },
  permission: string,
  step: ProtectionStep,
): Promise<ProtectionRow> {
  authorise(actor, permission, (await getProtection(unit, claimId)).storeId);
  const row = await lockProtection(unit, claimId);
  assertStep(row, step);
  if (row.version !== version) throw stale();
  return row;
}

type CheckedHeader = Pick<
  ProtectionRow,
  'effectiveAt' | 'effectiveOn' | 'windowDays' | 'withTax' | 'reference' | 'note'
>;

function checkedHeader(unit: Unit, header: ProtectionHeader, fields: FieldProblem[]): CheckedHeader {
  const { effectiveAt, windowDays, withTax } = header;
  if (effectiveAt === null) fields.push({ path: 'effectiveAt', code: 'purchasing:error.effective_at' });
  else if (effectiveAt > unit.now) fields.push({ path: 'effectiveAt', code: 'purchasing:error.effective_future' });
  if (windowDays === null || windowDays < 0 || windowDays > MAX_WINDOW_DAYS)
    fields.push({ path: 'windowDays', code: 'purchasing:error.window_days', details: { most: MAX_WINDOW_DAYS } });
  const reference = emptyToNull(normaliseName(header.reference ?? ''));
  if ([...(reference ?? '')].length > 80) fields.push(tooLong('reference', 80));
  const note = emptyToNull(cleanNote(header.note ?? ''));
  if ([...(note ?? '')].length > 400) fields.push(tooLong('note', 400));
  if (fields.length > 0 || effectiveAt === null || windowDays === null) throw invalid('errors:form', {}, fields);
  const effectiveOn: BusinessDate = fromInstant(effectiveAt, header.timeZone);
  return { effectiveAt, effectiveOn, windowDays, withTax, reference, note };
}

export const auditProtection = (
  unit: Unit,
  { id, number, storeId }: Pick<ProtectionRow, 'id' | 'number' | 'storeId'>,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `purchasing.protection.${action}`,
    subjectType: 'purchasing.protection',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
