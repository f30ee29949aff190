// npm start [-- --port N --host ADDRESS --config FILE]: the product with a sample company, for a first look.
// First run: parts of packages for browsers → database in var/ → schema → sample company → address and administrator's link.
// Interrupted while it fills the database, the next run starts the fill anew. Later runs only serve.
import './assert-node';
import '../src/prepare-process';
import { parseArgs } from 'node:util';
import { administratorLink } from '../src/app/administrator-link';
import { firstFill } from '../src/app/first-fill';
import { serve, stopOnSignals } from '../src/app/serve';
import { RefusedError } from '../src/commands/outcome';
import { refusal, restart } from '../src/commands/serve';
import { loadServerConfig } from '../src/commands/server-config';
import { type Config, ConfigError } from '../src/platform/config';
import { buildAssets } from './build-assets';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string' }, config: { type: 'string' } },
  });
  const config = loadServerConfig(values);
  await buildAssets();
  await fillAtFirst(config);
  let link: string | null = null;
  const serving = await serve(config, {
    stdout: false,
    ...(values.config !== undefined && { configFile: values.config }),
    prepare: async ({ services }) => {
      link = await administratorLink(services);
    },
  });
  stopOnSignals(serving);
  say('');
  say(`  手机零售 ERP / Phone Retail ERP   ${serving.url}`);
  if (link) {
    say('');
    say(
      '  Set the password of the administrator with this link (works once):   用这个链接设置管理员密码（只能用一次）：',
    );
    say(`  ${serving.url}${String(link)}`);
  }
  say('');
  say(`  Data: ${config.dataDir}    Log: ${config.logging.dir}    Stop: Ctrl-C`);
  // After a change to another database.
  if ((await serving.stopped) === 'restart') await restart(values.config);
}

/** Into a database that nobody has used yet. */
async function fillAtFirst(config: Config): Promise<void> {
  const startedAt = Date.now();
  const seconds = (): number => Math.round((Date.now() - startedAt) / 1000);
  let told = false;
  const outcome = await firstFill(config, {
    size: 'small',
    seed: 1,
    say,
    onDay: ({ done, total, sales }) => {
      if (!told) say('First run: filling the database with a sample company …   首次启动：正在写入示例公司的数据 …');
      told = true;
      if (done % 10 === 0) say(`  ${done} / ${total} days 天   ${sales} sales 笔   ${seconds()} s`);
      return Promise.resolve();
    },
  });
  if (outcome === 'busy')
    throw new RefusedError('Another process is filling this database. 另一个进程正在写入示例数据。');
  if (outcome === 'filled') say(`Sample company ready after ${seconds()} s.   示例公司已就绪。`);
}

main().catch((error: unknown) => {
  const badOption = String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
  const refused = badOption
    ? new Error(`${(error as Error).message}\nnpm start [-- --port N --host ADDRESS --config FILE]`)
    : error instanceof RefusedError
      ? error
      : refusal(error);
  if (refused || error instanceof ConfigError) console.error((refused ?? (error as Error)).message);
  else console.error(error);
  process.exitCode = refused ? 3 : 1;
});
