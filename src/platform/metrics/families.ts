import type { Database } from '../database';
import { version } from '../version';
import { EDGES_MS, quantile } from './histogram';
import type { Metrics } from './metrics';
import type { Family, Sample } from './prometheus';

const seconds = (ms: number): number => ms / 1000;
const QUANTILES = [0.5, 0.95, 0.99] as const;

/** What the process itself knows; nothing is asked of the database. A series for each route that was used, and no more. */
export function processFamilies(
  { requests, minutes }: Metrics,
  database: Pick<Database, 'dialect' | 'watch' | 'pool'>,
): Family[] {
  const gauge = (name: string, help: string, samples: Sample[]): Family => ({ name, help, type: 'gauge', samples });
  const counter = (name: string, help: string, samples: Sample[]): Family => ({ name, help, type: 'counter', samples });
  const last = minutes.at(-1);
  const { user, system } = process.cpuUsage();
  const { busy, idle, waiting } = database.pool();
  const { watch } = database;
  return [
    gauge('phone_erp_info', 'Version of the program and kind of database.', [
      { value: 1, labels: { version, node: process.versions.node, database: database.dialect } },
    ]),
    gauge('phone_erp_uptime_seconds', 'Since the process was started.', [{ value: Math.round(process.uptime()) }]),
    counter('process_cpu_seconds_total', 'CPU time of the process.', [{ value: (user + system) / 1e6 }]),
    gauge('process_resident_memory_bytes', 'Memory of the process.', [{ value: process.memoryUsage.rss() }]),
    gauge(
      'phone_erp_event_loop_delay_seconds',
      'Delay of the event loop in the last whole minute.',
      last
        ? [
            { value: seconds(last.delayP50Ms), labels: { quantile: '0.5' } },
            { value: seconds(last.delayP99Ms), labels: { quantile: '0.99' } },
            { value: seconds(last.delayMaxMs), labels: { quantile: '1' } },
          ]
        : [],
    ),
    gauge(
      'phone_erp_event_loop_busy_ratio',
      'Share of the last whole minute.',
      last ? [{ value: last.busyShare }] : [],
    ),
    counter(
      'phone_erp_http_requests_total',
      'Answers by status.',
      Object.entries(requests.byStatus).map(([status, value]) => ({ value, labels: { status } })),
    ),
    {
      name: 'phone_erp_http_request_duration_seconds',
      help: 'Times of all requests.',
      type: 'histogram',
      samples: [...cumulative(requests.all.buckets), ...sums(requests.all)],
    },
    {
      name: 'phone_erp_http_route_duration_seconds',
      help: 'Times by route, since the process was started.',
      type: 'summary',
      samples: requests.routes().flatMap((times) => {
        const labels = { method: times.method, route: times.path };
        return [
          ...QUANTILES.map((share): Sample => ({
            value: seconds(quantile(times, share)),
            labels: { ...labels, quantile: String(share) },
          })),
          ...sums(times, labels),
        ];
      }),
    },
    counter('phone_erp_statements_total', 'Statements sent to the database.', [{ value: watch.count }]),
    counter('phone_erp_statement_seconds_total', 'Time that they took.', [{ value: seconds(watch.sumMs) }]),
    counter('phone_erp_slow_statements_total', 'Those above the configured time.', [{ value: watch.slowCount }]),
    gauge('phone_erp_pool_connections', 'Connections to the database, and who waits for one.', [
      { value: busy, labels: { state: 'busy' } },
      { value: idle, labels: { state: 'idle' } },
      { value: waiting, labels: { state: 'waiting' } },
    ]),
  ];
}

function cumulative(buckets: Uint32Array): Sample[] {
  let below = 0;
  return [...buckets].map((inside, at): Sample => {
    below += inside;
    const edge = EDGES_MS[at];
    return { value: below, suffix: '_bucket', labels: { le: edge === undefined ? '+Inf' : String(seconds(edge)) } };
  });
}

const sums = ({ sumMs, count }: { sumMs: number; count: number }, labels?: Record<string, string>): Sample[] => [
  { value: seconds(sumMs), suffix: '_sum', ...(labels ? { labels } : {}) },
  { value: count, suffix: '_count', ...(labels ? { labels } : {}) },
];
