import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { runSetup, type SetupRun } from '../../installer/run-setup';

export interface StepLine {
  step: string;
  status: string;
  detail: unknown;
}

export interface SetupOutcome {
  code: number | null;
  lines: StepLine[];
  /** Everything that was printed. */
  output: string;
}

const root = path.resolve(import.meta.dirname, '../..');

/** The words that start the program from the source. */
export const programFromSource: readonly [string, ...string[]] = [
  process.execPath,
  '--import',
  path.join(root, 'node_modules/tsx/dist/loader.mjs'),
  path.join(root, 'src/main.ts'),
];

/** `phone-erp …` from the source, in a folder of its own. */
export function runProgram(
  cwd: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [program, ...before] = programFromSource;
  const child = spawn(program, [...before, ...args], {
    cwd,
    stdio: 'pipe',
    env: { ...process.env, ERP_LOCALE: 'en' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The unattended setup with these answers as a process of its own, one parsed line a step. */
export async function runSetupCommand(cwd: string, answers: object, ...args: string[]): Promise<SetupOutcome> {
  const { code, stdout, stderr } = await runProgram(
    cwd,
    ['setup', '--answers', '-', '--json', ...args],
    stringify(answers),
  );
  const lines = stdout.split('\n').filter(Boolean);
  return { code, lines: lines.map((line) => JSON.parse(line) as StepLine), output: stdout + stderr };
}

const CODES = { done: 0, planned: 0, failed: 1, invalid: 2, refused: 3, left: 3 } as const;

/** The same inside this process, which is quicker. */
export async function setUpHere(
  cwd: string,
  answers: object,
  options: Partial<SetupRun> = { yes: true },
): Promise<SetupOutcome> {
  const file = path.join(cwd, `answers-${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(answers));
  const printed: string[] = [];
  const others: string[] = [];
  const outcome = await runSetup({
    answers: file,
    json: true,
    cwd,
    stateFile: path.join(cwd, 'phone-erp-setup.json'),
    locale: 'en',
    write: (line) => printed.push(line),
    say: (line) => others.push(line),
    progress: (line) => others.push(line),
    ...options,
  }).finally(() => rmSync(file));
  return {
    code: CODES[outcome],
    lines: printed.map((line) => JSON.parse(line) as StepLine),
    output: [...printed, ...others].join('\n'),
  };
}

export const statusOf = ({ lines }: SetupOutcome): Record<string, string> =>
  Object.fromEntries(lines.map(({ step, status }) => [step, status]));

/** What a step said. */
export const detailOf = ({ lines }: SetupOutcome, step: string): string => {
  const detail = lines.findLast((line) => line.step === step)?.detail;
  return typeof detail === 'string' ? detail : JSON.stringify(detail ?? '');
};

/** Names of the files below a folder that contain a text. */
export function filesWith(folder: string, secret: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(secret))
    .map((file) => path.relative(folder, file));
}
