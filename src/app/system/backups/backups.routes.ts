import { setTimeout as pause } from 'node:timers/promises';
import { type DomainError, fromInstant, isDomainError, notFound } from '../../../kernel';
import { acceptDisk, acceptHostKey } from '../../../platform/backup-targets';
import { barChart } from '../../../platform/charts';
import { type Ctx, file, json, page, redirect, type Reply, type Route } from '../../../platform/http';
import { runJobNow } from '../../../platform/jobs';
import type { Confirm } from '../../../platform/views';
import { cancelUpkeep, isRunning, upkeepRun, type UpkeepRunRow } from '../../../platform/upkeep';
import {
  backupJob,
  backupRun,
  type BackupRunRow,
  cancelBackup,
  isAlive,
  isGood,
  openTargets,
  recentRuns,
  resultOf,
  startTrial,
  type Trial,
  TRIALS,
} from '../../backup';
import { readSwitch } from '../../switch-over';
import { BACKUP_MANAGE, BACKUP_VIEW, BACKUPS, failureWords, progressWords } from './backup-words';
import { backupsPage } from './backups.page';
import { copiesPage, copyHref, copyPage, COPIES, findCopy } from './copies.page';
import { DATABASES, restoreHref, runWords } from './database-words';
import { retentionPage } from './retention.page';

const view = { permission: BACKUP_VIEW };
const manage = { permission: BACKUP_MANAGE };
/** A small backup is over by then; a longer one is followed on the page. */
const WAIT_MS = 1500;
const CHARTED = 30;

export const backupRoutes: readonly Route[] = [
  {
    method: 'get',
    path: BACKUPS,
    access: view,
    handler: async (ctx) => page('backups/index', ctx.t('backups:title'), await backupsPage(ctx)),
  },
  {
    method: 'get',
    path: `${BACKUPS}/retention`,
    access: view,
    handler: async (ctx) => page('backups/retention', ctx.t('backups:retention.title'), await retentionPage(ctx)),
  },
  {
    method: 'get',
    path: COPIES,
    access: view,
    handler: async (ctx) => page('backups/copies', ctx.t('backups:copies.title'), await copiesPage(ctx)),
  },
  { method: 'get', path: `${COPIES}/:target/:name`, access: view, handler: showCopy },
  ...TRIALS.map((trial): Route => ({
    method: 'post',
    path: `${COPIES}/:target/:name/${trial}`,
    access: manage,
    handler: (ctx) => tryCopy(ctx, trial),
  })),
  { method: 'get', path: `${BACKUPS}/trials/:id/progress`, access: view, handler: trialProgress },
  { method: 'post', path: `${BACKUPS}/trials/:id/cancellation`, access: manage, handler: cancelRun },
  { method: 'get', path: `${BACKUPS}/charts/:name`, access: view, handler: sizesChart },
  { method: 'post', path: `${BACKUPS}/runs`, access: manage, handler: start },
  { method: 'get', path: `${BACKUPS}/runs/:id/progress`, access: view, handler: progress },
  { method: 'post', path: `${BACKUPS}/runs/:id/cancellation`, access: manage, handler: cancel },
  { method: 'post', path: `${BACKUPS}/targets/:target/test`, access: manage, handler: test },
  { method: 'post', path: `${BACKUPS}/targets/:target/trust`, access: manage, handler: trust },
];

async function start(ctx: Ctx): Promise<Reply> {
  const { services, actor, t } = ctx;
  if (services.config.backup.targets.length === 0) throw notFound('system.backup', 'target');
  const run = runJobNow(services, actor, backupJob(services.config, { origin: 'person', startedBy: actor }));
  run.catch((error: unknown) => services.log.error({ err: error }, 'a backup could not be started'));
  const outcome = await Promise.race([run, pause(WAIT_MS, 'running' as const, { ref: false })]);
  if (outcome === 'running') return redirect(BACKUPS);
  return redirect(BACKUPS, { kind: outcome === 'ok' ? 'ok' : 'bad', text: t(`backups:answer.${outcome}`) });
}

