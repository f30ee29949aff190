import { hostFacts, type HostFacts } from '../../platform/checks';
import { sql } from '../../platform/database';
import type { NotifyEvent } from '../../platform/notify';
import { GIVE_UP_AFTER } from '../../platform/outbox';
import type { Services } from '../../platform/services';
import { healthOf, hoursWithoutBackup, recentRuns } from '../backup';
import { REPORT_STANDS_MS, reportNode } from './node-report';
import { nodeReport, type NodeReportRow } from './node-report.table';
import { VERIFY_BOOKS } from './verify-books';

/** Something that people should know of now. */
export interface Condition {
  event: NotifyEvent;
  /** Where there may be several of one kind: the job, the server. */
  subject?: string;
  values: Record<string, string | number>;
  /** Values that are keys of texts. */
  names: Record<string, string>;
  href: string;
}

type Watched = Pick<Services, 'config' | 'database' | 'clock' | 'uow'>;

const LOOKED_AT = 12;
const HOUR_MS = 3_600_000;
const GB = 1024 ** 3;
const LEAST_FREE_GB = 5;
/** An own certificate renews itself long before; below this nothing and nobody did. */
const LEAST_DAYS = 21;
/** Told by events of their own. */
const OTHERWISE_TOLD = ['system.back-up', 'system.watch', VERIFY_BOOKS];

/** Looks at the company's work and this machine, and at what the servers of other machines have said of theirs. */
export async function findConditions(services: Watched, facts: HostFacts = hostFacts): Promise<Condition[]> {
  await reportNode(services, facts);
  const nodes = await services.database.read.find(nodeReport, {});
  const standing = nodes.filter(({ reportedAt }) => reportedAt > services.clock() - REPORT_STANDS_MS);
  const found = await Promise.all([
    ofBackups(services),
    ofJobs(services),
    ofEvents(services),
    Promise.resolve(standing.flatMap(ofDisk)),
    Promise.resolve(standing.flatMap(ofCertificate)),
  ]);
  return found.flat();
}

async function ofBackups({ config, database, clock }: Watched): Promise<Condition[]> {
  const now = clock();
  const condition = (event: NotifyEvent, values: Condition['values'], names: Condition['names'] = {}): Condition => ({
    event,
    values,
    names,
    href: '/settings/backups',
  });
  const runs = await recentRuns(database.read, LOOKED_AT);
  const { last, lastGood, late, shrunkTo } = healthOf(runs, now);
  const found: Condition[] = [];
  const without = lastGood ? undefined : await hoursWithoutBackup(database.read, now);
  if (without !== undefined) found.push(condition('backup-none', { hours: without }));
  if (config.backup.targets.length === 0) return found;
  if (last?.state === 'failed' || last?.state === 'partly') {
    const places = last.results.filter(({ ok }) => !ok).map(({ target }) => target);
    found.push(
      condition('backup-failed', { targets: places.join(', ') || '-' }, { what: `backups:alert.${last.state}.title` }),
    );
  }
  if (late && lastGood)
    found.push(condition('backup-late', { hours: Math.floor((now - lastGood.startedAt) / HOUR_MS) }));
  if (shrunkTo !== undefined) found.push(condition('backup-shrunk', { percent: shrunkTo }));
  return found;
}

/** Jobs whose last finished run failed. */
async function ofJobs({ database }: Watched): Promise<Condition[]> {
  const failed = await database.read.all<{ jobId: string; error: string | null }>(sql`
    SELECT r.job_id, r.error FROM job_run r
    WHERE r.outcome = ${'failed'}
      AND NOT EXISTS (SELECT 1 FROM job_run l
                      WHERE l.job_id = r.job_id AND l.started_at > r.started_at AND l.outcome <> ${'running'})
    ORDER BY r.job_id`);
  return failed.flatMap(({ jobId, error }): Condition[] => {
    const href = `/administration/jobs/${jobId}`;
    if (jobId === VERIFY_BOOKS) return [{ event: 'ledger-failed', values: { error: error ?? '' }, names: {}, href }];
    if (OTHERWISE_TOLD.includes(jobId)) return [];
    const [module = '', ...rest] = jobId.split('.');
    const names = { job: `${module}:job.${rest.join('.')}` };
    return [{ event: 'job-failed', subject: jobId, values: { error: error ?? '' }, names, href }];
  });
}

async function ofEvents({ database }: Watched): Promise<Condition[]> {
  const row = await database.read.one<{ events: number }>(
    sql`SELECT COUNT(*) AS events FROM outbox_event WHERE delivered_at IS NULL AND attempts >= ${GIVE_UP_AFTER}`,
  );
  const count = Number(row?.events ?? 0);
  return count === 0 ? [] : [{ event: 'event-stuck', values: { count }, names: {}, href: '/administration/jobs' }];
}

function ofDisk({ node, folder, freeBytes }: NodeReportRow): Condition[] {
  if (freeBytes >= LEAST_FREE_GB * GB) return [];
  const values = { freeGb: (freeBytes / GB).toFixed(1), folder, node };
  return [{ event: 'disk-low', subject: node, values, names: {}, href: '/administration/metrics' }];
}

function ofCertificate({ node, certificateDays: days }: NodeReportRow): Condition[] {
  if (days === null || days > LEAST_DAYS) return [];
  const href = '/administration/guides/everything';
  return [{ event: 'certificate-expiring', subject: node, values: { days, node }, names: {}, href }];
}
