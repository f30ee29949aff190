import { type Reader, sql } from '../../platform/database';
import { GIVE_UP_AFTER } from '../../platform/outbox';
import { healthOf, recentRuns } from '../backup';

const LOOKED_AT = 12;

/** What is under way or stuck, over all nodes. */
export interface WorkState {
  jobsFailed: number;
  jobsRunning: number;
  eventsWaiting: number;
  eventsGivenUp: number;
  messagesWaiting: number;
  messagesFailed: number;
  /** Of the last good backup; undefined when there is none. */
  lastGoodBackupAt: number | undefined;
  /** Event → how many stand. */
  alarms: { event: string; count: number }[];
}

export async function workState(read: Reader, now: number): Promise<WorkState> {
  const count = async (query: ReturnType<typeof sql>): Promise<number> =>
    Number((await read.one<{ found: number }>(query))?.found ?? 0);
  const waiting = sql`SELECT COUNT(*) AS found FROM outbox_event WHERE delivered_at IS NULL`;
  const messages = sql`SELECT COUNT(*) AS found FROM notification`;
  const [jobsFailed, jobsRunning, eventsWaiting, eventsGivenUp, messagesWaiting, messagesFailed, runs, alarms] =
    await Promise.all([
      count(sql`SELECT COUNT(*) AS found FROM job_run r WHERE r.outcome = ${'failed'}
                AND NOT EXISTS (SELECT 1 FROM job_run l
                                WHERE l.job_id = r.job_id AND l.started_at > r.started_at AND l.outcome <> ${'running'})`),
      count(sql`SELECT COUNT(*) AS found FROM job_run WHERE outcome = ${'running'}`),
      count(sql`${waiting} AND attempts < ${GIVE_UP_AFTER}`),
      count(sql`${waiting} AND attempts >= ${GIVE_UP_AFTER}`),
      count(sql`${messages} WHERE state = ${'waiting'}`),
      count(sql`${messages} WHERE state = ${'failed'}`),
      recentRuns(read, LOOKED_AT),
      read.all<{ event: string; standing: number }>(
        sql`SELECT event, COUNT(*) AS standing FROM alarm GROUP BY event ORDER BY event`,
      ),
    ]);
  const { lastGood } = healthOf(runs, now);
  return {
    jobsFailed,
    jobsRunning,
    eventsWaiting,
    eventsGivenUp,
    messagesWaiting,
    messagesFailed,
    lastGoodBackupAt: lastGood?.finishedAt ?? undefined,
    alarms: alarms.map(({ event, standing }) => ({ event, count: Number(standing) })),
  };
}
