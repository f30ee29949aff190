import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml';
import { z } from 'zod';
import { checksumOf, type ConfigurationDocument, withoutIds } from './document';

export const FILE_FORMAT = 'phone-erp configuration';
/** Raised when the form of the file changes, not with its content. */
export const FILE_VERSION = 1;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const fileSchema = z.strictObject({
  format: z.literal(FILE_FORMAT),
  version: z.number(),
  /** Of the program that wrote it; for people. */
  program: z.string().optional(),
  revision: z.number().optional(),
  exportedAt: z.string().optional(),
  checksum: z.string().optional(),
  modules: z.record(z.string(), z.boolean()).default({}),
  parameters: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  data: z
    .record(
      z.string(),
      z.array(z.object({ name: z.string().min(1), active: z.boolean().default(true) }).catchall(scalar)),
    )
    .default({}),
});

/** What is wrong with a file; `code` is an i18n key of namespace `configuration`. */
export interface FileProblem {
  /** From 1; null when it is about the whole file. */
  line: number | null;
  /** Where, as it stands in the file: `parameters.purchasing.invoiceAtOnce`. */
  place: string;
  code: string;
  details?: Record<string, unknown>;
}

export interface ReadFile {
  document: ConfigurationDocument;
  /** The line of a key of the file. */
  lineOf: (path: readonly PropertyKey[]) => number | null;
  /** `changed`: somebody edited it since it was written, which is allowed and said. */
  checksum: 'matches' | 'changed' | 'none';
}

interface Header {
  program: string;
  revision: number;
  /** ISO 8601. */
  exportedAt: string;
}

/** The file as people read it: modules, parameters, records; the checksum is over the content, not over its layout. */
export function writeFile(document: ConfigurationDocument, header: Header): string {
  const content = inFile(document);
  const whole = { format: FILE_FORMAT, version: FILE_VERSION, ...header, checksum: checksumOf(content), ...content };
  return stringify(whole, { lineWidth: 0 });
}

/** In a file the values of a record stand beside its name. */
function inFile(document: ConfigurationDocument): object {
  const { modules, parameters, data } = withoutIds(document);
  const records = Object.entries(data).map(([set, list]) => [
    set,
    list.map(({ name, active, values }) => ({ name, ...values, active })),
  ]);
  return { modules, parameters, data: Object.fromEntries(records) as object };
}

/** Reads the form of a file; whether its keys are known here is for the reader of the document. */
export function readFile(text: string): { ok: true; file: ReadFile } | { ok: false; problems: FileProblem[] } {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (yaml.errors.length > 0)
    return {
      ok: false,
      problems: yaml.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        place: '',
        code: 'configuration:problem.yaml',
        details: { message },
      })),
    };
  const lineOf = (path: readonly PropertyKey[]): number | null => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsetOf(yaml, path.slice(0, length));
      if (offset !== undefined) return lines.linePos(offset).line;
    }
    return null;
  };
  // References to other lines (*a) have no place in such a file, and a few of them can grow without end.
  const parsed = fileSchema.safeParse(hasAlias(yaml) ? {} : (yaml.toJS() ?? {}));
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, lineOf)) };
  const { modules, parameters, data, version, checksum } = parsed.data;
  if (version > FILE_VERSION)
    return {
      ok: false,
      problems: [
        { line: lineOf(['version']), place: 'version', code: 'configuration:problem.newer', details: { version } },
      ],
    };
  const records = Object.entries(data).map(([set, list]) => [
    set,
    list.map(({ name, active, ...values }) => ({ name, active, values })),
  ]);
  const document = { modules, parameters, data: Object.fromEntries(records) as ConfigurationDocument['data'] };
  const same = checksum === undefined ? 'none' : checksum === checksumOf(inFile(document)) ? 'matches' : 'changed';
  return { ok: true, file: { document, lineOf, checksum: same } };
}

function problemsOf(issue: z.core.$ZodIssue, lineOf: ReadFile['lineOf']): FileProblem[] {
  const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
  const code =
    issue.code === 'unrecognized_keys'
      ? 'configuration:problem.unknownKey'
      : issue.path[0] === 'format'
        ? 'configuration:problem.format'
        : 'configuration:problem.type';
  return paths.map((path) => ({ line: lineOf(path), place: path.map(String).join('.'), code }));
}

function hasAlias(yaml: Document): boolean {
  let found = false;
  visit(yaml, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function offsetOf(yaml: Document, path: readonly PropertyKey[]): number | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length > 1 ? yaml.getIn(path.slice(0, -1), true) : yaml.contents;
  if (!isMap(parent)) {
    const node: unknown = yaml.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
  const pair = parent.items.find(({ key }) => (isScalar(key) ? key.value : key) === last);
  return pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
}
