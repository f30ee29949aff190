import {
  emptyToNull,
  type FieldProblem,
  invalid,
  normaliseCode,
  normaliseName,
  notFound,
  stale,
} from '../../../kernel';
import type { KeyRing } from '../../../platform/crypto';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { sealPerson } from '../store/supplier-secrets';
import { supplier, supplierContact } from '../store/supplier.table';

const EDIT = 'purchasing.supplier.edit';
/** People at one supplier. */
const MOST = 50;

export interface ContactCommand {
  supplierId: number;
  duty: string | null;
  name: string;
  phone: string | null;
  note: string | null;
}

/** Adds somebody, or with `contactId` changes them. */
export function saveContact(
  uow: UnitOfWork,
  actor: Actor,
  keys: KeyRing,
  command: ContactCommand & ({ contactId?: undefined } | { contactId: number; version: number }),
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, EDIT);
  return uow.run(
    actor,
    async (unit) => {
      const { name, phone, ...plain } = checkedContact(command);
      const fields = { ...plain, ...sealPerson(keys, { name, phone }) };
      const { supplierId } = command;
      if (!(await unit.get(supplier, supplierId))) throw notFound('purchasing.supplier', supplierId);
      if (command.contactId !== undefined) {
        await requireContact(unit, supplierId, command.contactId, command.version);
        await unit.update(supplierContact, command.contactId, fields, command.version);
        await auditContact(unit, supplierId, 'contact_edit');
        return { id: command.contactId };
      }
      const present = await unit.find(supplierContact, { supplierId });
      if (present.length >= MOST) throw invalid('purchasing:error.contacts_many', { max: MOST });
      const id = unit.takeIds(supplierContact);
      await unit.insert(supplierContact, [{ ...fields, id, supplierId, createdAt: unit.now, version: 1 }]);
      await auditContact(unit, supplierId, 'contact_add');
      return { id };
    },
    options,
  );
}

/** Forgets somebody who is no longer there. */
export function removeContact(
  uow: UnitOfWork,
  actor: Actor,
  { supplierId, contactId, version }: { supplierId: number; contactId: number; version: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, EDIT);
  return uow.run(
    actor,
    async (unit) => {
      await requireContact(unit, supplierId, contactId, version);
      await unit.execute(sql`DELETE FROM supplier_contact WHERE id = ${contactId} AND version = ${version}`);
      await auditContact(unit, supplierId, 'contact_remove');
      return { id: contactId };
    },
    options,
  );
}

async function requireContact(unit: Unit, supplierId: number, id: number, version: number): Promise<void> {
  const found = await unit.get(supplierContact, id);
  if (!found || found.supplierId !== supplierId) throw notFound('purchasing.contact', id);
  if (found.version !== version) throw stale();
}

function checkedContact(command: ContactCommand): Omit<ContactCommand, 'supplierId'> {
  const fields: FieldProblem[] = [];
  const words = (path: 'duty' | 'name' | 'note', max: number): string | null => {
    const text = emptyToNull(normaliseName(command[path] ?? ''));
    if ([...(text ?? '')].length > max) fields.push({ path, code: 'errors:field.too_long', details: { max } });
    return text;
  };
  const name = words('name', 40);
  if (name === null) fields.push({ path: 'name', code: 'errors:field.required' });
  const phone = emptyToNull(normaliseCode(command.phone ?? ''));
  if (phone !== null && !/^[+\d][\d ()/-]{2,29}$/.test(phone))
    fields.push({ path: 'phone', code: 'purchasing:error.supplier_phone' });
  const checked = { duty: words('duty', 40), name: name ?? '', phone, note: words('note', 200) };
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return checked;
}

/** Never who: the audit log cannot forget. */
const auditContact = (unit: Unit, supplierId: number, action: string) =>
  unit.audit({
    action: `purchasing.supplier.${action}`,
    subjectType: 'purchasing.supplier',
    subjectId: supplierId,
  });
