import { hostFacts } from '../../platform/checks';
import { exposition, type Family, type Metrics, processFamilies } from '../../platform/metrics';
import type { Services } from '../../platform/services';
import { type WorkState, workState } from './work-state';

/** What needs the database is at most so old: whoever asks more often costs no more. */
const KEPT_MS = 10_000;

/** The text of /metrics. When the database is away it holds what the process itself knows, and says that it is away. */
export function metricsText(metrics: Metrics, services: Services): () => Promise<string> {
  let known: { until: number; families: Promise<Family[]> } | undefined;
  return async () => {
    const now = services.clock();
    if (!known || known.until <= now) known = { until: now + KEPT_MS, families: stored(services, now) };
    return exposition([...processFamilies(metrics, services.database), ...(await known.families)]);
  };
}

const gauge = (name: string, help: string, samples: Family['samples']): Family => ({
  name,
  help,
  type: 'gauge',
  samples,
});

async function stored({ database, config, log }: Services, now: number): Promise<Family[]> {
  const up = (value: number): Family => gauge('phone_erp_database_up', 'Whether the database answers.', [{ value }]);
  try {
    const [state, disk] = await Promise.all([workState(database.read, now), hostFacts.disk(config.dataDir)]);
    return [
      up(1),
      ...familiesOf(state),
      gauge('phone_erp_disk_free_bytes', 'Room on the disk of the data folder.', [{ value: disk.freeBytes }]),
      gauge('phone_erp_disk_total_bytes', 'Size of the disk of the data folder.', [{ value: disk.totalBytes }]),
    ];
  } catch (error) {
    log.warn({ err: error }, 'the database could not be asked for its figures');
    return [up(0)];
  }
}

const familiesOf = (state: WorkState): Family[] => [
  gauge('phone_erp_jobs', 'Jobs of which the last run failed, and those that run.', [
    { value: state.jobsFailed, labels: { state: 'failed' } },
    { value: state.jobsRunning, labels: { state: 'running' } },
  ]),
  gauge('phone_erp_outbox_events', 'Events that are not delivered.', [
    { value: state.eventsWaiting, labels: { state: 'waiting' } },
    { value: state.eventsGivenUp, labels: { state: 'given_up' } },
  ]),
  gauge('phone_erp_notifications', 'Messages that are not delivered.', [
    { value: state.messagesWaiting, labels: { state: 'waiting' } },
    { value: state.messagesFailed, labels: { state: 'failed' } },
  ]),
  gauge(
    'phone_erp_backup_last_good_timestamp_seconds',
    'When the last good backup ended.',
    state.lastGoodBackupAt === undefined ? [] : [{ value: Math.round(state.lastGoodBackupAt / 1000) }],
  ),
  gauge(
    'phone_erp_alarms',
    'What is wrong now.',
    state.alarms.map(({ event, count }) => ({ value: count, labels: { event } })),
  ),
];
