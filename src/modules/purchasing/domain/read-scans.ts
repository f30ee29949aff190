import { parsePaste, parseScanLine, type PastedDevice } from '../../../kernel';
import type { Scan } from './scan-check';

/** A scan that stands on a line of a paste or file. */
export interface ScanOnLine extends Scan {
  /** From 1. */
  line: number;
}

/** One code as a scanner gives it. */
export function readScan(key: string, text: string, lineId: number | null, override = false): Scan {
  return { key, text, ...parseScanLine(text), lineId, override };
}

export interface PasteOptions {
  /** Line of the receipt that all go into; null: by model. */
  lineId: number | null;
  /** 2: up to two numbers on a line are one device; 1: each number is a device. */
  imeisPerDevice: 1 | 2;
  /** Lines that somebody with the right wants to have taken all the same. */
  overrides: ReadonlySet<number>;
}

/**
 * The devices of a pasted list. Headings and remarks (no digit in them) are left out. Throws errors:imei.too_many_lines.
 */
export function readPaste(text: string, { lineId, imeisPerDevice, overrides }: PasteOptions): ScanOnLine[] {
  const perLine = new Map<number, number>();
  return parsePaste(text, { imeisPerDevice })
    .filter((device) => !isHeading(device))
    .map(({ line, text: onLine, identifiers, problems }) => {
      const place = (perLine.get(line) ?? 0) + 1;
      perLine.set(line, place);
      return {
        key: `${line}-${place}`,
        line,
        text: onLine,
        identifiers,
        problems,
        lineId,
        override: overrides.has(line),
      };
    });
}

const isHeading = ({ identifiers, problems }: Pick<PastedDevice, 'identifiers' | 'problems'>): boolean =>
  identifiers.length === 0 && problems.every(({ level }) => level === 'note');

/**
 * The text of a list without the devices of these lines, so that the others keep their line numbers; and what stood there.
 * Labelled numbers of one phone may stand on several lines: they go together.
 */
export function takeLinesOut(text: string, all: readonly number[], wrong: ReadonlySet<number>): TakenOut {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const starts = [...new Set(all)].sort((a, b) => a - b);
  const taken = new Map<number, string>();
  starts.forEach((start, index) => {
    if (!wrong.has(start)) return;
    const end = starts[index + 1] ?? lines.length + 1;
    const group: string[] = [];
    // A blank line ends a device.
    for (let at = start; at < end && (lines[at - 1] ?? '').trim() !== ''; at += 1) {
      group.push((lines[at - 1] ?? '').trim());
      lines[at - 1] = '';
    }
    taken.set(start, group.join(' '));
  });
  return { rest: lines.join('\n').replace(/\s+$/, ''), taken };
}

export interface TakenOut {
  rest: string;
  /** By line. */
  taken: Map<number, string>;
}

/** The reverse: corrected lines in their old places. */
export function putLinesBack(rest: string, corrected: ReadonlyMap<number, string>): string {
  const lines = rest.split(/\r\n|[\n\r\u2028\u2029]/);
  for (const [line, text] of corrected) {
    while (lines.length < line) lines.push('');
    const present = (lines[line - 1] ?? '').trim();
    // Somebody also typed on that line: both are kept.
    lines[line - 1] = [present, text.replace(/[\r\n\u2028\u2029]+/g, ' ').trim()].filter(Boolean).join(' ');
  }
  return lines.join('\n');
}
