import { type Reader, sql } from '../../../platform/database';
import type { Measured } from '../domain/connection';

export type ConnectionFigures = Measured;
export const CONNECTION_PERMISSION = 'administration.connection.measure';
export const NOTED = 'administration.connection.measure';

export interface NotedConnection extends Measured {
  id: number;
  /** Epoch milliseconds. */
  at: number;
  actorName: string;
  address: string | null;
}

/** The last measurements of anybody, newest first. */
export async function lastConnections(read: Reader, count: number, since = 0): Promise<NotedConnection[]> {
  const rows = await read.all<Omit<NotedConnection, keyof Measured> & { detail: string }>(
    sql`SELECT id, at, actor_name, address, detail FROM audit_log
      WHERE action = ${NOTED} AND at >= ${since} ORDER BY id DESC ${sql.limit(count)}`,
  );
  return rows.map(({ detail, ...row }) => ({ ...row, at: Number(row.at), ...(JSON.parse(detail) as Measured) }));
}
