// npm run test:faults [-- --kills N --seed S --database sqlite|mariadb]: kill -9 during sales, again and again; the long form
// of test/faults. Without --database both. With --upgrade: an upgrade killed before and after every rename that it does (--every N:
// only each Nth of these points; --from N, --to N: only the points with these numbers, as an earlier run has told them). With
// --switch: the change to another database killed at each of its points. Exit code 1
// when a sale was lost or doubled or a book does not verify.
import './assert-node';
import { parseArgs } from 'node:util';
import { runCleanups } from '../test/support/at-end';
import { killRounds } from '../test/support/crash/kill-rounds';
import { SWITCH_POINTS, switchKillRounds } from '../test/support/crash/switch-rounds';
import { upgradeKillRounds } from '../test/support/upgrade/kill-rounds';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string' },
      seed: { type: 'string' },
      database: { type: 'string' },
      upgrade: { type: 'boolean' },
      switch: { type: 'boolean' },
      every: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
    },
  });
  if (values.upgrade)
    return upgrades(Number(values.every ?? 1), Number(values.from ?? 1), Number(values.to ?? Infinity));
  if (values.switch) return switches();
  const kills = Number(values.kills ?? 50);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const kinds = (['sqlite', 'mariadb'] as const).filter(
    (kind) => values.database === undefined || values.database === kind,
  );
  if (!(kills > 0) || !Number.isSafeInteger(seed) || kinds.length === 0) {
    console.error('usage: --kills N --seed S --database sqlite|mariadb, --upgrade --every N, or --switch');
    return 2;
  }
  let ok = true;
  for (const database of kinds) {
    console.log(`${database}: ${kills} kills, seed ${seed}`);
    const report = await killRounds({ database, kills, seed, say: console.log });
    for (const problem of report.problems) console.log(`  ${problem}`);
    console.log(JSON.stringify({ ...report, problems: report.problems.length }));
    ok &&= report.problems.length === 0;
  }
  return ok ? 0 : 1;
}

async function switches(): Promise<number> {
  const problems = await switchKillRounds(SWITCH_POINTS, console.log);
  for (const problem of problems) console.log(`  ${problem}`);
  console.log(JSON.stringify({ points: SWITCH_POINTS.length, problems: problems.length }));
  return problems.length === 0 ? 0 : 1;
}

async function upgrades(every: number, from: number, to: number): Promise<number> {
  if (!(every > 0) || !(from > 0) || !(to >= from)) {
    console.error('usage: --upgrade [--every N] [--from N] [--to N]');
    return 2;
  }
  const { points, problems } = await upgradeKillRounds({ every, from, to, say: console.log });
  for (const problem of problems) console.log(`  ${problem}`);
  console.log(JSON.stringify({ points, problems: problems.length }));
  return points > 0 && problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  await runCleanups();
}
