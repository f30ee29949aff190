import type { Ctx } from '../../../platform/http';
import {
  type FilePreview,
  type ImportRunRow,
  isCrossTable,
  likelyStoreColumns,
  type StoresAcross,
  storesOfRow,
} from '../../../platform/imports';
import type { Importer } from '../../../platform/modules';
import type { Field, FormErrors, Message, Option, Table } from '../../../platform/views';
import { type AskedReading, readingFields } from './asked-reading';
import { importerWords } from './importer-words';

export interface ImportMapping {
  action: string;
  version: number;
  /** Sheet, row of the names and columns of stores, as they stand. */
  hidden: Record<string, string>;
  fields: Field[];
  errors: FormErrors | null;
  /** Where in the file the rows are; sent by GET, nothing is noted. */
  place: { action: string; fields: Field[] };
  cross: CrossTable | null;
  sample: Table;
  sampleSay: string;
}

/** The step that turns one column a store into one row a store; absent for imports without stores. */
export interface CrossTable {
  action: string;
  hidden: Record<string, string>;
  fields: Field[];
  /** Shown open: it is in use, or the file looks like one. */
  open: boolean;
  message: Message | null;
  clearHref: string | null;
}

/** A file as the page shows it before anything is written. */
export type ShownReading = AskedReading & { file: FilePreview };

const SAMPLE_ROWS = 8;

export function importMapping(
  ctx: Ctx,
  importer: Importer,
  run: ImportRunRow,
  { file, across, mapping: chosen }: ShownReading,
  errors: FormErrors | null,
): ImportMapping {
  const { t } = ctx;
  const { header, sheet } = file;
  const action = `/imports/runs/${run.id}`;
  const place = { sheet, headerRow: header.row };
  const mapping = chosen && Object.keys(chosen).length > 0 ? chosen : header.mapping;
  const sample = isCrossTable(across) ? crossedSample(ctx, importer, file, across) : plainSample(ctx, file);
  return {
    action: `${action}/check`,
    version: run.version,
    hidden: readingFields(place, across),
    fields: mappingFields(ctx, importer, file, mapping, across, errors),
    errors,
    place: { action, fields: placeFields(ctx, file) },
    cross: importer.storesAcross ? crossTable(ctx, file, across, action) : null,
    sample,
    sampleSay: isCrossTable(across)
      ? t('imports:cross.sampleSay', { count: Object.keys(across).length })
      : t('imports:sampleSay', { count: file.sample.length }),
  };
}

function placeFields({ t }: Ctx, { sheets, sheet, header }: FilePreview): Field[] {
  const rowField: Field = {
    name: 'headerRow',
    label: t('imports:headerRow'),
    type: 'number',
    min: 1,
    max: 1000,
    value: header.row,
    required: true,
  };
  if (sheets.length < 2) return [rowField];
  return [
    {
      name: 'sheet',
      label: t('imports:sheet'),
      type: 'select',
      value: String(sheet),
      choose: false,
      options: sheets.map(({ name, hidden }, index) => ({
        value: index,
        label: hidden ? t('imports:hiddenSheet', { name }) : name,
      })),
    },
    rowField,
  ];
}

/** What a column is called on the page: two of the same name are told apart by their place. */
function columnNames({ t }: Ctx, { header, sample }: FilePreview): { place: number; name: string }[] {
  return header.names.flatMap((name, place) => {
    if (!name && !sample.some((row) => row[place])) return [];
    const twice = header.names.filter((other) => other === name).length > 1;
    if (!name) return [{ place, name: t('imports:columnNo', { number: place + 1 }) }];
    return [{ place, name: twice ? t('imports:columnTwice', { name, number: place + 1 }) : name }];
  });
}

