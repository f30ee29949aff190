import path from 'node:path';
import type { UpgradeOptions, UpgradeState } from '../../src/app/upgrade';
import { type HostFacts, hostFacts } from '../../src/platform/checks';
import { type PayloadState, verifyPayload } from '../../src/platform/release';
import { version } from '../../src/platform/version';
import type { Question, Step, StepContext } from '../engine';
import { type Machine, thisMachine } from '../service';

/** What the steps ask of the machine and the program; replaced in tests. */
export interface SetupEnvironment {
  facts: HostFacts;
  cwd: string;
  /** May write to system folders and install services. */
  administrator: boolean;
  /** What looks after services, and runs commands. */
  machine: Machine;
  program: { version: string; file: string; payload: () => PayloadState };
  /** A configuration named on the command line. */
  configFile: string | undefined;
  locale: 'zh-CN' | 'en';
  /** Puts a new version in place of an old one. */
  upgrade: (options: UpgradeOptions) => Promise<UpgradeState>;
}

export type Context = StepContext<SetupEnvironment>;
export type SetupStep = Step<SetupEnvironment>;
export type SetupQuestion = Question<SetupEnvironment>;

export interface EnvironmentOptions {
  locale: 'zh-CN' | 'en';
  configFile?: string | undefined;
  cwd?: string | undefined;
}

export function setupEnvironment({ locale, configFile, cwd = process.cwd() }: EnvironmentOptions): SetupEnvironment {
  // Sums of some tens of megabytes; the steps ask often.
  let payload: PayloadState | undefined;
  return {
    facts: hostFacts,
    cwd,
    administrator: process.getuid?.() === 0,
    machine: thisMachine,
    program: { version, file: process.execPath, payload: () => (payload ??= verifyPayload()) },
    configFile: configFile === undefined ? undefined : path.resolve(configFile),
    locale,
    // Of use to an upgrade alone.
    upgrade: async (options) => (await import('../../src/app/upgrade')).runUpgrade(options),
  };
}

/** The text value of an answer; '' when there is none. */
export function said({ answers }: Pick<Context, 'answers'>, id: string): string {
  const value = answers[id];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export const isYes = ({ answers }: Pick<Context, 'answers'>, id: string): boolean => answers[id] === true;

export function listed({ answers }: Pick<Context, 'answers'>, id: string): readonly string[] {
  const value = answers[id];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