async function runOf(ctx: Ctx): Promise<BackupRunRow> {
  const [row] = await ctx.read.find(backupRun, { id: ctx.id() });
  if (!row) throw notFound('system.backup', ctx.id());
  return row;
}

async function progress(ctx: Ctx): Promise<Reply> {
  const row = await runOf(ctx);
  const running = isAlive(row, ctx.now);
  const state = running ? 'running' : row.state === 'ok' ? 'finished' : 'failed';
  return json({ ...progressWords(ctx, row.progress), state, href: BACKUPS });
}

async function cancel(ctx: Ctx): Promise<Reply> {
  const asked = await cancelBackup(ctx.services, ctx.actor, (await runOf(ctx)).id);
  return redirect(BACKUPS, { kind: asked ? 'ok' : 'bad', text: ctx.t(asked ? 'backups:cancelling' : 'backups:over') });
}

function targetOf(ctx: Ctx) {
  const id = ctx.params['target'] ?? '';
  const target = ctx.services.config.backup.targets.find((candidate) => candidate.id === id);
  if (!target) throw notFound('system.backup', id.slice(0, 40));
  return target;
}

/** Says what is wrong, and asks where a person can settle it: a key nobody has agreed to yet, another disk in the place. */
async function test(ctx: Ctx): Promise<Reply> {
  const { t, services, uow, actor } = ctx;
  const { id } = targetOf(ctx);
  const [target] = openTargets(services.config, { ids: [id] });
  if (!target) throw notFound('system.backup', id);
  let fault: DomainError | undefined;
  try {
    await target.test();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    fault = error;
  } finally {
    await target.close();
  }
  const outcome = fault?.code ?? 'ok';
  await uow.run(actor, (unit) => unit.audit({ action: 'system.backup.test', detail: { target: id, outcome } }));
  if (!fault) return redirect(BACKUPS, { kind: 'ok', text: t('backups:tested', { target: id }) });
  const words = failureWords(ctx, fault);
  const question = questionOf(ctx, id, fault.code, fault.details, words);
  if (question) return page('backups/trust', question.title, question);
  return redirect(BACKUPS, { kind: 'bad', text: `${words.found} ${words.remedy}` });
}

function questionOf(
  { t }: Ctx,
  id: string,
  code: string,
  details: Record<string, unknown>,
  words: { found: string; remedy: string },
): Confirm | undefined {
  const fault = code.replace(/^backup-targets:|\.found$/g, '');
  const fingerprint = typeof details['fingerprint'] === 'string' ? details['fingerprint'] : '';
  const verb = { hostKeyUnknown: 'agreeKey', hostKeyChanged: 'agreeKey', notMounted: 'takeDisk' }[fault];
  if (verb === undefined) return undefined;
  return {
    title: t(`backups:${verb}.title`, { target: id }),
    effects: [words.found, words.remedy],
    action: `${BACKUPS}/targets/${id}/trust`,
    verb: t(`backups:${verb}.verb`),
    danger: fault === 'hostKeyChanged',
    cancelHref: BACKUPS,
    fields: { fingerprint },
  };
}

/** A key that the configuration names is changed there, not here. */
async function trust(ctx: Ctx): Promise<Reply> {
  const { t, services, uow, actor } = ctx;
  const target = targetOf(ctx);
  const { dataDir } = services.config;
  const given = ctx.body['fingerprint'];
  const fingerprint = typeof given === 'string' ? given : '';
  if (target.kind === 'sftp' && target.hostKey === undefined && /^SHA256:[A-Za-z0-9+/]{43}$/.test(fingerprint))
    await acceptHostKey(dataDir, target.id, fingerprint);
  else if (target.kind === 'local') await acceptDisk(dataDir, target.id);
  else return redirect(BACKUPS, { kind: 'bad', text: t('backups:inConfiguration', { target: target.id }) });
  const detail = { target: target.id, ...(fingerprint ? { fingerprint } : {}) };
  await uow.run(actor, (unit) => unit.audit({ action: 'system.backup.trust', detail }));
  return redirect(BACKUPS, { kind: 'ok', text: t('backups:trusted', { target: target.id }) });
}

