import type { ImportRunRow, Place, StoresAcross } from '../../../platform/imports';
import type { Importer } from '../../../platform/modules';

/** How the reader wants the file to be read: in the address while trying, in the form when checking. */
export interface AskedReading {
  place: Place;
  /** Null: as the column names say. */
  mapping: Record<string, number> | null;
  across: StoresAcross;
}

/** From an address or a form; what it does not say is as the run has it. Numbers out of range are met by the reader of the file. */
export function askedReading(
  said: Readonly<Record<string, unknown>>,
  run: Pick<ImportRunRow, 'sheet' | 'headerRow' | 'mapping' | 'across'>,
): AskedReading {
  if (said.sheet === undefined && said.headerRow === undefined)
    return { place: { sheet: run.sheet, headerRow: run.headerRow }, mapping: run.mapping, across: run.across };
  const place = {
    sheet: wholeNumber(said.sheet) ?? run.sheet,
    headerRow: wholeNumber(said.headerRow) ?? 0,
  };
  return { place, mapping: null, across: acrossOf(said) };
}

function acrossOf(said: Readonly<Record<string, unknown>>): StoresAcross {
  const across: Record<string, string> = {};
  for (const [name, store] of Object.entries(said)) {
    const place = /^across\.(\d{1,3})$/.exec(name)?.[1];
    if (place && typeof store === 'string' && store.trim()) across[Number(place)] = store.trim().slice(0, 80);
  }
  return across;
}

/** The columns chosen on the form. */
export function chosenColumns(body: Readonly<Record<string, unknown>>, importer: Importer): Record<string, number> {
  const mapping: Record<string, number> = {};
  for (const { key } of importer.columns) {
    const place = wholeNumber(body[`column.${key}`]);
    if (place !== null) mapping[key] = place;
  }
  return mapping;
}

const wholeNumber = (value: unknown): number | null =>
  typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : null;

/** The same reading as hidden fields or address. */
export function readingFields({ sheet, headerRow }: Place, across: StoresAcross): Record<string, string> {
  return {
    sheet: String(sheet),
    headerRow: String(headerRow),
    ...Object.fromEntries(Object.entries(across).map(([place, store]) => [`across.${place}`, store])),
  };
}
