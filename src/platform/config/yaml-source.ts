import { readFileSync } from 'node:fs';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { ConfigError, type ConfigProblem } from './problems';

export interface Place {
  line: number;
  column: number;
}

/** A configuration file with its values and a way back from a key to its line. */
export interface YamlSource {
  name: string;
  values: Record<string, unknown>;
  placeOf(path: readonly PropertyKey[]): Place | undefined;
}

/** Reads a YAML file. Throws ConfigError with line and column when it is missing, not YAML, or not a mapping. */
export function readYaml(name: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(readText(name), { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error): ConfigProblem => ({
        source: name,
        key: '',
        message: error.message,
        ...place(error.pos[0]),
      })),
    );
  }
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || Array.isArray(values) || values === null) {
    throw new ConfigError([
      { source: name, line: 1, column: 1, key: '', message: 'a list of "key: value" lines is expected' },
    ]);
  }
  return {
    name,
    values: values as Record<string, unknown>,
    placeOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : place(offset);
    },
  };
}

function readText(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ConfigError([{ source: name, key: '', message: `cannot be read (${code ?? String(error)})` }]);
  }
}

/** Where the key at `path` is written; undefined when it is not in the file. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => (isScalar(key) ? key.value : key) === last);
  return pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
}
