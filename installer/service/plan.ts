/** What is done to the machine, as data: shown first, printed for somebody who has the rights, tested word for word. */
export type PlanStep =
  | {
      kind: 'run';
      command: string;
      args: readonly string[];
      /** Exit codes beside 0 that are fine: there is nothing to do. */
      expected?: readonly number[];
      /** Left out when this command succeeds. */
      unless?: readonly [command: string, ...args: string[]];
    }
  | { kind: 'write'; file: string; content: string; mode?: number; encoding?: 'utf8' | 'utf16le' }
  | { kind: 'remove'; path: string };

export interface ServiceSettings {
  /** The command that starts the program, without the command's own arguments: one path, or node and a script. */
  program: readonly [string, ...string[]];
  configFile?: string | undefined;
  dataDir: string;
  logDir: string;
  /** Files outside the data folder that hold secrets and that the service reads: configuration, password, key. */
  secretFiles: readonly string[];
  /** Folders outside the data folder that the service writes to. */
  writableFolders: readonly string[];
  /** Folders that backups go to; `ours`: they hold nothing else, and may be given to the account of the service. */
  backupFolders?: readonly { folder: string; ours: boolean }[] | undefined;
  /** Installation folder, made for this product alone, which the service's account must be let into. */
  programFolder?: string | undefined;
  /** Ports that it listens on. */
  ports: readonly number[];
  /** 'sqlite', 'mysql' …: a server on the same machine is started first. */
  database: string;
  /** Account of the service on Linux. */
  account: string;
  memoryMaxMb?: number | undefined;
}

export interface ServiceState {
  installed: boolean;
  running: boolean;
  /** Started with the machine. */
  enabled: boolean;
  pid: number | null;
  /** As the system says it: 'active (running)', 'RUNNING'. */
  detail: string;
}

/** One way to run the product in the background; pure: what to do, and how to read what the system says. */
export interface ServiceKind {
  id: 'systemd' | 'windows' | 'task';
  name: string;
  install: (settings: ServiceSettings) => PlanStep[];
  /** Leaves the data; taking them away is the caller's. */
  remove: (settings: ServiceSettings) => PlanStep[];
  start: () => PlanStep[];
  stop: () => PlanStep[];
  status: readonly [command: string, ...args: string[]];
  readStatus: (output: string, code: number) => ServiceState;
  /** Prints what the installed service runs. */
  definition: readonly [command: string, ...args: string[]];
  isOurs: (definition: string, settings: ServiceSettings) => boolean;
}

export const run = (
  command: string,
  args: readonly string[],
  more: { expected?: readonly number[]; unless?: readonly [string, ...string[]] } = {},
): PlanStep => ({
  kind: 'run',
  command,
  args,
  ...more,
});
