import type { Ctx } from '../../platform/http';
import type { FilePreview, ImportRunRow } from '../../platform/imports';
import { isWorking, progressOf } from '../../platform/imports';
import type { Importer, ImportProblem } from '../../platform/modules';
import type {
  Action,
  Facts,
  Field,
  FormErrors,
  List,
  Message,
  PageHead,
  Progress,
  StatusLabel,
  Table,
} from '../../platform/views';

export interface ImportsPage {
  head: PageHead;
  choices: { title: string; hint: string; href: string }[];
  runs: List;
}

export interface ImportStartPage {
  head: PageHead;
  hint: string;
  action: string;
  fields: Field[];
  templateHref: string;
  columns: Table;
  errors: FormErrors | null;
}

export interface ImportRunPage {
  head: PageHead;
  facts: Facts;
  message: Message | null;
  progress: Progress | null;
  mapping: {
    action: string;
    version: number;
    headerRow: number;
    sheet: number;
    fields: Field[];
    sample: Table;
    errors: FormErrors | null;
  } | null;
  problems: { table: Table; say: string; fileHref: string } | null;
  apply: Action | null;
}

/** The words of an importer: `catalog.products` → `catalog:import.products.title`. */
export function importerWords(importer: Importer): { title: string; hint: string; column: (key: string) => string } {
  const [module = '', name = ''] = importer.id.split('.');
  return {
    title: `${module}:import.${name}.title`,
    hint: `${module}:import.${name}.hint`,
    column: (key) => `${module}:import.column.${key}`,
  };
}

/** A run that says it works but is not worked on was cut off by a restart: it can be started again. */
export function shownState(run: Pick<ImportRunRow, 'id' | 'state'>): ImportRunRow['state'] | 'interrupted' {
  return (run.state === 'checking' || run.state === 'applying') && !isWorking(run) ? 'interrupted' : run.state;
}

const TONES = {
  mapping: 'hold',
  checking: 'way',
  checked: 'hold',
  applying: 'way',
  done: 'ok',
  failed: 'bad',
  interrupted: 'bad',
} as const;

export function runState(ctx: Pick<Ctx, 't'>, run: Pick<ImportRunRow, 'id' | 'state'>): StatusLabel {
  const state = shownState(run);
  return { tone: TONES[state], text: ctx.t(`imports:state.${state}`) };
}

const PROBLEMS_SHOWN = 100;

export function importRunPage(
  ctx: Ctx,
  importer: Importer,
  run: ImportRunRow,
  preview: FilePreview | null,
  errors: FormErrors | null,
): ImportRunPage {
  const { t, f } = ctx;
  const words = importerWords(importer);
  const base = `/imports/runs/${run.id}`;
  const state = shownState(run);
  const working = state === 'checking' || state === 'applying';
  const mayMap = state === 'mapping' || state === 'checked' || state === 'failed' || state === 'interrupted';
  const problems = run.problems ?? [];
  const ready = state === 'checked' && run.problemCount === 0;
  return {
    head: {
      title: t(words.title),
      crumbs: [{ label: t('imports:title'), href: '/imports' }],
      state: runState(ctx, run),
      say: run.fileName,
    },
    facts: {
      facts: [
        { label: t('imports:fact.file'), value: run.fileName },
        ...(preview
          ? [{ label: t('imports:fact.format'), value: [preview.format, preview.encoding].filter(Boolean).join(' · ') }]
          : []),
        { label: t('imports:fact.by'), value: run.createdByName, sub: f.dateTime(run.createdAt) },
        ...(run.rows > 0 ? [{ label: t('imports:fact.rows'), value: f.number(run.rows) }] : []),
        ...Object.entries(run.summary ?? {}).map(([key, count]) => ({
          label: t(key),
          value: f.number(count),
          strong: true,
        })),
        ...(run.finishedAt ? [{ label: t('imports:fact.finished'), value: f.dateTime(run.finishedAt) }] : []),
      ],
    },
    message: messageOf(ctx, run, state),
    progress: working
      ? {
          label: t(`imports:state.${state}`),
          ...(progressOf(run.id) ?? { done: 0, total: run.rows }),
          pollHref: `${base}/progress`,
        }
      : null,
    mapping: mayMap && preview ? mappingOf(ctx, importer, run, preview, errors) : null,
    problems:
      state === 'checked' && problems.length > 0
        ? { ...problemTable(ctx, importer, problems, run.problemCount), fileHref: `${base}/problems.xlsx` }
        : null,
    apply: ready
      ? {
          label: t('imports:apply', { count: run.rows }),
          href: `${base}/application`,
          method: 'post',
          look: 'primary',
          icon: 'check',
          fields: { version: run.version },
        }
      : null,
  };
}

