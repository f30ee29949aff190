import { createHash, randomUUID } from 'node:crypto';
import { DomainError } from '../../kernel';
import { sql } from '../database';
import type { Ctx } from './route';

/** Kept short enough for what it is added to. */
const MOST_KEY = 80;
const MARK_LENGTH = 16;

/**
 * A form's operation key is told apart by what was sent with it. The same content again (double click, reload) finds the
 * first result. Other content under the same key is a form that somebody came back to and changed after it was done: doing
 * nothing would lose what was typed, doing it would double the document, so it is asked first (409 errors:done_before).
 */
export async function keyForContent(ctx: Pick<Ctx, 'body' | 'files' | 'read'>, key: string): Promise<string> {
  if (key.length > MOST_KEY) return key;
  const marked = `${key}.${markOf(ctx)}`;
  const done = await ctx.read.all<{ operationKey: string }>(
    sql`SELECT operation_key FROM operation WHERE ${sql.startsWith('operation_key', `${key}.`)}
        ORDER BY operation_key ${sql.limit(10)}`,
  );
  if (done.length === 0 || done.some(({ operationKey }) => operationKey === marked)) return marked;
  throw new DomainError('errors:done_before', { status: 409 });
}

/** For the form that is shown again: whoever sends it now has read the message. */
export const freshKey = (): string => randomUUID();

function markOf({ body, files }: Pick<Ctx, 'body' | 'files'>): string {
  const fields = Object.entries(body)
    // Nothing that proves who somebody is goes into what is kept.
    .filter(([name]) => name !== '_csrf' && name !== 'operationKey' && !/password|code$/i.test(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const sent = [fields, files.map(({ name, content }) => [name, content.length])];
  return createHash('sha256').update(JSON.stringify(sent)).digest('base64url').slice(0, MARK_LENGTH);
}
