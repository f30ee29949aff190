import {
  type Check,
  type CheckCategory,
  certificateChecks,
  type CheckOutcome,
  type CheckReport,
  hostChecks,
  hostFacts,
  networkChecks,
  type RunOptions,
  runChecks,
  storageChecks,
  text,
} from '../../platform/checks';
import type { Config } from '../../platform/config';
import { machineNames } from '../../platform/tls';
import { embeddedFile, isMissingFile, openDatabase } from '../../platform/database';
import { probeDatabase, serverTarget } from '../../platform/database/probe';
import { allTables } from '../all-tables';
import type { ProductContext } from './product-context';
import { productChecks } from './product-checks';
import { secretChecks } from './secret-checks';

export interface ExamineOptions extends RunOptions {
  configFile?: string;
  /** Asks whether the program that holds the port is this product. */
  isOurs?: () => Promise<boolean>;
  /** Only these; undefined: all of them. What tells the state of the schema is always asked. */
  wanted?: (check: { id: string; category: CheckCategory }) => boolean;
  live?: ProductContext['live'];
}

/** Everything that can be told about an installation: machine, network, files, database, books, people, work. */
export async function examine(
  config: Config,
  { configFile, isOurs, wanted = () => true, live, ...options }: ExamineOptions = {},
): Promise<CheckReport> {
  const { server, dataDir, requirements } = config;
  const facts = hostFacts;
  const parts: CheckReport[] = [];
  const run = async <C>(checks: readonly Check<C>[], context: C): Promise<void> => {
    const chosen = checks.filter(wanted);
    if (chosen.length > 0) parts.push(await runChecks(chosen, context, options));
  };
  // What is of one category stands together: the doctor prints its name once.
  const host = { facts, requirements, dataDir };
  await run([...hostChecks, ...storageChecks], host);
  await run(secretChecks, { config, ...(configFile ? { configFile } : {}) });
  const network = { facts, host: server.host, port: server.port, ...(isOurs ? { isOurs } : {}) };
  await run(networkChecks, network);
  const { tls, publicUrl } = server;
  const names = machineNames({ names: tls?.names, publicUrl });
  await run(certificateChecks, { tls, host: server.host, publicUrl, names, now: facts.nowMs() });
  const target = serverTarget(config.database.url);
  if (target && wanted({ id: 'database.probe', category: 'database' }))
    parts.push(await probeDatabase(target, options));
  if (parts.every(({ checks }) => checks.every(({ id, status }) => !id.startsWith('database.') || status !== 'fail')))
    parts.push(await examineProduct(config, wanted, live, options));
  const checks = parts.flatMap((part) => part.checks);
  return { ok: parts.every((part) => part.ok), checks };
}

async function examineProduct(
  config: Config,
  wanted: NonNullable<ExamineOptions['wanted']>,
  live: ProductContext['live'],
  options: RunOptions,
): Promise<CheckReport> {
  const { url } = config.database;
  if (isMissingFile(url)) return missing(url, options);
  const database = await openDatabase(url, { poolSize: 2, tables: allTables, readOnly: true });
  try {
    const chosen = productChecks.filter((check) => check.id === 'schema.state' || wanted(check));
    const context = { config, facts: hostFacts, database, now: Date.now(), ...(live ? { live } : {}) };
    return await runChecks(chosen, context, options);
  } finally {
    await database.close();
  }
}

function missing(url: string, { onResult }: RunOptions): CheckReport {
  const outcome: CheckOutcome = {
    id: 'schema.state',
    category: 'schema',
    title: text('checks:schema.state.title'),
    status: 'fail',
    required: text('checks:schema.state.required'),
    found: text('checks:schema.state.missing', { file: embeddedFile(url) ?? url }),
    remedy: [text('checks:schema.state.setup')],
  };
  onResult?.(outcome);
  return { ok: false, checks: [outcome] };
}
