import { freemem, loadavg, totalmem } from 'node:os';
import { type CheckReport, describeReport } from '../../platform/checks';
import { type Config, maskedConfig } from '../../platform/config';
import type { KeyRing } from '../../platform/crypto';
import { type Database, sql } from '../../platform/database';
import type { Translate } from '../../platform/i18n';
import { logTail } from '../../platform/logging';
import { type Metrics, quantile } from '../../platform/metrics';
import { payloadSignature } from '../../platform/release';
import { zipStream } from '../../platform/spreadsheet';
import { version } from '../../platform/version';
import { alarm } from '../alarms';
import { allTables } from '../all-tables';
import { recentRuns } from '../backup';
import { workState } from '../metrics';
import { finishedSteps, schemaState } from '../schema-state';
import { namesInDatabase, secretsOfConfig, secretsOfDatabase } from './known-secrets';
import { createMask, type Mask } from './mask';

const LOG_LINES = 3000;
const RUNS = 30;
const EVENTS = 100;

export interface BundleSources {
  config: Config;
  /** Language of the doctor's words. */
  t: Translate;
  /** Epoch milliseconds. */
  now: number;
  doctor: CheckReport;
  /** Undefined when the database does not answer: the rest is told all the same. */
  database: Database | undefined;
  keys: KeyRing | undefined;
  /** Of the running server; a command has none. */
  metrics?: Metrics;
}

export interface BundleFile {
  name: string;
  text: string;
}

/** The files of a support bundle: no secret and no personal data in any of them. */
export async function bundleFiles(sources: BundleSources): Promise<BundleFile[]> {
  const { config, doctor, t, now, database, keys, metrics } = sources;
  const mask = await maskFor(sources);
  const json = (name: string, value: unknown): BundleFile => ({
    name: `${name}.json`,
    text: `${JSON.stringify(mask.value(value), null, 2)}\n`,
  });
  const ofDatabase = async (look: (open: Database) => Promise<unknown>): Promise<unknown> => {
    if (!database) return { unavailable: 'the database does not answer' };
    try {
      return await look(database);
    } catch (error) {
      return { unavailable: error instanceof Error ? error.message : String(error) };
    }
  };
  const files = [
    json('doctor', describeReport(doctor, t)),
    json('configuration', maskedConfig(config)),
    json('versions', versionsOf(sources)),
    json('schema', await ofDatabase(schemaOf)),
    json('work', await ofDatabase((open) => workOf(open, now))),
    // Texts of statements hold no value: each is a parameter.
    { name: 'metrics.json', text: `${JSON.stringify(metricsOf(metrics, database), null, 2)}\n` },
    { name: 'log.ndjson', text: logOf(config, mask) },
  ];
  const contents = files.map(({ name, text }) => `${name} (${text.length})`).join('\n');
  const said = [
    t('support:bundle.readme', { version, at: new Date(now).toISOString() }),
    keys && database ? '' : t('support:bundle.readmeWithout'),
    contents,
  ];
  return [{ name: 'README.txt', text: `${said.filter(Boolean).join('\n\n')}\n` }, ...files];
}

export const bundleZip = (files: readonly BundleFile[]): AsyncGenerator<Buffer> =>
  zipStream(files.map(({ name, text }) => ({ name, content: [text] })));

export const bundleName = (now: number): string =>
  `phone-erp-support-${new Date(now).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}.zip`;

async function maskFor({ config, database, keys }: BundleSources): Promise<Mask> {
  const quietly = async (look: () => Promise<string[]>): Promise<string[]> => {
    try {
      return await look();
    } catch {
      return [];
    }
  };
  const fromDatabase = database && keys ? await quietly(() => secretsOfDatabase(database.read, keys)) : [];
  const names = database ? await quietly(() => namesInDatabase(database.read, keys)) : [];
  return createMask({ secrets: [...secretsOfConfig(config), ...fromDatabase], names });
}

function versionsOf({ config, database }: BundleSources): object {
  const { node, openssl, v8 } = process.versions;
  return {
    program: version,
    package: payloadSignature() ?? 'source',
    node,
    openssl,
    v8,
    platform: `${process.platform} ${process.arch}`,
    database: database?.dialect ?? null,
    edition: config.edition,
    upSeconds: Math.round(process.uptime()),
    memory: { ofMachine: totalmem(), free: freemem(), ofProcess: process.memoryUsage.rss() },
    load: loadavg(),
  };
}

async function schemaOf(database: Database): Promise<object> {
  const rows: Record<string, number> = {};
  for (const { name } of allTables) {
    const found = await database.read.one<{ rowCount: number }>(
      sql`SELECT COUNT(*) AS row_count FROM ${sql.identifier(name)}`,
    );
    rows[name] = Number(found?.rowCount ?? 0);
  }
  return { state: await schemaState(database), steps: await finishedSteps(database.read), rows };
}

async function workOf({ read }: Database, now: number): Promise<object> {
  const jobs = await read.all(
    sql`SELECT job_id, node, started_at, finished_at, outcome, error FROM job_run
        WHERE started_at > ${now - 7 * 86_400_000} AND outcome <> ${'ok'} ORDER BY started_at DESC, id DESC ${sql.limit(EVENTS)}`,
  );
  const events = await read.all(
    sql`SELECT id, name, created_at, due_at, attempts, last_error FROM outbox_event
        WHERE delivered_at IS NULL ORDER BY id ${sql.limit(EVENTS)}`,
  );
  const messages = await read.all(
    sql`SELECT id, channel_id, state, attempts, created_at, failure FROM notification
        WHERE state <> ${'sent'} ORDER BY id DESC ${sql.limit(EVENTS)}`,
  );
  const imports = await read.all(
    sql`SELECT id, importer, state, row_count, created_at FROM import_run ORDER BY id DESC ${sql.limit(RUNS)}`,
  );
  const alarms = (await read.find(alarm, {})).map(({ alarmId, raisedAt, saidAt, details }) => ({
    alarmId,
    raisedAt,
    saidAt,
    values: details.values,
  }));
  const backups = (await recentRuns(read, RUNS)).map(
    ({ state, origin, startedAt, finishedAt, bytes, failure, results }) => ({
      state,
      origin,
      startedAt,
      finishedAt,
      bytes,
      failure,
      results,
    }),
  );
  return { summary: await workState(read, now), jobs, events, messages, imports, alarms, backups };
}

function metricsOf(metrics: Metrics | undefined, database: Database | undefined): object {
  if (!metrics || !database) return { unavailable: 'made by a command: the running server shows them' };
  const { requests, minutes } = metrics;
  return {
    minutes,
    byStatus: requests.byStatus,
    routes: requests.routes().map((one) => ({
      route: `${one.method} ${one.path}`,
      count: one.count,
      failures: one.failures,
      p50Ms: quantile(one, 0.5),
      p95Ms: quantile(one, 0.95),
      p99Ms: quantile(one, 0.99),
      maxMs: one.maxMs,
    })),
    pool: database.pool(),
    statements: { count: database.watch.count, sumMs: database.watch.sumMs, slow: database.watch.slow() },
  };
}

function logOf(config: Config, mask: Mask): string {
  const lines = logTail(config.logging.dir, LOG_LINES).map(({ text }) => {
    try {
      return JSON.stringify(mask.value(JSON.parse(text)));
    } catch {
      return mask.text(text);
    }
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
