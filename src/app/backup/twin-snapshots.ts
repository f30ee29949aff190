import { type Database, openSnapshot, type Reader, type Snapshot, sql } from '../../platform/database';

/** Every document leaves one of these: ids are taken, rows of the books are written, and who did what is written down. */
export async function traces(read: Reader): Promise<string> {
  const numbers = await read.one<{ total: number | null }>(sql`SELECT SUM(next_value) AS total FROM counter`);
  const audit = await read.one<{ entries: number; last: number | null }>(
    sql`SELECT COUNT(*) AS entries, MAX(id) AS last FROM audit_log`,
  );
  const postings = await read.one<{ entries: number }>(sql`SELECT COUNT(*) AS entries FROM posting`);
  return [numbers?.total, audit?.entries, audit?.last, postings?.entries].map(Number).join('/');
}

const TRIES = 3;
/** Of a server's connections two are taken for a while; the shop needs some too. */
const LEAST_CONNECTIONS = 4;

export interface Twins {
  snapshot: Snapshot;
  /** Of the same moment; undefined when people were too busy, or connections too few. */
  twin: Snapshot | undefined;
}

/** Two snapshots of one moment, so that two things can be done with it side by side. Close both. */
export async function openTwins(database: Database): Promise<Twins> {
  if (!hasRoom(database)) return { snapshot: await openSnapshot(database), twin: undefined };
  for (let tried = 1; ; tried++) {
    const opened = await Promise.allSettled([openSnapshot(database), openSnapshot(database)]);
    const both = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const [snapshot, twin] = both;
    try {
      for (const one of opened) if (one.status === 'rejected') throw one.reason;
      if (!snapshot || !twin) throw new Error('no snapshot was opened');
      const [one, other] = await Promise.all(both.map(({ read }) => traces(read)));
      if (one === other) return { snapshot, twin };
      await twin.close();
      if (tried === TRIES) return { snapshot, twin: undefined };
      await snapshot.close();
    } catch (error) {
      await Promise.all(both.map((one) => one.close()));
      throw error;
    }
  }
}

/** The others were not measured. */
function hasRoom({ dialect, dataSource: { options } }: Database): boolean {
  if (dialect === 'sqlite') return true;
  return dialect === 'mysql' && 'poolSize' in options && (options.poolSize ?? 0) >= LEAST_CONNECTIONS;
}
