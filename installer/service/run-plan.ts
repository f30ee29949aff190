import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { PlanStep } from './plan';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; a program that is not there has the code 127, as in a shell. */
export type RunProgram = (command: string, args: readonly string[]) => Promise<Outcome>;

/** How a plan touches the disk; replaced in tests, whose plans name folders of the system. */
export interface PlanFiles {
  write: (file: string, content: string, options: { encoding: 'utf8' | 'utf16le'; mode: number }) => Promise<void>;
  remove: (path: string) => Promise<void>;
}

const disk: PlanFiles = {
  write: (file, content, options) => writeFile(file, content, options),
  remove: (path) => rm(path, { recursive: true, force: true }),
};

const execute = promisify(execFile);
const TIMEOUT_MS = 120_000;

export const runProgram: RunProgram = async (command, args) => {
  try {
    const { stdout, stderr } = await execute(command, [...args], { timeout: TIMEOUT_MS, windowsHide: true });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '', message } = error as Partial<Outcome> & { code?: unknown; message: string };
    if (typeof code === 'number') return { code, stdout, stderr };
    return { code: code === 'ENOENT' ? 127 : 126, stdout, stderr: stderr || message };
  }
};

/** Does the steps in order. Throws with the command and what it said when one fails; the steps may all be run again. */
export async function runPlan(
  plan: readonly PlanStep[],
  {
    run = runProgram,
    files = disk,
    onStep = () => undefined,
  }: { run?: RunProgram; files?: PlanFiles | undefined; onStep?: (step: PlanStep) => void } = {},
): Promise<void> {
  for (const step of plan) {
    if (step.kind === 'run' && step.unless) {
      const [command, ...args] = step.unless;
      if ((await run(command, args)).code === 0) continue;
    }
    onStep(step);
    if (step.kind === 'write')
      await files.write(step.file, step.content, { encoding: step.encoding ?? 'utf8', mode: step.mode ?? 0o644 });
    else if (step.kind === 'remove') await files.remove(step.path);
    else await runStep(step, run);
  }
}

async function runStep(
  { command, args, expected = [] }: Extract<PlanStep, { kind: 'run' }>,
  run: RunProgram,
): Promise<void> {
  const { code, stdout, stderr } = await run(command, args);
  if (code !== 0 && !expected.includes(code))
    throw new Error(`${[command, ...args].join(' ')} ended with ${code}: ${(stderr || stdout).trim()}`);
}
