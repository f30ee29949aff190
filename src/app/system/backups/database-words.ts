import type { Ctx } from '../../../platform/http';
import { isRunning, type UpkeepRunRow } from '../../../platform/upkeep';
import type { Progress, StatusLabel } from '../../../platform/views';
import { expectSwitchable, isGood } from '../../backup';
import { restartsItself } from '../../switch-over';
import type { SystemPages } from '../system-pages';
import { BACKUP_MANAGE, BACKUPS } from './backup-words';

export const DATABASES = `${BACKUPS}/databases`;
export const restoreHref = (id: number): string => `${BACKUPS}/restores/${id}`;

/** The bar of a run about backups or databases, with its button to stop it. */
export function runProgress({ t, f, can }: Pick<Ctx, 't' | 'f' | 'can'>, run: UpkeepRunRow): Progress {
  return {
    ...runWords({ t, f }, run),
    pollHref: `${BACKUPS}/trials/${run.id}/progress`,
    ...(can(BACKUP_MANAGE)
      ? { cancel: { label: t('common:action.cancel'), href: `${BACKUPS}/trials/${run.id}/cancellation` } }
      : {}),
  };
}

export function runWords(
  { t, f }: Pick<Ctx, 't' | 'f'>,
  run: UpkeepRunRow,
): Pick<Progress, 'label' | 'done' | 'total'> {
  const key = run.state === 'stopping' ? 'backups:trial.stopping' : `backups:trial.${run.kind}.running`;
  return { label: t(key, { rows: f.number(run.done) }), done: run.done, total: run.total };
}

/** What a run that is over came to. */
export function runLabel({ t, now }: Pick<Ctx, 't' | 'now'>, run: UpkeepRunRow): StatusLabel {
  if (isRunning(run, now)) return { tone: 'way', text: t('backups:state.running') };
  if (run.state === 'cancelled') return { tone: 'gone', text: t('backups:state.cancelled') };
  if (isGood(run)) return { tone: 'ok', text: t(`databases:state.${run.kind}`) };
  return { tone: 'bad', text: t('backups:state.failed') };
}

/** Why the database cannot be changed from here, in words; undefined: it can. */
export function whyNotSwitchable(
  { t }: Pick<Ctx, 't'>,
  { configFile }: Pick<SystemPages, 'configFile'>,
): string | undefined {
  try {
    expectSwitchable(configFile);
    return undefined;
  } catch (error) {
    return t((error as { code: string }).code);
  }
}

/** What has to be typed where a server does not come back by itself; undefined: it does. */
export const startCommand = ({ configFile }: Pick<SystemPages, 'configFile'>): string | undefined =>
  restartsItself() ? undefined : `phone-erp serve --config ${configFile ?? ''}`;
