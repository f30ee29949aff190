import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * What the checks ask of the machine. Behind functions, so that a test can show any machine to them.
 * A container's limits count, not those of the machine it runs on (cgroup v2, then v1).
 */
export interface HostFacts {
  platform: NodeJS.Platform;
  cores: () => number;
  memoryBytes: () => number;
  /** Of the file system that holds the path, or the nearest folder above it that exists. */
  disk: (at: string) => Promise<DiskSpace>;
  /** Mounted file systems that hold files, with their sizes; empty where that cannot be told. */
  mounts: () => Promise<Mount[]>;
  /** Most files that this process may hold open; undefined where there is no such limit. */
  openFiles: () => number | undefined;
  nowMs: () => number;
  readText: (file: string) => string | undefined;
  /** Output of a program, undefined when it is not there, fails, or takes longer than five seconds. */
  output: (program: string, args: readonly string[]) => Promise<string | undefined>;
}

export interface DiskSpace {
  totalBytes: number;
  freeBytes: number;
}

export interface Mount extends DiskSpace {
  at: string;
  device: string;
}

const run = promisify(execFile);

export const hostFacts: HostFacts = {
  platform: process.platform,
  cores: () => Math.min(os.availableParallelism(), coresOfContainer() ?? Infinity),
  memoryBytes: () => Math.min(os.totalmem(), memoryOfContainer() ?? Infinity),
  disk: diskAt,
  mounts,
  openFiles: openFilesLimit,
  nowMs: () => Date.now(),
  readText,
  output: async (program, args) => {
    try {
      const { stdout } = await run(program, [...args], { timeout: 5000, windowsHide: true });
      return stdout;
    } catch {
      return undefined;
    }
  },
};

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** "max 100000" or "150000 100000": microseconds of processor time in each period. */
function coresOfContainer(): number | undefined {
  const [quota, period] = (readText('/sys/fs/cgroup/cpu.max') ?? '').trim().split(' ').map(Number);
  if (quota && period) return quota / period;
  const [quotaV1, periodV1] = ['cfs_quota_us', 'cfs_period_us'].map((name) =>
    Number(readText(`/sys/fs/cgroup/cpu/cpu.${name}`)),
  );
  return quotaV1 && periodV1 && quotaV1 > 0 ? quotaV1 / periodV1 : undefined;
}

function memoryOfContainer(): number | undefined {
  const limit = readText('/sys/fs/cgroup/memory.max') ?? readText('/sys/fs/cgroup/memory/memory.limit_in_bytes');
  const bytes = Number(limit?.trim());
  // "max", or version 1's number for "no limit".
  return Number.isFinite(bytes) && bytes > 0 && bytes < 2 ** 60 ? bytes : undefined;
}

/** The path itself or the nearest folder above it that exists. */
export async function existingFolder(at: string): Promise<string> {
  const folder = path.resolve(at);
  try {
    await access(folder);
    return folder;
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : existingFolder(parent);
  }
}

async function diskAt(at: string): Promise<DiskSpace> {
  const { bsize, blocks, bavail } = await statfs(await existingFolder(at));
  return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
}

/** File systems that are no disks to keep data on. */
const NOT_A_DISK =
  /^(tmpfs|devtmpfs|proc|sysfs|overlay|squashfs|cgroup2?|devpts|mqueue|autofs|ramfs|fuse\..*|nsfs|efivarfs|binfmt_misc|tracefs|debugfs|securityfs|pstore|bpf|hugetlbfs|configfs|fusectl|iso9660|rpc_pipefs)$/;

async function mounts(): Promise<Mount[]> {
  const rows = process.platform === 'win32' ? windowsDrives() : linuxMounts();
  const found: Mount[] = [];
  for (const row of rows) {
    const space = await diskAt(row.at).catch(() => undefined);
    if (space && space.totalBytes > 0) found.push({ ...row, ...space });
  }
  return found;
}

function linuxMounts(): { at: string; device: string }[] {
  return (readText('/proc/self/mounts') ?? '').split('\n').flatMap((line) => {
    const [device = '', at = '', type = ''] = line.split(' ');
    if (!at.startsWith('/') || NOT_A_DISK.test(type) || at.startsWith('/boot') || /^\/(etc|proc|sys|dev)\//.test(at))
      return [];
    // Blanks in the name of a folder are written \040.
    return [{ device, at: at.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))) }];
  });
}

function windowsDrives(): { at: string; device: string }[] {
  const letters = 'CDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  return letters.map((letter) => ({ at: `${letter}:\\`, device: `${letter}:` })).filter(({ at }) => existsSync(at));
}

function openFilesLimit(): number | undefined {
  const line = /^Max open files\s+(\d+|unlimited)/m.exec(readText('/proc/self/limits') ?? '');
  return line?.[1] === undefined ? undefined : line[1] === 'unlimited' ? Infinity : Number(line[1]);
}
