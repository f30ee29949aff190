import type { CommandModule } from './program';
import { refusal } from './serve';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';

interface DemoCommand extends CommandOptions {
  scale: string;
  seed: string;
  until?: string;
  database?: string;
  config?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('demo')
    .description('fill an empty database with a sample company, the same for the same scale, seed and --until')
    .option('--scale <size>', 'tiny, small, medium or large', 'small')
    .option('--seed <number>', 'another number, another company', '1')
    .option('--until <time>', 'the last day and hour of trade, like 2026-11-22T18:00; without it the last full hour')
    .option('--database <url>', 'connection URL instead of the configured one')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON document')
    .action((options: DemoCommand) => runCommand(options, (out) => run(options, out)));
};

async function run(options: DemoCommand, out: CommandOutput): Promise<object> {
  const { DEMO_SCALES } = await import('../app/demo');
  const scale = DEMO_SCALES.find((candidate) => candidate === options.scale);
  if (!scale) throw new UsageError(`--scale is tiny, small, medium or large, not ${options.scale}`);
  if (!/^\d{1,9}$/.test(options.seed)) throw new UsageError('--seed is a whole number');
  const { loadConfig } = await import('../platform/config');
  const { firstFill } = await import('../app/first-fill');
  const env = options.database === undefined ? process.env : { ...process.env, ERP_DATABASE_URL: options.database };
  const config = loadConfig({ file: options.config, env });
  const startedAt = performance.now();
  const elapsed = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
  let sales = 0;
  const outcome = await firstFill(config, {
    size: scale,
    seed: Number(options.seed),
    until: options.until === undefined ? undefined : await readUntil(options.until, config.timeZone),
    say: out.progress,
    onDay: (day) => {
      sales = day.sales;
      if (day.done % 10 === 0 || day.done === day.total)
        out.progress(`${day.date}  day ${day.done} / ${day.total}  ${sales} sales  ${elapsed()} s`);
      return Promise.resolve();
    },
  }).catch((error: unknown) => {
    throw refusal(error) ?? error;
  });
  if (outcome === 'busy') throw new RefusedError('Another process is filling this database with the sample company.');
  if (outcome === 'used')
    throw new RefusedError('The database is not empty; the sample company is filled into an empty one only.');
  const seconds = elapsed();
  out.say(`${sales} sales, done after ${seconds} s`);
  return { ok: true, scale, seed: Number(options.seed), sales, seconds };
}

/** `YYYY-MM-DDTHH:MM` where the company is, as an instant. */
async function readUntil(text: string, timeZone: string): Promise<number> {
  const { isBusinessDate, startOfDay } = await import('../kernel');
  const [, date = '', hour = '', minute = ''] = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (!isBusinessDate(date)) throw new UsageError('--until is like 2026-11-22T18:00');
  return startOfDay(date, timeZone) + (Number(hour) * 60 + Number(minute)) * 60_000;
}
