import { type Ctx, json, redirect, type Reply } from '../../../platform/http';
import { isDomainError, notFound } from '../../../kernel';
import { setTimeout as pause } from 'node:timers/promises';
import { listHref, type ListQuery } from '../../../platform/lists';
import { isRunning, lastRun, upkeepRun, type UpkeepRunRow } from '../../../platform/upkeep';
import type { Action, Field, Message, Progress } from '../../../platform/views';
import { ABC, XYZ } from '../domain/classes';
import { SPANS } from '../domain/turnover';
import { type AnalysisFilter, analysisRun, periodOf, storeKeyOf } from '../queries/analysis-list';
import { ANALYSE, startAnalysis } from '../use-cases/analyse-stock';
import { type Choices, stockFilter } from './stock-filter';

export const VIEW_ANALYSIS = 'reporting.analysis.view';
const RUNS = '/reporting/analysis/runs';
/** Pages that show what is computed: where to go afterwards. */
const PAGES = ['turnover', 'classes', 'dead-stock'] as const;
export type AnalysisPage = (typeof PAGES)[number];
/** Of a small company the answer is there by then; longer work is followed on the page. */
const WAIT_MS = 1500;

const pageAsked = ({ query }: Pick<Ctx, 'query'>): AnalysisPage =>
  PAGES.find((name) => name === query['page']) ?? 'turnover';

/** The filter of the address; a class is two letters, or one of them (`AX`, `A`, `Z`). */
export async function analysisFilter(
  ctx: Ctx,
  { filters }: ListQuery,
  choices: Choices,
  permission: string,
): Promise<AnalysisFilter> {
  const filter = stockFilter(ctx, filters, choices, permission);
  const letters = filters['class'] ?? '';
  return {
    ...filter,
    run: await analysisRun(ctx.read),
    weeks: SPANS.find((span) => String(span) === filters['weeks']) ?? SPANS[0],
    storeKey: storeKeyOf(filter.scope, filter.storeId),
    abc: ABC.find((letter) => letters.includes(letter)) ?? null,
    xyz: XYZ.find((letter) => letters.includes(letter)) ?? null,
  };
}

export const weeksField = ({ t }: Pick<Ctx, 't'>, value: number): Field => ({
  name: 'weeks',
  label: t('reporting:analysis.span'),
  type: 'select',
  value: String(value),
  options: SPANS.map((weeks) => ({ value: weeks, label: t('reporting:analysis.weeks', { count: weeks }) })),
});

export const weeksChip = ({ t }: Pick<Ctx, 't'>, query: ListQuery, weeks: number) =>
  query.filters['weeks']
    ? [{ label: t('reporting:analysis.weeks', { count: weeks }), removeHref: listHref(query, { weeks: null }) }]
    : [];

/** Whose figures, of which days. */
export function analysisSay(ctx: Ctx, filter: AnalysisFilter): string {
  const { t, f } = ctx;
  const place = ctx.stores.find(({ id }) => id === filter.storeKey)?.name ?? t('common:frame.allStores');
  const period = periodOf(filter);
  return period ? `${place} · ${f.date(period.from)} – ${f.date(period.to)}` : place;
}

/** The documents that moved a product on the days of the figures, in their stores. */
export function movementsOf(filter: AnalysisFilter, skuId: number): string | null {
  const period = periodOf(filter);
  return period && withStore('/inventory/movements', filter, { sku: String(skuId), ...period });
}

/** The value of a product's stock at the end of a day, in the stores of the figures. */
export const stockOn = (filter: AnalysisFilter, skuCode: string, on: string): string =>
  withStore('/reporting/stock-matrix', filter, { measure: 'value', q: skuCode, on });

function withStore(path: string, { storeKey }: AnalysisFilter, values: Record<string, string>): string {
  const query = new URLSearchParams(values);
  if (storeKey !== 0) query.set('store', String(storeKey));
  return `${path}?${query.toString()}`;
}

const progressOf = ({ t }: Pick<Ctx, 't'>, page: AnalysisPage, { id, done, total }: UpkeepRunRow): Progress => ({
  label: t('reporting:analysis.computing'),
  done,
  total,
  pollHref: `${RUNS}/${id}/progress?page=${page}`,
});

/** What every page of the analysis says of the computation, and its button. */
export async function computation(
  ctx: Ctx,
  page: AnalysisPage,
): Promise<{ actions: Action[]; progress: Progress | null; message: Message | null }> {
  const { t } = ctx;
  const run = await lastRun(ctx.read, 'analyse');
  const running = run !== undefined && isRunning(run, ctx.now);
  return {
    actions:
      ctx.can(ANALYSE) && !running
        ? [
            {
              look: 'primary',
              icon: 'calculator',
              label: t('reporting:analysis.compute'),
              href: `${RUNS}?page=${page}`,
              method: 'post',
            },
          ]
        : [],
    progress: running ? progressOf(ctx, page, run) : null,
    message:
      run && !running && run.state !== 'ok'
        ? { tone: 'hold', title: t('reporting:analysis.stopped'), text: run.failure ?? '' }
        : null,
  };
}

export async function compute(ctx: Ctx): Promise<Reply> {
  try {
    const { over } = await startAnalysis(ctx.services, ctx.actor);
    await Promise.race([over, pause(WAIT_MS, undefined, { ref: false })]);
  } catch (error) {
    // Somebody else's computation is running: its result is as good.
    if (!isDomainError(error) || error.status !== 409) throw error;
  }
  return redirect(`/reporting/${pageAsked(ctx)}`);
}

export async function progress(ctx: Ctx): Promise<Reply> {
  const row = await ctx.read.get(upkeepRun, ctx.id());
  if (row?.kind !== 'analyse') throw notFound('reporting.analysis', ctx.id());
  const state = isRunning(row, ctx.now) ? 'running' : row.state === 'ok' ? 'finished' : 'failed';
  const { label, done, total } = progressOf(ctx, pageAsked(ctx), row);
  return json({ label, done, total, state, href: `/reporting/${pageAsked(ctx)}` });
}
