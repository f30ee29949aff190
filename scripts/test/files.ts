import fs from 'node:fs';
import path from 'node:path';

interface Kind {
  timeoutMs: number;
  /** Kinds that need the whole machine or one display run alone, after all others. */
  alone: boolean;
  /** Looks at what the others left, so it runs after them. */
  last?: boolean;
}

// Any other folder under test/ is a kind too and gets `ordinary`.
const ordinary: Kind = { timeoutMs: 60_000, alone: false };
const kinds: Record<string, Kind> = {
  unit: { timeoutMs: 20_000, alone: false },
  browser: { timeoutMs: 180_000, alone: true },
  installer: { timeoutMs: 300_000, alone: true },
  // What all the others sent to the database.
  statements: { timeoutMs: 600_000, alone: false, last: true },
  faults: { timeoutMs: 600_000, alone: true },
};

export interface TestFiles {
  together: string[];
  alone: string[];
  last: string[];
}

export function kindOf(file: string): Kind {
  return kinds[file.split('/')[1] ?? ''] ?? ordinary;
}

/**
 * The test files that the arguments name: a kind (`unit`), a folder or a file; without arguments all.
 * Throws when an argument names none, so that a typing error does not pass as "nothing failed".
 */
export function selectTestFiles(names: readonly string[]): TestFiles {
  const all = fs.globSync('test/**/*.{spec,test}.ts').map((file) => file.split(path.sep).join('/'));
  const chosen = names.length === 0 ? all : [...new Set(names.flatMap((name) => filesNamed(name, all)))];
  // Large files first: they tend to take longest, and a long one started last would keep one worker busy alone.
  const bySize = chosen.sort((a, b) => fs.statSync(b).size - fs.statSync(a).size);
  return {
    together: bySize.filter((file) => !kindOf(file).alone && !kindOf(file).last),
    alone: bySize.filter((file) => kindOf(file).alone).sort(),
    last: bySize.filter((file) => kindOf(file).last),
  };
}

function filesNamed(name: string, all: readonly string[]): string[] {
  const wanted = path.relative('.', name).split(path.sep).join('/');
  const found = all.filter(
    (file) => file === wanted || file.startsWith(`${wanted}/`) || file.startsWith(`test/${wanted}/`),
  );
  if (found.length === 0)
    throw new Error(`No test file is called or lies in "${name}" (a kind such as unit, a folder or a *.spec.ts file)`);
  return found;
}
