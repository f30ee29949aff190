import {
  DomainError,
  emptyToNull,
  type FieldProblem,
  invalid,
  isBusinessDate,
  normaliseName,
  notFound,
  stale,
} from '../../../kernel';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { brand, category, skusByIds } from '../../catalog';
import { getStore } from '../../organization';
import type { RebateKind, RebateTier } from '../domain/rebate';
import { rebateItems } from '../queries/rebate-items';
import { rebate, type RebateDataRow } from '../store/rebate.table';
import { supplier } from '../store/supplier.table';
import { cleanNote, tooLong } from './receipt-header';

export const EDIT_REBATES = 'purchasing.rebate.edit';
export const MAX_TIERS = 5;

export interface RebateTerms {
  name: string;
  kind: RebateKind;
  fromOn: string | null;
  toOn: string | null;
  brandId: number | null;
  categoryId: number | null;
  /** A SKU whose whole model counts. */
  skuId: number | null;
  taxRateBp: number | null;
  /** In the order of the form; empty ones are left out. */
  tiers: readonly { from: number | null; award: number | null }[];
  note: string | null;
}

export interface CreateRebate extends RebateTerms {
  supplierId: number;
  storeId: number;
}

export function createRebate(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateRebate,
  options?: RunOptions,
): Promise<{ id: number; number: string }> {
  authorise(actor, EDIT_REBATES, command.storeId);
  authorise(actor, COST_PERMISSION, command.storeId);
  return uow.run(
    actor,
    async (unit) => {
      const fields: FieldProblem[] = [];
      const party = await unit.get(supplier, command.supplierId);
      if (!party) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
      const store = await getStore(unit, command.storeId);
      const terms = await checkedTerms(unit, command, fields);
      const row: RebateDataRow = {
        id: unit.takeIds(rebate),
        number: unit.documentNumber('FL', store.code, unit.today),
        supplierId: command.supplierId,
        storeId: store.id,
        ...terms,
        state: 'open',
        accruedUntil: null,
        earnedFen: 0,
        taxFen: 0,
        settledFen: 0,
        createdAt: unit.now,
        createdByName: unit.actor.name,
        version: 1,
      };
      await unit.insert(rebate, [row]);
      await auditRebate(unit, row, 'create', { name: row.name });
      return { id: row.id, number: row.number };
    },
    options,
  );
}

/** Changes the terms of an open rebate; the next calculation books the difference. */
export function changeRebate(
  uow: UnitOfWork,
  actor: Actor,
  { rebateId, version, ...wanted }: RebateTerms & { rebateId: number; version: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRebate(unit, actor, { rebateId, version }, EDIT_REBATES, 'open');
      authorise(actor, COST_PERMISSION, row.storeId);
      const terms = await checkedTerms(unit, wanted, []);
      await unit.update(rebate, row.id, terms, row.version);
      await auditRebate(unit, row, 'edit', { name: terms.name });
      return { id: row.id };
    },
    options,
  );
}

/** Ends a rebate of which nothing is open any more, or opens an ended one again. */
export function closeRebate(
  uow: UnitOfWork,
  actor: Actor,
  { again, ...command }: { rebateId: number; version: number; again: boolean },
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockRebate(unit, actor, command, EDIT_REBATES, again ? 'closed' : 'open');
      if (!again && (await rebateItems(unit, row.id)).length > 0)
        throw new DomainError('purchasing:error.rebate_open', { status: 409, details: { number: row.number } });
      await unit.update(rebate, row.id, { state: again ? 'open' : 'closed' }, row.version);
      await auditRebate(unit, row, again ? 'reopen' : 'close', {});
      return { id: row.id };
    },
    options,
  );
}

