import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Ctx, fields, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import type { Actor } from '../../../platform/permissions';
import { VIEW_BUILDS } from '../queries/build-list';
import { buildView } from '../queries/build-page';
import { cancelBuild, createBuild, EDIT_BUILDS } from '../use-cases/create-build';
import { type BuildStep, postBuild, REVERSE_BUILDS, reverseBuild } from '../use-cases/post-build';
import { showNewBuild } from './build-form.page';
import { printBuild } from './build-print';
import { BUILDS, buildHref } from './build-words';
import { showBuild } from './build.routes';

const edits = { permission: EDIT_BUILDS };
const reverses = { permission: REVERSE_BUILDS };
const ONE = `${BUILDS}/:id`;

export const buildActionRoutes: readonly Route[] = [
  { method: 'get', path: `${BUILDS}/new`, access: edits, handler: (ctx) => showNewBuild(ctx) },
  { method: 'post', path: BUILDS, access: edits, handler: create },
  { method: 'get', path: `${ONE}/print`, access: { permission: VIEW_BUILDS }, handler: printBuild },
  { method: 'post', path: `${ONE}/posting`, access: edits, handler: (ctx) => step(ctx, postBuild, 'posted') },
  { method: 'get', path: `${ONE}/cancellation`, access: edits, handler: (ctx) => ask(ctx, 'cancellation') },
  { method: 'post', path: `${ONE}/cancellation`, access: edits, handler: (ctx) => step(ctx, cancelBuild, 'cancelled') },
  { method: 'get', path: `${ONE}/reversal`, access: reverses, handler: (ctx) => ask(ctx, 'reversal') },
  { method: 'post', path: `${ONE}/reversal`, access: reverses, handler: (ctx) => step(ctx, reverseBuild, 'reversed') },
];

const createSchema = z.object({
  operationKey: fields.operationKey,
  kind: fields.text,
  locationId: fields.text.transform((typed) => (/^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : 0)),
  code: fields.text,
  pieces: fields.wholeNumber,
  bucket: fields.text,
  note: fields.text,
  numbers: fields.text,
});

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    createSchema,
    async ({ operationKey, ...command }) => {
      const { id } = await createBuild(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(buildHref(id), { kind: 'ok', text: ctx.t('inventory:build.created') });
    },
    (form, status) => showNewBuild(ctx, form, status),
  );
}

function step(
  ctx: Ctx,
  run: (uow: UnitOfWork, actor: Actor, step: BuildStep, options?: RunOptions) => Promise<{ number: string }>,
  done: 'posted' | 'cancelled' | 'reversed',
): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version }),
    async ({ operationKey, version }) => {
      const { number } = await run(ctx.uow, ctx.actor, { id, version }, { operationKey });
      return redirect(buildHref(id), { kind: 'ok', text: ctx.t(`inventory:build.done.${done}`, { number }) });
    },
    (form, status) => {
      const items = Object.values(form.problems);
      const notice = { tone: 'bad' as const, title: form.message ?? '', ...(items.length > 0 ? { items } : {}) };
      return showBuild(ctx, { status, notices: [notice] });
    },
  );
}

async function ask(ctx: Ctx, what: 'cancellation' | 'reversal'): Promise<Reply> {
  const { t } = ctx;
  const build = await buildView(ctx.read, ctx.actor, ctx.id());
  const href = buildHref(build.id);
  const verb = what === 'reversal' ? t('common:action.reverse') : t('inventory:build.cancel');
  return page('inventory/confirm', verb, {
    title: t(`inventory:build.ask.${what}`, { number: build.number }),
    effects: [t(`inventory:build.effect.${what}`)],
    action: `${href}/${what}`,
    verb,
    danger: true,
    cancelHref: href,
    fields: { version: build.version, operationKey: randomUUID() },
  });
}
