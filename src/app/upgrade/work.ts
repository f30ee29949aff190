import path from 'node:path';
import type { Text } from '../../platform/checks';
import type { Config } from '../../platform/config';
import { makeOwnFolder, ownerOf } from '../../platform/files';
import type { Installation } from '../../platform/release';
import { runPart } from './run-part';
import { upgradeFolder, type UpgradeState } from './state';

/** What the steps work with. `save` writes the state before anything goes on. */
export interface Work {
  config: Config;
  installation: Installation;
  state: UpgradeState;
  save: () => void;
  /** What a step is doing at the moment. */
  say: (what: string) => void;
}

/** For the account of the server alone, empty or not. */
export const makeWorkFolder = (config: Config, name: string): string => {
  const folder = workFolder(config, name);
  makeOwnFolder(folder, ownerOf(config.dataDir));
  return folder;
};

export const workFolder = (config: Config, name: string): string => path.join(upgradeFolder(config), name);

/** Lets a version of the program do a part; see run-part. */
export function part<T extends object>(
  work: Work,
  program: string,
  name: string,
  args: readonly string[] = [],
): Promise<T> {
  const { state, config, save, say } = work;
  return runPart<T>(program, name, {
    configFile: state.configFile,
    args,
    owner: ownerOf(config.dataDir),
    onProgress: say,
    onChild: (child) => {
      state.child = child;
      save();
    },
  });
}

/** Resolves with what was found, in words; throws when the upgrade cannot go on. */
export type Step = (work: Work) => Promise<Text | undefined>;

export const MB = 1024 * 1024;

export function newProgram({ programs }: UpgradeState): string {
  if (programs.new === null) throw new Error('the package was not looked at yet');
  return programs.new;
}
