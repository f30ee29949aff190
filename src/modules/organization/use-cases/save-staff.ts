import { invalidField, notFound } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import type { KeyRing } from '../../../platform/crypto';
import { type Actor, authorise, can } from '../../../platform/permissions';
import { searchKey } from '../../../platform/text-search';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { checkedCode, optionalPhone, optionalText, requiredName } from '../domain/words';
import { department, staff, store } from '../store/organization.table';
import { sealStaffPhone } from '../store/staff-phone';

export interface StaffCommand {
  /** Number on the badge. */
  code: string;
  name: string;
  /** Home store; null for head office. */
  storeId?: number | null | undefined;
  departmentId?: number | null | undefined;
  jobTitle?: string | null | undefined;
  phone?: string | null | undefined;
}

export async function createStaff(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: StaffCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authoriseStaff(actor, command.storeId ?? null);
  return uow.run(actor, async (unit) => ({ id: await addStaff(unit, keys, command) }), options);
}

export async function addStaff(unit: Unit, keys: KeyRing, command: StaffCommand): Promise<number> {
  const code = checkedCode(command.code, 'code', 'organization:error.staff_code', 20);
  const fields = await staffFields(unit, keys, command);
  const id = unit.takeIds(staff);
  try {
    await unit.insert(staff, [{ id, code, ...fields, active: true, version: 1, createdAt: unit.now }]);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('code', 'organization:error.staff_code_taken', { code }) : error;
  }
  await unit.audit({
    action: 'organization.staff.create',
    subjectType: 'organization.staff',
    subjectId: id,
    storeId: fields.storeId,
    detail: { code, name: fields.name },
  });
  return id;
}

export async function updateStaff(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: Omit<StaffCommand, 'code'> & { id: number; version: number; active: boolean },
  options?: RunOptions,
): Promise<void> {
  await uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(staff, command.id);
      if (!before) throw notFound('organization.staff', command.id);
      authoriseStaff(actor, before.storeId);
      authoriseStaff(actor, command.storeId ?? null);
      const fields = await staffFields(unit, keys, command);
      await unit.update(staff, command.id, { ...fields, active: command.active }, command.version);
      await unit.audit({
        action: 'organization.staff.update',
        subjectType: 'organization.staff',
        subjectId: command.id,
        storeId: fields.storeId,
        detail: {
          before: { name: before.name, storeId: before.storeId, active: before.active },
          after: { name: fields.name, storeId: fields.storeId, active: command.active },
        },
      });
    },
    options,
  );
}

/** People of head office belong to who has the right for all stores. */
function authoriseStaff(actor: Actor, storeId: number | null): void {
  if (storeId !== null) authorise(actor, 'organization.staff.edit', storeId);
  else if (!can(actor, 'organization.staff.edit') || actor.scope('organization.staff.edit') !== 'all')
    throw invalidField('storeId', 'organization:error.staff_store');
}

async function staffFields(unit: Unit, keys: KeyRing, command: Omit<StaffCommand, 'code'>) {
  const name = requiredName(command.name, 'name', 60);
  const storeId = command.storeId ?? null;
  const departmentId = command.departmentId ?? null;
  if (storeId !== null && !(await unit.get(store, storeId))) throw invalidField('storeId', 'errors:field.invalid');
  if (departmentId !== null && !(await unit.get(department, departmentId)))
    throw invalidField('departmentId', 'errors:field.invalid');
  return {
    name,
    storeId,
    departmentId,
    jobTitle: optionalText(command.jobTitle, 'jobTitle', 40),
    ...sealStaffPhone(keys, optionalPhone(command.phone)),
    searchKey: searchKey(name, 'person'),
  };
}
