import { emptyToNull, invalidField, normaliseCode } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { optionalPhone, optionalText, requiredName } from '../domain/words';
import { getCompany } from '../queries/stores';
import { company } from '../store/organization.table';

export interface CompanyCommand {
  name: string;
  taxNumber?: string | null | undefined;
  phone?: string | null | undefined;
  address?: string | null | undefined;
  /** IANA name; kept when left out, Asia/Shanghai at first. */
  timeZone?: string | undefined;
  /** Of the row that was edited; left out by the setup. */
  version?: number | undefined;
}

/** Writes the one company: the setup makes it, the page changes it. */
export async function saveCompany(
  uow: UnitOfWork,
  actor: Actor,
  command: CompanyCommand,
  options?: RunOptions,
): Promise<{ id: number }> {
  authorise(actor, 'organization.company.edit');
  return uow.run(actor, (unit) => writeCompany(unit, command), options);
}

export async function writeCompany(unit: Unit, command: CompanyCommand): Promise<{ id: number }> {
  const before = await getCompany(unit);
  const fields = {
    name: requiredName(command.name, 'name', 100),
    taxNumber: checkedTaxNumber(command.taxNumber),
    phone: optionalPhone(command.phone),
    address: optionalText(command.address, 'address', 200),
    timeZone: checkedTimeZone(command.timeZone ?? before?.timeZone ?? 'Asia/Shanghai'),
    updatedAt: unit.now,
  };
  const id = before?.id ?? unit.takeIds(company);
  if (before) await unit.update(company, id, fields, command.version ?? before.version);
  else await unit.insert(company, [{ id, ...fields, currency: 'CNY', version: 1 }]);
  await unit.audit({
    action: before ? 'organization.company.update' : 'organization.company.create',
    subjectType: 'organization.company',
    subjectId: id,
    detail: {
      ...(before ? { before: { name: before.name, taxNumber: before.taxNumber } } : {}),
      after: { name: fields.name, taxNumber: fields.taxNumber },
    },
  });
  return { id };
}

/** 统一社会信用代码: 18 letters and digits (GB 32100); older tax numbers have 15 or 20. */
function checkedTaxNumber(text: string | null | undefined): string | null {
  const number = emptyToNull(normaliseCode(text ?? '').replaceAll(' ', ''));
  if (number && !/^[0-9A-Z]{15,20}$/.test(number)) throw invalidField('taxNumber', 'organization:error.tax_number');
  return number;
}

function checkedTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw invalidField('timeZone', 'organization:error.time_zone');
  }
}
