import { type Check, type CheckResult, text } from '../check';
import type { HostContext } from './host-context';

/** Scanners of files that read every write of the database a second time. */
export const antivirus: Check<HostContext> = {
  id: 'host.antivirus',
  category: 'host',
  title: text('checks:host.antivirus.title'),
  required: text('checks:host.antivirus.required'),
  run: async ({ facts, dataDir }): Promise<CheckResult> => {
    if (facts.platform === 'win32') {
      const list = await facts.output('powershell', [
        '-NoProfile',
        '-Command',
        '(Get-MpPreference).ExclusionPath -join "`n"',
      ]);
      if (list === undefined) return { status: 'skipped', found: text('checks:host.antivirus.unknown') };
      const excluded = list.split(/\r?\n/).some((one) => one && dataDir.toLowerCase().startsWith(one.toLowerCase()));
      if (excluded) return { status: 'ok', found: text('checks:host.antivirus.excluded', { folder: dataDir }) };
      return {
        status: 'warn',
        found: text('checks:host.antivirus.found', { name: 'Windows Defender' }),
        remedy: [text('checks:host.antivirus.defender', { folder: dataDir })],
      };
    }
    const running = (await facts.output('ps', ['-eo', 'comm=']))?.split('\n').map((name) => name.trim()) ?? [];
    const scanner = ['clamonacc', 'wdavdaemon', 'sophossps', 'savd', 'falcon-sensor'].find((one) =>
      running.includes(one),
    );
    if (!scanner) return { status: 'ok', found: text('checks:host.antivirus.none') };
    return {
      status: 'warn',
      found: text('checks:host.antivirus.found', { name: scanner }),
      remedy: [text('checks:host.antivirus.linux', { folder: dataDir, name: scanner })],
    };
  },
};
