export type Delimiter = ',' | ';' | '\t' | '|';

const CANDIDATES: readonly Delimiter[] = [',', '\t', ';', '|'];

/**
 * The character that parts the fields: the one that occurs (outside quotes) in most of the first lines, and among those
 * the one whose count per line is the most even. A file of one column has none; then it is a comma.
 */
export function detectDelimiter(text: string): Delimiter {
  const lines = countPerLine(text.slice(0, 64 * 1024));
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of CANDIDATES) {
    const counts = lines.map((line) => line[delimiter]).filter((count) => count > 0);
    if (counts.length === 0) continue;
    const usual = mostFrequent(counts);
    const even = counts.filter((count) => count === usual).length;
    // Lines with the usual count weigh most; more fields break a tie, as 1;2 within a,b,c,d is likely text.
    const score = even / lines.length + counts.length / lines.length / 2 + Math.min(usual, 50) / 1000;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function countPerLine(text: string): Record<Delimiter, number>[] {
  const lines: Record<Delimiter, number>[] = [];
  let line: Record<Delimiter, number> = { ',': 0, ';': 0, '\t': 0, '|': 0 };
  let filled = false;
  let quoted = false;
  const end = (): void => {
    if (filled) lines.push(line);
    line = { ',': 0, ';': 0, '\t': 0, '|': 0 };
    filled = false;
  };
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (!quoted && (character === '\n' || character === '\r')) end();
    else {
      filled = true;
      if (!quoted && character in line) line[character as Delimiter] += 1;
    }
    if (lines.length === 200) return lines;
  }
  end();
  return lines;
}

function mostFrequent(counts: number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