/** A rebate in this state, locked for a step that needs this right. */
export async function lockRebate(
  unit: Unit,
  actor: Actor,
  { rebateId, version }: { rebateId: number; version: number },
  permission: string,
  state: RebateDataRow['state'],
): Promise<RebateDataRow> {
  await unit.lock(rebate, [rebateId]);
  const row = await unit.get(rebate, rebateId);
  if (!row) throw notFound('purchasing.rebate', rebateId);
  authorise(actor, permission, row.storeId);
  if (row.state !== state)
    throw new DomainError('purchasing:error.protection_state', { status: 409, details: { number: row.number } });
  if (row.version !== version) throw stale();
  return row;
}

type CheckedTerms = Pick<
  RebateDataRow,
  'name' | 'kind' | 'fromOn' | 'toOn' | 'brandId' | 'categoryId' | 'productId' | 'taxRateBp' | 'tiers' | 'note'
>;

async function checkedTerms(unit: Unit, wanted: RebateTerms, fields: FieldProblem[]): Promise<CheckedTerms> {
  const { kind, fromOn, toOn, brandId, categoryId, skuId, taxRateBp } = wanted;
  const name = normaliseName(wanted.name);
  if (name === '') fields.push({ path: 'name', code: 'errors:field.required' });
  if ([...name].length > 100) fields.push(tooLong('name', 100));
  for (const [path, day] of [
    ['fromOn', fromOn],
    ['toOn', toOn],
  ] as const)
    if (day === null || !isBusinessDate(day)) fields.push({ path, code: 'purchasing:error.date' });
  if (fromOn !== null && toOn !== null && toOn < fromOn)
    fields.push({ path: 'toOn', code: 'purchasing:error.rebate_period' });
  if (brandId !== null && !(await unit.get(brand, brandId)))
    fields.push({ path: 'brandId', code: 'errors:field.invalid' });
  if (categoryId !== null && !(await unit.get(category, categoryId)))
    fields.push({ path: 'categoryId', code: 'errors:field.invalid' });
  const card = skuId === null ? undefined : (await skusByIds(unit, [skuId])).get(skuId);
  if (skuId !== null && !card) fields.push({ path: 'sku', code: 'purchasing:error.sku_unknown' });
  if (taxRateBp === null || taxRateBp < 0 || taxRateBp > 10_000)
    fields.push({ path: 'taxRate', code: 'errors:field.invalid' });
  const tiers = checkedTiers(kind, wanted.tiers, fields);
  const note = emptyToNull(cleanNote(wanted.note ?? ''));
  if ([...(note ?? '')].length > 400) fields.push(tooLong('note', 400));
  if (fields.length > 0 || fromOn === null || toOn === null) throw invalid('errors:form', {}, fields);
  const productId = card?.productId ?? null;
  return { name, kind, fromOn, toOn, brandId, categoryId, productId, taxRateBp: taxRateBp ?? 0, tiers, note };
}

const MOST = 1_000_000_000_00;

function checkedTiers(kind: RebateKind, typed: RebateTerms['tiers'], fields: FieldProblem[]): RebateTier[] {
  const tiers: RebateTier[] = [];
  const used = kind === 'fixed' ? typed.slice(0, 1).map(({ award }) => ({ award, from: 0 })) : typed;
  used.forEach(({ from, award }, index) => {
    if (index > 0 && from === null && award === null) return;
    const before = tiers.at(-1)?.from ?? -1;
    if (from === null || from < 0 || from > MOST || from <= before)
      fields.push({ path: `tiers.${index}.from`, code: 'purchasing:error.rebate_from' });
    if (award === null || award <= 0 || award > (kind === 'amount' ? 10_000 : MOST))
      fields.push({ path: `tiers.${index}.award`, code: 'purchasing:error.rebate_award' });
    if (from !== null && award !== null) tiers.push({ from, award });
  });
  return tiers;
}

export const auditRebate = (
  unit: Unit,
  { id, number, storeId }: Pick<RebateDataRow, 'id' | 'number' | 'storeId'>,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `purchasing.rebate.${action}`,
    subjectType: 'purchasing.rebate',
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });
