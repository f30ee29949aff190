import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { ImportProblem } from '../modules';
import type { Services } from '../services';
import { readSealed, writeSealed } from '../sealed-files';
import { storedPath } from './import-files';

const nameOf = (storedAs: string): string => `${storedAs}.problems`;

/** Keeps all problems of a file beside it, one a line: there may be one in each of 200,000 rows. */
export async function keepProblems(
  services: Services,
  storedAs: string,
  problems: readonly ImportProblem[],
): Promise<void> {
  const path = storedPath(services, nameOf(storedAs));
  const lines = function* (): Generator<Buffer> {
    for (const problem of problems) yield Buffer.from(`${JSON.stringify(problem)}\n`);
  };
  await rm(`${path}.part`, { force: true });
  await writeSealed(`${path}.part`, lines(), services.keys, 0o600);
  await rename(`${path}.part`, path);
}

/** The problems that were kept, in the order of the lines. */
export async function* keptProblems(services: Services, storedAs: string): AsyncGenerator<ImportProblem> {
  const input = await readSealed(storedPath(services, nameOf(storedAs)), services.keys);
  for await (const line of createInterface({ input })) if (line) yield JSON.parse(line) as ImportProblem;
}
