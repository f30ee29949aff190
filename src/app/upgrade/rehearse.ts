import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { text } from '../../platform/checks';
import { embeddedFile } from '../../platform/database';
import { createScratchDatabase } from '../../platform/database/probe';
import { type Figures, refuseDifference } from './figures';
import { keyOption } from './way-back-key';
import { makeWorkFolder, newProgram, part, type Step, type Work, workFolder } from './work';

/** On a copy that nothing else knows: no job runs and nothing is sent out, because no server serves it. */
export const rehearse: Step = async (work) => {
  const { state, config } = work;
  const { old } = state.programs;
  const next = newProgram(state);
  const startedAt = Date.now();
  const [file] = await readdir(workFolder(config, 'backup'));
  const scratch = await openScratch(work);
  try {
    const at = ['--url', scratch.url];
    const backup = path.join(workFolder(config, 'backup'), file ?? '');
    const { rows } = await part<{ rows: number }>(work, old, 'restore', [
      ...at,
      '--file',
      backup,
      ...keyOption(config),
    ]);
    const before = (await part<{ figures: Figures }>(work, old, 'figures', at)).figures;
    const { steps: migratedSteps } = await part<{ steps: number }>(work, next, 'migrate', at);
    const after = (await part<{ figures: Figures }>(work, next, 'figures', at)).figures;
    refuseDifference(before, after);
    await part(work, next, 'accept', [...at, '--data-dir', workFolder(config, 'rehearsal')]);
    const selfTest = await part<{ passed: boolean; steps: number }>(work, next, 'selftest');
    if (!selfTest.passed) throw new DomainError('upgrade:error.selftest');
    const ms = Date.now() - startedAt;
    const { sameKind } = scratch;
    state.rehearsal = {
      rows,
      migratedSteps,
      before,
      after,
      sameKind,
      selfTest: { ok: true, steps: selfTest.steps },
      ms,
    };
    return text(sameKind ? 'upgrade:found.rehearsal' : 'upgrade:found.rehearsalEmbedded', {
      rows,
      steps: migratedSteps,
      seconds: Math.ceil(ms / 1000),
    });
  } finally {
    await scratch.remove();
  }
};

async function openScratch(work: Work): Promise<{ url: string; sameKind: boolean; remove: () => Promise<void> }> {
  const { config, state, save } = work;
  const folder = workFolder(config, 'rehearsal');
  await rm(folder, { recursive: true, force: true });
  makeWorkFolder(config, 'rehearsal');
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const embedded = embeddedFile(config.database.url) !== undefined;
  // An account that may not make databases still gets its rehearsal, on another kind; the report says so.
  const made = embedded ? undefined : await createScratchDatabase(config.database.url).catch(() => undefined);
  if (!made)
    return { url: `sqlite:${path.join(folder, 'rehearsal.sqlite')}`, sameKind: embedded, remove: removeFolder };
  state.scratch = made.name;
  save();
  return {
    url: made.url,
    sameKind: true,
    remove: async () => {
      await made.drop();
      state.scratch = null;
      save();
      await removeFolder();
    },
  };
}
