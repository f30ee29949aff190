import { DomainError } from '../../../kernel';
import { backupTime, isBackupName } from '../../../platform/backup-targets';
import { sql } from '../../../platform/database';
import type { Ctx } from '../../../platform/http';
import { isRunning, upkeepRun, type UpkeepRunRow } from '../../../platform/upkeep';
import type { Action, Facts, Field, Message, Progress, StatusLabel, Table } from '../../../platform/views';
import { isGood, listBackups, type ListedBackup, openTargets, opensByItself, resultOf, TRIALS } from '../../backup';
import { BACKUP_MANAGE, BACKUPS, failureWords } from './backup-words';
import { runProgress } from './database-words';

export const COPIES = `${BACKUPS}/copies`;
/** Trials looked at for what is known of the copies. */
const LOOKED_AT = 60;

export const copyHref = (target: string, name: string): string => `${COPIES}/${target}/${encodeURIComponent(name)}`;

/** The newest first. */
export const recentTrials = (ctx: Pick<Ctx, 'read'>): Promise<UpkeepRunRow[]> =>
  ctx.read.rows(
    upkeepRun,
    sql`SELECT * FROM upkeep_run WHERE kind IN (${sql.list([...TRIALS])}) ORDER BY started_at DESC, id DESC ${sql.limit(LOOKED_AT)}`,
  );

const isOf = (run: UpkeepRunRow, { name, target }: Pick<ListedBackup, 'name' | 'target'>): boolean => {
  const result = resultOf(run);
  return result?.name === name && result?.target === target;
};

function labelOf({ t, f }: Ctx, run: UpkeepRunRow | undefined): StatusLabel | undefined {
  if (!run) return undefined;
  const good = isGood(run);
  return {
    tone: good ? 'ok' : 'bad',
    text: t(`backups:trial.${run.kind}.${good ? 'good' : 'bad'}`, { time: f.dateTime(run.startedAt) }),
  };
}

/** In lists the time has a column of its own. */
function shortLabel({ t }: Ctx, run: UpkeepRunRow): StatusLabel {
  const good = isGood(run);
  return { tone: good ? 'ok' : 'bad', text: t(`backups:trial.${run.kind}.${good ? 'shortGood' : 'shortBad'}`) };
}

export interface CopiesPage {
  head: { title: string; say: string; crumbs: { href: string; label: string }[] };
  messages: Message[];
  progress: Progress | null;
  list: { table: Table; empty: { title: string; text: string } };
}

async function listedOn(targets: ReturnType<typeof openTargets>): ReturnType<typeof listBackups> {
  try {
    return await listBackups(targets);
  } finally {
    await Promise.allSettled(targets.map((target) => target.close()));
  }
}

/** What lies on the targets now, with what is known of each copy. */
export async function copiesPage(ctx: Ctx): Promise<CopiesPage> {
  const { t, f, services } = ctx;
  const targets = openTargets(services.config);
  const { backups, failed } = await listedOn(targets);
  const trials = await recentTrials(ctx);
  return {
    head: {
      title: t('backups:copies.title'),
      say: t('backups:copies.say'),
      crumbs: [{ href: BACKUPS, label: t('backups:title') }],
    },
    messages: failed.map(({ target, code, details }): Message => {
      const { found, remedy } = failureWords(ctx, { code, details });
      return { tone: 'bad', title: target, text: [found, remedy].filter(Boolean).join(' ') };
    }),
    progress: runningTrial(ctx, trials),
    list: {
      table: {
        id: 'copies',
        caption: t('backups:copies.title'),
        columns: [
          { key: 'at', label: t('backups:startedAt'), card: 'title', keep: true },
          { key: 'state', label: t('backups:copies.known'), card: 'state' },
          { key: 'target', label: t('backups:target'), card: 'number' },
          { key: 'size', label: t('backups:size'), num: true, card: 'number' },
          { key: 'checked', label: t('backups:copies.checkedAt'), card: 'number', keep: true },
          { key: 'name', label: t('backups:name'), card: 'full' },
        ],
        rows: backups.map((copy) => {
          const last = trials.find((run) => isOf(run, copy));
          return {
            id: `${copy.target}/${copy.name}`,
            cells: [
              { text: f.dateTime(copy.createdAt), href: copyHref(copy.target, copy.name) },
              last ? { state: shortLabel(ctx, last) } : { text: t('backups:copies.unknown'), muted: true },
              copy.target,
              f.fileSize(copy.bytes),
              last ? f.dateTime(last.startedAt) : '',
              { text: copy.name, muted: true },
            ],
          };
        }),
      },
      empty: { title: t('backups:retention.none'), text: t('backups:noRunsHint') },
    },
  };
}

