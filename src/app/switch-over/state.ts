import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Text } from '../../platform/checks';
import type { Config } from '../../platform/config';
import { makeOwnFolder, ownerOf, writeWhole } from '../../platform/files';

/** `restore`: to a database that a backup was restored into; `move`: everything is copied first; `back`: the last one taken back. */
export type SwitchKind = 'restore' | 'move' | 'back';

/** What each does is in ./cross-over; the first happens while people work. */
export const SWITCH_STEPS = ['backup', 'close', 'copy', 'look', 'switch'] as const;
export type SwitchStepId = (typeof SWITCH_STEPS)[number];

export interface SwitchStep {
  id: SwitchStepId;
  state: 'waiting' | 'running' | 'done' | 'failed';
  found?: Text;
}

/** All that this machine must know of the last change to another database, also after an interruption. Holds no secret. */
export interface SwitchState {
  format: 1;
  /** Token of the maintenance that keeps everybody out meanwhile. */
  id: string;
  kind: SwitchKind;
  configFile: string;
  /** Addresses without passwords. */
  from: string;
  to: string;
  /** The backup that the other database was filled from. */
  origin: { name: string; createdAt: string } | null;
  byName: string;
  /** The server that does it. */
  process: { pid: number; startedAtTick: string | null };
  /** Epoch milliseconds. */
  startedAt: number;
  finishedAt: number | null;
  outcome: 'running' | 'done' | 'failed';
  failure: { code: string; details: Record<string, unknown> } | null;
  steps: SwitchStep[];
  /** Rows copied and compared (move). */
  copied: { rows: number; tables: number } | null;
}

export const switchFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => path.join(dataDir, 'switch');
const stateFile = (config: Pick<Config, 'dataDir'>): string => path.join(switchFolder(config), 'state.json');

/** The last one of this machine; undefined: there was none. */
export function readSwitch(config: Pick<Config, 'dataDir'>): SwitchState | undefined {
  let text: string;
  try {
    text = readFileSync(stateFile(config), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const state = JSON.parse(text) as SwitchState;
  return state.format === 1 ? state : undefined;
}

/** For the account of the server alone; whole or not at all. */
export function writeSwitch(config: Pick<Config, 'dataDir'>, state: SwitchState): void {
  const owner = ownerOf(config.dataDir);
  makeOwnFolder(switchFolder(config), owner);
  writeWhole(stateFile(config), `${JSON.stringify(state, undefined, 2)}\n`, owner);
}

/** The tokens of upgrades look otherwise. */
export const isSwitchToken = (token: string | null | undefined): boolean => token?.startsWith('switch-') ?? false;

export const stepsOf = (kind: SwitchKind): SwitchStep[] =>
  SWITCH_STEPS.filter((id) => id !== 'copy' || kind === 'move').map((id) => ({ id, state: 'waiting' }));

/** Runs one step and writes down where it is, before and afterwards. */
export async function runSwitchStep(
  config: Pick<Config, 'dataDir'>,
  state: SwitchState,
  id: SwitchStepId,
  work: () => Promise<Text | undefined>,
): Promise<void> {
  const step = state.steps.find((one) => one.id === id);
  if (!step) return;
  step.state = 'running';
  writeSwitch(config, state);
  try {
    const found = await work();
    Object.assign(step, { state: 'done', ...(found && { found }) });
  } catch (error) {
    step.state = 'failed';
    throw error;
  } finally {
    writeSwitch(config, state);
  }
}

export function endSwitch(
  config: Pick<Config, 'dataDir'>,
  state: SwitchState,
  outcome: 'done' | 'failed',
  failure: SwitchState['failure'] = null,
): void {
  Object.assign(state, { outcome, failure, finishedAt: Date.now() });
  writeSwitch(config, state);
}
