import { DomainError } from '../../kernel';
import type { SeenDatabase } from './follow';
import { placeCheck } from './preconditions';
import type { FOLLOW_IDS } from './state';
import { look, steps } from './steps';
import { newProgram, part, type Step, type Work } from './work';

/** Whether another machine has brought the database to the new version: then there is nothing to keep, migrate or go back to here. */
export async function isFollower(work: Work): Promise<boolean> {
  const { state } = work;
  const { seen } = await part<{ seen: SeenDatabase | null }>(work, newProgram(state), 'database');
  if (!seen) return false;
  if (seen.upgrading !== null) throw new DomainError('upgrade:error.elsewhere', { status: 409 });
  if (seen.state === 'newer') throw new DomainError('upgrade:error.newer_schema', { status: 409 });
  if (seen.state !== 'current') return false;
  if (seen.recorded) return true;
  const { seen: before } = await part<{ seen: SeenDatabase | null }>(work, state.programs.old, 'database');
  return before?.state === 'newer';
}

/** The steps of a machine that follows; what they share with an upgrade is the same. */
export const stepsOfFollower: Readonly<Record<Exclude<(typeof FOLLOW_IDS)[number], 'package'>, Step>> = {
  checks: (work) => look(work, newProgram(work.state), [placeCheck(work)]),
  place: (work) => steps.place(work),
  switch: (work) => steps.switch(work),
  start: (work) => steps.start(work),
};
