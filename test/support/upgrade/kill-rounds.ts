import { install } from './installation';
import { comeBack, notWhole, runKilled, snapshot, WAYS } from './kill-upgrade';
import { buildVersions } from './versions';

export interface UpgradeKills {
  points: number;
  problems: string[];
}

/** Kills an upgrade before and after every rename of a file, each time comes back in the next of the three ways, and looks. */
export async function upgradeKillRounds({
  every = 1,
  from = 1,
  to = Infinity,
  say,
}: {
  every?: number;
  /** The first and the last point, as they are numbered; the way back of a point stays the same. */
  from?: number;
  to?: number;
  say: (line: string) => void;
}): Promise<UpgradeKills> {
  const versions = await buildVersions(['good']);
  const one = await install(versions);
  try {
    const { maintenance: _, ...before } = await one.look();
    const again = snapshot(one);
    const args = ['upgrade', versions.next.good, '--yes'];
    const whole = await runKilled(versions, one, args, '');
    const problems = (await notWhole(one, before)).map((problem) => `not killed: ${problem}`);
    const points = whole.points
      .filter((_words, at) => at % every === 0)
      .map((words, round) => ({ words, round, at: words.split(' ')[0] ?? '' }))
      .filter(({ at }) => Number(at) >= from && Number(at) <= to);
    for (const { words, round, at } of points) {
      again();
      const way = WAYS[round % WAYS.length] ?? 'resume';
      const killed = await runKilled(versions, one, args, at);
      const found: string[] = killed.signal === 'SIGKILL' ? [] : [`it was not killed (${killed.code})`];
      await comeBack(versions, one, way).catch((error: unknown) => found.push(String(error)));
      found.push(...(await notWhole(one, before)));
      problems.push(...found.map((problem) => `${words}, ${way}: ${problem}`));
      say(`${words}, ${way}: ${found.length === 0 ? `whole, ${one.version()}` : found.join('; ')}`);
    }
    return { points: points.length, problems };
  } finally {
    one.remove();
    versions.release();
  }
}
