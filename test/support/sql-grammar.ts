import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The dialects for which no server is at hand: their statements are read by a strict grammar instead. */
export type CheckedDialect = 'mssql' | 'oracle';

interface Listener {
  syntaxError(recognizer: unknown, symbol: unknown, line: number, column: number, message: string): void;
}
interface Tokens {
  LA(offset: number): number;
}
interface Parser {
  getTokens(text: string, listeners: Listener[]): Tokens;
  getParser(tokens: Tokens, listeners: Listener[]): unknown;
  getParseTree(parser: unknown): unknown;
}
interface Grammar {
  antlr4tsSQL: new (dialect: number) => Parser;
  SQLDialect: Record<'TSQL' | 'PLSQL', number>;
}

/**
 * What a statement's grammar or our own rules have against it; undefined when nothing. Reading one takes a tenth of a second and
 * more, so lists of one kind are read in their shortest form, and what was once accepted is remembered in out/.
 */
export function grammarProblem(dialect: CheckedDialect, text: string): string | undefined {
  const whole = `${dialect} ${text}`;
  if (!seen.has(whole)) seen.set(whole, ownRule(dialect, text) ?? grammarSays(dialect, shortForm(text)));
  return seen.get(whole);
}

const seen = new Map<string, string | undefined>();

function grammarSays(dialect: CheckedDialect, shape: string): string | undefined {
  const key = `${dialect} ${createHash('sha256').update(shape).digest('hex')}`;
  if (accepted().has(key)) return undefined;
  const problem = parse(dialect, shape);
  if (!problem) accept(key);
  return problem;
}

/** `IN (:1, :2, … :500)`, 40 rows of VALUES, 30 cases and 20 alternatives become few: the grammar learns nothing from more. */
export function shortForm(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/([:@])\d+\b/g, '$11')
    .replace(/((?:[:@]1, ){2})(?:[:@]1, )+/g, '$1')
    .replace(/((?:WHEN [:@]1 THEN [:@]1 ){2})(?:WHEN [:@]1 THEN [:@]1 )+/g, '$1')
    .replace(/(\([^()]*\))(?:, \1)+/g, '$1, $1')
    .replace(/(\([^()]*\))(?: OR \1)+/g, '$1 OR $1')
    .trim();
}

let grammar: Grammar | undefined;

function parse(dialect: CheckedDialect, text: string): string | undefined {
  grammar ??= createRequire(import.meta.url)('antlr4ts-sql') as Grammar;
  const problems: string[] = [];
  const listener: Listener = {
    syntaxError: (_recognizer, _symbol, line, column, message) =>
      void problems.push(`${line}:${column} ${message.slice(0, 120)}`),
  };
  const reader = new grammar.antlr4tsSQL(dialect === 'mssql' ? grammar.SQLDialect.TSQL : grammar.SQLDialect.PLSQL);
  const tokens = reader.getTokens(text.endsWith(';') ? text : `${text};`, [listener]);
  reader.getParseTree(reader.getParser(tokens, [listener]));
  if (tokens.LA(1) !== -1) problems.push('text after the statement');
  return problems[0];
}

const FUNCTIONS: Readonly<Record<CheckedDialect, RegExp>> = {
  oracle:
    /\b(IFNULL|ISNULL|LEN|LEFT|RIGHT|CHARINDEX|GROUP_CONCAT|STRING_AGG|DATE_FORMAT|DATE_ADD|DATEADD|DATEDIFF|NOW|GETDATE|CURDATE|UNIX_TIMESTAMP|CONCAT_WS|RANDOM|RAND|UUID|NEWID|STRFTIME|JSON_EXTRACT|LOCATE|INSTRB|IF|IIF|TOTAL|PRINTF)\s*\(/i,
  mssql:
    /\b(IFNULL|NVL|LENGTH|CHAR_LENGTH|SUBSTR|INSTR|MOD|GREATEST|LEAST|GROUP_CONCAT|DATE_FORMAT|DATE_ADD|NOW|CURDATE|UNIX_TIMESTAMP|RANDOM|UUID|STRFTIME|JSON_EXTRACT|LOCATE|IF|TRUNC|CEIL|TO_CHAR|LISTAGG|TOTAL|PRINTF|LPAD|RPAD|MIN|MAX)\s*\((?=[^()]*,[^()]*\))|\b(IFNULL|NVL|LENGTH|CHAR_LENGTH|SUBSTR|INSTR|GROUP_CONCAT|NOW|CURDATE|UNIX_TIMESTAMP|RANDOM|UUID|STRFTIME|LISTAGG|CEIL|TRUNC|TOTAL)\s*\(/i,
};

/** What the grammars let pass and the servers do not. */
function ownRule(dialect: CheckedDialect, text: string): string | undefined {
  const bare = text.replace(/'(?:[^']|'')*'/g, (literal) => (literal === "''" ? literal : "'x'"));
  const unquoted = bare.replace(/"[^"]*"/g, 'x');
  const wrong = FUNCTIONS[dialect].exec(unquoted);
  if (wrong) return `no function of this database: ${wrong[0]}`;
  if (/\b(TRUE|FALSE)\b/i.test(unquoted)) return 'no boolean literals';
  if (/\bLIMIT\s+[\d:@]/i.test(unquoted)) return 'no LIMIT';
  if (/[^:]::\w/.test(unquoted)) return 'no :: casts';
  if (/(=|<>|!=)\s*''/.test(bare)) return "'' is null on Oracle: compare with NULL";
  if (
    /\)\s+IN\s*\(\s*SELECT/i.test(unquoted) &&
    /\(\s*[\w.]+\s*,\s*[\w.]+\s*\)\s+IN\b/i.test(unquoted) &&
    dialect === 'mssql'
  )
    return 'no row values';
  if (dialect === 'mssql') {
    if (/\|\|/.test(unquoted)) return 'no || for joining texts';
    const derived = unaliasedDerivedTable(unquoted);
    if (derived) return derived;
    if (/\bFOR UPDATE\b|LOCK IN SHARE MODE/i.test(unquoted)) return 'no FOR UPDATE';
    if ((text.match(/@\d+/g) ?? []).length > 2100) return 'more than 2,100 parameters';
  }
  if (dialect === 'oracle' && /\bWITH\s*\((UPDLOCK|HOLDLOCK)/i.test(unquoted)) return 'no lock hints';
  return undefined;
}

/** SQL Server wants a name behind each sub-select in FROM. */
function unaliasedDerivedTable(text: string): string | undefined {
  for (const match of text.matchAll(/\b(?:FROM|JOIN)\s*\(\s*SELECT\b/gi)) {
    let depth = 0;
    let at = text.indexOf('(', match.index);
    for (; at < text.length; at++) {
      if (text[at] === '(') depth++;
      if (text[at] === ')' && --depth === 0) break;
    }
    const next = /^\s*(?:AS\s+)?(\w+)?/i.exec(text.slice(at + 1))?.[1];
    if (!next || /^(ON|WHERE|JOIN|LEFT|INNER|GROUP|ORDER|UNION|HAVING)$/i.test(next))
      return 'a sub-select without a name';
  }
  return undefined;
}

const ACCEPTED = path.resolve('out/tests/grammar-accepted.txt');
let known: Set<string> | undefined;

const accepted = (): Set<string> =>
  (known ??= new Set(existsSync(ACCEPTED) ? readFileSync(ACCEPTED, 'utf8').split('\n') : []));

function accept(key: string): void {
  accepted().add(key);
  mkdirSync(path.dirname(ACCEPTED), { recursive: true });
  appendFileSync(ACCEPTED, `${key}\n`);
}
