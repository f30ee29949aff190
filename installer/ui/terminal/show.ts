import { styleText } from 'node:util';
import type { CheckOutcome, CheckStatus } from '../../../src/platform/checks';
import type { Prompting } from './prompts';

const MARKS: Record<CheckStatus, { sign: string; colour: 'green' | 'yellow' | 'red' | 'gray' }> = {
  ok: { sign: '✓', colour: 'green' },
  warn: { sign: '!', colour: 'yellow' },
  fail: { sign: '✗', colour: 'red' },
  skipped: { sign: '–', colour: 'gray' },
};

export function mark(status: CheckStatus): string {
  const { sign, colour } = MARKS[status];
  return styleText(colour, sign);
}

/** A check on one line; what was required, seen and can be done follows when it is not in order. */
export function showOutcome(outcome: CheckOutcome, { say, output }: Prompting): void {
  const { status, title, found, required, evidence, remedy } = outcome;
  output.write(`  ${mark(status)} ${say(title)}  ${say(found)}\n`);
  if (status !== 'warn' && status !== 'fail') return;
  if (required) output.write(`      ${say({ key: 'setup:terminal.required', values: { text: say(required) } })}\n`);
  if (evidence) output.write(`      ${evidence}\n`);
  for (const step of remedy ?? []) output.write(`      → ${say(step)}\n`);
}

const CELLS = 24;

/** A line that is written over while something goes on. Without a terminal only the ends are written. */
export function bar(output: NodeJS.WriteStream): {
  show: (title: string, done: number, total: number, label: string) => void;
  end: (line: string) => void;
} {
  let shown = 0;
  const clear = (): void => void (output.isTTY && output.write('\r\u001B[2K'));
  return {
    show(title, done, total, label) {
      if (!output.isTTY) return;
      // More often than the eye can follow is wasted.
      const now = performance.now();
      if (done > 0 && done < total && now - shown < 80) return;
      shown = now;
      const filled = total === 0 ? 0 : Math.round((done / total) * CELLS);
      const meter = total === 0 ? '' : `${'█'.repeat(filled)}${'░'.repeat(CELLS - filled)} ${done} / ${total}  `;
      const room = Math.max(10, (output.columns || 80) - CELLS - title.length * 2 - 20);
      clear();
      output.write(`… ${title}  ${meter}${label.slice(0, room)}`);
    },
    end(line) {
      clear();
      output.write(`${line}\n`);
    },
  };
}
