import { existsSync, statSync } from 'node:fs';
import { embeddedFile } from '../../../platform/database';
import type { Ctx } from '../../../platform/http';
import { exportAction } from '../../../platform/lists';
import { isRunning, lastRun, type UpkeepRunRow } from '../../../platform/upkeep';
import type { Action, Facts, List, Message, Progress } from '../../../platform/views';
import { databaseAddress, keptAs } from '../../backup';
import { readSwitch, switchProgress, type SwitchProgress, type SwitchState } from '../../switch-over';
import type { SystemPages } from '../system-pages';
import { BACKUP_MANAGE, BACKUPS, failureWords } from './backup-words';
import { databaseRunList, databaseRunQuery } from './database-runs';
import { DATABASES, runProgress, whyNotSwitchable } from './database-words';

export interface DatabasesPage {
  head: { title: string; say: string; crumbs: { href: string; label: string }[]; actions: Action[] };
  messages: Message[];
  progress: Progress | null;
  inUse: Facts;
  last: { title: string; steps: SwitchProgress['steps']; facts: Facts } | null;
  list: List;
}

/** The database in use, the last change of it, and those that backups were restored into. */
export async function databasesPage(ctx: Ctx, pages: SystemPages): Promise<DatabasesPage> {
  const { t, f, now } = ctx;
  const { config } = ctx.services;
  const query = databaseRunQuery(ctx);
  const [list, restored, changed] = [
    await databaseRunList(ctx, query),
    await lastRun(ctx.read, 'restore'),
    await lastRun(ctx.read, 'switch'),
  ];
  const runs = [restored, changed].filter((run): run is UpkeepRunRow => run !== undefined);
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
        ...(list.table.rows.length > 0 ? [exportAction(ctx, query)] : []),
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
    list,
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
