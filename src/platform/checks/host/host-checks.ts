import { type Check, text } from '../check';
import { antivirus } from './antivirus';
import type { HostContext } from './host-context';

export const GB = 1024 ** 3;
/** Firmware and kernel keep a part of the memory, makers of disks count in thousands: 15.6 of 16 and 465 of 500 pass. */
const MEMORY_TOLERANCE = 0.95;
const DISK_TOLERANCE = 0.92;
const LEAST_FREE_GB = 5;
const LEAST_OPEN_FILES = 4096;
/** A clock before the year of this program's making was never set. */
const EARLIEST_SANE_MS = Date.UTC(2026, 0, 1);

export const gigabytes = (bytes: number): string => (bytes / GB).toFixed(bytes < 10 * GB ? 1 : 0);
const rounded = (value: number): string => String(Math.round(value * 10) / 10);

const cores: Check<HostContext> = {
  id: 'host.cores',
  category: 'host',
  title: text('checks:host.cores.title'),
  run: ({ facts, requirements }) => {
    const found = facts.cores();
    const ok = found >= requirements.cores;
    return {
      status: ok ? 'ok' : 'warn',
      found: text('checks:host.cores.found', { cores: rounded(found) }),
      required: text('checks:host.cores.required', { cores: requirements.cores }),
      ...(ok ? {} : { remedy: [text('checks:host.cores.remedy', { cores: requirements.cores })] }),
    };
  },
};

const memory: Check<HostContext> = {
  id: 'host.memory',
  category: 'host',
  title: text('checks:host.memory.title'),
  run: ({ facts, requirements }) => {
    const found = facts.memoryBytes();
    const ok = found >= requirements.memoryGb * GB * MEMORY_TOLERANCE;
    return {
      status: ok ? 'ok' : 'warn',
      found: text('checks:gigabytes', { size: gigabytes(found) }),
      required: text('checks:atLeastGigabytes', { size: requirements.memoryGb }),
      ...(ok ? {} : { remedy: [text('checks:host.memory.remedy', { size: requirements.memoryGb })] }),
    };
  },
};

const disk: Check<HostContext> = {
  id: 'host.disk',
  category: 'host',
  title: text('checks:host.disk.title'),
  run: async ({ facts, requirements, dataDir }) => {
    const { totalBytes, freeBytes } = await facts.disk(dataDir);
    const large = totalBytes >= requirements.diskGb * GB * DISK_TOLERANCE;
    const room = freeBytes >= LEAST_FREE_GB * GB;
    return {
      status: !room ? 'fail' : large ? 'ok' : 'warn',
      found: text('checks:host.disk.found', { total: gigabytes(totalBytes), free: gigabytes(freeBytes), at: dataDir }),
      required: text('checks:host.disk.required', { size: requirements.diskGb, free: LEAST_FREE_GB }),
      ...(large && room ? {} : { remedy: [text(room ? 'checks:host.disk.remedy' : 'checks:host.disk.full')] }),
    };
  },
};

const clock: Check<HostContext> = {
  id: 'host.clock',
  category: 'host',
  title: text('checks:host.clock.title'),
  run: async ({ facts }) => {
    const now = facts.nowMs();
    const found = text('checks:host.clock.found', { now: new Date(now).toISOString().slice(0, 19).replace('T', ' ') });
    const required = text('checks:host.clock.required');
    const remedy = [text(facts.platform === 'win32' ? 'checks:host.clock.windows' : 'checks:host.clock.linux')];
    if (now < EARLIEST_SANE_MS) return { status: 'fail', found, required, remedy };
    if (facts.platform !== 'linux') return { status: 'ok', found, required };
    const state = await facts.output('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
    if (state?.trim() !== 'no') return { status: 'ok', found, required };
    return { status: 'warn', found, required, evidence: 'NTPSynchronized=no', remedy };
  },
};

const openFiles: Check<HostContext> = {
  id: 'host.open-files',
  category: 'host',
  title: text('checks:host.openFiles.title'),
  run: ({ facts }) => {
    const limit = facts.openFiles();
    if (limit === undefined) return { status: 'skipped', found: text('checks:host.openFiles.none') };
    const ok = limit >= LEAST_OPEN_FILES;
    return {
      status: ok ? 'ok' : 'warn',
      found: Number.isFinite(limit) ? text('checks:count', { count: limit }) : text('checks:host.openFiles.unlimited'),
      required: text('checks:atLeast', { count: LEAST_OPEN_FILES }),
      ...(ok ? {} : { remedy: [text('checks:host.openFiles.remedy')] }),
    };
  },
};

const language: Check<HostContext> = {
  id: 'host.locale',
  category: 'host',
  title: text('checks:host.locale.title'),
  run: ({ facts }) => {
    const name = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || '';
    const chinese = new Intl.DisplayNames(['zh-CN'], { type: 'region' }).of('CN') === '中国';
    const utf8 = facts.platform === 'win32' || /utf-?8/i.test(name);
    return {
      status: chinese && utf8 ? 'ok' : 'warn',
      found: text('checks:host.locale.found', { name: name || '–' }),
      required: text('checks:host.locale.required'),
      ...(chinese && utf8 ? {} : { remedy: [text('checks:host.locale.remedy')] }),
    };
  },
};

export const hostChecks: readonly Check<HostContext>[] = [cores, memory, disk, clock, openFiles, language, antivirus];
