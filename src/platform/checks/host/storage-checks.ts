import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Check, text } from '../check';
import { existingFolder } from './facts';
import { gigabytes } from './host-checks';
import type { HostContext } from './host-context';

const PROBE_BYTES = 64 * 1024;

const writable: Check<HostContext> = {
  id: 'storage.writable',
  category: 'storage',
  title: text('checks:storage.writable.title'),
  required: text('checks:storage.writable.required'),
  run: async ({ dataDir }) => {
    const folder = await existingFolder(dataDir);
    try {
      const ms = await writeAndRead(folder);
      return { status: 'ok', found: text('checks:storage.writable.found', { folder, ms }) };
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      const known = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(code);
      return {
        status: 'fail',
        found: text('checks:storage.writable.not', { folder }),
        evidence: message,
        remedy: [text(`checks:storage.writable.${known ? code : 'other'}`, { folder })],
      };
    }
  },
};

/** Writes, makes it durable, reads back: milliseconds. What was written is gone afterwards. */
async function writeAndRead(folder: string): Promise<number> {
  const scratch = await mkdtemp(path.join(folder, '.erp-probe-'));
  try {
    const name = path.join(scratch, 'probe');
    const content = randomBytes(PROBE_BYTES);
    const startedAt = performance.now();
    const file = await open(name, 'w');
    try {
      await file.write(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!content.equals(await readFile(name))) throw new Error('what was read is not what was written');
    return Math.max(1, Math.round(performance.now() - startedAt));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Data belong on the largest disk: a full system partition stops the whole machine. */
const partition: Check<HostContext> = {
  id: 'storage.partition',
  category: 'storage',
  title: text('checks:storage.partition.title'),
  required: text('checks:storage.partition.required'),
  run: async ({ facts, dataDir }) => {
    const mounts = await facts.mounts();
    const folder = await existingFolder(dataDir);
    const own = mountOf(folder, mounts);
    const system = mounts.find(({ at }) => at === systemRoot());
    if (!own || !system) return { status: 'skipped', found: text('checks:storage.partition.unknown') };
    const roomier = mounts
      .filter(({ device, freeBytes }) => device !== own.device && freeBytes > 2 * own.freeBytes)
      .toSorted((a, b) => b.freeBytes - a.freeBytes)[0];
    const values = { at: own.at, free: gigabytes(own.freeBytes) };
    if (own.device !== system.device || !roomier)
      return { status: 'ok', found: text('checks:storage.partition.found', values) };
    const better = { at: roomier.at, free: gigabytes(roomier.freeBytes) };
    return {
      status: 'warn',
      found: text('checks:storage.partition.system', values),
      remedy: [text('checks:storage.partition.remedy', better)],
    };
  },
};

const systemRoot = (): string => (process.platform === 'win32' ? `${process.env.SystemDrive ?? 'C:'}\\` : '/');

/** The mounted file system that a folder lies on: the longest mount point above it. */
export function mountOf<M extends { at: string }>(folder: string, mounts: readonly M[]): M | undefined {
  const inside = ({ at }: M): boolean => {
    const below = path.relative(at, folder);
    return below === '' || !(below.startsWith('..') || path.isAbsolute(below));
  };
  return mounts.filter(inside).toSorted((a, b) => b.at.length - a.at.length)[0];
}

export const storageChecks: readonly Check<HostContext>[] = [writable, partition];
