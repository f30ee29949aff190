import { invalidField, notFound } from '../../../kernel';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { nameKey, requiredName } from '../domain/words';
import { department } from '../store/organization.table';

export async function createDepartment(
  uow: UnitOfWork,
  actor: Actor,
  command: { name: string },
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'organization.department.edit');
  return uow.run(actor, async (unit) => ({ id: await addDepartment(unit, command.name) }), options);
}

export async function addDepartment(unit: Unit, text: string): Promise<number> {
  const name = requiredName(text, 'name', 60);
  const id = unit.takeIds(department);
  try {
    await unit.insert(department, [{ id, name, nameKey: nameKey(name), active: true, version: 1 }]);
  } catch (error) {
    throw duplicateKey(error) ? invalidField('name', 'organization:error.department_taken', { name }) : error;
  }
  await audit(unit, 'create', id, { name });
  return id;
}

export async function updateDepartment(
  uow: UnitOfWork,
  actor: Actor,
  command: { id: number; version: number; name: string; active: boolean },
  options?: RunOptions,
): Promise<void> {
  authorise(actor, 'organization.department.edit');
  await uow.run(
    actor,
    async (unit) => {
      const before = await unit.get(department, command.id);
      if (!before) throw notFound('organization.department', command.id);
      const name = requiredName(command.name, 'name', 60);
      try {
        const changes = { name, nameKey: nameKey(name), active: command.active };
        await unit.update(department, command.id, changes, command.version);
      } catch (error) {
        throw duplicateKey(error) ? invalidField('name', 'organization:error.department_taken', { name }) : error;
      }
      await audit(unit, 'update', command.id, { before: before.name, after: name, active: command.active });
    },
    options,
  );
}

async function audit(unit: Unit, verb: string, id: number, detail: Record<string, unknown>): Promise<void> {
  await unit.audit({
    action: `organization.department.${verb}`,
    subjectType: 'organization.department',
    subjectId: id,
    detail,
  });
}