function mappingFields(
  ctx: Ctx,
  importer: Importer,
  file: FilePreview,
  mapping: Readonly<Record<string, number>>,
  across: StoresAcross,
  errors: FormErrors | null,
): Field[] {
  const { t } = ctx;
  const words = importerWords(importer);
  const crossed = isCrossTable(across) ? importer.storesAcross : undefined;
  const options: Option[] = columnNames(ctx, file)
    .filter(({ place }) => across[place] === undefined)
    .map(({ place, name }) => ({ value: place, label: name }));
  return importer.columns
    .filter(({ key }) => key !== crossed?.store && key !== crossed?.quantity)
    .map(({ key, required }) => {
      const name = `column.${key}`;
      const error = errors?.errors.find(({ field }) => field === name)?.message;
      const place = mapping[key];
      return {
        name,
        label: t(words.column(key)),
        type: 'select' as const,
        required,
        optional: !required,
        value: place === undefined ? '' : String(place),
        choose: t('imports:noColumn'),
        options,
        ...(error ? { error } : {}),
      };
    });
}

function crossTable(ctx: Ctx, file: FilePreview, across: StoresAcross, action: string): CrossTable {
  const { t } = ctx;
  const inUse = isCrossTable(across);
  const likely = inUse ? [] : likelyStoreColumns(file.header, file.sample);
  const place = { sheet: file.sheet, headerRow: file.header.row };
  const stores = ctx.stores.map(({ code, name }) => ({ value: code, label: name }));
  const named = (text: string): string =>
    stores.find(({ value, label }) => value === text || label === text)?.value ?? '';
  return {
    action,
    hidden: readingFields(place, {}),
    fields: columnNames(ctx, file).map(({ place: at, name }) => ({
      name: `across.${at}`,
      label: name,
      type: 'select' as const,
      value: across[at] ?? (likely.includes(at) ? named(file.header.names[at] ?? '') : ''),
      choose: t('imports:cross.notStore'),
      options: stores,
    })),
    open: inUse || likely.length > 0,
    message: inUse
      ? {
          tone: 'way',
          title: t('imports:cross.inUse', { count: Object.keys(across).length }),
          text: t('imports:cross.inUseHint'),
        }
      : likely.length > 0
        ? {
            tone: 'hold',
            title: t('imports:cross.likely'),
            text: t('imports:cross.likelyHint', {
              columns: likely
                .slice(0, 6)
                .map((at) => file.header.names[at])
                .join(t('imports:listComma')),
            }),
          }
        : null,
    clearHref: inUse ? `${action}?${new URLSearchParams(readingFields(place, {})).toString()}` : null,
  };
}

function plainSample(ctx: Ctx, { header, sample }: FilePreview): Table {
  return {
    id: 'sample',
    caption: ctx.t('imports:sample'),
    cards: false,
    columns: header.names.map((name, place) => ({
      key: String(place),
      label: name || ctx.t('imports:columnNo', { number: place + 1 }),
    })),
    rows: sample.map((cells, index) => ({ id: index, cells })),
  };
}

/** The first rows as they will be read: one a store. */
function crossedSample(ctx: Ctx, importer: Importer, { header, sample }: FilePreview, across: StoresAcross): Table {
  const { t } = ctx;
  const words = importerWords(importer);
  const { store = '', quantity = '' } = importer.storesAcross ?? {};
  const kept = header.names
    .map((name, place) => ({ name, place }))
    .filter(({ name, place }) => name && across[place] === undefined);
  const storeName = (code: string): string => ctx.stores.find((choice) => choice.code === code)?.name ?? code;
  const rows = sample.flatMap((texts) =>
    storesOfRow(
      texts.map((text) => ({ text, type: 'text' as const })),
      across,
    ).map((entry) => [...kept.map(({ place }) => texts[place] ?? ''), storeName(entry.store), entry.cell.text]),
  );
  return {
    id: 'sample',
    caption: t('imports:sample'),
    cards: false,
    columns: [
      ...kept.map(({ name, place }) => ({ key: String(place), label: name })),
      { key: 'store', label: t(words.column(store)) },
      { key: 'quantity', label: t(words.column(quantity)), num: true },
    ],
    rows: rows.slice(0, SAMPLE_ROWS).map((cells, index) => ({ id: index, cells })),
  };
}
