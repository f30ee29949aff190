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
import { editForm, stateLabel } from '../../../platform/views';
import { listBrands } from '../queries/categories';
import { createBrand, updateBrand } from '../use-cases/save-brand';

const BRANDS = '/catalog/brands';
const edit = { permission: 'catalog.category.edit' };

const newBrand = z.object({ name: fields.required, operationKey: fields.operationKey });
const brandChange = newBrand.extend({ version: fields.version, active: fields.checkbox });

export const brandRoutes: readonly Route[] = [
  { method: 'get', path: BRANDS, access: edit, handler: (ctx) => showList(ctx, emptyForm()) },
  {
    method: 'post',
    path: BRANDS,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newBrand,
        async ({ operationKey, name }) => {
          await createBrand(ctx.uow, ctx.actor, { name }, { operationKey });
          return redirect(BRANDS, { kind: 'ok', text: ctx.t('catalog:brand.created', { name }) });
        },
        (form, status) => showList(ctx, form, status),
      ),
  },
  { method: 'get', path: `${BRANDS}/:id`, access: edit, handler: (ctx) => showOne(ctx) },
  {
    method: 'post',
    path: `${BRANDS}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        brandChange,
        async ({ operationKey, ...command }) => {
          await updateBrand(ctx.uow, ctx.actor, { ...command, id: ctx.id() }, { operationKey });
          return redirect(BRANDS, { kind: 'ok', text: ctx.t('catalog:saved') });
        },
        (form, status) => showOne(ctx, form, status),
      ),
  },
];

async function showList(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const rows = await listBrands(ctx.read);
  const body = {
    head: { title: t('catalog:brand.title') },
    list: {
      table: {
        id: 'brands',
        caption: t('catalog:brand.title'),
        columns: [
          { key: 'name', label: t('catalog:brand.name'), card: 'title' },
          { key: 'state', label: t('catalog:state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.name,
          cells: [
            { text: row.name, href: `${BRANDS}/${row.id}`, strong: true },
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      empty: { title: t('catalog:brand.empty'), text: t('catalog:brand.emptyHint') },
    },
    form: editForm(form, {
      action: BRANDS,
      submit: t('catalog:brand.create'),
      cancelHref: BRANDS,
      fields: [{ name: 'name', label: t('catalog:brand.newName'), required: true, maxlength: 60, autocomplete: 'off' }],
    }),
  };
  return page('catalog/list-and-form', body.head.title, body, { status });
}

async function showOne(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = (await listBrands(ctx.read)).find((one) => one.id === ctx.id());
  if (!row) throw notFound('catalog.brand', ctx.id());
  const body = {
    head: { title: row.name, crumbs: [{ href: BRANDS, label: t('catalog:brand.title') }] },
    form: editForm(typed ?? emptyForm({ name: row.name, version: row.version, active: row.active ? '1' : '' }), {
      action: `${BRANDS}/${row.id}`,
      hidden: ['version'],
      submit: t('catalog:brand.save'),
      cancelHref: BRANDS,
      fields: [
        { name: 'name', label: t('catalog:brand.name'), required: true, maxlength: 60 },
        { name: 'active', label: t('catalog:brand.active'), type: 'checkbox', wide: true },
      ],
    }),
  };
  return page('catalog/edit', row.name, body, { status });
}
