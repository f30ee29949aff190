import { z } from 'zod';
import { createContact, getContact, removeContact, SUPPORT_MANAGE, updateContact } from '../../support';
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
import { type Confirm, editForm, type Field } from '../../../platform/views';
import { CONTACTS, SUPPORT } from './support.page';

const access = { permission: SUPPORT_MANAGE };
const optional = fields.text.transform((typed) => typed.trim() || null);

const schema = z.object({
  kind: z.enum(['vendor', 'internal']),
  name: fields.required.transform((typed) => typed.trim()),
  duty: optional,
  phone: optional.refine((phone) => phone === null || /^[\d+() -]{3,40}$/.test(phone), {
    message: 'support:error.phone',
  }),
  mail: optional.refine((mail) => mail === null || /^[^\s@]+@[^\s@]+$/.test(mail), { message: 'support:error.mail' }),
  onlineService: optional,
  hours: optional,
  version: fields.version,
  operationKey: fields.operationKey,
});

export const contactRoutes: readonly Route[] = [
  {
    method: 'get',
    path: `${CONTACTS}/new`,
    access,
    handler: async (ctx) => showForm(ctx, null, emptyForm({ kind: 'internal' })),
  },
  {
    method: 'post',
    path: CONTACTS,
    access,
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ operationKey, version: _version, ...command }) => {
          await createContact(ctx.services, ctx.actor, command, { operationKey });
          return saved(ctx, command.name);
        },
        async (form, status) => showForm(ctx, null, form, status),
      ),
  },
  {
    method: 'get',
    path: `${CONTACTS}/:id`,
    access,
    handler: async (ctx) => {
      const row = await getContact(ctx.read, ctx.id());
      return showForm(ctx, { id: row.id, name: row.name }, emptyForm({ ...row }));
    },
  },
  {
    method: 'post',
    path: `${CONTACTS}/:id`,
    access,
    handler: async (ctx) => {
      const { id, name } = await getContact(ctx.read, ctx.id());
      return submit(
        ctx,
        schema,
        async ({ operationKey, ...command }) => {
          await updateContact(ctx.services, ctx.actor, { ...command, id }, { operationKey });
          return saved(ctx, command.name);
        },
        async (form, status) => showForm(ctx, { id, name }, form, status),
      );
    },
  },
  { method: 'get', path: `${CONTACTS}/:id/removal/new`, access, handler: ask },
  {
    method: 'post',
    path: `${CONTACTS}/:id/removal`,
    access,
    handler: async (ctx) => {
      await removeContact(ctx.services, ctx.actor, ctx.id());
      return redirect(SUPPORT, { kind: 'ok', text: ctx.t('support:removed') });
    },
  },
];

const saved = ({ t }: Ctx, name: string): Reply =>
  redirect(SUPPORT, { kind: 'ok', text: t('support:saved', { name }) });

async function ask(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { id, name } = await getContact(ctx.read, ctx.id());
  const question: Confirm = {
    title: t('support:ask.title', { name }),
    effects: [t('support:ask.effect')],
    action: `${CONTACTS}/${id}/removal`,
    verb: t('support:ask.verb'),
    danger: true,
    cancelHref: `${CONTACTS}/${id}`,
  };
  return page('backups/trust', question.title, question);
}

function showForm(ctx: Ctx, contact: { id: number; name: string } | null, form: FormState, status = 200): Reply {
  const { t } = ctx;
  const title = contact?.name ?? t('support:add');
  const field = (name: string, more: Partial<Field> = {}): Field => ({
    name,
    label: t(`support:field.${name}`),
    ...more,
  });
  const model = {
    head: {
      title,
      crumbs: [{ href: SUPPORT, label: t('support:title') }],
      actions: contact
        ? [{ label: t('support:ask.verb'), href: `${CONTACTS}/${contact.id}/removal/new`, confirm: true }]
        : [],
    },
    form: editForm(form, {
      action: contact ? `${CONTACTS}/${contact.id}` : CONTACTS,
      hidden: contact ? ['version'] : [],
      submit: t('common:action.save'),
      cancelHref: SUPPORT,
      fields: [
        field('name', { required: true, maxlength: 60 }),
        field('kind', {
          type: 'select',
          choose: false,
          options: (['internal', 'vendor'] as const).map((value) => ({ value, label: t(`support:kind.${value}`) })),
        }),
        field('duty', { optional: true, maxlength: 60, hint: t('support:dutyHint') }),
        field('phone', { type: 'tel', optional: true, maxlength: 40 }),
        field('mail', { type: 'email', optional: true, maxlength: 120 }),
        field('hours', { optional: true, maxlength: 120, hint: t('support:hoursHint') }),
        field('onlineService', { optional: true, maxlength: 200, wide: true, hint: t('support:onlineHint') }),
      ],
    }),
  };
  return page('system/edit', title, model, { status });
}
