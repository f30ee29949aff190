import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { parameterChoices } from '../../src/app/founding';

export const keys = {
  enter: '\r',
  up: '\u001B[A',
  down: '\u001B[B',
  escape: '\u001B',
  interrupt: '\u0003',
  /** Takes away what stands on the line. */
  clear: '\u0015',
};
const PATIENCE_MS = 90_000;

/** The setup in a pseudo-terminal: what it shows, and keys to answer with. */
export class SetupTerminal {
  private seen = '';
  private from = 0;
  private readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  private wake: () => void = () => undefined;

  /** `script`: the program of that name, which makes the pseudo-terminal; `command`: no blanks in its words. */
  constructor(
    script: string,
    command: readonly string[],
    { folder, locale, env = process.env }: { folder: string; locale: string; env?: NodeJS.ProcessEnv },
  ) {
    this.child = spawn(script, ['-qfec', command.join(' '), '/dev/null'], {
      cwd: folder,
      stdio: 'pipe',
      env: { ...env, ERP_LOCALE: locale, TERM: 'xterm', COLUMNS: '120' },
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.seen += chunk.toString();
      this.wake();
    });
    this.ended = new Promise((resolve) =>
      this.child.on('close', (code) => {
        resolve(code);
        this.wake();
      }),
    );
  }

  get text(): string {
    return stripVTControlCharacters(this.seen);
  }

  /** Waits until the text has been written since the last one that was waited for, then presses the keys. */
  async answer(question: string, ...pressed: string[]): Promise<void> {
    await this.seeing([question]);
    for (const key of pressed) this.child.stdin?.write(key);
  }

  /** Accepts what the checks of this machine have to say, until the question comes that stands after them. */
  async acceptUntil(question: string, ...pressed: string[]): Promise<void> {
    const warned = 'Stop for now';
    while ((await this.seeing([warned, question])) === warned) this.child.stdin?.write(keys.enter);
    for (const key of pressed) this.child.stdin?.write(key);
  }

  /** The first of the texts that is written. */
  private async seeing(texts: readonly string[]): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const seen = this.text;
      const found = texts
        .map((text) => ({ text, at: seen.indexOf(text, this.from) }))
        .filter(({ at }) => at >= 0)
        .sort((one, other) => one.at - other.at)[0];
      if (found) {
        this.from = found.at + found.text.length;
        return found.text;
      }
      if (Date.now() > deadline || this.child.exitCode !== null)
        throw new Error(`"${texts.join('" or "')}" was not shown after:\n${seen.slice(this.from)}`);
      await this.more();
    }
  }

  /** Something was written, or a second went by. */
  private more(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 1000);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  stop(): void {
    this.child.kill();
  }
}

/** How much of a question stands on one line of the terminal. */
const SHOWN = 60;

/** Beginnings of the English questions about the parameters of all modules, in their order. */
export function parameterQuestions(): string[] {
  return parameterChoices().map(({ module, key }) => {
    const words = JSON.parse(readFileSync(`locales/en/${module}.json`, 'utf8')) as {
      parameter: Record<string, string>;
    };
    return (words.parameter[key] ?? key).slice(0, SHOWN);
  });
}
