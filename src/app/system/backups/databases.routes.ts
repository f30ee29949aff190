import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { isDomainError, notFound } from '../../../kernel';
import { embeddedFile } from '../../../platform/database';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { upkeepRun, type UpkeepRunRow } from '../../../platform/upkeep';
import { editForm, type Field } from '../../../platform/views';
import { filledAddress, opensByItself, restoreResult, resultOf, startRestore } from '../../backup';
import { readSwitch, startSwitch, type SwitchWish } from '../../switch-over';
import { workSince } from '../../upgrade/look';
import type { SystemPages } from '../system-pages';
import { BACKUP_MANAGE, BACKUP_VIEW, BACKUPS } from './backup-words';
import { COPIES, copyHref, findCopy, recentTrials } from './copies.page';
import { exportDatabaseRuns } from './database-runs';
import { DATABASES, restoreHref, startCommand } from './database-words';
import { databasesPage, mayGoBack } from './databases.page';
import { restorePage, switchQuestion } from './restores.page';
import { addressOf, expectUsable, proposedFile, targetFields, targetFormFields } from './target-form';

const view = { permission: BACKUP_VIEW };
const manage = { permission: BACKUP_MANAGE };
/** A small one is over by then; a longer one is followed on the page. */
const WAIT_MS = 1500;
/** Rows take about a fifth of their room in a backup. */
const UNPACKED = 6;

const restoreForm = z.object({ operationKey: fields.operationKey, secret: fields.text, ...targetFields });
const moveForm = z.object({ operationKey: fields.operationKey, ...targetFields });

/** Restores beside the database in use, and the change to another one. */
export const databaseRoutes = (pages: SystemPages): Route[] => [
  {
    method: 'get',
    path: DATABASES,
    access: view,
    handler: async (ctx) => page('backups/databases', ctx.t('databases:title'), await databasesPage(ctx, pages)),
  },
  {
    method: 'get',
    path: `${DATABASES}.xlsx`,
    access: view,
    handler: (ctx) => Promise.resolve(exportDatabaseRuns(ctx)),
  },
  { method: 'get', path: `${COPIES}/:target/:name/restore`, access: manage, handler: (ctx) => showRestoreForm(ctx) },
  { method: 'post', path: `${COPIES}/:target/:name/restore`, access: manage, handler: beginRestore },
  {
    method: 'get',
    path: `${BACKUPS}/restores/:id`,
    access: view,
    handler: async (ctx) => {
      const model = restorePage(ctx, pages, await restoreOf(ctx));
      return page('backups/restore', model.head.title, model);
    },
  },
  {
    method: 'get',
    path: `${BACKUPS}/restores/:id/switch`,
    access: manage,
    handler: async (ctx) => {
      const run = await restoreOf(ctx);
      const back = restoreHref(run.id);
      const result = restoreResult(run);
      if (!result || filledAddress(ctx.services, run) === undefined) return redirect(back);
      const question = await switchQuestion(ctx, pages, {
        title: ctx.t('databases:switch.ask'),
        action: `${back}/switch`,
        verb: ctx.t('databases:switch.do'),
        cancelHref: back,
        to: result.address,
        since: Date.parse(result.createdAt ?? '') || 0,
        lostKey: 'databases:effect.lostSinceBackup',
      });
      return page('upgrade/ask', question.title, question);
    },
  },
  {
    method: 'post',
    path: `${BACKUPS}/restores/:id/switch`,
    access: manage,
    handler: async (ctx) => {
      const run = await restoreOf(ctx);
      const url = filledAddress(ctx.services, run);
      const result = restoreResult(run);
      if (url === undefined || !result) return redirect(restoreHref(run.id));
      const since = Date.parse(result.createdAt ?? '') || 0;
      const origin = { name: result.name, createdAt: result.createdAt ?? '' };
      return agreed(ctx, since, `${restoreHref(run.id)}/switch`, () =>
        beginSwitch(ctx, pages, { kind: 'restore', url, origin }, restoreHref(run.id)),
      );
    },
  },
  { method: 'get', path: `${DATABASES}/move`, access: manage, handler: (ctx) => showMoveForm(ctx, pages) },
  {
    method: 'post',
    path: `${DATABASES}/move`,
    access: manage,
    handler: (ctx) =>
      submit(
        ctx,
        moveForm,
        async (given) => {
          const url = addressOf(given, ctx.services.config);
          await expectUsable(ctx, url, databaseSize(ctx));
          return beginSwitch(ctx, pages, { kind: 'move', url });
        },
        (form, status) => showMoveForm(ctx, pages, form, status),
      ),
  },
  {
    method: 'get',
    path: `${DATABASES}/back`,
    access: manage,
    handler: async (ctx) => {
      const { config } = ctx.services;
      const state = readSwitch(config);
      if (!mayGoBack(state, config.database.url)) return redirect(DATABASES);
      const question = await switchQuestion(ctx, pages, {
        title: ctx.t('databases:back.ask'),
        action: `${DATABASES}/back`,
        verb: ctx.t('databases:back.do'),
        cancelHref: DATABASES,
        to: state.from,
        since: state.finishedAt ?? state.startedAt,
        lostKey: 'databases:effect.lostSinceSwitch',
      });
      return page('upgrade/ask', question.title, question);
    },
  },
  {
    method: 'post',
    path: `${DATABASES}/back`,
    access: manage,
    handler: (ctx) => {
      const { config } = ctx.services;
      const state = readSwitch(config);
      if (!mayGoBack(state, config.database.url)) return Promise.resolve(redirect(DATABASES));
      return agreed(ctx, state.finishedAt ?? state.startedAt, `${DATABASES}/back`, () =>
        beginSwitch(ctx, pages, { kind: 'back' }),
      );
    },
  },
];

