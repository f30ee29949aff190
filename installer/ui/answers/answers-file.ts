import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { ConfigError, type ConfigProblem } from '../../../src/platform/config';

/** Answers by the id of the question, as they stand in the file. */
export type FlatAnswers = Record<string, unknown>;

/**
 * Reads an answers file (YAML or JSON): sections are the parts of the ids. A secret may be given as `…File`, the name of a
 * file with it. Throws ConfigError that names what cannot be read and every key that no question has.
 */
export function readAnswers(file: string, questions: readonly { id: string; kind: string }[]): FlatAnswers {
  const document = parseDocument(readText(file, ''));
  const [fault] = document.errors;
  if (fault) throw new ConfigError([{ source: file, key: '', message: fault.message.split('\n')[0] ?? '' }]);
  const values: unknown = document.toJS() ?? {};
  if (!isSection(values))
    throw new ConfigError([{ source: file, key: '', message: 'a list of "key: value" lines is expected' }]);
  const flat = flatten(values, '');
  const known = new Map(questions.map(({ id, kind }) => [id, kind]));
  const problems: ConfigProblem[] = [];
  const answers: FlatAnswers = {};
  for (const [key, value] of Object.entries(flat)) {
    const secret = key.endsWith('File') && known.get(key.slice(0, -'File'.length)) === 'secret';
    if (secret)
      answers[key.slice(0, -'File'.length)] = readText(path.resolve(path.dirname(file), String(value)), key).replace(
        /\r?\n$/,
        '',
      );
    else if (known.has(key)) answers[key] = value;
    else problems.push({ source: file, key, message: 'no question has this key' });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return answers;
}

function readText(file: string, key: string): string {
  try {
    // `-`: standard input, so that answers need not lie on the disk.
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new ConfigError([
      { source: file, key, message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})` },
    ]);
  }
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flatten(values: Record<string, unknown>, prefix: string): FlatAnswers {
  const flat: FlatAnswers = {};
  for (const [name, value] of Object.entries(values)) {
    // A section of which every line is a comment says nothing.
    if (value === null) continue;
    if (isSection(value)) Object.assign(flat, flatten(value, `${prefix}${name}.`));
    else flat[prefix + name] = value;
  }
  return flat;
}
