// npm run check [-- NAME …]: everything that can be said about the code without running it, side by side.
import './assert-node';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

interface Check {
  name: string;
  /** Arguments for node; a program of a package is named by its file. */
  node: readonly string[];
  /** Its output is shown even when all is well. */
  informs?: boolean;
}

const script = (file: string, ...args: string[]) => ['--import', 'tsx', `scripts/${file}`, ...args];
const program = (file: string, ...args: string[]) => [`node_modules/${file}`, ...args];

// The slowest first, so that the short ones fill the gaps.
const checks: readonly Check[] = [
  {
    name: 'format',
    node: program(
      'prettier/bin/prettier.cjs',
      '--check',
      '--log-level',
      'warn',
      '--cache',
      '--cache-location',
      'out/prettier',
      '.',
    ),
  },
  { name: 'types', node: program('typescript/bin/tsc', '--noEmit') },
  { name: 'dead', node: program('knip/bin/knip.js', '--no-progress', '--no-config-hints') },
  { name: 'lint', node: program('oxlint/bin/oxlint', '--format', 'unix') },
  { name: 'imports', node: script('check/imports.ts') },
  { name: 'locales', node: script('check/locales.ts') },
  { name: 'drawing', node: script('draw-imports.ts', '--check') },
  { name: 'sizes', node: script('check/sizes.ts'), informs: true },
];

interface Outcome {
  check: Check;
  ok: boolean;
  ms: number;
  output: string;
}

function run(check: Check): Promise<Outcome> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, check.node, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) =>
      resolve({ check, ok: code === 0, ms: performance.now() - startedAt, output: output.trim() }),
    );
  });
}

async function runAll(chosen: readonly Check[]): Promise<Outcome[]> {
  const queue = [...chosen];
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) {
      const outcome = await run(check);
      outcomes.push(outcome);
      report(outcome);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return outcomes;
}

function report({ check, ok, ms, output }: Outcome): void {
  console.log(`${ok ? '✓' : '✗'} ${check.name.padEnd(8)} ${(ms / 1000).toFixed(1)} s`);
  if (output && (!ok || check.informs)) console.log(output.replace(/^/gm, '    '));
}

function choose(names: readonly string[]): readonly Check[] {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0)
    throw new Error(`No check is called ${unknown.join(', ')}; there are ${checks.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? checks : checks.filter(({ name }) => names.includes(name));
}

try {
  const outcomes = await runAll(choose(process.argv.slice(2)));
  const bad = outcomes.filter(({ ok }) => !ok).map(({ check }) => check.name);
  console.log(bad.length === 0 ? 'All checks pass.' : `Not in order: ${bad.join(', ')}`);
  process.exitCode = bad.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
