// npm run test:faults [-- --kills N --seed S --database sqlite|mariadb]: kill -9 during sales, again and again; the long form
// of test/faults. Without --database both. Exit code 1 when a sale was lost or doubled or a book does not verify.
import './assert-node';
import { parseArgs } from 'node:util';
import { killRounds } from '../test/support/crash/kill-rounds';
import { runCleanups } from '../test/support/at-end';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { kills: { type: 'string' }, seed: { type: 'string' }, database: { type: 'string' } },
  });
  const kills = Number(values.kills ?? 50);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const kinds = (['sqlite', 'mariadb'] as const).filter(
    (kind) => values.database === undefined || values.database === kind,
  );
  if (!(kills > 0) || !Number.isSafeInteger(seed) || kinds.length === 0) {
    console.error('usage: --kills N --seed S --database sqlite|mariadb');
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

try {
  process.exitCode = await main();
} finally {
  await runCleanups();
}
