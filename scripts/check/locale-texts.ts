import fs from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';

/** 'namespace:nested.key' → text */
export type Texts = ReadonlyMap<string, string>;

/** Forms that a language has for numbers (Chinese has one, English two) are one key: items_one, items_other → items. */
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** All texts of a language. Throws when a file is no JSON object of texts. */
export function readTexts(language: string): Texts {
  const folder = path.join('locales', language);
  const texts = new Map<string, string>();
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const namespace = path.basename(file, '.json');
    flatten(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')), `${namespace}:`, '', texts);
  }
  return texts;
}

function flatten(value: unknown, namespace: string, key: string, into: Map<string, string>): void {
  if (typeof value === 'string') into.set(namespace + key, value);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) flatten(inner, namespace, key ? `${key}.${name}` : name, into);
  } else throw new Error(`${namespace}${key} is ${typeof value}, not a text`);
}

/** Keys that stand twice in a file of a language: JSON.parse silently keeps the last. JSON is YAML, whose parser tells. */
export function findRepeatedKeys(language: string): string[] {
  return fs.globSync(`locales/${language}/*.json`).flatMap((file) => repeatedKeys(file, fs.readFileSync(file, 'utf8')));
}

export function repeatedKeys(file: string, text: string): string[] {
  return parseDocument(text).errors.map(
    ({ code, linePos }) =>
      `${file}:${linePos?.[0].line ?? 1}: ${code === 'DUPLICATE_KEY' ? 'the key stands twice' : code}`,
  );
}

/** Differences between two languages: keys that only one has, placeholders that differ, empty texts. */
export function compareTexts(one: Texts, other: Texts, names: readonly [string, string]): string[] {
  const findings: string[] = [];
  const [first, second] = [byBase(one), byBase(other)];
  for (const key of new Set([...first.keys(), ...second.keys()])) {
    const [a, b] = [first.get(key), second.get(key)];
    if (!a || !b) findings.push(`${key} is missing in ${a ? names[1] : names[0]}`);
    else if (placeholders(a) !== placeholders(b)) {
      findings.push(
        `${key} has the placeholders ${placeholders(a) || 'none'} in ${names[0]}, ${placeholders(b) || 'none'} in ${names[1]}`,
      );
    }
  }
  for (const [language, texts] of [[names[0], one] as const, [names[1], other] as const]) {
    for (const [key, text] of texts) if (text.trim() === '') findings.push(`${key} is empty in ${language}`);
  }
  return findings;
}

function byBase(texts: Texts): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, text] of texts) {
    const base = key.replace(PLURAL, '');
    groups.set(base, [...(groups.get(base) ?? []), text]);
  }
  return groups;
}

/** The placeholders of all forms together: "one item" need not repeat {{count}}. */
function placeholders(forms: readonly string[]): string {
  const names = forms.flatMap((text) => [...text.matchAll(/\{\{\s*-?\s*([\w.]+)/g)].map((match) => match[1] ?? ''));
  return [...new Set(names)].sort().join(', ');
}

export interface UsedKey {
  file: string;
  line: number;
  key: string;
}

/** Literals that name a text: 'namespace:key' in code and templates, wherever they stand (t(), DomainError, code:, tables). */
const LITERAL = /(['"`])([a-z][a-z0-9-]*):([A-Za-z][\w.-]*)\1/g;
/** A literal that is built up: `sales:state.${state}` or 'sales:state.' + state uses all keys that begin so. */
const BEGINNING = /(?:`([a-z][a-z0-9-]*:[\w.-]*)\$\{|(['"])([a-z][a-z0-9-]*:[\w.-]*\.)\2)/g;

export function usedKeys(file: string, source: string): UsedKey[] {
  return [...source.matchAll(LITERAL)].map((match) => ({
    file,
    line: lineOf(source, match.index),
    key: `${match[2]}:${match[3]}`,
  }));
}

export function usedBeginnings(source: string): string[] {
  return [...source.matchAll(BEGINNING)].map((match) => match[1] ?? match[3] ?? '');
}

/** True when the language has the key, as it stands, in number forms, or as a group of keys. */
export function hasKey(texts: Texts, key: string): boolean {
  if (texts.has(key)) return true;
  for (const known of texts.keys()) {
    if (known.startsWith(`${key}.`) || (known.startsWith(`${key}_`) && known.replace(PLURAL, '') === key)) return true;
  }
  return false;
}

function lineOf(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
