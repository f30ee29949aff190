import {
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
import { productChecks } from './product-checks';
import { secretChecks } from './secret-checks';

export interface ExamineOptions extends RunOptions {
  configFile?: string;
  /** Asks whether the program that holds the port is this product. */
  isOurs?: () => Promise<boolean>;
}

/** Everything that can be told about an installation: machine, network, files, database, books, people, work. */
export async function examine(
  config: Config,
  { configFile, isOurs, ...options }: ExamineOptions = {},
): Promise<CheckReport> {
  const { server, dataDir, requirements } = config;
  const facts = hostFacts;
  const parts: CheckReport[] = [];
  // What is of one category stands together: the doctor prints its name once.
  const host = { facts, requirements, dataDir };
  parts.push(await runChecks([...hostChecks, ...storageChecks], host, options));
  parts.push(await runChecks(secretChecks, { config, ...(configFile ? { configFile } : {}) }, options));
  const network = { facts, host: server.host, port: server.port, ...(isOurs ? { isOurs } : {}) };
  parts.push(await runChecks(networkChecks, network, options));
  const { tls, publicUrl } = server;
  const names = machineNames({ names: tls?.names, publicUrl });
  parts.push(
    await runChecks(certificateChecks, { tls, host: server.host, publicUrl, names, now: facts.nowMs() }, options),
  );
  const target = serverTarget(config.database.url);
  if (target) parts.push(await probeDatabase(target, options));
  if (parts.every(({ checks }) => checks.every(({ id, status }) => !id.startsWith('database.') || status !== 'fail')))
    parts.push(await examineProduct(config, options));
  const checks = parts.flatMap((part) => part.checks);
  return { ok: parts.every((part) => part.ok), checks };
}

async function examineProduct(config: Config, options: RunOptions): Promise<CheckReport> {
  const { url } = config.database;
  if (isMissingFile(url)) return missing(url, options);
  const database = await openDatabase(url, { poolSize: 2, tables: allTables, readOnly: true });
  try {
    return await runChecks(productChecks, { config, facts: hostFacts, database, now: Date.now() }, options);
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
