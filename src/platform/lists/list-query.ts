import { type Sql, sql } from '../database';

/** Where a page of a list begins: the sorted column's value and the id of the row next to it. */
export interface Cursor {
  value: string | number;
  id: number;
}

export interface Sort {
  /** SQL expression of the program, never null for a row (`COALESCE` it); also returned by the query as `sort_value`. */
  expression: string;
  type: 'number' | 'text';
  direction: Direction;
  /** Sorts by cost: not for readers without the right, to whom the order and the cursor would tell it. */
  cost?: boolean;
}

export type Direction = 'ascending' | 'descending';

export interface ListSpec {
  /** Path of the page. */
  path: string;
  /** Sort key → what it sorts by and its first direction. The first one holds when the address names none. */
  sorts: Readonly<Record<string, Sort>>;
  /** Names of the filters the page knows; others in the address are ignored. */
  filters: readonly string[];
  /** SQL expression of the unique id. */
  id: string;
  sizes?: readonly number[];
}

/** A list's address, read and checked. Whatever is wrong in it falls back to the default: addresses get shared and cut. */
export interface ListQuery {
  readonly spec: ListSpec;
  readonly sort: string;
  readonly direction: Direction;
  readonly size: number;
  readonly filters: Readonly<Record<string, string>>;
  readonly after: Cursor | null;
  readonly before: Cursor | null;
}

const SIZES = [50, 20, 100, 200] as const;

/** Sorts by cost are there for who sees cost only. */
export const withoutCostSorts = (spec: ListSpec): ListSpec => ({
  ...spec,
  sorts: Object.fromEntries(Object.entries(spec.sorts).filter(([, sort]) => !sort.cost)),
});

/** What the addresses of all lists say besides their filters. */
const OWN_NAMES = new Set(['sort', 'direction', 'size', 'after', 'before']);

export function readListQuery(spec: ListSpec, query: Readonly<Record<string, string | undefined>>): ListQuery {
  const sorts = Object.keys(spec.sorts);
  const asked = query.sort !== undefined && Object.hasOwn(spec.sorts, query.sort) ? query.sort : (sorts[0] ?? '');
  const sizes = spec.sizes ?? SIZES;
  const size = sizes.find((candidate) => String(candidate) === query.size) ?? sizes[0] ?? 50;
  const direction =
    query.direction === 'ascending' || query.direction === 'descending'
      ? query.direction
      : spec.sorts[asked]?.direction;
  const filters: Record<string, string> = {};
  for (const name of spec.filters) {
    if (OWN_NAMES.has(name)) throw new Error(`${spec.path} has a filter named ${name}, which every list reads itself`);
    const value = query[name]?.trim().slice(0, 200);
    if (value) filters[name] = value;
  }
  const type = spec.sorts[asked]?.type ?? 'number';
  return {
    spec,
    sort: asked,
    direction: direction ?? 'ascending',
    size,
    filters,
    after: readCursor(query.after, type),
    before: readCursor(query.before, type),
  };
}

/** The address of the same list with something changed; null removes. Changing anything but the page starts at the first one. */
export function listHref(query: ListQuery, changes: Readonly<Record<string, string | number | null>> = {}): string {
  const { spec, sort, direction, size, filters } = query;
  const first = Object.keys(spec.sorts)[0];
  const values: Record<string, string | number | null> = {
    ...filters,
    sort: sort === first ? null : sort,
    direction: direction === spec.sorts[sort]?.direction ? null : direction,
    size: size === (spec.sizes ?? SIZES)[0] ? null : size,
    ...changes,
  };
  const parts = Object.entries(values)
    .filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return parts.length > 0 ? `${spec.path}?${parts.join('&')}` : spec.path;
}

/** What a list's query needs: a condition, an order and a limit (one row more than the page, to know whether there is a next). */
export interface Keyset {
  where: Sql;
  orderBy: Sql;
  limit: Sql;
}

export function keyset(query: ListQuery): Keyset {
  const { expression } = sortOf(query);
  const cursor = query.before ?? query.after;
  // Going back reads the other way round; pageOf turns the rows again.
  const descending = (query.direction === 'descending') !== (query.before !== null);
  const column = expressionOf(expression);
  const id = expressionOf(query.spec.id);
  const compare = descending ? expressionOf('<') : expressionOf('>');
  const way = descending ? expressionOf('DESC') : expressionOf('ASC');
  return {
    where: cursor
      ? sql`(${column} ${compare} ${cursor.value} OR (${column} = ${cursor.value} AND ${id} ${compare} ${cursor.id}))`
      : sql`1 = 1`,
    orderBy: sql`ORDER BY ${column} ${way}, ${id} ${way}`,
    limit: sql.limit(query.size + 1),
  };
}

export interface ListPage<R> {
  rows: R[];
  previousHref: string | undefined;
  nextHref: string | undefined;
}

/** Cuts the rows of `keyset` to a page. Each row brings `id` and `sortValue` (the sorted expression). */
export function pageOf<R extends { id: number; sortValue: string | number }>(
  query: ListQuery,
  found: readonly R[],
): ListPage<R> {
  const more = found.length > query.size;
  const rows = found.slice(0, query.size);
  if (query.before) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  const hasPrevious = query.before ? more : query.after !== null;
  const hasNext = query.before ? true : more;
  return {
    rows,
    previousHref: hasPrevious && first ? listHref(query, { before: writeCursor(first) }) : undefined,
    nextHref: hasNext && last ? listHref(query, { after: writeCursor(last) }) : undefined,
  };
}

export function sortOf(query: ListQuery): Sort {
  const sort = query.spec.sorts[query.sort];
  if (!sort) throw new RangeError(`list ${query.spec.path} cannot sort by ${query.sort}`);
  return sort;
}

/** Address and arrow of a column's head; the second click turns the direction. */
export function sortLink(query: ListQuery, key: string): { href: string; direction?: Direction } {
  const first = query.spec.sorts[key]?.direction ?? 'ascending';
  if (key !== query.sort) return { href: listHref(query, { sort: key, direction: null }) };
  const turned = query.direction === 'ascending' ? 'descending' : 'ascending';
  return { href: listHref(query, { direction: turned === first ? null : turned }), direction: query.direction };
}

/** Text of the program itself (list specifications), never of a request. */
const expressionOf = (text: string): Sql => sql.perDialect(() => text);

function writeCursor(row: { id: number; sortValue: string | number }): string {
  return Buffer.from(JSON.stringify([row.sortValue, row.id])).toString('base64url');
}

function readCursor(text: string | undefined, type: 'number' | 'text'): Cursor | null {
  if (!text || text.length > 600) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length !== 2 || !Number.isSafeInteger(parsed[1])) return null;
    const [value, id] = parsed as [unknown, number];
    const fits = type === 'number' ? Number.isFinite(value) : typeof value === 'string' && value.length <= 400;
    return fits ? { value: value as string | number, id } : null;
  } catch {
    return null;
  }
}
