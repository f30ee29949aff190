import { globSync, readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

export interface SqlTemplate {
  /** `src/ledger/books.ts:42` */
  place: string;
  /** Its fixed texts, in order; a template of bound values only has none. */
  texts: string[];
}

interface Node {
  type?: string;
  start?: number;
  tag?: { type: string; name?: string };
  quasi?: { quasis: { value: { cooked: string } }[] };
}

/** Every text tagged `sql` in the program. */
export function sqlTemplates(): SqlTemplate[] {
  return globSync('src/**/*.ts').sort().flatMap(templatesOf);
}

function templatesOf(file: string): SqlTemplate[] {
  const source = readFileSync(file, 'utf8');
  if (!source.includes('sql`')) return [];
  const found: SqlTemplate[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    if (node.type === 'TaggedTemplateExpression' && node.tag?.name === 'sql')
      found.push({
        place: `${file}:${source.slice(0, node.start).split('\n').length}`,
        texts: (node.quasi?.quasis ?? []).map((quasi) => quasi.value.cooked).filter(Boolean),
      });
    Object.values(value).forEach(visit);
  };
  visit(parseSync(file, source).program);
  return found;
}
