import { z } from 'zod';
import { notFound } from '../../../kernel';
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
import { pageOf, readListQuery } from '../../../platform/lists';
import { editForm, type Field } from '../../../platform/views';
import { tacList, tacListSpec, tacPage } from '../queries/tac-list';
import { createTac, updateTac } from '../use-cases/save-tac';
import { tacListPage, TACS } from './tac.page';

const view = { permission: 'catalog.product.view' };
const edit = { permission: 'catalog.product.edit' };

const words = {
  brand: fields.text,
  models: fields.required,
  product: fields.text,
  operationKey: fields.operationKey,
};
const newTac = z.object({ code: fields.required, ...words });
const tacChange = z.object({
  ...words,
  updatedAt: fields.text.transform((typed) => (/^\d{1,15}$/.test(typed) ? Number(typed) : -1)),
});

export const tacRoutes: readonly Route[] = [
  { method: 'get', path: TACS, access: view, handler: showList },
  { method: 'get', path: `${TACS}/new`, access: edit, handler: (ctx) => showNew(ctx) },
  {
    method: 'post',
    path: TACS,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newTac,
        async ({ operationKey, ...command }) => {
          await createTac(ctx.uow, ctx.actor, command, { operationKey });
          return redirect(TACS, { kind: 'ok', text: ctx.t('catalog:tac.created', { code: command.code }) });
        },
        (form, status) => showNew(ctx, form, status),
      ),
  },
  { method: 'get', path: `${TACS}/:id`, access: edit, handler: (ctx) => showOne(ctx) },
  {
    method: 'post',
    path: `${TACS}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        tacChange,
        async ({ operationKey, ...command }) => {
          await updateTac(ctx.uow, ctx.actor, { ...command, id: ctx.id() }, { operationKey });
          return redirect(TACS, { kind: 'ok', text: ctx.t('catalog:saved') });
        },
        (form, status) => showOne(ctx, form, status),
      ),
  },
];

async function showList(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(tacListSpec, ctx.query);
  const found = pageOf(query, await tacList(ctx.read, ctx.actor, query));
  return page('catalog/list', ctx.t('catalog:tac.title'), tacListPage(ctx, query, found));
}

function wordFields({ t }: Ctx): Field[] {
  return [
    { name: 'brand', label: t('catalog:brand.one'), maxlength: 60, optional: true },
    {
      name: 'models',
      label: t('catalog:tac.models'),
      hint: t('catalog:tac.modelsHint'),
      required: true,
      maxlength: 120,
    },
    {
      name: 'product',
      label: t('catalog:tac.product'),
      hint: t('catalog:tac.productHint'),
      optional: true,
      maxlength: 120,
    },
  ];
}

function showNew(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('catalog:tac.create');
  const body = {
    head: { title, crumbs: [{ href: TACS, label: t('catalog:tac.title') }] },
    form: editForm(form, {
      action: TACS,
      submit: title,
      cancelHref: TACS,
      fields: [
        {
          name: 'code',
          label: t('catalog:tac.code'),
          hint: t('catalog:tac.codeHint'),
          required: true,
          maxlength: 8,
          inputmode: 'numeric',
          autocomplete: 'off',
        },
        ...wordFields(ctx),
      ],
    }),
  };
  return Promise.resolve(page('catalog/edit', title, body, { status }));
}

async function showOne(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = await tacPage(ctx.read, ctx.actor, ctx.id());
  if (!row) throw notFound('catalog.tac', ctx.id());
  const values = {
    brand: row.brandText,
    models: row.modelText,
    product: row.productName,
    updatedAt: row.updatedAt,
  };
  const body = {
    head: { title: `TAC ${row.code}`, crumbs: [{ href: TACS, label: t('catalog:tac.title') }] },
    form: editForm(typed ?? emptyForm(values), {
      action: `${TACS}/${row.id}`,
      hidden: ['updatedAt'],
      submit: t('common:action.save'),
      cancelHref: TACS,
      fields: wordFields(ctx),
    }),
  };
  return page('catalog/edit', body.head.title, body, { status });
}
