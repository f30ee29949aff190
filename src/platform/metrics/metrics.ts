import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { createRequestMeter, type RequestMeter } from './request-meter';

/** One minute of this process. */
export interface Minute {
  /** Its end, epoch milliseconds. */
  at: number;
  delayP50Ms: number;
  delayP99Ms: number;
  delayMaxMs: number;
  /** How much of the time the event loop was at work. */
  busyShare: number;
  requests: number;
  failures: number;
  memoryBytes: number;
}

export interface Metrics {
  requests: RequestMeter;
  /** The last hour, the oldest first; empty until a minute has passed since `start`. */
  minutes: readonly Minute[];
  start: () => { stop: () => void };
}

const MINUTE_MS = 60_000;
const KEPT = 60;
/** The delay is measured so often: it reads so much where there is none. */
const RESOLUTION_MS = 20;

/** What this process can tell of itself. Costs nothing until started; afterwards a timer of the run time and one look a minute. */
export function createMetrics(clock: () => number): Metrics {
  const requests = createRequestMeter();
  const minutes: Minute[] = [];
  return {
    requests,
    minutes,
    start: () => {
      const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      delays.enable();
      let before = { count: 0, failures: 0, loop: performance.eventLoopUtilization() };
      const timer = setInterval(() => {
        const loop = performance.eventLoopUtilization();
        const failures = requests.byStatus['5xx'] ?? 0;
        minutes.push({
          at: clock(),
          ...delaysOf(delays),
          busyShare: shareOf(loop, before.loop),
          requests: requests.all.count - before.count,
          failures: failures - before.failures,
          memoryBytes: process.memoryUsage.rss(),
        });
        if (minutes.length > KEPT) minutes.shift();
        before = { count: requests.all.count, failures, loop };
        delays.reset();
      }, MINUTE_MS);
      timer.unref();
      return {
        stop: () => {
          clearInterval(timer);
          delays.disable();
        },
      };
    },
  };
}

const shareOf = (now: EventLoopUtilization, before: EventLoopUtilization): number =>
  performance.eventLoopUtilization(now, before).utilization;

/** What is beyond the interval itself. */
function delaysOf(
  delays: ReturnType<typeof monitorEventLoopDelay>,
): Pick<Minute, 'delayP50Ms' | 'delayP99Ms' | 'delayMaxMs'> {
  const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  if (delays.count === 0) return { delayP50Ms: 0, delayP99Ms: 0, delayMaxMs: 0 };
  return {
    delayP50Ms: ms(delays.percentile(50)),
    delayP99Ms: ms(delays.percentile(99)),
    delayMaxMs: ms(delays.max),
  };
}
