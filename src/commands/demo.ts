import type { CommandModule } from './program';
import { type CommandOptions, type CommandOutput, RefusedError, runCommand, UsageError } from './outcome';

interface DemoCommand extends CommandOptions {
  scale: string;
  seed: string;
  database?: string;
  config?: string;
}

export const register: CommandModule['register'] = (program) => {
  program
    .command('demo')
    .description('fill an empty database with a sample company, the same for the same seed')
    .option('--scale <size>', 'small, medium or large', 'small')
    .option('--seed <number>', 'another number, another company', '1')
    .option('--database <url>', 'connection URL instead of the configured one')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON document')
    .action((options: DemoCommand) => runCommand(options, (out) => run(options, out)));
};

async function run(options: DemoCommand, out: CommandOutput): Promise<object> {
  const { DEMO_SCALES, fillDemo } = await import('../app/demo');
  const scale = DEMO_SCALES.find((candidate) => candidate === options.scale);
  if (!scale) throw new UsageError(`--scale is small, medium or large, not ${options.scale}`);
  if (!/^\d{1,9}$/.test(options.seed)) throw new UsageError('--seed is a whole number');
  const { withServices } = await import('../app/with-services');
  return withServices(options, async (services) => {
    const { isEmptyCompany } = await import('../app/first-run');
    if (!(await isEmptyCompany(services)))
      throw new RefusedError('The database is not empty; the sample company is filled into an empty one only.');
    const startedAt = performance.now();
    await fillDemo(services, { scale, seed: Number(options.seed), say: out.say });
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    out.say(`done after ${seconds} s`);
    return { ok: true, scale, seed: Number(options.seed), seconds };
  });
}