function messageOf(ctx: Ctx, run: ImportRunRow, state: ReturnType<typeof shownState>): Message | null {
  const { t } = ctx;
  if (state === 'failed')
    return {
      tone: 'bad',
      title: t('imports:failed'),
      text: run.failure ? t(run.failure.code, run.failure.details) : '',
    };
  if (state === 'interrupted')
    return { tone: 'bad', title: t('imports:interrupted'), text: t('imports:interruptedHint') };
  if (state === 'done') return { tone: 'ok', title: t('imports:done', { count: run.rows }) };
  if (state === 'checked' && run.problemCount > 0)
    return { tone: 'bad', title: t('imports:problems', { count: run.problemCount }), text: t('imports:problemsHint') };
  if (state === 'checked')
    return { tone: 'ok', title: t('imports:clean', { count: run.rows }), text: t('imports:cleanHint') };
  return null;
}

function mappingOf(
  ctx: Ctx,
  importer: Importer,
  run: ImportRunRow,
  preview: FilePreview,
  errors: FormErrors | null,
): ImportRunPage['mapping'] {
  const { t } = ctx;
  const words = importerWords(importer);
  const { names } = preview.header;
  const problemOf = (key: string) => errors?.errors.find(({ field }) => field === `column.${key}`)?.message;
  return {
    action: `/imports/runs/${run.id}/check`,
    version: run.version,
    sheet: preview.sheet,
    headerRow: preview.header.row,
    errors,
    fields: importer.columns.map(({ key, required }) => {
      const error = problemOf(key);
      return {
        name: `column.${key}`,
        label: t(words.column(key)),
        type: 'select' as const,
        required,
        optional: !required,
        value: run.mapping[key] === undefined ? '' : String(run.mapping[key]),
        choose: t('imports:noColumn'),
        options: names
          .map((name, place) => ({ value: place, label: name || t('imports:columnNo', { number: place + 1 }) }))
          .filter((_, place) => names[place] || preview.sample.some((row) => row[place])),
        ...(error ? { error } : {}),
      };
    }),
    sample: {
      id: 'sample',
      caption: t('imports:sample'),
      cards: false,
      columns: names.map((name, place) => ({
        key: String(place),
        label: name || t('imports:columnNo', { number: place + 1 }),
      })),
      rows: preview.sample.map((cells, index) => ({ id: index, cells })),
    },
  };
}

function problemTable(
  ctx: Ctx,
  importer: Importer,
  problems: readonly ImportProblem[],
  count: number,
): { table: Table; say: string } {
  const { t } = ctx;
  const words = importerWords(importer);
  const shown = problems.slice(0, PROBLEMS_SHOWN);
  return {
    say: t('imports:problemsShown', { shown: shown.length, count }),
    table: {
      id: 'problems',
      caption: t('imports:problemList'),
      columns: [
        { key: 'line', label: t('imports:line'), num: true, card: 'state' },
        { key: 'column', label: t('imports:column'), card: 'title' },
        { key: 'reason', label: t('imports:reason'), card: 'full' },
      ],
      rows: shown.map((problem, index) => ({
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
