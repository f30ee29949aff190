import { setTimeout as wait } from 'node:timers/promises';
import type { StatementWatch } from './statement-watch';

/** So many statements a second of the rest of the program, and somebody is at work: jobs by themselves ask a few. */
const AT_WORK = 20;
/** So many, and they come one behind the other: a queue at every till. */
const BUSY = 500;
const LONGEST_MS = 5000;

/**
 * For work that fills a server for minutes, a piece at a time: after a piece during which people were at work it rests as long as
 * the piece took, so that at least half of the time is theirs; three times as long while they are busy. Call at the beginning of a piece; what comes back, at its end.
 */
export function courtesy(
  watch: Pick<StatementWatch, 'count'>,
  now: () => number = () => performance.now(),
  rest: (ms: number) => Promise<unknown> = (ms) => wait(ms),
): () => () => Promise<void> {
  return () => {
    const [begun, before] = [now(), watch.count];
    return async () => {
      const ms = now() - begun;
      const perSecond = ((watch.count - before) * 1000) / Math.max(1, ms);
      if (perSecond > AT_WORK) await rest(Math.min(perSecond > BUSY ? 3 * ms : ms, LONGEST_MS));
    };
  };
}
