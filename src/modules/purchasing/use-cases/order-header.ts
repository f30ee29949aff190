import { emptyToNull, type FieldProblem, invalid, isBusinessDate } from '../../../kernel';
import type { Unit } from '../../../platform/unit-of-work';
import { supplier, type SupplierRow } from '../store/supplier.table';
import { cleanNote, tooLong } from './receipt-header';

/** What stands above the lines of an order. */
export interface OrderHeader {
  supplierId: number;
  orderedOn: string;
  expectedOn: string | null;
  note: string | null;
}

/** Throws 'errors:form' with every field that is wrong. A supplier no longer active stays on orders that have it. */
export async function checkOrderHeader(
  unit: Unit,
  header: OrderHeader,
  present?: { supplierId: number },
): Promise<{ supplier: SupplierRow; orderedOn: string; expectedOn: string | null; note: string | null }> {
  const fields: FieldProblem[] = [];
  const found = await unit.get(supplier, header.supplierId);
  if (!found) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
  else if (!found.active && found.id !== present?.supplierId)
    fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_inactive', details: { name: found.name } });
  const { orderedOn, expectedOn } = header;
  for (const [path, day] of Object.entries({ orderedOn, expectedOn }))
    if (day !== null && !isBusinessDate(day))
      fields.push({ path, code: 'errors:date.format', details: { text: day.slice(0, 40) } });
  if (isBusinessDate(orderedOn) && orderedOn > unit.today)
    fields.push({ path: 'orderedOn', code: 'purchasing:error.future' });
  if (expectedOn !== null && expectedOn < orderedOn)
    fields.push({ path: 'expectedOn', code: 'purchasing:error.expected_before' });
  const note = emptyToNull(cleanNote(header.note ?? ''));
  if ([...(note ?? '')].length > 400) fields.push(tooLong('note', 400));
  if (fields.length > 0 || !found) throw invalid('errors:form', {}, fields);
  return { supplier: found, orderedOn, expectedOn, note };
}
