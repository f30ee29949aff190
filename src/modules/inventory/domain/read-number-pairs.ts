import { parseScanLine, type ScanProblem } from '../../../kernel';
import type { Identifier } from '../../../ledger';

export interface ReadNumber {
  identifier: Identifier | null;
  /** Its check digit is wrong: only a person with the right may take it. */
  doubtful: boolean;
  /** Why it was not read. */
  problem: ScanProblem | null;
}

/** One number as scanned or typed; several on a line are not taken, as nobody would know which was meant. */
export function readNumber(text: string): ReadNumber {
  const { identifiers, problems } = parseScanLine(text);
  const refused = problems.find(({ level }) => level === 'refuse') ?? null;
  const doubt = problems.find(({ level }) => level === 'warn') ?? null;
  const [first, second] = identifiers;
  if (first && !second)
    return { identifier: { kind: first.kind, value: first.value }, doubtful: doubt !== null, problem: doubt };
  const several: ScanProblem = { level: 'refuse', code: 'inventory:number.one_number', text, details: {} };
  const nothing: ScanProblem = {
    level: 'refuse',
    code: 'errors:imei.nothing_found',
    text,
    details: { text: text.slice(0, 40) },
  };
  return { identifier: null, doubtful: false, problem: second ? several : (refused ?? nothing) };
}

export interface NumberPair {
  line: number;
  text: string;
  /** '' when the line has no two numbers. */
  before: string;
  after: string;
}

/** Lines of a pasted list: the old number, then the new one, apart by a blank, a tab, a comma or an arrow. */
export function readPairs(text: string): NumberPair[] {
  return text.split(/\r\n|[\n\r]/).flatMap((raw, index) => {
    const line = raw.trim();
    if (line === '') return [];
    const parts = line.split(/(?:\s|[,，;；|]|->|→|＞|>)+/).filter((part) => part !== '');
    const [before = '', after = ''] = parts.length === 2 ? parts : [];
    return [{ line: index + 1, text: line.slice(0, 100), before, after }];
  });
}
