import { isDomainError, notFound } from '../../kernel';
import { type Ctx, formState, json, page, redirect, type Reply, type Route } from '../../platform/http';
import {
  applyImport,
  checkImport,
  type FilePreview,
  importRun,
  type ImportRunRow,
  previewFile,
  progressOf,
  readImportRows,
  startImport,
  storedPath,
} from '../../platform/imports';
import { inScope } from '../../platform/permissions';
import { sql } from '../../platform/database';
import { keyset, type ListSpec, pageOf, readListQuery } from '../../platform/lists';
import type { Importer } from '../../platform/modules';
import { writeXlsx } from '../../platform/spreadsheet';
import type { FormErrors } from '../../platform/views';
import type { ModuleSwitches } from '../module-switches';
import {
  importerWords,
  importRunPage,
  type ImportsPage,
  type ImportStartPage,
  runState,
  shownState,
} from './imports.page';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MAX_FILE = 30 * 1024 * 1024;

interface ImportPages {
  switches: () => ModuleSwitches;
}

const RUNS: ListSpec = {
  path: '/imports',
  id: 'r.id',
  filters: [],
  sorts: { newest: { expression: 'r.id', type: 'number', direction: 'descending' } },
};

/** Imports of all modules: choose, upload, name the columns, check everything, then write all or nothing. */
export function importRoutes({ switches }: ImportPages): Route[] {
  const allowed = async (ctx: Ctx): Promise<Importer[]> =>
    (await switches().active()).flatMap(({ imports }) => imports ?? []).filter(({ permission }) => ctx.can(permission));
  const importerOf = async (ctx: Ctx, id: string): Promise<Importer> => {
    const found = (await allowed(ctx)).find((importer) => importer.id === id);
    if (!found) throw notFound('imports.importer', id);
    return found;
  };
  const runOf = async (ctx: Ctx): Promise<{ run: ImportRunRow; importer: Importer }> => {
    const run = await ctx.read.get(importRun, ctx.id());
    if (!run) throw notFound('imports.run', ctx.id());
    const importer = await importerOf(ctx, run.importer);
    if (run.storeId !== null && !ctx.can(importer.permission, run.storeId)) throw notFound('imports.run', run.id);
    return { run, importer };
  };

  const showRun = async (ctx: Ctx, errors: FormErrors | null = null, status = 200): Promise<Reply> => {
    const { run, importer } = await runOf(ctx);
    const finished = run.state === 'done';
    const preview = finished ? null : await readPreview(ctx, importer, run);
    return page(
      'imports/run',
      ctx.t(importerWords(importer).title),
      importRunPage(ctx, importer, run, preview, errors),
      { status },
    );
  };

  return [
    {
      method: 'get',
      path: '/imports',
      access: { permission: 'system.import.view' },
      handler: async (ctx) => page('imports/list', ctx.t('imports:title'), await importsPage(ctx, await allowed(ctx))),
    },
    {
      method: 'get',
      path: '/imports/:importer',
      access: 'signed-in',
      handler: async (ctx) => startPage(ctx, await importerOf(ctx, ctx.params.importer ?? ''), null, 200),
    },
    {
      method: 'get',
      path: '/imports/:importer/template.xlsx',
      access: 'signed-in',
      handler: async (ctx) => templateFile(ctx, await importerOf(ctx, ctx.params.importer ?? '')),
    },
    {
      method: 'post',
      path: '/imports/:importer',
      access: 'signed-in',
      upload: { maxBytes: MAX_FILE, maxFiles: 1, extensions: ['xlsx', 'csv', 'tsv', 'txt', 'xls', 'xlsb', 'ods'] },
      handler: async (ctx) => {
        const importer = await importerOf(ctx, ctx.params.importer ?? '');
        const [file] = ctx.files;
        if (!file)
          return startPage(
            ctx,
            importer,
            { errors: [{ field: 'file', message: ctx.t('imports:error.no_file') }] },
            422,
          );
        try {
          const storeId = ctx.stores.find(({ id }) => String(id) === ctx.body.storeId)?.id ?? null;
          const id = await startImport(ctx.services, ctx.actor, importer, {
            name: file.name,
            content: file.content,
            storeId,
          });
          return redirect(`/imports/runs/${id}`);
        } catch (error) {
          if (!isDomainError(error) || error.status !== 422) throw error;
          return startPage(
            ctx,
            importer,
            { errors: [{ field: 'file', message: ctx.t(error.code, error.details) }] },
            422,
          );
        }
      },
    },
    { method: 'get', path: '/imports/runs/:id', access: 'signed-in', handler: (ctx) => showRun(ctx) },
    {
      method: 'post',
      path: '/imports/runs/:id/check',
      access: 'signed-in',
      handler: async (ctx) => {
        const { run, importer } = await runOf(ctx);
        const mapping: Record<string, number> = {};
        for (const { key } of importer.columns) {
          const place = ctx.body[`column.${key}`];
          if (typeof place === 'string' && /^\d{1,3}$/.test(place)) mapping[key] = Number(place);
        }
        try {
          const wholeNumber = (value: unknown, fallback: number) =>
            typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : fallback;
          await checkImport(ctx.services, ctx.actor, importer, {
            id: run.id,
            version: wholeNumber(ctx.body.version, run.version),
            mapping,
            sheet: wholeNumber(ctx.body.sheet, run.sheet),
            headerRow: wholeNumber(ctx.body.headerRow, run.headerRow),
          });
          return redirect(`/imports/runs/${run.id}`);
        } catch (error) {
          if (!isDomainError(error) || error.status !== 422) throw error;
          const form = formState(ctx, error);
          const errors = Object.entries(form.problems).map(([field, message]) => ({ field, message }));
          return showRun(ctx, { errors: errors.length > 0 ? errors : [{ message: form.message ?? '' }] }, 422);
        }
      },
    },
    {
      method: 'post',
      path: '/imports/runs/:id/application',
      access: 'signed-in',
      handler: async (ctx) => {
        const { run, importer } = await runOf(ctx);
        if (run.state === 'done' || run.state === 'applying') return redirect(`/imports/runs/${run.id}`);
        const version = Number(ctx.body.version);
        await applyImport(ctx.services, ctx.actor, importer, {
          id: run.id,
          version: Number.isSafeInteger(version) ? version : run.version,
        });
        return redirect(`/imports/runs/${run.id}`);
      },
    },
    {
      method: 'get',
      path: '/imports/runs/:id/progress',
      access: 'signed-in',
      handler: async (ctx) => {
        const { run } = await runOf(ctx);
        const state = shownState(run);
        const running = state === 'checking' || state === 'applying';
        return json({
          label: ctx.t(`imports:state.${state}`),
          ...(progressOf(run.id) ?? { done: running ? 0 : run.rows, total: run.rows }),
          state: running ? 'running' : state === 'done' || state === 'checked' ? 'finished' : 'failed',
        });
      },
    },
    {
      method: 'get',
      path: '/imports/runs/:id/problems.xlsx',
      access: 'signed-in',
      handler: async (ctx) => {
        const { run, importer } = await runOf(ctx);
        return problemFile(ctx, importer, run);
      },
    },
  ];
}

