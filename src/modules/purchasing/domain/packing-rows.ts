import { normaliseCode, normaliseName, parseScanLine, type ScannedIdentifier, type ScanProblem } from '../../../kernel';

interface PackingColumn {
  key: string;
  required: boolean;
  /** Words that name it in files, compared without spaces and case. */
  aliases: readonly string[];
}

const column = (key: string, words: string): PackingColumn => ({ key, required: false, aliases: words.split('、') });

/** What a packing list may tell of a device. None is needed by itself: a row must have one number. */
export const PACKING_COLUMNS: readonly PackingColumn[] = [
  column('box', '箱号、箱码、外箱号、中箱号、大箱号、卡通箱号、箱序号、box、box no、carton、carton no、case'),
  column(
    'product',
    '商品编码、产品编码、物料编码、物料号、料号、货号、商品条码、条码、69码、型号、机型、产品型号、商品名称、产品名称、规格型号、sku、ean、upc、barcode、model、part no、part number、item',
  ),
  column('imei1', 'imei、imei1、主imei、串号、串号1、串码、串码1'),
  column('imei2', 'imei2、副imei、串号2、串码2'),
  column('meid', 'meid、meid1'),
  column('sn', 'sn、s/n、serial、serial number、serial no、序列号、机身号、sn码'),
];

const LABELS = { imei1: 'IMEI1', imei2: 'IMEI2', meid: 'MEID', sn: 'SN' } as const;

/** A row of a packing list, its numbers read by their columns. */
export interface PackedRow {
  line: number;
  /** As it stands in the file, for the page and for correction. */
  text: string;
  boxNo: string | null;
  /** What the row calls its product; null: nothing, the type allocation code decides. */
  productText: string | null;
  identifiers: ScannedIdentifier[];
  problems: ScanProblem[];
}

/** `values`: by column, as in the file. */
export function readPackedRow({ line, values }: { line: number; values: Readonly<Record<string, string>> }): PackedRow {
  const row: PackedRow = {
    line,
    text: '',
    boxNo: normaliseCode(values['box'] ?? '').slice(0, 60) || null,
    productText: normaliseName(values['product'] ?? '').slice(0, 100) || null,
    identifiers: [],
    problems: [],
  };
  const texts: string[] = [];
  for (const [key, label] of Object.entries(LABELS)) {
    const value = values[key]?.trim();
    if (!value) continue;
    const labelled = `${label}: ${value}`;
    texts.push(labelled);
    const { identifiers, problems } = parseScanLine(labelled);
    row.identifiers.push(...identifiers);
    row.problems.push(...problems.filter(({ level }) => level !== 'note'));
    if (identifiers.length > 0) continue;
    const said = problems.some(({ level }) => level === 'refuse');
    const details = { text: value.slice(0, 40) };
    if (!said) row.problems.push({ level: 'refuse', code: 'errors:imei.nothing_found', text: value, details });
  }
  row.text = texts.join(', ').slice(0, 200);
  return row;
}

/** How a product's word is compared and remembered. */
export const packingCode = (text: string): string => normaliseCode(text).slice(0, 100);
