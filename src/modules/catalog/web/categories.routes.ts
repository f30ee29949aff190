import { z } from 'zod';
import { notFound } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  percentText,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { editForm, type Field, stateLabel } from '../../../platform/views';
import { TRACKINGS } from '../domain/tracking';
import { categoryBranch, listCategories } from '../queries/categories';
import { createCategory, MAX_CATEGORY_DEPTH, updateCategory } from '../use-cases/save-category';
import { taxRateField } from './tax-rate-field';

const CATEGORIES = '/catalog/categories';
const edit = { permission: 'catalog.category.edit' };

const words = {
  name: fields.required,
  taxRate: fields.percent,
  tracking: z.enum(TRACKINGS),
  operationKey: fields.operationKey,
};
const newCategory = z.object({ ...words, parentId: fields.optionalId });
const categoryChange = z.object({
  ...words,
  parentId: fields.optionalId,
  sortOrder: fields.wholeNumber.transform(Number).refine((order) => order >= 0 && order <= 9999),
  version: fields.version,
  active: fields.checkbox,
});

export const categoryRoutes: readonly Route[] = [
  {
    method: 'get',
    path: CATEGORIES,
    access: edit,
    handler: (ctx) => showList(ctx, emptyForm({ taxRate: '13', tracking: 'serial' })),
  },
  {
    method: 'post',
    path: CATEGORIES,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newCategory,
        async ({ operationKey, taxRate, ...command }) => {
          await createCategory(ctx.uow, ctx.actor, { ...command, taxRateBp: taxRate }, { operationKey });
          return redirect(CATEGORIES, { kind: 'ok', text: ctx.t('catalog:category.created', { name: command.name }) });
        },
        (form, status) => showList(ctx, form, status),
      ),
  },
  { method: 'get', path: `${CATEGORIES}/:id`, access: edit, handler: (ctx) => showOne(ctx) },
  {
    method: 'post',
    path: `${CATEGORIES}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        categoryChange,
        async ({ operationKey, taxRate, ...command }) => {
          await updateCategory(ctx.uow, ctx.actor, { ...command, id: ctx.id(), taxRateBp: taxRate }, { operationKey });
          return redirect(CATEGORIES, { kind: 'ok', text: ctx.t('catalog:saved') });
        },
        (form, status) => showOne(ctx, form, status),
      ),
  },
];

async function categoryFields(ctx: Pick<Ctx, 't' | 'read'>, taxRateBp?: number): Promise<Field[]> {
  const { t } = ctx;
  return [
    { name: 'name', label: t('catalog:category.name'), required: true, maxlength: 60, autocomplete: 'off' },
    { ...(await taxRateField(ctx, t('catalog:category.taxRate'), taxRateBp)), required: true },
    {
      name: 'tracking',
      label: t('catalog:category.tracking'),
      type: 'select',
      required: true,
      choose: false,
      options: TRACKINGS.map((value) => ({ value, label: t(`catalog:trackingLong.${value}`) })),
    },
  ];
}

async function showList(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const rows = await listCategories(ctx.read);
  const parents = rows.filter((row) => row.active && row.depth < MAX_CATEGORY_DEPTH);
  const body = {
    head: { title: t('catalog:category.title') },
    list: {
      table: {
        id: 'categories',
        caption: t('catalog:category.title'),
        columns: [
          { key: 'name', label: t('catalog:category.name'), card: 'title' },
          { key: 'tracking', label: t('catalog:category.tracking') },
          { key: 'taxRate', label: t('catalog:category.taxRate'), num: true, card: 'number' },
          { key: 'state', label: t('catalog:state'), card: 'state' },
        ],
        rows: rows.map((row) => ({
          id: row.id,
          label: row.path,
          cells: [
            { text: row.path, href: `${CATEGORIES}/${row.id}`, strong: row.depth === 1 },
            t(`catalog:trackingLong.${row.tracking}`),
            `${percentText(row.taxRateBp)}%`,
            { state: stateLabel(t, row.active ? 'active' : 'inactive') },
          ],
        })),
      },
      empty: { title: t('catalog:category.empty'), text: t('catalog:category.emptyHint') },
    },
    form: editForm(form, {
      action: CATEGORIES,
      submit: t('catalog:category.create'),
      cancelHref: CATEGORIES,
      fields: [
        ...(await categoryFields(ctx)),
        {
          name: 'parentId',
          label: t('catalog:category.parent'),
          type: 'select',
          choose: t('catalog:category.top'),
          options: parents.map((row) => ({ value: row.id, label: row.path })),
        },
      ],
    }),
  };
  return page('catalog/list-and-form', body.head.title, body, { status });
}

async function showOne(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const all = await listCategories(ctx.read);
  const row = all.find((one) => one.id === ctx.id());
  if (!row) throw notFound('catalog.category', ctx.id());
  const own = categoryBranch(all, row.id);
  const stored = emptyForm({
    name: row.name,
    parentId: row.parentId,
    taxRate: percentText(row.taxRateBp),
    tracking: row.tracking,
    sortOrder: row.sortOrder,
    version: row.version,
    active: row.active ? '1' : '',
  });
  const body = {
    head: { title: row.path, crumbs: [{ href: CATEGORIES, label: t('catalog:category.title') }] },
    form: editForm(typed ?? stored, {
      action: `${CATEGORIES}/${row.id}`,
      hidden: ['version'],
      submit: t('catalog:category.save'),
      cancelHref: CATEGORIES,
      fields: [
        ...(await categoryFields(ctx, row.taxRateBp)),
        {
          name: 'parentId',
          label: t('catalog:category.parent'),
          type: 'select',
          choose: t('catalog:category.top'),
          hint: t('catalog:category.moveHint'),
          options: all
            .filter((one) => one.depth < MAX_CATEGORY_DEPTH && !own.includes(one.id))
            .filter((one) => one.active || one.id === row.parentId)
            .map((one) => ({ value: one.id, label: one.path })),
        },
        {
          name: 'sortOrder',
          label: t('catalog:category.sortOrder'),
          required: true,
          inputmode: 'numeric',
          hint: t('catalog:category.sortHint'),
        },
        { name: 'active', label: t('catalog:category.active'), type: 'checkbox', wide: true },
      ],
    }),
  };
  return page('catalog/edit', row.name, body, { status });
}
