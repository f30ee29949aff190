import {
  type BusinessDate,
  emptyToNull,
  type FieldProblem,
  invalid,
  isBusinessDate,
  normaliseName,
} from '../../../kernel';
import type { Unit } from '../../../platform/unit-of-work';
import { type LocationRow, locationsOf } from '../../organization';
import { supplier, type SupplierRow } from '../store/supplier.table';

/** What stands above the lines of a receipt. */
export interface ReceiptHeader {
  supplierId: number;
  locationId: number;
  businessDate: string;
  deliveryNote: string | null;
  /** The supplier's invoice came with the goods. */
  withInvoice: boolean;
  /** Who counts is not told what was ordered; left out: no, or as the rules of the supplier say. */
  blind?: boolean | undefined;
  note: string | null;
}

export interface CheckedHeader {
  supplier: SupplierRow;
  location: LocationRow;
  businessDate: BusinessDate;
  deliveryNote: string | null;
  note: string | null;
}

/**
 * Checks a header of a receipt of this store; throws 'errors:form' with every field that is wrong. A supplier no longer
 * active stays on receipts that have it.
 */
export async function checkHeader(
  unit: Unit,
  storeId: number,
  header: ReceiptHeader,
  present?: { supplierId: number },
): Promise<CheckedHeader> {
  const fields: FieldProblem[] = [];
  const found = await unit.get(supplier, header.supplierId);
  if (!found) fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_unknown' });
  else if (!found.active && found.id !== present?.supplierId)
    fields.push({ path: 'supplierId', code: 'purchasing:error.supplier_inactive', details: { name: found.name } });
  const place = (await locationsOf(unit, storeId)).find((candidate) => candidate.id === header.locationId);
  if (!place) fields.push({ path: 'locationId', code: 'purchasing:error.location' });
  const { businessDate } = header;
  if (!isBusinessDate(businessDate)) {
    const details = { text: businessDate.slice(0, 40) };
    fields.push({ path: 'businessDate', code: 'errors:date.format', details });
  } else if (businessDate > unit.today) fields.push({ path: 'businessDate', code: 'purchasing:error.future' });
  const deliveryNote = emptyToNull(normaliseName(header.deliveryNote ?? ''));
  const note = emptyToNull(cleanNote(header.note ?? ''));
  if ([...(deliveryNote ?? '')].length > 60) fields.push(tooLong('deliveryNote', 60));
  if ([...(note ?? '')].length > 400) fields.push(tooLong('note', 400));
  if (fields.length > 0 || !found || !place || !isBusinessDate(businessDate)) throw invalid('errors:form', {}, fields);
  return { supplier: found, location: place, businessDate, deliveryNote, note };
}

export const tooLong = (path: string, max: number): FieldProblem => ({
  path,
  code: 'errors:field.too_long',
  details: { max },
});

/** Line ends stay, other characters that nobody can see go. */
export function cleanNote(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(normaliseName)
    .join('\n')
    .trim();
}
