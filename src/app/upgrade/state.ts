import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckOutcome, Text } from '../../platform/checks';
import type { Config } from '../../platform/config';
import { lockHolder, makeOwnFolder, ownerOf, writeWhole } from '../../platform/files';
import type { SignatureState } from '../../platform/release';
import type { Figures } from './figures';

/** The steps in their order; what each does is in ./steps. */
export const STEP_IDS = [
  'package',
  'checks',
  'backup',
  'rehearsal',
  'place',
  'close',
  'keep',
  'migrate',
  'compare',
  'switch',
  'start',
  'open',
] as const;
export type StepId = (typeof STEP_IDS)[number];

/** Where the database has been brought to the new version from another machine: only the program of this one is exchanged. */
export const FOLLOW_IDS = ['package', 'checks', 'place', 'switch', 'start'] as const;

/** The steps back to the version before. */
export const BACK_IDS = ['close', 'keep', 'restore', 'switch', 'start', 'open'] as const;
export type BackId = (typeof BACK_IDS)[number];

export interface StepState {
  id: StepId | BackId;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** Epoch milliseconds. */
  startedAt?: number;
  finishedAt?: number;
  found?: Text;
}

export interface Failure {
  code: string;
  details: Record<string, string | number>;
}

/** What the rehearsal found; kept for the page. */
export interface Rehearsal {
  /** Rows of the copy. */
  rows: number;
  migratedSteps: number;
  before: Figures;
  after: Figures;
  /** False: on an embedded database instead of the configured kind. */
  sameKind: boolean;
  selfTest: { ok: boolean; steps: number };
  ms: number;
}

/** Everything that a new run must know after an interruption. Holds no secret. */
export interface UpgradeState {
  format: 1;
  id: string;
  direction: 'up' | 'back';
  rehearseOnly: boolean;
  /** Another machine has upgraded the database; absent in files of earlier versions. */
  follow?: boolean;
  configFile: string;
  /** Versions; `to` is known once the package was looked at. */
  from: string;
  to: string | null;
  package: { file: string; sha256: string | null; signature: SignatureState | null; unsignedAllowed: boolean };
  programs: { old: string; new: string | null };
  byName: string;
  startedAt: number;
  finishedAt: number | null;
  /** `stuck`: neither way could be finished by itself; the failure says why. */
  outcome: 'running' | 'done' | 'rehearsed' | 'failed' | 'rolled-back' | 'stuck';
  failure: Failure | null;
  steps: StepState[];
  /** What the program that does a part of the work is: it must have ended before anything is taken back. */
  child: { pid: number; startedAtTick: string | null } | null;
  /** Name of a scratch database on the server, to be dropped. */
  scratch: string | null;
  checks: CheckOutcome[];
  rehearsal: Rehearsal | null;
  /** The data as they were before the first change; null: nothing was kept yet. */
  kept: { kind: 'file' | 'backup'; file: string } | null;
  /** From here on the data may differ from what was kept. */
  touched: boolean;
  /** Something failed: the old version and the old data are being put back. */
  undoing: boolean;
  figures: Figures | null;
  /** Since when people may work on the new version. */
  openedAt: number | null;
  /** News of the versions, for the page. */
  notes: Record<string, string>;
}

export const upgradeFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => path.join(dataDir, 'upgrade');
/** For the account of the server alone. */
export const makeUpgradeFolder = (config: Pick<Config, 'dataDir'>): void =>
  makeOwnFolder(upgradeFolder(config), ownerOf(config.dataDir));
const stateFile = (config: Pick<Config, 'dataDir'>): string => path.join(upgradeFolder(config), 'state.json');
export const lockFile = (config: Pick<Config, 'dataDir'>): string => path.join(upgradeFolder(config), 'lock');

/** The last upgrade of this installation; undefined: there was none. */
export function readUpgrade(config: Pick<Config, 'dataDir'>): UpgradeState | undefined {
  let text: string;
  try {
    text = readFileSync(stateFile(config), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const state = JSON.parse(text) as UpgradeState;
  if (state.format !== 1) throw new Error(`${stateFile(config)} is of another version of the program`);
  return state;
}

export const writeUpgrade = (config: Pick<Config, 'dataDir'>, state: UpgradeState): void =>
  writeWhole(stateFile(config), `${JSON.stringify(state, undefined, 2)}\n`, ownerOf(config.dataDir));

/** A process is at it now. */
export const isAtWork = (config: Pick<Config, 'dataDir'>): boolean => lockHolder(lockFile(config)) !== undefined;

/** Servers stand still, or data and program may be half exchanged. */
export function inProduction({ steps, outcome }: UpgradeState): boolean {
  if (outcome !== 'running' && outcome !== 'stuck') return false;
  const close = steps.find(({ id }) => id === 'close');
  return close !== undefined && close.state !== 'waiting';
}