/** Something was done since the question was asked: it is asked anew, with what would be missing. */
async function agreed(ctx: Ctx, since: number, question: string, begin: () => Promise<Reply>): Promise<Reply> {
  if (ctx.body['lose'] !== '1' && (await workSince(ctx.read, since)).length > 0) return redirect(question);
  return begin();
}

async function restoreOf(ctx: Ctx): Promise<UpkeepRunRow> {
  const run = await ctx.read.get(upkeepRun, ctx.id());
  if (run?.kind !== 'restore') throw notFound('system.backup', ctx.id());
  return run;
}

async function showRestoreForm(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t, services } = ctx;
  const { config } = services;
  const { target = '', name = '' } = ctx.params;
  const copy = await findCopy(ctx, target, name);
  if (!copy) throw notFound('system.backup', name.slice(0, 40));
  const form = typed ?? emptyForm(firstValues(ctx));
  const key: Field = {
    name: 'secret',
    type: 'password',
    label: t('backups:copies.key'),
    hint: t('backups:copies.keyHint'),
    autocomplete: 'off',
    maxlength: 400,
    wide: true,
  };
  const href = copyHref(target, name);
  return page(
    'backups/target',
    t('databases:restore.title'),
    {
      head: {
        title: t('databases:restore.title'),
        say: t('databases:restore.say'),
        crumbs: [
          { href: BACKUPS, label: t('backups:title') },
          { href: COPIES, label: t('backups:copies.title') },
          { href, label: ctx.f.dateTime(copy.createdAt) },
        ],
      },
      messages: [],
      form: editForm(form, {
        action: `${href}/restore`,
        submit: t('databases:restore.do'),
        cancelHref: href,
        fields: [...targetFormFields(ctx, config), ...(opensByItself(config) ? [] : [key])],
      }),
    },
    { status, styles: ['databases'] },
  );
}

const firstValues = (ctx: Ctx): Record<string, string> => ({
  place: 'embedded',
  file: proposedFile(ctx.services.config, ctx.now),
  kind: 'mysql',
  encryption: 'off',
});

/** The key that somebody gives goes to this one restore and nowhere else. */
async function beginRestore(ctx: Ctx): Promise<Reply> {
  const { services, actor } = ctx;
  const { target = '', name = '' } = ctx.params;
  const copy = await findCopy(ctx, target, name);
  if (!copy) throw notFound('system.backup', name.slice(0, 40));
  return submit(
    ctx,
    restoreForm,
    async (given) => {
      const url = addressOf(given, services.config);
      await expectUsable(ctx, url, UNPACKED * copy.bytes);
      const known = (await recentTrials(ctx)).map(resultOf).find((result) => result?.name === name && result.rows);
      const { id, over } = await startRestore(services, actor, {
        targetId: target,
        name,
        url,
        secret: given.secret.slice(0, 400),
        expectedRows: known?.rows,
      });
      await Promise.race([over, pause(WAIT_MS, null, { ref: false })]);
      return redirect(restoreHref(id));
    },
    (form, status) => showRestoreForm(ctx, form, status),
  );
}

async function showMoveForm(ctx: Ctx, pages: SystemPages, typed?: FormState, status = 200): Promise<Reply> {
  const { t, services } = ctx;
  const form = typed ?? emptyForm(firstValues(ctx));
  const command = startCommand(pages);
  return Promise.resolve(
    page(
      'backups/target',
      t('databases:move.title'),
      {
        head: {
          title: t('databases:move.title'),
          say: t('databases:move.say'),
          crumbs: [
            { href: BACKUPS, label: t('backups:title') },
            { href: DATABASES, label: t('databases:title') },
          ],
        },
        messages: [
          {
            tone: 'hold',
            title: t('databases:move.closes'),
            items: [
              t('databases:effect.backup'),
              t('databases:move.copies'),
              t('databases:effect.old'),
              ...(command === undefined ? [] : [t('databases:effect.start', { command })]),
            ],
          },
        ],
        form: editForm(form, {
          action: `${DATABASES}/move`,
          submit: t('databases:move.do'),
          cancelHref: DATABASES,
          fields: targetFormFields(ctx, services.config),
        }),
      },
      { status, styles: ['databases'] },
    ),
  );
}

async function beginSwitch(ctx: Ctx, pages: SystemPages, wish: SwitchWish, back = DATABASES): Promise<Reply> {
  const { services, actor, t } = ctx;
  const { switchDesk: desk, maintenance, configFile } = pages;
  try {
    await startSwitch({ services, desk, maintenance, configFile }, actor, wish);
  } catch (error) {
    if (!isDomainError(error) || wish.kind === 'move') throw error;
    return redirect(back, { kind: 'bad', text: t(error.code, error.details) });
  }
  return redirect(DATABASES);
}

/** Bytes of the embedded database's file; of a server's nothing is known. */
function databaseSize({ services }: Ctx): number {
  const file = embeddedFile(services.config.database.url);
  return file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
}
