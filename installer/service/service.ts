import { existsSync } from 'node:fs';
import type { PlanStep, ServiceKind, ServiceSettings, ServiceState } from './plan';
import { printPlan } from './print-plan';
import { type PlanFiles, runPlan, runProgram, type RunProgram } from './run-plan';
import { systemd } from './systemd';
import { windowsCompiler, windowsService, windowsTask } from './windows';

export interface Machine {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  exists: (file: string) => boolean;
  run: RunProgram;
  files?: PlanFiles;
  /** Effective user on Linux. */
  userId: number | undefined;
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  exists: existsSync,
  run: runProgram,
  userId: process.geteuid?.(),
};

/** How services are run here; undefined where nothing looks after them (a container, another system). */
export function serviceKind({ platform, env, exists }: Machine = thisMachine): ServiceKind | undefined {
  if (platform === 'linux') return exists('/run/systemd/system') ? systemd : undefined;
  if (platform !== 'win32') return undefined;
  const windows = env['SystemRoot'] ?? 'C:\\Windows';
  return exists(windowsCompiler(windows)) ? windowsService(windows) : windowsTask;
}

/** Whether this process may install services. */
export async function mayInstall({ platform, run, userId }: Machine = thisMachine): Promise<boolean> {
  // "net session" answers administrators only.
  if (platform === 'win32') return (await run('net.exe', ['session'])).code === 0;
  return userId === 0;
}

/** False when this process lacks the rights; then nothing was done. `onStep` is told each command before it runs. */
export async function carryOut(
  plan: readonly PlanStep[],
  onStep: (line: string) => void,
  machine: Machine = thisMachine,
): Promise<boolean> {
  if (!(await mayInstall(machine))) return false;
  await runPlan(plan, {
    run: machine.run,
    files: machine.files,
    onStep: (step) => onStep(printPlan([step], machine.platform)[0] ?? ''),
  });
  return true;
}

/**
 * Whether the installed service is that of another installation: its name is the same on the whole machine, and installing
 * ours would replace it.
 */
export async function isOfAnother(
  kind: ServiceKind,
  settings: ServiceSettings,
  run: RunProgram = runProgram,
): Promise<boolean> {
  if (!(await serviceState(kind, run))?.installed) return false;
  const [command, ...args] = kind.definition;
  const { code, stdout } = await run(command, args);
  return code === 0 && !kind.isOurs(stdout, settings);
}

/** What the system says about the service; undefined where there are none. */
export async function serviceState(
  kind: ServiceKind | undefined = serviceKind(),
  run: RunProgram = runProgram,
): Promise<ServiceState | undefined> {
  if (!kind) return undefined;
  const [command, ...args] = kind.status;
  const { code, stdout } = await run(command, args);
  return kind.readStatus(stdout, code);
}
