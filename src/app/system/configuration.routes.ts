import { z } from 'zod';
import { invalid } from '../../kernel';
import { differences, writeFile } from '../../platform/configuration';
import { type Ctx, fields, file, page, redirect, type Reply, type Route, submit } from '../../platform/http';
import { version } from '../../platform/version';
import type { Field } from '../../platform/views';
import {
  compareRevisions,
  CONFIGURATION_PERMISSION,
  importConfiguration,
  latestRevision,
  previewImport,
  revisionOf,
  rollbackConfiguration,
} from '../configuration';
import { showImport, showRollback, showUpload } from './configuration-preview.page';
import { changeTable, CONFIGURATION, historyPage, revisionHref, revisionPage } from './configuration.page';
import type { SystemPages } from './system-pages';

export const CONFIGURATION_VIEW = 'system.configuration.view';
const view = { permission: CONFIGURATION_VIEW };
const edit = { permission: CONFIGURATION_PERMISSION };
const MAX_FILE = 2 * 1024 * 1024;

const numbers = { seenRevision: fields.version, operationKey: fields.operationKey, reason: fields.text };

/** 设置 › 配置版本: what was decided, by whom and why; comparing, exporting, importing and going back. */
export function configurationRoutes({ modules, switches }: SystemPages): Route[] {
  const at = (ctx: Ctx): number => ctx.id('revision');
  return [
    {
      method: 'get',
      path: CONFIGURATION,
      access: view,
      handler: async (ctx) => page('administration/list', ctx.t('configuration:title'), await historyPage(ctx)),
    },
    { method: 'get', path: `${CONFIGURATION}/compare`, access: view, handler: showComparison },
    { method: 'get', path: `${CONFIGURATION}/export.yaml`, access: view, handler: exportFile },
    {
      method: 'get',
      path: `${CONFIGURATION}/import`,
      access: edit,
      handler: (ctx) => Promise.resolve(showUpload(ctx)),
    },
    {
      method: 'post',
      path: `${CONFIGURATION}/import`,
      access: edit,
      upload: { maxBytes: MAX_FILE, maxFiles: 1 },
      handler: async (ctx) => {
        const [uploaded] = ctx.files;
        if (!uploaded) return showUpload(ctx, ctx.t('configuration:error.noFile'));
        return showImport(ctx, modules, uploaded.content.toString('utf8').replace(/^\uFEFF/, ''));
      },
    },
    {
      method: 'post',
      path: `${CONFIGURATION}/import/apply`,
      access: edit,
      handler: (ctx) => {
        const text = typeof ctx.body['text'] === 'string' ? ctx.body['text'] : '';
        return submit(
          ctx,
          z.object({ ...numbers, text: z.string() }),
          async ({ operationKey, reason, seenRevision }) => {
            const { problems, file: read } = await previewImport(ctx.read, modules, text);
            if (!read || problems.length > 0) throw invalid('configuration:error.problems', { count: problems.length });
            const command = { wanted: read.document, seenRevision, reason };
            const done = await importConfiguration(ctx.uow, modules, ctx.actor, command, { operationKey });
            switches().refresh();
            return redirect(revisionHref(done.revision), {
              kind: 'ok',
              text: ctx.t('configuration:imported', { count: done.changes }),
            });
          },
          (form, status) => showImport(ctx, modules, text, form, status),
        );
      },
    },
    {
      method: 'get',
      path: `${CONFIGURATION}/revisions/:revision`,
      access: view,
      handler: (ctx) => showRevision(ctx, at(ctx)),
    },
    {
      method: 'get',
      path: `${CONFIGURATION}/revisions/:revision/rollback/new`,
      access: edit,
      handler: (ctx) => showRollback(ctx, modules, at(ctx)),
    },
    {
      method: 'post',
      path: `${CONFIGURATION}/revisions/:revision/rollback`,
      access: edit,
      handler: (ctx) =>
        submit(
          ctx,
          z.object(numbers),
          async ({ operationKey, reason, seenRevision }) => {
            const command = { revision: at(ctx), seenRevision, reason };
            const done = await rollbackConfiguration(ctx.uow, modules, ctx.actor, command, { operationKey });
            switches().refresh();
            return redirect(revisionHref(done.revision), {
              kind: 'ok',
              text: ctx.t('configuration:wentBack', { revision: at(ctx), count: done.changes }),
            });
          },
          (form, status) => showRollback(ctx, modules, at(ctx), form, status),
        ),
    },
  ];
}

async function showRevision(ctx: Ctx, revision: number): Promise<Reply> {
  const found = await revisionOf(ctx.read, revision);
  const latest = (await latestRevision(ctx.read))?.revision ?? revision;
  const before = revision > 1 ? await revisionOf(ctx.read, revision - 1) : null;
  const changes = before ? differences(before.content, found.content) : [];
  const model = revisionPage(ctx, found, changes, latest);
  return page('system/revision', model.head.title, model);
}

async function showComparison(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const latest = (await latestRevision(ctx.read))?.revision ?? 1;
  const from = ctx.query['from'] ?? String(Math.max(1, latest - 1));
  const to = ctx.query['to'] ?? String(latest);
  const numberField = (name: 'from' | 'to', value: string, error?: string): Field => ({
    name,
    label: t(`configuration:${name}`),
    type: 'number',
    value,
    min: 1,
    max: latest,
    ...(error ? { error } : {}),
  });
  const problems: Record<string, string> = {};
  const read = (name: 'from' | 'to', text: string): number => {
    const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
    if (number < 1 || number > latest) problems[name] = t('configuration:error.noRevision', { latest });
    return number;
  };
  const [a, b] = [read('from', from), read('to', to)];
  const bad = Object.keys(problems).length > 0;
  const changes = bad ? [] : await compareRevisions(ctx.read, a, b);
  const title = t('configuration:compare');
  const model = {
    head: { title, crumbs: [{ label: t('configuration:title'), href: CONFIGURATION }] },
    fields: [numberField('from', from, problems['from']), numberField('to', to, problems['to'])],
    action: `${CONFIGURATION}/compare`,
    changes: changes.length > 0 ? changeTable(ctx, changes) : null,
    none: bad ? null : t('configuration:same'),
  };
  return page('system/compare-revisions', title, model, { status: bad ? 422 : 200 });
}

async function exportFile(ctx: Ctx): Promise<Reply> {
  const asked = ctx.query['revision'];
  const latest = (await latestRevision(ctx.read))?.revision ?? 1;
  const revision = asked === undefined ? latest : Number(asked);
  const { content, madeAt } = await revisionOf(ctx.read, revision);
  const text = writeFile(content, { program: version, revision, exportedAt: new Date(madeAt).toISOString() });
  await ctx.uow.run(ctx.actor, (unit) =>
    unit.audit({ action: 'system.configuration.export', subjectType: 'system.configuration', detail: { revision } }),
  );
  return file(`phone-erp-configuration-${revision}.yaml`, 'application/yaml; charset=utf-8', Buffer.from(text));
}
