import { accessSync, constants, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { type CheckOutcome, text } from '../../platform/checks';
import type { Config } from '../../platform/config';
import { embeddedFile } from '../../platform/database';
import type { Installation } from '../../platform/release';
import { makeUpgradeFolder, upgradeFolder, type UpgradeState } from './state';

const MB = 1024 * 1024;

export function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const outcomeOf = (
  id: string,
  status: CheckOutcome['status'],
  values: Record<string, string | number>,
): CheckOutcome => ({
  id: `upgrade.${id}`,
  category: 'storage',
  title: text(`upgrade:check.${id}.title`),
  status,
  required: text(`upgrade:check.${id}.required`, values),
  found: text(`upgrade:check.${id}.${status === 'ok' ? 'enough' : 'missing'}`, values),
  ...(status === 'ok' ? {} : { remedy: [text(`upgrade:check.${id}.remedy`, values)] }),
});

/** Twice the database: what is kept and what is rehearsed on lie beside it for a while. */
export async function spaceCheck(config: Config): Promise<CheckOutcome> {
  const file = embeddedFile(config.database.url);
  const size = file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const neededMb = Math.ceil((2 * size) / MB) + 400;
  makeUpgradeFolder(config);
  const { bavail, bsize } = await statfs(upgradeFolder(config));
  const freeMb = Math.floor((bavail * bsize) / MB);
  return outcomeOf('space', freeMb >= neededMb ? 'ok' : 'fail', { neededMb, freeMb, folder: config.dataDir });
}

/** The account of a service is not allowed to exchange its own program: an administrator of the machine does that. */
export function placeCheck({ installation, state }: { installation: Installation; state: UpgradeState }): CheckOutcome {
  const { folder } = installation;
  const writable = mayWrite(folder) && mayWrite(installation.versions);
  return outcomeOf('place', writable ? 'ok' : 'fail', { folder, config: state.configFile });
}