async function readPreview(ctx: Ctx, importer: Importer, run: ImportRunRow): Promise<FilePreview | null> {
  try {
    return await previewFile(storedPath(ctx.services, run.storedAs), importer.columns, run.sheet);
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}

async function importsPage(ctx: Ctx, importers: readonly Importer[]): Promise<ImportsPage> {
  const { t, f } = ctx;
  const query = readListQuery(RUNS, ctx.query);
  const { where, orderBy, limit } = keyset(query);
  const scopes = importers.map(
    ({ id, permission }) =>
      sql`(r.importer = ${id} AND (r.store_id IS NULL OR ${inScope('r.store_id', ctx.actor.scope(permission))}))`,
  );
  const mine = scopes.length > 0 ? sql`(${sql.join(scopes, ' OR ')})` : sql`1 = 0`;
  const rows = await ctx.read.all<
    Pick<
      ImportRunRow,
      'id' | 'importer' | 'fileName' | 'state' | 'rows' | 'problemCount' | 'createdByName' | 'createdAt'
    > & { sortValue: number }
  >(
    sql`SELECT r.id, r.id AS sort_value, r.importer, r.file_name, r.state, r.rows, r.problem_count, r.created_by_name, r.created_at
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
            f.number(run.rows),
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

function startPage(ctx: Ctx, importer: Importer, errors: FormErrors | null, status: number): Reply {
  const { t } = ctx;
  const words = importerWords(importer);
  const model: ImportStartPage = {
    head: { title: t(words.title), crumbs: [{ label: t('imports:title'), href: '/imports' }] },
    hint: t(words.hint),
    action: `/imports/${importer.id}`,
    templateHref: `/imports/${importer.id}/template.xlsx`,
    errors,
    fields: [
      {
        name: 'storeId',
        label: t('imports:store'),
        type: 'select',
        optional: true,
        hint: t('imports:storeHint'),
        value: typeof ctx.body.storeId === 'string' ? ctx.body.storeId : (ctx.store?.id ?? ''),
        options: ctx.stores
          .filter(({ id }) => ctx.can(importer.permission, id))
          .map(({ id, name }) => ({ value: id, label: name })),
        choose: t('imports:storeFromFile'),
      },
    ],
    columns: {
      id: 'columns',
      caption: t('imports:columns'),
      columns: [
        { key: 'name', label: t('imports:column'), card: 'title' },
        { key: 'needed', label: t('imports:needed'), card: 'state' },
        { key: 'aliases', label: t('imports:aliases'), card: 'full' },
      ],
      rows: importer.columns.map(({ key, required, aliases }) => ({
        id: key,
        cells: [
          { text: t(words.column(key)), strong: true },
          required ? t('common:yes') : t('common:no'),
          aliases.join('、'),
        ],
      })),
    },
  };
  return page('imports/start', t(words.title), model, { status });
}

function templateFile(ctx: Ctx, importer: Importer): Reply {
  const words = importerWords(importer);
  const columns = importer.columns.map(({ key }) => ({ header: ctx.t(words.column(key)), type: 'text' as const }));
  return {
    kind: 'file',
    name: `${ctx.t(words.title)}.xlsx`,
    type: XLSX,
    body: writeXlsx([{ name: ctx.t(words.title), columns, rows: [] }]),
    inline: false,
  };
}

/** The rows that cannot be taken, as they were, with the reason behind each: to be corrected and imported again. */
async function problemFile(ctx: Ctx, importer: Importer, run: ImportRunRow): Promise<Reply> {
  const { t } = ctx;
  const words = importerWords(importer);
  const { rows } = await readImportRows(storedPath(ctx.services, run.storedAs), run);
  const byLine = new Map(rows.map((row) => [row.line, row.values]));
  const keys = importer.columns.map(({ key }) => key).filter((key) => run.mapping[key] !== undefined);
  const reasons = new Map<number, string[]>();
  for (const { line, column, code, details } of run.problems ?? [])
    reasons.set(line, [
      ...(reasons.get(line) ?? []),
      `${column ? `${t(words.column(column))}: ` : ''}${t(code, details)}`,
    ]);
  const columns = [
    { header: t('imports:line'), type: 'integer' as const },
    ...keys.map((key) => ({ header: t(words.column(key)), type: 'text' as const })),
    { header: t('imports:reason'), type: 'text' as const, width: 60 },
  ];
  const lines = [...reasons].map(([line, why]) => [
    line,
    ...keys.map((key) => byLine.get(line)?.[key] ?? ''),
    why.join('；'),
  ]);
  return {
    kind: 'file',
    name: `${t('imports:problemList')}-${run.fileName}.xlsx`,
    type: XLSX,
    body: writeXlsx([{ name: t('imports:problemList'), columns, rows: lines }]),
    inline: false,
  };
}
