import { type Ctx, type FormState, page, redirect, type Reply, type Route, submit } from '../../../platform/http';
import { type ChannelKind, type ChannelRow, type Failure, sendTest } from '../../../platform/notify';
import { editForm } from '../../../platform/views';
import {
  createChannel,
  getChannel,
  NOTIFICATION_MANAGE,
  NOTIFICATION_VIEW,
  senderOf,
  updateChannel,
} from '../../notifications';
import type { SystemPages } from '../system-pages';
import { channelFields, channelSchema, formOf, newForm } from './channel-form';
import { KINDS, NOTIFICATIONS, notificationsPage } from './notifications.page';

const view = { permission: NOTIFICATION_VIEW };
const manage = { permission: NOTIFICATION_MANAGE };

export const notificationRoutes = ({ translator }: SystemPages): Route[] => [
  {
    method: 'get',
    path: NOTIFICATIONS,
    access: view,
    handler: async (ctx) => page('system/notifications', ctx.t('notifications:title'), await notificationsPage(ctx)),
  },
  {
    method: 'get',
    path: `${NOTIFICATIONS}/channels/new`,
    access: manage,
    handler: (ctx) => showNew(ctx, kindOf(ctx.query['kind']), newForm(ctx, kindOf(ctx.query['kind']))),
  },
  {
    method: 'post',
    path: `${NOTIFICATIONS}/channels`,
    access: manage,
    handler: (ctx) => {
      const kind = kindOf(ctx.body['kind']);
      return submit(
        ctx,
        channelSchema(kind),
        async ({ operationKey, version: _version, ...command }) => {
          await createChannel(ctx.services, ctx.actor, { ...command, kind }, { operationKey });
          return redirect(NOTIFICATIONS, { kind: 'ok', text: ctx.t('notifications:created', { name: command.name }) });
        },
        (form, status) => showNew(ctx, kind, form, status),
      );
    },
  },
  {
    method: 'get',
    path: `${NOTIFICATIONS}/channels/:id`,
    access: manage,
    handler: async (ctx) => showChannel(ctx, await getChannel(ctx.read, ctx.id())),
  },
  {
    method: 'post',
    path: `${NOTIFICATIONS}/channels/:id`,
    access: manage,
    handler: async (ctx) => {
      const row = await getChannel(ctx.read, ctx.id());
      return submit(
        ctx,
        channelSchema(row.kind),
        async ({ operationKey, ...command }) => {
          await updateChannel(ctx.services, ctx.actor, { ...command, id: row.id }, { operationKey });
          return redirect(NOTIFICATIONS, { kind: 'ok', text: ctx.t('notifications:saved', { name: command.name }) });
        },
        (form, status) => showChannel(ctx, row, form, status),
      );
    },
  },
  {
    method: 'post',
    path: `${NOTIFICATIONS}/channels/:id/test`,
    access: manage,
    handler: async (ctx) => {
      const row = await getChannel(ctx.read, ctx.id());
      const failure = await sendTest(senderOf(ctx.services, translator), row);
      const outcome = failure?.code ?? 'ok';
      await ctx.uow.run(ctx.actor, (unit) =>
        unit.audit({
          action: 'system.notification.test',
          subjectType: 'system.notification',
          subjectId: row.id,
          detail: { name: row.name, outcome },
        }),
      );
      return redirect(NOTIFICATIONS, {
        kind: failure ? 'bad' : 'ok',
        text: failure ? failureWords(ctx, failure) : ctx.t('notifications:tested', { name: row.name }),
      });
    },
  },
];

const failureWords = ({ t }: Ctx, { code, details }: Failure): string => `${t(code, details)} ${t(`${code}Remedy`)}`;

const kindOf = (text: unknown): ChannelKind => KINDS.find((kind) => kind === text) ?? 'mail';

function showNew(ctx: Ctx, kind: ChannelKind, form: FormState, status = 200): Promise<Reply> {
  const title = ctx.t('notifications:newTitle', { kind: ctx.t(`notifications:kind.${kind}`) });
  const typed = { ...form, values: { ...form.values, kind } };
  const model = {
    head: { title, crumbs: crumbs(ctx) },
    form: editForm(typed, {
      action: `${NOTIFICATIONS}/channels`,
      hidden: ['kind'],
      submit: ctx.t('notifications:create'),
      cancelHref: NOTIFICATIONS,
      fields: channelFields(ctx, kind, null),
    }),
  };
  return Promise.resolve(page('system/edit', title, model, { status }));
}

function showChannel(ctx: Ctx, row: ChannelRow, form = formOf(row), status = 200): Promise<Reply> {
  const model = {
    head: { title: row.name, say: ctx.t(`notifications:kind.${row.kind}`), crumbs: crumbs(ctx) },
    form: editForm(form, {
      action: `${NOTIFICATIONS}/channels/${row.id}`,
      hidden: ['version'],
      submit: ctx.t('common:action.save'),
      cancelHref: NOTIFICATIONS,
      fields: channelFields(ctx, row.kind, row),
    }),
  };
  return Promise.resolve(page('system/edit', row.name, model, { status }));
}

const crumbs = ({ t }: Ctx) => [{ href: NOTIFICATIONS, label: t('notifications:title') }];
