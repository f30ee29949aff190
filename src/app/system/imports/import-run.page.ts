import type { Ctx } from '../../../platform/http';
import { type ImportRunRow, progressOf } from '../../../platform/imports';
import type { Importer, ImportProblem } from '../../../platform/modules';
import type { Action, Facts, FormErrors, Message, PageHead, Progress, Table } from '../../../platform/views';
import { type ImportMapping, importMapping, type ShownReading } from './import-mapping.page';
import { importerWords, runState, type ShownState, shownState } from './importer-words';

export interface ImportRunPage {
  head: PageHead;
  facts: Facts;
  message: Message | null;
  progress: Progress | null;
  mapping: ImportMapping | null;
  problems: { table: Table; say: string; fileHref: string } | null;
  apply: Action | null;
}

const STATES_TO_MAP: readonly ShownState[] = ['mapping', 'checked', 'failed', 'cancelled', 'interrupted'];

/** `shown`: the file as the reader asks for it to be read; null when it cannot be read any more. */
export function importRunPage(
  ctx: Ctx,
  importer: Importer,
  run: ImportRunRow,
  shown: ShownReading | null,
  errors: FormErrors | null,
): ImportRunPage {
  const { t } = ctx;
  const base = `/imports/runs/${run.id}`;
  const state = shownState(run);
  const problems = run.problems ?? [];
  // While another way of reading is tried, what was checked before is not what is shown.
  const trying = shown !== null && shown.mapping === null;
  const checked = state === 'checked' && !trying && !errors;
  return {
    head: {
      title: t(importerWords(importer).title),
      crumbs: [{ label: t('imports:title'), href: '/imports' }],
      state: runState(ctx, run),
      say: run.fileName,
    },
    facts: factsOf(ctx, run, shown),
    message: trying ? null : messageOf(ctx, run, state),
    progress: state === 'checking' || state === 'applying' ? progressBar(ctx, run, base) : null,
    mapping: shown && STATES_TO_MAP.includes(state) ? importMapping(ctx, importer, run, shown, errors) : null,
    problems:
      checked && problems.length > 0
        ? { ...problemTable(ctx, importer, problems, run.problemCount), fileHref: `${base}/problems.xlsx` }
        : null,
    apply:
      checked && run.problemCount === 0
        ? {
            label: t('imports:apply', { count: ctx.f.number(run.rowCount) }),
            href: `${base}/application`,
            method: 'post',
            look: 'primary',
            icon: 'check',
            fields: { version: run.version },
          }
        : null,
  };
}

function progressBar({ t }: Ctx, run: ImportRunRow, base: string): Progress {
  return {
    label: t(`imports:state.${run.state}`),
    ...(progressOf(run.id) ?? { done: 0, total: run.rowCount }),
    pollHref: `${base}/progress`,
    cancel: { label: t('common:action.cancel'), href: `${base}/cancellation` },
  };
}

function factsOf({ t, f }: Ctx, run: ImportRunRow, shown: ShownReading | null): Facts {
  const file = shown?.file;
  const sheet = file && file.sheets.length > 1 ? file.sheets[file.sheet]?.name : undefined;
  return {
    facts: [
      { label: t('imports:fact.file'), value: run.fileName },
      ...(file
        ? [{ label: t('imports:fact.format'), value: [file.format, file.encoding].filter(Boolean).join(' · ') }]
        : []),
      ...(sheet ? [{ label: t('imports:sheet'), value: sheet }] : []),
      { label: t('imports:fact.by'), value: run.createdByName, sub: f.dateTime(run.createdAt) },
      ...(run.rowCount > 0 ? [{ label: t('imports:fact.rows'), value: f.number(run.rowCount) }] : []),
      ...Object.entries(run.summary ?? {}).map(([key, count]) => ({
        label: t(key),
        value: f.number(count),
        strong: true,
      })),
      ...(run.finishedAt ? [{ label: t('imports:fact.finished'), value: f.dateTime(run.finishedAt) }] : []),
    ],
  };
}

function messageOf({ t, f }: Ctx, run: ImportRunRow, state: ShownState): Message | null {
  if (state === 'failed')
    return {
      tone: 'bad',
      title: t('imports:failed'),
      text: run.failure ? t(run.failure.code, run.failure.details) : '',
    };
  if (state === 'interrupted')
    return { tone: 'bad', title: t('imports:interrupted'), text: t('imports:interruptedHint') };
  if (state === 'cancelled') return { tone: 'hold', title: t('imports:cancelled'), text: t('imports:cancelledHint') };
  if (state === 'done') return { tone: 'ok', title: t('imports:done', { count: f.number(run.rowCount) }) };
  if (state === 'checked' && run.problemCount > 0)
    return {
      tone: 'bad',
      title: t('imports:problems', { count: f.number(run.problemCount) }),
      text: t('imports:problemsHint'),
    };
  if (state === 'checked')
    return { tone: 'ok', title: t('imports:clean', { count: f.number(run.rowCount) }), text: t('imports:cleanHint') };
  return null;
}

function problemTable(
  { t, f }: Ctx,
  importer: Importer,
  problems: readonly ImportProblem[],
  count: number,
): { table: Table; say: string } {
  const words = importerWords(importer);
  return {
    say: t('imports:problemsShown', { shown: problems.length, count: f.number(count) }),
    table: {
      id: 'problems',
      caption: t('imports:problemList'),
      columns: [
        { key: 'line', label: t('imports:line'), num: true, card: 'number' },
        { key: 'column', label: t('imports:column'), card: 'title' },
        { key: 'reason', label: t('imports:reason'), card: 'full' },
      ],
      rows: problems.map((problem, index) => ({
        id: index,
        cells: [
          String(problem.line),
          problem.column ? t(words.column(problem.column)) : '',
          t(problem.code, problem.details),
        ],
      })),
    },
  };
}
