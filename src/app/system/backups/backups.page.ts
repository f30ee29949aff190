import {
  type BackupRunRow,
  healthOf,
  isAlive,
  isGood,
  nextRunAt,
  recentRuns,
  sealedBy,
  type TargetResult,
} from '../../backup';
import type { Ctx } from '../../../platform/http';
import type { UpkeepRunRow } from '../../../platform/upkeep';
import type { Action, Chart, KeyFigures, Message, Progress, Table } from '../../../platform/views';
import { BACKUP_MANAGE, BACKUPS, durationWords, failureWords, progressWords, stateLabel } from './backup-words';
import { DATABASES } from './database-words';
import { COPIES, recentTrials } from './copies.page';

const SHOWN = 30;

export interface BackupsPage {
  head: { title: string; say: string; actions: Action[] };
  messages: Message[];
  figures: KeyFigures;
  progress: Progress | null;
  targets: { table: Table; empty: { title: string; text: string } };
  chart: Chart | null;
  runs: { table: Table; empty: { title: string; text: string } };
}

export async function backupsPage(ctx: Ctx): Promise<BackupsPage> {
  const { t, now } = ctx;
  const { config } = ctx.services;
  const runs = await recentRuns(ctx.read, SHOWN);
  const health = healthOf(runs, now);
  const title = t('backups:title');
  const mayRun = ctx.can(BACKUP_MANAGE);
  const ready = config.backup.targets.length > 0;
  return {
    head: {
      title,
      say: t('backups:say'),
      actions: [
        { label: t('databases:title'), href: DATABASES, look: 'quiet' as const },
        ...(ready
          ? [
              { label: t('backups:copies.title'), href: COPIES, look: 'quiet' as const },
              { label: t('backups:retention.title'), href: `${BACKUPS}/retention`, look: 'quiet' as const },
            ]
          : []),
        ...(mayRun && ready && !health.running
          ? [{ label: t('backups:runNow'), href: `${BACKUPS}/runs`, method: 'post' as const, look: 'primary' as const }]
          : []),
      ],
    },
    messages: messagesOf(ctx, runs),
    figures: figuresOf(
      ctx,
      runs,
      (await recentTrials(ctx)).find(({ kind, state }) => kind === 'drill' && state !== 'running'),
    ),
    progress: health.running ? progressBar(ctx, health.running, mayRun) : null,
    targets: {
      table: targetTable(ctx, runs, mayRun),
      empty: { title: t('backups:noTargets'), text: t('backups:noTargetsHint') },
    },
    chart: chartOf(ctx, runs),
    runs: {
      table: runTable(ctx, runs),
      empty: { title: t('backups:noRuns'), text: t(ready ? 'backups:noRunsHint' : 'backups:noRunsYet') },
    },
  };
}

export function progressBar({ t }: Ctx, run: BackupRunRow, mayCancel: boolean): Progress {
  return {
    ...progressWords({ t }, run.progress),
    pollHref: `${BACKUPS}/runs/${run.id}/progress`,
    ...(mayCancel
      ? { cancel: { label: t('common:action.cancel'), href: `${BACKUPS}/runs/${run.id}/cancellation` } }
      : {}),
  };
}

function messagesOf(ctx: Ctx, runs: readonly BackupRunRow[]): Message[] {
  const { t, now } = ctx;
  const { config } = ctx.services;
  const { late, last, lastGood, shrunkTo } = healthOf(runs, now);
  const messages: Message[] = [];
  if (config.backup.targets.length === 0)
    return [{ tone: 'hold', title: t('backups:noTargets'), text: t('backups:noTargetsHint') }];
  if (sealedBy(config) === undefined)
    messages.push({ tone: 'bad', title: t('backups:noKey'), text: t('backups:noKeyHint') });
  if (sealedBy(config) === 'nobody')
    messages.push({ tone: 'hold', title: t('backups:open'), text: t('backups:openHint') });
  if (last?.state === 'failed' || last?.state === 'partly') {
    const reasons = [...(last.failure ? [last.failure] : []), ...last.results.flatMap(({ error }) => error ?? [])];
    const words = reasons.map((reason) => failureWords(ctx, reason));
    messages.push({
      tone: 'bad',
      title: t(last.state === 'partly' ? 'backups:lastPartly' : 'backups:lastFailed'),
      items: words.map(({ found, remedy }) => [found, remedy].filter(Boolean).join(' ')),
    });
  }
  if (late && lastGood) messages.push({ tone: 'bad', title: t('backups:late'), text: t('backups:lateHint') });
  if (shrunkTo !== undefined)
    messages.push({ tone: 'hold', title: t('backups:shrunk', { percent: shrunkTo }), text: t('backups:shrunkHint') });
  return messages;
}

