import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '../../kernel';
import { text } from '../../platform/checks';
import { programOf, sumOf, verifyRelease } from '../../platform/release';
import { compareVersions } from './compare-versions';
import { endWayBack } from './kept-data';
import { refusePackage } from './package-rules';
import { mayWrite } from './preconditions';
import { part, type Step, type Work, workFolder } from './work';

/** Nothing of the package runs before list and signature were checked, and what runs is the copy that was compared. */
export const stagePackage: Step = async (work) => {
  const { state, config } = work;
  const { file } = state.package;
  const report = await verifyRelease(file);
  state.package.signature = report.signature;
  refusePackage(report, state.package.unsignedAllowed);
  const staged = stagedFile(work);
  await mkdir(path.dirname(staged), { recursive: true, mode: 0o755 });
  await rm(staged, { force: true });
  const sha256 = await sumOf(file, 'sha256');
  await copyFile(file, staged, constants.COPYFILE_FICLONE);
  await chmod(staged, 0o755);
  if ((await sumOf(staged, 'sha256')) !== sha256)
    throw new DomainError('upgrade:error.changed_meanwhile', { details: { file } });
  state.package.sha256 = sha256;
  const said = await part<{ version: string; notes: Record<string, string> }>(work, staged, 'describe');
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(said.version))
    throw new DomainError('upgrade:error.version', { details: { version: said.version } });
  if (compareVersions(said.version, state.from) <= 0)
    throw new DomainError('upgrade:error.not_newer', {
      status: 409,
      details: { version: said.version, current: state.from },
    });
  state.to = said.version;
  state.notes = said.notes;
  state.programs.new = staged;
  for (const name of ['backup', 'rehearsal']) await rm(workFolder(config, name), { recursive: true, force: true });
  await endWayBack(config);
  return text('upgrade:found.package', { version: said.version, signature: report.signature.keyId ?? '–' });
};

/** The new program gets its folder beside the one in force. */
export const placeProgram: Step = async (work) => {
  const { state, installation } = work;
  const target = programOf(installation, state.to ?? '');
  const staged = stagedFile(work);
  if (existsSync(staged)) {
    await mkdir(path.dirname(target), { recursive: true, mode: 0o755 });
    await rename(staged, target);
    await rm(path.dirname(staged), { recursive: true, force: true });
  }
  state.programs.new = target;
  return text('upgrade:found.place', { folder: path.dirname(target) });
};

/** Beside the versions where that may be written; a copy that is only tried out lies in the data folder. */
function stagedFile({ installation, config }: Work): string {
  const folder = mayWrite(installation.versions)
    ? path.join(installation.versions, '.new')
    : workFolder(config, 'program');
  return path.join(folder, path.basename(programOf(installation, '')));
}
