import { isDomainError, notFound } from '../../../kernel';
import { type Ctx, formState, json, page, redirect, type Reply, type Route } from '../../../platform/http';
import {
  applyImport,
  cancelImport,
  checkImport,
  type FilePreview,
  importRun,
  type ImportRunRow,
  previewFile,
  progressOf,
  storedFile,
} from '../../../platform/imports';
import type { Importer } from '../../../platform/modules';
import type { FormErrors } from '../../../platform/views';
import { type AskedReading, askedReading, chosenColumns } from './asked-reading';
import { problemFile } from './import-downloads';
import { importRunPage } from './import-run.page';
import { importerWords, shownState } from './importer-words';

type ImporterOf = (ctx: Ctx, id: string) => Promise<Importer>;

/** One import on its way: name the columns, check, write, cancel, fetch what is wrong. */
export function importRunRoutes(importerOf: ImporterOf): Route[] {
  const found = async (ctx: Ctx): Promise<{ run: ImportRunRow; importer: Importer }> => {
    const run = await ctx.read.get(importRun, ctx.id());
    if (!run) throw notFound('imports.run', ctx.id());
    const importer = await importerOf(ctx, run.importer);
    if (run.storeId !== null && !ctx.can(importer.permission, run.storeId)) throw notFound('imports.run', run.id);
    return { run, importer };
  };
  const route = (
    method: Route['method'],
    path: string,
    handler: (ctx: Ctx, run: ImportRunRow, importer: Importer) => Reply | Promise<Reply>,
  ): Route => ({
    method,
    path: `/imports/runs/:id${path}`,
    access: 'signed-in',
    handler: async (ctx) => {
      const { run, importer } = await found(ctx);
      return handler(ctx, run, importer);
    },
  });
  return [
    route('get', '', (ctx, run, importer) => showRun(ctx, run, importer, askedReading(ctx.query, run))),
    route('post', '/check', check),
    route('post', '/application', apply),
    route('post', '/cancellation', async (ctx, run, importer) => {
      await cancelImport(ctx.services, ctx.actor, importer, run);
      return redirect(pathOf(run));
    }),
    route('get', '/progress', (ctx, run) => progress(ctx, run)),
    route('get', '/problems.xlsx', (ctx, run, importer) => {
      if (run.state !== 'checked' || run.problemCount === 0) throw notFound('imports.problems', run.id);
      return problemFile(ctx, importer, run);
    }),
  ];
}

const pathOf = ({ id }: ImportRunRow): string => `/imports/runs/${id}`;

async function showRun(
  ctx: Ctx,
  run: ImportRunRow,
  importer: Importer,
  asked: AskedReading,
  errors: FormErrors | null = null,
): Promise<Reply> {
  const { preview, problem } =
    run.state === 'done' ? { preview: null, problem: null } : await readPreview(ctx, importer, run, asked);
  const wrong = errors ?? (problem ? { errors: [{ message: problem }] } : null);
  const model = importRunPage(ctx, importer, run, preview && { ...asked, ...preview }, wrong);
  return page('imports/run', ctx.t(importerWords(importer).title), model, { status: wrong ? 422 : 200 });
}

/** What the asked place shows; the run's own place with the reason when there is nothing at the asked one. */
async function readPreview(
  ctx: Ctx,
  importer: Importer,
  run: ImportRunRow,
  { place }: AskedReading,
): Promise<{ preview: { file: FilePreview } | null; problem: string | null }> {
  let problem: string | null = null;
  for (const at of [place, { sheet: run.sheet, headerRow: run.headerRow }])
    try {
      return {
        preview: { file: await previewFile(await storedFile(ctx.services, run.storedAs), importer.columns, at) },
        problem,
      };
    } catch (error) {
      if (!isDomainError(error)) {
        // The folder of uploads may have been cleared since; the run itself can still be looked at.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        return { preview: null, problem: ctx.t('imports:error.file_gone') };
      }
      problem ??= ctx.t(error.code, error.details);
    }
  return { preview: null, problem };
}

async function check(ctx: Ctx, run: ImportRunRow, importer: Importer): Promise<Reply> {
  const { place, across } = askedReading(ctx.body, run);
  const mapping = chosenColumns(ctx.body, importer);
  const version = Number(ctx.body.version);
  try {
    await checkImport(ctx.services, ctx.actor, importer, {
      id: run.id,
      version: Number.isSafeInteger(version) ? version : run.version,
      ...place,
      mapping,
      across,
    });
    return redirect(pathOf(run));
  } catch (error) {
    if (!isDomainError(error) || error.status !== 422) throw error;
    const form = formState(ctx, error);
    const fields = Object.entries(form.problems).map(([field, message]) => ({ field, message }));
    const errors = fields.length > 0 ? fields : [{ message: form.message ?? '' }];
    return showRun(ctx, run, importer, { place, across, mapping }, { errors });
  }
}

async function apply(ctx: Ctx, run: ImportRunRow, importer: Importer): Promise<Reply> {
  if (run.state === 'done' || run.state === 'applying') return redirect(pathOf(run));
  const version = Number(ctx.body.version);
  await applyImport(ctx.services, ctx.actor, importer, {
    id: run.id,
    version: Number.isSafeInteger(version) ? version : run.version,
  });
  return redirect(pathOf(run));
}

function progress(ctx: Ctx, run: ImportRunRow): Reply {
  const state = shownState(run);
  const running = state === 'checking' || state === 'applying';
  return json({
    label: ctx.t(`imports:state.${state}`),
    ...(progressOf(run.id) ?? { done: running ? 0 : run.rowCount, total: run.rowCount }),
    state: running ? 'running' : state === 'done' || state === 'checked' ? 'finished' : 'failed',
  });
}
