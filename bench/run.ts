// npm run bench [-- --only B1,B2] [--database sqlite,mariadb|URL] [--scale small|full] [--json FILE] [--compare FILE]
// Measures the product beside what the machine could do at best in the same minute. See docs/performance.md.
import '../scripts/assert-node';
import '../src/prepare-process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { backupBench } from './b10-backup';
import { receiptBench } from './b1-receipt';
import { salesBench } from './b2-sales';
import { devicePageBench } from './b3-device-page';
import { listPageBench } from './b4-list-page';
import { memoryBench } from './b6-memory';
import { diskBench } from './b7-disk';
import { transferBench } from './b12-transfer';
import { replenishmentBench } from './b13-replenishment';
import { stocktakeBench } from './b14-stocktake';
import { importBench } from './b9-import';
import type { Bench, Figure, Scale } from './measurement';
import { comparison, figureTable } from './report';
import { openScratch } from './scratch';

const BENCHES: readonly Bench[] = [
  receiptBench,
  salesBench,
  devicePageBench,
  listPageBench,
  memoryBench,
  diskBench,
  importBench,
  backupBench,
  transferBench,
  replenishmentBench,
  stocktakeBench,
];

interface Report {
  scale: Scale;
  figures: Figure[];
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      database: { type: 'string', default: 'sqlite,mariadb' },
      scale: { type: 'string', default: 'small' },
      json: { type: 'string' },
      compare: { type: 'string' },
    },
  });
  if (values.scale !== 'small' && values.scale !== 'full') throw new RangeError('--scale is small or full');
  const before = values.compare ? (JSON.parse(readFileSync(values.compare, 'utf8')) as Report) : undefined;
  const scale: Scale = values.scale;
  const benches = chosen(values.only);
  const scratch = await openScratch(values.database.split(','));
  const figures: Figure[] = [];
  let failed = false;
  try {
    for (const reason of scratch.skipped) say(`skipped: ${reason}`);
    for (const bench of benches)
      for (const kind of scratch.kinds) {
        if (!bench.databases.includes(kind)) continue;
        const startedAt = performance.now();
        const { release, ...context } = scratch.context(kind, { scale, say });
        try {
          figures.push(...(await bench.run(context)));
          say(`${bench.id} ${bench.title}, ${kind}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
        } catch (error) {
          failed = true;
          say(`${bench.id} ${bench.title}, ${kind}: FAILED`);
          console.error(error);
        } finally {
          release();
        }
      }
  } finally {
    await scratch.close();
  }
  console.log(figureTable(figures));
  if (before) console.log(`\n${comparison(figures, before.figures)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ scale, figures } satisfies Report, null, 2)}\n`);
  return failed ? 1 : 0;
}

function chosen(only: string | undefined): readonly Bench[] {
  if (only === undefined) return BENCHES;
  const wanted = only.toUpperCase().split(',');
  const unknown = wanted.filter((id) => !BENCHES.some((bench) => bench.id === id));
  if (unknown.length > 0)
    throw new RangeError(`no measurement ${unknown.join(', ')}; there are ${BENCHES.map(({ id }) => id).join(', ')}`);
  return BENCHES.filter(({ id }) => wanted.includes(id));
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof RangeError ? error.message : error);
  process.exitCode = 1;
}
