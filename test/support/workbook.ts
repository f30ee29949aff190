import { zipStream } from '../../src/platform/spreadsheet/zip-writer';

export async function collect(pieces: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

export function zipOf(parts: Record<string, string | Iterable<string>>): Promise<Buffer> {
  const sources = Object.entries(parts).map(([name, content]) => ({
    name,
    content: typeof content === 'string' ? [content] : content,
  }));
  return collect(zipStream(sources));
}

export interface RawWorkbook {
  /** Inside of <sheetData>. */
  rows: string | Iterable<string>;
  /** Inside of <workbookPr …/> */
  properties?: string;
  sharedStrings?: string[];
  /** Format codes; style 1 is the first. */
  formats?: string[];
  extra?: Record<string, string>;
}

/** The parts of a workbook with one sheet, as an outside program might write it. */
export function rawParts(raw: RawWorkbook): Record<string, string | Iterable<string>> {
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const formats = raw.formats ?? [];
  const rows = typeof raw.rows === 'string' ? [raw.rows] : raw.rows;
  return {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships><Relationship Id="r" Type="${type}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns:r="x"><workbookPr ${raw.properties ?? ''}/><sheets><sheet name="一" sheetId="1" r:id="a"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      `<Relationships><Relationship Id="a" Type="${type}/worksheet" Target="worksheets/sheet1.xml"/>` +
      `<Relationship Id="b" Type="${type}/sharedStrings" Target="sharedStrings.xml"/>` +
      `<Relationship Id="c" Type="${type}/styles" Target="styles.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `<sst>${(raw.sharedStrings ?? []).map((text) => `<si>${text}</si>`).join('')}</sst>`,
    'xl/styles.xml':
      `<styleSheet><numFmts>${formats.map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${code}"/>`).join('')}</numFmts>` +
      `<cellXfs><xf numFmtId="0"/>${formats.map((_, i) => `<xf numFmtId="${200 + i}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': (function* () {
      yield '<worksheet><sheetData>';
      yield* rows;
      yield '</sheetData></worksheet>';
    })(),
    ...raw.extra,
  };
}

export function rawWorkbook(raw: RawWorkbook): Promise<Buffer> {
  return zipOf(rawParts(raw));
}