async function showCopy(ctx: Ctx): Promise<Reply> {
  const { target = '', name = '' } = ctx.params;
  const model = await copyPage(ctx, target, name);
  if (!model) throw notFound('system.backup', name.slice(0, 40));
  return page('backups/copy', model.head.title, model);
}

/** The key that somebody gives goes to this one trial and nowhere else. */
async function tryCopy(ctx: Ctx, trial: Trial): Promise<Reply> {
  const { t, services, actor } = ctx;
  const { target = '', name = '' } = ctx.params;
  if (!(await findCopy(ctx, target, name))) throw notFound('system.backup', name.slice(0, 40));
  const given = ctx.body['secret'];
  const secret = typeof given === 'string' ? given.slice(0, 400) : '';
  const back = copyHref(target, name);
  try {
    const { over } = await startTrial(services, actor, trial, { targetIds: [target], name, secret });
    const row = await Promise.race([over, pause(WAIT_MS, null, { ref: false })]);
    if (row === null) return redirect(back);
    const good = isGood(row);
    return redirect(back, { kind: good ? 'ok' : 'bad', text: t(`backups:trial.${trial}.${good ? 'done' : 'failed'}`) });
  } catch (error) {
    if (!isDomainError(error) || error.status !== 409) throw error;
    return redirect(back, { kind: 'bad', text: t(error.code, error.details) });
  }
}

/** Runs about backups and databases; the others have pages of their own. */
async function upkeepOf(ctx: Ctx): Promise<UpkeepRunRow> {
  const row = await ctx.read.get(upkeepRun, ctx.id());
  if (!row || ![...TRIALS, 'restore', 'switch'].includes(row.kind)) throw notFound('system.backup', ctx.id());
  return row;
}

function pageOf(row: UpkeepRunRow): string {
  if (row.kind === 'switch') return DATABASES;
  if (row.kind === 'restore') return restoreHref(row.id);
  const result = resultOf(row);
  return result?.target ? copyHref(result.target, result.name) : COPIES;
}

async function trialProgress(ctx: Ctx): Promise<Reply> {
  const row = await upkeepOf(ctx);
  // Its backup is made, and in a moment the server closes: the page stays until then.
  const isClosing =
    row.kind === 'switch' && row.state === 'ok' && readSwitch(ctx.services.config)?.outcome === 'running';
  const state = isRunning(row, ctx.now) || isClosing ? 'running' : isGood(row) ? 'finished' : 'failed';
  const words = runWords(ctx, row);
  return json({ ...words, ...(isClosing && { label: ctx.t('databases:closing') }), state, href: pageOf(row) });
}

async function cancelRun(ctx: Ctx): Promise<Reply> {
  const row = await upkeepOf(ctx);
  const asked = await cancelUpkeep(ctx.services, ctx.actor, row.id);
  if (asked) {
    const detail = { what: row.kind };
    await ctx.uow.run(ctx.actor, (unit) => unit.audit({ action: 'system.backup.cancel', detail }));
  }
  const text = ctx.t(asked ? 'databases:cancelling' : 'databases:over');
  return redirect(pageOf(row), { kind: asked ? 'ok' : 'bad', text });
}

async function sizesChart(ctx: Ctx): Promise<Reply> {
  if (ctx.params['name'] !== 'sizes') throw notFound('system.chart', (ctx.params['name'] ?? '').slice(0, 40));
  const rows = (await recentRuns(ctx.read, CHARTED)).filter(({ bytes }) => bytes !== null).reverse();
  const size = (bytes: number): string => (bytes === 0 ? '0' : ctx.f.fileSize(bytes));
  const svg = barChart({
    title: ctx.t('backups:sizes'),
    bars: rows.map(({ startedAt, bytes }, at) => ({
      label: ctx.f.dayOfYear(fromInstant(startedAt, ctx.services.timeZone)),
      value: bytes ?? 0,
      current: at === rows.length - 1,
    })),
    axis: size,
    value: size,
    theme: ctx.query['theme'] === 'dark' ? 'dark' : 'light',
    ...(ctx.query['size'] === 'phone' ? { width: 340, height: 180 } : { height: 180 }),
  });
  return file('sizes.svg', 'image/svg+xml', Buffer.from(svg), { inline: true });
}
