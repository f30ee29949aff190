import type { Ctx } from '../../../platform/http';
import { isRunning, type UpkeepRunRow } from '../../../platform/upkeep';
import type { Action, Confirm, Facts, Message, Progress, StatusLabel } from '../../../platform/views';
import { databaseAddress, filledAddress, restoreResult } from '../../backup';
import { readSwitch } from '../../switch-over';
import { workSince } from '../../upgrade/look';
import type { SystemPages } from '../system-pages';
import { BACKUP_MANAGE, BACKUPS, failureWords } from './backup-words';
import { copyHref } from './copies.page';
import { DATABASES, restoreHref, runLabel, runProgress, startCommand, whyNotSwitchable } from './database-words';

export interface RestorePage {
  head: {
    title: string;
    say: string;
    state: StatusLabel;
    crumbs: { href: string; label: string }[];
    actions: Action[];
  };
  messages: Message[];
  progress: Progress | null;
  facts: Facts;
}

/** One restore beside the database in use: how far it is, what came of it, and the way over to it. */
export function restorePage(ctx: Ctx, pages: SystemPages, run: UpkeepRunRow): RestorePage {
  const { t, f, now } = ctx;
  const { config } = ctx.services;
  const result = restoreResult(run);
  const running = isRunning(run, now);
  const isFilled = filledAddress(ctx.services, run) !== undefined;
  const inUse = result?.address === databaseAddress(config.database.url);
  const why = whyNotSwitchable(ctx, pages);
  const free = isFilled && !inUse && why === undefined && readSwitch(config)?.outcome !== 'running';
  return {
    head: {
      title: t('databases:restore.title'),
      say: result?.name ?? '',
      state: runLabel(ctx, run),
      crumbs: [
        { href: BACKUPS, label: t('backups:title') },
        { href: DATABASES, label: t('databases:title') },
      ],
      actions:
        free && ctx.can(BACKUP_MANAGE)
          ? [
              {
                label: t('databases:switch.do'),
                href: `${restoreHref(run.id)}/switch`,
                look: 'primary',
                confirm: true,
              },
            ]
          : [],
    },
    messages: messagesOf(ctx, run, { running, inUse, why }),
    progress: running ? runProgress(ctx, run) : null,
    facts: {
      facts: [
        ...(result
          ? [
              {
                label: t('databases:from'),
                value: result.name,
                href: copyHref(result.target, result.name),
                sub: result.createdAt ? f.dateTime(Date.parse(result.createdAt)) : result.target,
              },
              { label: t('databases:to'), value: result.address, strong: true },
            ]
          : []),
        ...(result?.company ? [{ label: t('backups:copies.company'), value: result.company }] : []),
        ...(result?.program ? [{ label: t('backups:copies.program'), value: result.program }] : []),
        ...(result?.rows === undefined
          ? []
          : [
              {
                label: t('backups:copies.rows'),
                value: f.number(result.rows),
                sub: t('databases:restore.compared'),
              },
              { label: t('backups:copies.attachments'), value: f.number(result.attachments ?? 0) },
              {
                label: t('databases:restore.books'),
                value: f.number(result.checks ?? 0),
                sub: t('databases:restore.findings', { count: result.findings ?? 0 }),
              },
              ...(result.migratedSteps
                ? [{ label: t('databases:restore.migrated'), value: f.number(result.migratedSteps) }]
                : []),
            ]),
        { label: t('backups:by'), value: run.startedByName, sub: f.dateTime(run.startedAt) },
      ],
    },
  };
}

function messagesOf(
  ctx: Ctx,
  run: UpkeepRunRow,
  { running, inUse, why }: { running: boolean; inUse: boolean; why: string | undefined },
): Message[] {
  const { t } = ctx;
  const said = (tone: Message['tone'], key: string, text?: string): Message[] => [
    { tone, title: t(`databases:restore.${key}`), text: text ?? t(`databases:restore.${key}Hint`) },
  ];
  if (running) return said('way', 'running');
  if (run.state === 'cancelled') return said('hold', 'cancelled');
  const fault = restoreResult(run)?.fault;
  if (fault) {
    const { found, remedy } = failureWords(ctx, fault);
    return said('bad', 'failed', [found, remedy, t('databases:restore.failedHint')].filter(Boolean).join(' '));
  }
  if (run.state === 'failed')
    return said('bad', 'failed', [run.failure ?? '', t('databases:restore.failedHint')].join(' '));
  if (run.state !== 'ok') return said('bad', 'cut');
  if (inUse) return said('ok', 'inUse');
  return [
    ...said('ok', 'done'),
    ...(why === undefined ? [] : [{ tone: 'hold' as const, title: t('databases:notHere'), text: why }]),
  ];
}

/** What a change means, and what would be missing on the other side. */
export async function switchQuestion(
  ctx: Ctx,
  pages: SystemPages,
  {
    to,
    since,
    lostKey,
    ...rest
  }: Pick<Confirm, 'title' | 'action' | 'verb' | 'cancelHref'> & {
    to: string;
    /** Epoch milliseconds: what was done from then on is not in the other database. */
    since: number | undefined;
    lostKey: string;
  },
): Promise<Confirm> {
  const { t } = ctx;
  const lost = since === undefined ? [] : await workSince(ctx.read, since);
  const command = startCommand(pages);
  return {
    ...rest,
    effects: [
      t('databases:effect.backup'),
      t('databases:effect.close'),
      t('databases:effect.to', { to }),
      t('databases:effect.old'),
      ...(command === undefined ? [] : [t('databases:effect.start', { command })]),
      ...(lost.length === 0
        ? since === undefined
          ? []
          : [t('databases:effect.nothingLost')]
        : [t(lostKey), ...lost.map(({ action, count }) => `${count} × ${t(action.replace('.', ':audit.'))}`)]),
    ],
    danger: lost.length > 0,
    fields: lost.length > 0 ? { lose: '1' } : {},
  };
}
