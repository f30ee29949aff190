import { z } from 'zod';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { type ConsignmentView, consignmentView } from '../queries/consignment-page';
import { deleteConsignment, EDIT_CONSIGNMENTS } from '../use-cases/consignment-receipt';
import { postConsignment } from '../use-cases/post-consignment';
import { REVERSE_CONSIGNMENTS, reverseConsignment } from '../use-cases/reverse-consignment';
import { confirmPage } from './confirm-page';
import { printConsignment } from './consignment-print';
import { consignmentHref, CONSIGNMENTS } from './consignment-words';
import { editsConsignment } from './consignment.page';
import { newOperationKey, operationKey, text, version } from './fields';
import { showConsignment } from './show-consignment';

const edit = { permission: EDIT_CONSIGNMENTS };
const reverses = { permission: REVERSE_CONSIGNMENTS };
const view = { permission: VIEW_CONSIGNMENTS };
const ONE = `${CONSIGNMENTS}/:id`;

export const consignmentActionRoutes: readonly Route[] = [
  { method: 'get', path: ONE, access: view, handler: (ctx) => showConsignment(ctx) },
  { method: 'get', path: `${ONE}/print`, access: view, handler: printConsignment },
  { method: 'get', path: `${ONE}/posting`, access: edit, handler: askPosting },
  { method: 'post', path: `${ONE}/posting`, access: edit, handler: postOne },
  { method: 'get', path: `${ONE}/deletion`, access: edit, handler: askDeletion },
  { method: 'post', path: `${ONE}/deletion`, access: edit, handler: deleteOne },
  { method: 'get', path: `${ONE}/reversal`, access: reverses, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: `${ONE}/reversal`, access: reverses, handler: reverseOne },
];

const refused =
  (ctx: Ctx) =>
  ({ message, problems }: FormState, status: number): Promise<Reply> =>
    showConsignment(ctx, {
      status,
      notices: [{ tone: 'bad', title: message ?? '', items: Object.values(problems) }],
    });

const seen = (document: ConsignmentView) => ({ version: document.version, operationKey: newOperationKey() });

async function askPosting(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const href = consignmentHref(document.id);
  if (!editsConsignment(ctx, document) || document.devices === 0) return redirect(href);
  const count = f.number(document.devices);
  return confirmPage(ctx, {
    title: t('purchasing:consignment.ask.post', { number: document.number }),
    effects: [
      t('purchasing:consignment.ask.arrive', { count, place: document.place }),
      t('purchasing:consignment.ask.theirs', { supplier: document.supplierName }),
      t('purchasing:consignment.ask.owed'),
    ],
    action: `${href}/posting`,
    verb: t('purchasing:consignment.post', { count }),
    cancelHref: href,
    fields: seen(document),
  });
}

function postOne(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, version: known }) => {
      const { devices } = await postConsignment(ctx.uow, ctx.actor, { id, version: known }, { operationKey: key });
      return redirect(consignmentHref(id), {
        kind: 'ok',
        text: ctx.t('purchasing:consignment.posted', { count: devices }),
      });
    },
    refused(ctx),
  );
}

async function askDeletion(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const href = consignmentHref(document.id);
  if (document.state !== 'draft') return redirect(href);
  return confirmPage(ctx, {
    title: t('purchasing:deletion.ask', { number: document.number }),
    effects: [t('purchasing:deletion.books')],
    action: `${href}/deletion`,
    verb: t('common:action.delete'),
    danger: true,
    cancelHref: href,
    fields: seen(document),
  });
}

function deleteOne(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, version: known }) => {
      const { number } = await deleteConsignment(ctx.uow, ctx.actor, { id, version: known }, { operationKey: key });
      return redirect(CONSIGNMENTS, { kind: 'ok', text: ctx.t('purchasing:deletion.done', { number }) });
    },
    refused(ctx),
  );
}

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const href = consignmentHref(document.id);
  if (document.state !== 'posted') return status === 200 ? redirect(href) : refused(ctx)(form, status);
  const { reason: problem, ...others } = form.problems;
  return confirmPage(
    ctx,
    {
      title: t('purchasing:consignment.ask.reverse', { number: document.number }),
      effects: [
        t(`purchasing:consignment.ask.reverses.${document.kind}`, { count: f.number(document.devices) }),
        t('purchasing:reversal.books', { date: f.date(ctx.today) }),
      ],
      action: `${href}/reversal`,
      verb: t('common:action.reverse'),
      danger: true,
      cancelHref: href,
      fields: seen(document),
      reason: {
        name: 'reason',
        label: t('purchasing:reversal.reason'),
        type: 'textarea',
        rows: 2,
        required: true,
        maxlength: 200,
        value: form.values['reason'] ?? '',
        ...(problem ? { error: problem } : {}),
      },
    },
    form.message,
    Object.values(others),
    status,
  );
}

function reverseOne(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, reason: text(200) }),
    async ({ operationKey: key, version: known, reason }) => {
      const command = { id, version: known, reason };
      const { number } = await reverseConsignment(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(consignmentHref(id), {
        kind: 'ok',
        text: ctx.t('purchasing:consignment.wasReversed', { number }),
      });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}
