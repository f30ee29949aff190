import { existsSync, statSync } from 'node:fs';
import { embeddedFile, sql } from '../../../platform/database';
import type { Ctx } from '../../../platform/http';
import { isRunning, upkeepRun, type UpkeepRunRow } from '../../../platform/upkeep';
import type { Action, Facts, Message, Progress, Table } from '../../../platform/views';
import { databaseAddress, keptAs, restoreResult } from '../../backup';
import { readSwitch, switchProgress, type SwitchProgress, type SwitchState } from '../../switch-over';
import type { SystemPages } from '../system-pages';
import { BACKUP_MANAGE, BACKUPS, failureWords } from './backup-words';
import { DATABASES, restoreHref, runLabel, runProgress, whyNotSwitchable } from './database-words';

const SHOWN = 30;
const KINDS = ['restore', 'switch'];

export interface DatabasesPage {
  head: { title: string; say: string; crumbs: { href: string; label: string }[]; actions: Action[] };
  messages: Message[];
  progress: Progress | null;
  inUse: Facts;
  last: { title: string; steps: SwitchProgress['steps']; facts: Facts } | null;
  list: { table: Table; empty: { title: string; text: string } };
}

/** Restores and changes of the database, the newest first. */
export const recentDatabaseRuns = (ctx: Pick<Ctx, 'read'>): Promise<UpkeepRunRow[]> =>
  ctx.read.rows(
    upkeepRun,
    sql`SELECT * FROM upkeep_run WHERE kind IN (${sql.list(KINDS)}) ORDER BY started_at DESC, id DESC ${sql.limit(SHOWN)}`,
  );

/** The database in use, the last change of it, and those that backups were restored into. */
export async function databasesPage(ctx: Ctx, pages: SystemPages): Promise<DatabasesPage> {
  const { t, f, now } = ctx;
  const { config } = ctx.services;
  const runs = await recentDatabaseRuns(ctx);
  const running = runs.find((run) => isRunning(run, now));
  const state = readSwitch(config);
  const why = whyNotSwitchable(ctx, pages);
  const may = ctx.can(BACKUP_MANAGE);
  const isFree = may && why === undefined && !running && state?.outcome !== 'running';
  return {
    head: {
      title: t('databases:title'),
      say: t('databases:say'),
      crumbs: [{ href: BACKUPS, label: t('backups:title') }],
      actions: [
        ...(isFree && mayGoBack(state, config.database.url)
          ? [{ label: t('databases:back.do'), href: `${DATABASES}/back`, confirm: true }]
          : []),
        ...(isFree ? [{ label: t('databases:move.do'), href: `${DATABASES}/move`, look: 'primary' as const }] : []),
      ],
    },
    messages: [
      ...(why === undefined ? [] : [{ tone: 'hold' as const, title: t('databases:notHere'), text: why }]),
      ...(state && state.outcome !== 'running' ? [verdict(ctx, state)] : []),
    ],
    progress: running ? runProgress(ctx, running) : state?.outcome === 'running' ? closing(ctx, runs) : null,
    inUse: { facts: inUseFacts(ctx) },
    last: state
      ? {
          title: t(`databases:last.${state.kind}`),
          steps: switchProgress(state, t).steps,
          facts: {
            facts: [
              { label: t('databases:from'), value: state.from },
              { label: t('databases:to'), value: state.to },
              ...(state.origin
                ? [
                    {
                      label: t('databases:origin'),
                      value: state.origin.name,
                      sub: f.dateTime(Date.parse(state.origin.createdAt)),
                    },
                  ]
                : []),
              ...(state.copied ? [{ label: t('backups:copies.rows'), value: f.number(state.copied.rows) }] : []),
              { label: t('backups:by'), value: state.byName, sub: f.dateTime(state.finishedAt ?? state.startedAt) },
            ],
          },
        }
      : null,
    list: { table: runTable(ctx, runs), empty: { title: t('databases:none'), text: t('databases:noneHint') } },
  };
}

export const mayGoBack = (state: SwitchState | undefined, url: string): state is SwitchState =>
  state?.outcome === 'done' &&
  state.kind !== 'back' &&
  state.to === databaseAddress(url) &&
  existsSync(keptAs(state.configFile));

function verdict(ctx: Ctx, { outcome, failure, kind, to }: SwitchState): Message {
  const { t } = ctx;
  const words = failure ? failureWords(ctx, failure) : undefined;
  return {
    tone: outcome === 'done' ? 'ok' : 'bad',
    title: t(`databases:outcome.${outcome === 'done' ? kind : 'failed'}`, { to }),
    ...(words && { text: [words.found, words.remedy].filter(Boolean).join(' ') }),
  };
}

/** The backup is made; within seconds the server closes everything and shows another page here. */
function closing({ t }: Ctx, runs: readonly UpkeepRunRow[]): Progress | null {
  const run = runs.find(({ kind }) => kind === 'switch');
  return run
    ? { label: t('databases:closing'), done: 0, total: 0, pollHref: `${BACKUPS}/trials/${run.id}/progress` }
    : null;
}

function inUseFacts({ t, f, services }: Ctx): Facts['facts'] {
  const { url } = services.config.database;
  const file = embeddedFile(url);
  const size = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.size;
  return [
    { label: t('databases:inUse'), value: databaseAddress(url), strong: true },
    { label: t('backups:kindTitle'), value: t(`databases:kind.${services.database.dialect}`) },
    ...(size === undefined ? [] : [{ label: t('backups:size'), value: f.fileSize(size) }]),
  ];
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
      const { kind, address = '', to = '' } = (run.result ?? {}) as { kind?: string; address?: string; to?: string };
      const at = f.dateTime(run.startedAt);
      return {
        id: run.id,
        cells: [
          run.kind === 'restore' ? { text: at, href: restoreHref(run.id) } : at,
          { state: runLabel(ctx, run) },
          run.kind === 'restore' ? t('databases:last.filled') : t(`databases:last.${kind ?? 'move'}`),
          run.startedByName,
          { text: run.kind === 'restore' ? (restoreResult(run)?.address ?? address) : to, muted: true },
        ],
      };
    }),
  };
}
