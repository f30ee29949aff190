import { sql } from '../../../platform/database';
import type { Ctx } from '../../../platform/http';
import type { ImportRunRow } from '../../../platform/imports';
import { keyset, type ListSpec, pageOf, readListQuery } from '../../../platform/lists';
import type { Importer } from '../../../platform/modules';
import { inScope } from '../../../platform/permissions';
import type { List, PageHead } from '../../../platform/views';
import { importerWords, runState } from './importer-words';

export interface ImportListPage {
  head: PageHead;
  choices: { title: string; hint: string; href: string }[];
  runs: List;
}

const RUNS: ListSpec = {
  path: '/imports',
  id: 'r.id',
  filters: [],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

type RunRow = Pick<
  ImportRunRow,
  'id' | 'importer' | 'fileName' | 'state' | 'rowCount' | 'problemCount' | 'createdByName' | 'createdAt'
> & { sortValue: number };

/** What can be imported, and the imports of the reader's kinds and stores so far. */
export async function importListPage(ctx: Ctx, importers: readonly Importer[]): Promise<ImportListPage> {
  const { t, f } = ctx;
  const query = readListQuery(RUNS, ctx.query);
  const { where, orderBy, limit } = keyset(query);
  const scopes = importers.map(
    ({ id, permission }) =>
      sql`(r.importer = ${id} AND (r.store_id IS NULL OR ${inScope('r.store_id', ctx.actor.scope(permission))}))`,
  );
  const mine = scopes.length > 0 ? sql`(${sql.join(scopes, ' OR ')})` : sql`1 = 0`;
  const rows = await ctx.read.all<RunRow>(
    sql`SELECT r.id, r.id AS sort_value, r.importer, r.file_name, r.state, r.row_count, r.problem_count, r.created_by_name, r.created_at
      FROM import_run r WHERE ${mine} AND ${where} ${orderBy} ${limit}`,
  );
  const list = pageOf(query, rows);
  const words = new Map(importers.map((importer) => [importer.id, importerWords(importer)]));
  return {
    head: { title: t('imports:title') },
    choices: importers.map((importer) => ({
      title: t(importerWords(importer).title),
      hint: t(importerWords(importer).hint),
      href: `/imports/${importer.id}`,
    })),
    runs: {
      table: {
        id: 'runs',
        caption: t('imports:runs'),
        columns: [
          { key: 'file', label: t('imports:fact.file'), card: 'title' },
          { key: 'state', label: t('imports:fact.state'), card: 'state' },
          { key: 'what', label: t('imports:fact.what'), card: 'full' },
          { key: 'rows', label: t('imports:fact.rows'), num: true, card: 'number' },
          { key: 'problems', label: t('imports:fact.problems'), num: true, card: 'number' },
          { key: 'by', label: t('imports:fact.by'), card: 'number' },
          { key: 'at', label: t('imports:fact.at'), card: 'hide' },
        ],
        rows: list.rows.map((run) => ({
          id: run.id,
          cells: [
            { text: run.fileName, href: `/imports/runs/${run.id}`, strong: true },
            { state: runState(ctx, run) },
            t(words.get(run.importer)?.title ?? 'imports:title'),
            f.number(run.rowCount),
            f.number(run.problemCount),
            run.createdByName,
            f.dateTime(run.createdAt),
          ],
        })),
      },
      pager: {
        ...(list.previousHref ? { previousHref: list.previousHref } : {}),
        ...(list.nextHref ? { nextHref: list.nextHref } : {}),
      },
      empty: { title: t('imports:none'), text: t('imports:noneHint') },
    },
  };
}
