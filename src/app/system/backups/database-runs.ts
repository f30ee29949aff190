import { sql } from '../../../platform/database';
import type { Ctx, Reply } from '../../../platform/http';
import {
  exportReply,
  keyset,
  listHref,
  type ListQuery,
  type ListSpec,
  pageOf,
  readListQuery,
} from '../../../platform/lists';
import { upkeepRun, type UpkeepRunRow } from '../../../platform/upkeep';
import type { List, Table } from '../../../platform/views';
import { restoreResult } from '../../backup';
import { DATABASES, restoreHref, runLabel } from './database-words';

const KINDS = ['restore', 'switch'] as const;

const SPEC: ListSpec = {
  path: DATABASES,
  sorts: { at: { expression: 'started_at', type: 'number', direction: 'descending' } },
  filters: ['kind'],
  id: 'id',
  sizes: [30],
};

export const databaseRunQuery = (ctx: Pick<Ctx, 'query'>): ListQuery => readListQuery(SPEC, ctx.query);

type ListedRun = UpkeepRunRow & { sortValue: number };

async function databaseRuns({ read }: Pick<Ctx, 'read'>, query: ListQuery): Promise<ListedRun[]> {
  const { where, orderBy, limit } = keyset(query);
  const wanted = KINDS.filter((kind) => query.filters['kind'] === kind);
  const kinds = wanted.length === 0 ? KINDS : wanted;
  const rows = await read.rows(
    upkeepRun,
    sql`SELECT * FROM upkeep_run WHERE kind IN (${sql.list([...kinds])}) AND ${where} ${orderBy} ${limit}`,
  );
  return rows.map((row) => ({ ...row, sortValue: row.startedAt }));
}

/** Restores and changes of the database, the newest first. */
export async function databaseRunList(ctx: Ctx, query: ListQuery): Promise<List> {
  const { t } = ctx;
  const { rows, previousHref, nextHref } = pageOf(query, await databaseRuns(ctx, query));
  const kind = KINDS.find((one) => one === query.filters['kind']);
  const label = (one: (typeof KINDS)[number]): string => t(`databases:only.${one}`);
  return {
    filters: {
      action: DATABASES,
      chips: kind ? [{ label: label(kind), removeHref: listHref(query, { kind: null }) }] : [],
      fields: [
        {
          name: 'kind',
          label: t('databases:what'),
          type: 'select',
          value: kind ?? '',
          options: KINDS.map((value) => ({ value, label: label(value) })),
        },
      ],
    },
    table: runTable(ctx, rows),
    pager: { ...(previousHref ? { previousHref } : {}), ...(nextHref ? { nextHref } : {}) },
    empty: { title: t('databases:none'), text: t('databases:noneHint') },
    filtered: kind !== undefined,
    clearHref: DATABASES,
  };
}

function runTable(ctx: Ctx, runs: readonly UpkeepRunRow[]): Table {
  const { t, f } = ctx;
  return {
    id: 'database-runs',
    caption: t('databases:runs'),
    columns: [
      { key: 'at', label: t('backups:startedAt'), card: 'title', keep: true },
      { key: 'state', label: t('backups:outcome'), card: 'state' },
      { key: 'what', label: t('databases:what'), card: 'number' },
      { key: 'by', label: t('backups:by'), card: 'number' },
      { key: 'address', label: t('databases:address'), card: 'full' },
    ],
    rows: runs.map((run) => {
      const at = f.dateTime(run.startedAt);
      return {
        id: run.id,
        cells: [
          run.kind === 'restore' ? { text: at, href: restoreHref(run.id) } : at,
          { state: runLabel(ctx, run) },
          whatWords(ctx, run),
          run.startedByName,
          { text: addressOf(run), muted: true },
        ],
      };
    }),
  };
}

const resultOf = ({ result }: UpkeepRunRow) => (result ?? {}) as { kind?: string; name?: string; to?: string };

const whatWords = ({ t }: Pick<Ctx, 't'>, run: UpkeepRunRow): string =>
  t(run.kind === 'restore' ? 'databases:last.filled' : `databases:last.${resultOf(run).kind ?? 'move'}`);

const addressOf = (run: UpkeepRunRow): string =>
  (run.kind === 'restore' ? restoreResult(run)?.address : resultOf(run).to) ?? '';

export function exportDatabaseRuns(ctx: Ctx): Reply {
  const { t } = ctx;
  return exportReply<ListedRun>(ctx, {
    name: `databases-${ctx.today}`,
    sheet: t('databases:runs'),
    columns: [
      { header: t('backups:startedAt'), type: 'datetime' },
      { header: t('databases:endedAt'), type: 'datetime' },
      { header: t('backups:outcome'), type: 'text' },
      { header: t('databases:what'), type: 'text' },
      { header: t('backups:by'), type: 'text' },
      { header: t('databases:address'), type: 'text' },
      { header: t('databases:origin'), type: 'text' },
    ],
    query: databaseRunQuery(ctx),
    load: (query) => databaseRuns(ctx, query),
    toRow: (run) => [
      run.startedAt,
      run.finishedAt,
      runLabel(ctx, run).text,
      whatWords(ctx, run),
      run.startedByName,
      addressOf(run),
      resultOf(run).name ?? '',
    ],
  });
}