function figuresOf(ctx: Ctx, runs: readonly BackupRunRow[], drill: UpkeepRunRow | undefined): KeyFigures {
  const { t, f, now } = ctx;
  const { config, timeZone } = ctx.services;
  const { lastGood } = healthOf(runs, now);
  const places = lastGood?.results.filter(({ ok }) => ok) ?? [];
  const ready = config.backup.targets.length > 0;
  return {
    label: t('backups:title'),
    cells: [
      {
        label: t('backups:figure.age'),
        figure: lastGood ? durationWords(ctx, now - lastGood.startedAt) : '–',
        note: lastGood ? f.dateTime(lastGood.startedAt) : t('backups:never'),
      },
      {
        label: t('backups:figure.places'),
        figure: String(places.length),
        note: places.map(({ target }) => target).join(t('backups:comma')),
      },
      {
        label: t('backups:figure.size'),
        figure: lastGood?.bytes ? f.fileSize(lastGood.bytes) : '–',
        note: lastGood ? t(lastGood.encrypted ? 'backups:encrypted' : 'backups:readable') : '',
      },
      {
        label: t('backups:figure.next'),
        figure: ready ? f.time(nextRunAt(config.backup.at, timeZone, now)) : '–',
        note: ready ? f.dateTime(nextRunAt(config.backup.at, timeZone, now)) : t('backups:noTargets'),
      },
      {
        label: t('backups:figure.drill'),
        figure: drill ? durationWords(ctx, now - drill.startedAt) : '–',
        note: drill ? t(`backups:trial.drill.${isGood(drill) ? 'done' : 'failed'}`) : t('backups:figure.noDrill'),
        href: COPIES,
      },
    ],
  };
}

function targetTable(ctx: Ctx, runs: readonly BackupRunRow[], mayTest: boolean): Table {
  const { t, f } = ctx;
  const resultOf = (id: string): (TargetResult & { at: number })[] =>
    runs.flatMap(({ results, startedAt }) =>
      results.filter(({ target }) => target === id).map((result) => ({ ...result, at: startedAt })),
    );
  return {
    id: 'targets',
    caption: t('backups:targets'),
    columns: [
      { key: 'id', label: t('backups:target'), card: 'title' },
      { key: 'state', label: t('backups:lastResult'), card: 'state' },
      { key: 'kind', label: t('backups:kindTitle'), card: 'number' },
      { key: 'place', label: t('backups:place'), card: 'full' },
      { key: 'good', label: t('backups:lastGood'), card: 'number' },
      { key: 'actions', label: t('backups:actions'), quiet: true, card: 'full' },
    ],
    rows: ctx.services.config.backup.targets.map((target) => {
      const [last] = resultOf(target.id);
      const good = resultOf(target.id).find(({ ok }) => ok);
      return {
        id: target.id,
        cells: [
          { text: target.id, strong: true },
          last
            ? {
                state: {
                  tone: last.ok ? ('ok' as const) : ('bad' as const),
                  text: t(last.ok ? 'backups:good' : 'backups:bad'),
                },
              }
            : { text: '–', muted: true },
          t(`backups:kind.${target.kind}`),
          { text: placeOf(target) },
          good ? f.dateTime(good.at) : '–',
          {
            actions: mayTest
              ? [{ label: t('backups:test'), href: `${BACKUPS}/targets/${target.id}/test`, method: 'post' as const }]
              : [],
          },
        ],
      };
    }),
  };
}

type Target = Ctx['services']['config']['backup']['targets'][number];

function placeOf(target: Target): string {
  switch (target.kind) {
    case 'local':
      return target.path;
    case 'sftp':
      return `${target.host}:${target.port ?? 22}/${target.path.replace(/^\//, '')}`;
    case 's3':
      return `${new URL(target.endpoint).host}/${target.bucket}/${target.prefix ?? ''}`;
    case 'webdav':
      return target.url.replace(/^https?:\/\//, '');
  }
}

function chartOf({ t }: Ctx, runs: readonly BackupRunRow[]): Chart | null {
  if (runs.filter(({ bytes }) => bytes !== null).length < 2) return null;
  const picture = (theme: string, size: string): string => `${BACKUPS}/charts/sizes?theme=${theme}&size=${size}`;
  return {
    title: t('backups:sizes'),
    alt: t('backups:sizesAlt'),
    wide: { light: picture('light', 'wide'), dark: picture('dark', 'wide') },
    phone: { light: picture('light', 'phone'), dark: picture('dark', 'phone') },
    tableHref: '#backup-runs',
  };
}

function runTable(ctx: Ctx, runs: readonly BackupRunRow[]): Table {
  const { t, f, now } = ctx;
  return {
    id: 'backup-runs',
    caption: t('backups:history'),
    columns: [
      { key: 'at', label: t('backups:startedAt'), card: 'title', keep: true },
      { key: 'state', label: t('backups:outcome'), card: 'state' },
      { key: 'origin', label: t('backups:by'), card: 'number' },
      { key: 'took', label: t('backups:took'), num: true, card: 'number' },
      { key: 'size', label: t('backups:size'), num: true, card: 'number' },
      { key: 'where', label: t('backups:where'), card: 'full' },
    ],
    rows: runs.map((row) => ({
      id: row.id,
      cells: [
        f.dateTime(row.startedAt),
        { state: stateLabel(ctx, row, isAlive(row, now)) },
        row.startedByName ?? t(`backups:origin.${row.origin}`),
        durationWords(ctx, (row.finishedAt ?? row.seenAt) - row.startedAt),
        row.bytes === null ? '' : f.fileSize(row.bytes),
        whereWords(ctx, row),
      ],
    })),
  };
}

function whereWords(ctx: Ctx, { results, failure }: BackupRunRow): string {
  const { t } = ctx;
  const said = results.map(({ target, ok, removed, error }) =>
    ok
      ? [target, ...(removed > 0 ? [t('backups:removed', { count: removed })] : [])].join(' ')
      : error
        ? failureWords(ctx, error).found
        : target,
  );
  return [...(failure ? [failureWords(ctx, failure).found] : []), ...said].join(t('backups:comma'));
}