function runningTrial(ctx: Ctx, trials: readonly UpkeepRunRow[]): Progress | null {
  const run = trials.find((one) => isRunning(one, ctx.now));
  return run ? runProgress(ctx, run) : null;
}

export interface CopyPage {
  head: { title: string; say: string; crumbs: { href: string; label: string }[] };
  messages: Message[];
  progress: Progress | null;
  facts: Facts;
  /** Null: who looks may not. */
  trial: { say: string; key: Field | null; actions: Action[] } | null;
  /** `href` null: who looks may not. */
  restore: { say: string; action: Action | null; commands: string[] };
}

/** A copy as it lies on its target now. Undefined: it does not. */
export async function findCopy({ services }: Pick<Ctx, 'services'>, targetId: string, name: string) {
  const { config } = services;
  const known = config.backup.targets.some(({ id }) => id === targetId);
  if (!known || !isBackupName(name)) return undefined;
  const [target] = openTargets(config, { ids: [targetId] });
  if (!target) return undefined;
  const { backups, failed } = await listedOn([target]);
  for (const { code, details } of failed) throw new DomainError(code, details);
  const copy = backups.find((one) => one.name === name);
  return copy && { ...copy, place: target.place };
}

/** One copy: what was found in it, its trials, and how it is restored. Undefined: it does not lie there. */
export async function copyPage(ctx: Ctx, targetId: string, name: string): Promise<CopyPage | undefined> {
  const { t, f, services } = ctx;
  const { config } = services;
  const copy = await findCopy(ctx, targetId, name);
  if (!copy) return undefined;
  const all = await recentTrials(ctx);
  const own = all.filter((run) => isOf(run, { name, target: targetId }));
  const told = own.map(resultOf).find((result) => result?.rows !== undefined);
  const [last] = own;
  const running = all.some((run) => isRunning(run, ctx.now));
  const href = copyHref(targetId, name);
  const mayTry = ctx.can(BACKUP_MANAGE);
  return {
    head: {
      title: f.dateTime(backupTime(name)),
      say: name,
      crumbs: [
        { href: BACKUPS, label: t('backups:title') },
        { href: COPIES, label: t('backups:copies.title') },
      ],
    },
    messages: last ? [verdict(ctx, last)] : [],
    progress: runningTrial(ctx, all),
    facts: {
      facts: [
        { label: t('backups:target'), value: targetId, sub: copy.place },
        { label: t('backups:size'), value: f.fileSize(copy.bytes) },
        ...(told
          ? [
              ...(told.company ? [{ label: t('backups:copies.company'), value: told.company }] : []),
              ...(told.program ? [{ label: t('backups:copies.program'), value: told.program }] : []),
              { label: t('backups:copies.rows'), value: f.number(told.rows ?? 0) },
              { label: t('backups:copies.attachments'), value: f.number(told.attachments ?? 0) },
              { label: t('backups:copies.findings'), value: f.number(told.findings ?? 0) },
            ]
          : []),
      ],
    },
    trial:
      mayTry && !running
        ? {
            say: t('backups:copies.trySay'),
            key: opensByItself(config)
              ? null
              : {
                  name: 'secret',
                  type: 'password',
                  label: t('backups:copies.key'),
                  hint: t('backups:copies.keyHint'),
                  autocomplete: 'off',
                  maxlength: 400,
                },
            actions: TRIALS.map((trial, at) => ({
              label: t(`backups:trial.${trial}.do`),
              href: `${href}/${trial}`,
              look: at === 0 ? ('quiet' as const) : ('primary' as const),
            })),
          }
        : null,
    restore: {
      say: t('backups:copies.restoreSay'),
      action: mayTry ? { label: t('databases:restore.open'), href: `${href}/restore` } : null,
      commands: [
        `phone-erp restore ${name} --target ${targetId} --to sqlite:/srv/phone-erp/restored.sqlite`,
        `phone-erp restore ${name} --target ${targetId} --to mysql://USER@HOST/DATABASE`,
      ],
    },
  };
}

function verdict(ctx: Ctx, run: UpkeepRunRow): Message {
  const { t } = ctx;
  const label = labelOf(ctx, run);
  const fault = resultOf(run)?.fault;
  const words = fault ? failureWords(ctx, fault) : undefined;
  return {
    tone: label?.tone === 'ok' ? 'ok' : 'bad',
    title: label?.text ?? '',
    text: words ? [words.found, words.remedy].filter(Boolean).join(' ') : t(`backups:trial.${run.kind}.means`),
  };
}
