import type { SheetInfo, SpreadsheetLimits } from './cell';
import { kindOfFormat, type NumberKind } from './date-cell';
import { damaged, megabytes, refuse } from './read-error';
import { scanXml } from './xml-reader';
import type { ZipReader } from './zip-reader';

export interface XlsxSheet extends SheetInfo {
  part: string;
}

export interface XlsxWorkbook {
  sheets: XlsxSheet[];
  epoch1904: boolean;
  /** By style index of a cell. */
  kinds: NumberKind[];
  sharedStrings: string[];
}

const MAX_SHEETS = 500;

/** Reads everything of a workbook (ECMA-376 part 1, 12.3) but its rows. */
export async function readWorkbook(zip: ZipReader, limits: SpreadsheetLimits): Promise<XlsxWorkbook> {
  const root = (await readRelations(zip, '_rels/.rels', '')).find((one) => one.type === 'officeDocument');
  const main = root?.target ?? 'xl/workbook.xml';
  if (!zip.has(main)) throw refuse('not_a_workbook');
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const relations = await readRelations(zip, `${folder}_rels/${main.slice(folder.length)}.rels`, folder);
  const sheets: XlsxSheet[] = [];
  let epoch1904 = false;
  await scanXml(main, zip.read(main), {
    open(name, attributes) {
      if (name === 'workbookPr') epoch1904 = isTrue(attributes['date1904']);
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const relation = relations.find((one) => one.id === id && one.type === 'worksheet');
      const hidden = (attributes['state'] ?? 'visible') !== 'visible';
      if (relation) sheets.push({ name: attributes['name'] ?? '', hidden, part: relation.target });
      if (sheets.length > MAX_SHEETS) throw refuse('too_many_sheets', { max: MAX_SHEETS });
    },
  });
  const partOf = (type: string): string | undefined => relations.find((one) => one.type === type)?.target;
  return {
    sheets,
    epoch1904,
    kinds: await readKinds(zip, partOf('styles')),
    sharedStrings: await readSharedStrings(zip, partOf('sharedStrings'), limits),
  };
}

interface Relation {
  id: string;
  type: string;
  target: string;
}

async function readRelations(zip: ZipReader, part: string, folder: string): Promise<Relation[]> {
  const relations: Relation[] = [];
  if (!zip.has(part)) return relations;
  await scanXml(part, zip.read(part), {
    open(name, { Id: id = '', Type: type = '', Target: target = '', TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External') return;
      relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), target: resolve(folder, target) });
    },
  });
  return relations;
}

function resolve(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const parts: string[] = [];
  for (const step of `${folder}${target}`.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.' && step !== '') parts.push(step);
  }
  return parts.join('/');
}

async function readKinds(zip: ZipReader, part: string | undefined): Promise<NumberKind[]> {
  const kinds: NumberKind[] = [];
  if (!part || !zip.has(part)) return kinds;
  const codes = new Map<number, string>();
  let inCellFormats = false;
  await scanXml(part, zip.read(part), {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'xf' && inCellFormats && kinds.length < 65_536) {
        const id = Number(attributes['numFmtId'] ?? 0);
        kinds.push(kindOfFormat(id, codes.get(id)));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return kinds;
}

async function readSharedStrings(
  zip: ZipReader,
  part: string | undefined,
  limits: SpreadsheetLimits,
): Promise<string[]> {
  const strings: string[] = [];
  if (!part || !zip.has(part)) return strings;
  const text = new RichText();
  let characters = 0;
  await scanXml(part, zip.read(part), {
    open(name) {
      if (name === 'si') text.begin();
      text.open(name);
    },
    text: (piece) => void text.add(piece),
    close(name) {
      text.close(name);
      if (name !== 'si') return;
      const value = text.value();
      characters += value.length;
      if (strings.length >= limits.cells) throw refuse('too_many_cells', { max: limits.cells });
      if (value.length > limits.cellLength) throw damaged('sharedStrings.xml');
      if (characters > limits.unpackedBytes / 4)
        throw refuse('too_big_inside', { max: megabytes(limits.unpackedBytes / 4) });
      strings.push(value);
    },
  });
  return strings;
}

/** Gathers <t> of plain, rich and inline strings; the reading aid <rPh> (phonetic) is no part of the text. */
export class RichText {
  private pieces: string[] = [];
  private inText = false;
  private inPhonetic = false;

  begin(): void {
    this.pieces = [];
  }

  open(name: string): void {
    if (name === 't') this.inText = true;
    else if (name === 'rPh') this.inPhonetic = true;
  }

  /** True if the piece is part of the text and was kept. */
  add(piece: string): boolean {
    const wanted = this.inText && !this.inPhonetic;
    if (wanted) this.pieces.push(piece);
    return wanted;
  }

  close(name: string): void {
    if (name === 't') this.inText = false;
    else if (name === 'rPh') this.inPhonetic = false;
  }

  value(): string {
    return decodeEscapes(this.pieces.join(''));
  }
}

/** _x000D_ stands for a character that XML cannot hold (ST_Xstring, ECMA-376 part 1, 22.9.2.19). */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on';
}
