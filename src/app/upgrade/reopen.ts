import { newProgram, part, type Work } from './work';

/** Ends the maintenance of this upgrade; `program` is the version that serves from now on, `others` servers that must follow. */
export async function openAgain(
  work: Work,
  program: string,
  outcome: string,
): Promise<{ at: number; others?: string[] }> {
  const { id, from, to, byName, package: given } = work.state;
  const unsigned =
    given.unsignedAllowed && given.signature?.state !== 'release' && given.signature?.state !== 'development';
  const args = ['--token', id, '--from', from, '--to', to ?? '', '--by', byName, '--outcome', outcome];
  return part<{ at: number; others?: string[] }>(work, program, 'open', [...args, ...(unsigned ? ['--unsigned'] : [])]);
}

/** Servers may go on with the version in force, as if nothing had been wanted. */
export async function openOnly(work: Work): Promise<void> {
  await openAgain(work, newProgram(work.state), 'done');
}
