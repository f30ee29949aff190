import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { rename, rm, rmdir, symlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Programs as the setup lays them out: `versions/<version>/phone-erp` for each version, and `current`, a link to the folder of
 * the one that is in force. The service starts `current/phone-erp`.
 */
export interface Installation {
  folder: string;
  /** Folder of the versions. */
  versions: string;
  /** The link. */
  current: string;
}

const PROGRAM = process.platform === 'win32' ? 'phone-erp.exe' : 'phone-erp';

/** The installation in the folder of the configuration file; undefined when the setup put none there. */
export function installationAt(configFile: string): Installation | undefined {
  const folder = realpathSync(path.dirname(path.resolve(configFile)));
  const found = { folder, versions: path.join(folder, 'versions'), current: path.join(folder, 'current') };
  return existsSync(path.join(found.current, PROGRAM)) ? found : undefined;
}

export const programOf = ({ versions }: Pick<Installation, 'versions'>, version: string): string =>
  path.join(versions, version, PROGRAM);

/** The version that is in force: the name of the folder that the link leads to; undefined when there is no link. */
export function versionOfLink({ current }: Pick<Installation, 'current'>): string | undefined {
  try {
    return path.basename(readlinkSync(current));
  } catch {
    return undefined;
  }
}

/** Lets the link lead to a folder, in one move where the system can do that. */
export async function pointLink(link: string, folderOfVersion: string): Promise<void> {
  if (process.platform === 'win32') {
    // A junction cannot be replaced in one move.
    await rm(link, { force: true, recursive: false }).catch(() => rmdir(link));
    await symlink(folderOfVersion, link, 'junction');
    return;
  }
  const temporary = `${link}.${process.pid}`;
  await rm(temporary, { force: true });
  await symlink(path.relative(path.dirname(link), folderOfVersion), temporary);
  await rename(temporary, link);
}
