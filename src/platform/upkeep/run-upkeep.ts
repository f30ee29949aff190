import { DomainError } from '../../kernel';
import { type Reader, sql } from '../database';
import { errorText } from '../jobs';
import type { Actor } from '../permissions';
import type { Services } from '../services';
import { type UpkeepKind, upkeepRun, type UpkeepRunRow } from './upkeep-run.table';

/** So often a run tells how far it is. */
const BEAT_MS = 1000;
/** Whoever has said nothing for so long is not working any more. */
const DEAD_AFTER_MS = 60_000;

export interface UpkeepProgress {
  /** `total` 0: not known. */
  (done: number, total: number): Promise<void>;
}

export const isRunning = (run: Pick<UpkeepRunRow, 'state' | 'seenAt'>, now: number): boolean =>
  (run.state === 'running' || run.state === 'stopping') && run.seenAt > now - DEAD_AFTER_MS;

/** The newest run of a kind. */
export async function lastRun(read: Reader, kind: UpkeepKind): Promise<UpkeepRunRow | undefined> {
  const row = await read.one<{ id: number }>(
    sql`SELECT id FROM upkeep_run WHERE kind = ${kind} ORDER BY started_at DESC, id DESC ${sql.limit(1)}`,
  );
  return row && read.get(upkeepRun, Number(row.id));
}

/** What is kept of a run that came to its end. */
export interface UpkeepResult extends Record<string, unknown> {
  /** See `sealAddress`: kept in a column of its own. */
  addressCipher?: string;
}

export interface StartedUpkeep {
  id: number;
  /** Settles when the work is over; never throws: what went wrong is kept in the row. */
  over: Promise<UpkeepRunRow>;
}

/** Asks a run to stop; work that looks at its signal does within a second or two, on whatever node it is. False: it is over. */
export async function cancelUpkeep({ uow }: Pick<Services, 'uow'>, actor: Actor, id: number): Promise<boolean> {
  const changed = await uow.run(actor, (unit) =>
    unit.execute(sql`UPDATE upkeep_run SET state = ${'stopping'} WHERE id = ${id} AND state = ${'running'}`),
  );
  return changed === 1;
}

/**
 * Begins long work that keeps its own place in the data: of several started at once, on any node, one runs, the others get
 * 409 upkeep:error.running. What it returns is kept as the result; until then `about` stands there.
 */
export async function startUpkeep(
  services: Pick<Services, 'uow' | 'database' | 'clock' | 'log'>,
  actor: Actor,
  kind: UpkeepKind,
  work: (progress: UpkeepProgress, signal: AbortSignal) => Promise<UpkeepResult>,
  about: Record<string, unknown> | null = null,
): Promise<StartedUpkeep> {
  const { uow, clock, log } = services;
  const id = await begin(services, actor, kind, about);
  const stop = new AbortController();
  let noted = 0;
  const progress: UpkeepProgress = async (done, total) => {
    const now = clock();
    if (now - noted < BEAT_MS) return;
    noted = now;
    const row = await uow.run(actor, async (unit) => {
      await unit.update(upkeepRun, id, { done, total, seenAt: now });
      return unit.get(upkeepRun, id);
    });
    if (row?.state === 'stopping') stop.abort(new DomainError('upkeep:error.cancelled', { status: 409 }));
  };
  const finish = (changes: Partial<UpkeepRunRow>): Promise<UpkeepRunRow> =>
    uow.run(actor, async (unit) => {
      await unit.update(upkeepRun, id, { ...changes, seenAt: clock(), finishedAt: clock() });
      const row = await unit.get(upkeepRun, id);
      if (!row) throw new Error(`run ${id} is gone`);
      return row;
    });
  const over = (async () => {
    try {
      const { addressCipher = null, ...result } = await work(progress, stop.signal);
      const done = Number(result['done'] ?? 0);
      return await finish({ state: 'ok', result, done, total: done, addressCipher });
    } catch (error) {
      if (stop.signal.aborted) return finish({ state: 'cancelled' });
      log.error({ err: error, kind }, 'upkeep failed');
      return finish({ state: 'failed', failure: errorText(error).slice(0, 400) });
    }
  })();
  return { id, over };
}

function begin(
  { uow }: Pick<Services, 'uow'>,
  actor: Actor,
  kind: UpkeepKind,
  about: Record<string, unknown> | null,
): Promise<number> {
  return uow.run(actor, async (unit) => {
    // The update comes first, so that two who begin at once wait for each other where the database has row locks.
    await unit.execute(
      sql`UPDATE upkeep_run SET state = ${'cut'}, finished_at = seen_at
          WHERE state IN (${'running'}, ${'stopping'}) AND seen_at <= ${unit.now - DEAD_AFTER_MS}`,
    );
    const running = [
      ...(await unit.find(upkeepRun, { kind, state: 'running' })),
      ...(await unit.find(upkeepRun, { kind, state: 'stopping' })),
    ];
    if (running.length > 0) throw new DomainError('upkeep:error.running', { status: 409 });
    const id = unit.takeIds(upkeepRun);
    await unit.insert(upkeepRun, [
      {
        id,
        kind,
        state: 'running',
        startedById: actor.userId,
        startedByName: actor.name,
        startedAt: unit.now,
        seenAt: unit.now,
        done: 0,
        total: 0,
        result: about,
      },
    ]);
    return id;
  });
}
