import { z } from 'zod';
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
import { editForm } from '../../../platform/views';
import { generateVariants } from '../domain/generate-variants';
import { splitBarcodes } from '../domain/new-sku';
import { TRACKINGS } from '../domain/tracking';
import { getProduct } from '../queries/product-page';
import { addVariants } from '../use-cases/add-variants';
import { createProduct } from '../use-cases/create-product';
import { updateProduct } from '../use-cases/update-product';
import { productFields, variantFields } from './product-form';
import { catalogChoices } from './product-list.routes';
import { productPage } from './product-view.page';
import { PRODUCTS } from './products.page';

const view = { permission: 'catalog.product.view' };
const edit = { permission: 'catalog.product.edit' };

const model = {
  name: fields.required,
  modelNumber: fields.text,
  brandId: fields.id,
  categoryId: fields.id,
  operationKey: fields.operationKey,
};
const lists = { memories: fields.text, colours: fields.text, networks: fields.text, codePrefix: fields.text };
const whole = fields.wholeNumber.transform(Number);
const newProduct = z.object({
  ...model,
  ...lists,
  tracking: fields.text.pipe(z.enum(['', ...TRACKINGS])).transform((value) => value || undefined),
  taxRate: z.preprocess((typed) => typed || undefined, fields.percent.optional()),
  warrantyMonths: z.preprocess((typed) => typed || undefined, whole.optional()),
  barcodes: fields.text,
});
const productChange = z.object({
  ...model,
  tracking: z.enum(TRACKINGS),
  taxRate: fields.percent,
  warrantyMonths: whole,
  version: fields.version,
  active: fields.checkbox,
});
const newVariants = z.object({ ...lists, operationKey: fields.operationKey });

export const productRoutes: readonly Route[] = [
  { method: 'get', path: `${PRODUCTS}/new`, access: edit, handler: (ctx) => showNew(ctx, emptyForm()) },
  {
    method: 'post',
    path: PRODUCTS,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newProduct,
        async ({ operationKey, barcodes, memories, colours, networks, codePrefix, taxRate, ...command }) => {
          const variants = generateVariants({ memories, colours, networks, codePrefix });
          const typed = splitBarcodes(barcodes);
          const skus = typed.length > 0 && variants.length === 1 ? [{ ...variants[0], barcodes: typed }] : variants;
          const { id } = await createProduct(
            ctx.uow,
            ctx.actor,
            { ...command, taxRateBp: taxRate, skus },
            { operationKey },
          );
          return redirect(`${PRODUCTS}/${id}`, {
            kind: 'ok',
            text: ctx.t('catalog:product.created', { count: skus.length }),
          });
        },
        (form, status) => showNew(ctx, form, status),
      ),
  },
  {
    method: 'get',
    path: `${PRODUCTS}/:id`,
    access: view,
    handler: async (ctx) => {
      const row = await getProduct(ctx.read, ctx.actor, ctx.id());
      return page('catalog/product', row.name, productPage(ctx, row));
    },
  },
  { method: 'get', path: `${PRODUCTS}/:id/edit`, access: edit, handler: (ctx) => showEdit(ctx) },
  {
    method: 'post',
    path: `${PRODUCTS}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        productChange,
        async ({ operationKey, taxRate, ...command }) => {
          await updateProduct(ctx.uow, ctx.actor, { ...command, id: ctx.id(), taxRateBp: taxRate }, { operationKey });
          return redirect(`${PRODUCTS}/${ctx.id()}`, { kind: 'ok', text: ctx.t('catalog:saved') });
        },
        (form, status) => showEdit(ctx, form, status),
      ),
  },
  {
    method: 'get',
    path: `${PRODUCTS}/:id/variants/new`,
    access: edit,
    handler: (ctx) => showVariants(ctx, emptyForm()),
  },
  {
    method: 'post',
    path: `${PRODUCTS}/:id/variants`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        newVariants,
        async ({ operationKey, ...command }) => {
          const { added } = await addVariants(
            ctx.uow,
            ctx.actor,
            { ...command, productId: ctx.id() },
            { operationKey },
          );
          return redirect(`${PRODUCTS}/${ctx.id()}`, {
            kind: 'ok',
            text: ctx.t('catalog:sku.added', { count: added }),
          });
        },
        (form, status) => showVariants(ctx, form, status),
      ),
  },
];

const crumbs = (ctx: Ctx) => [{ href: PRODUCTS, label: ctx.t('catalog:product.title') }];

async function showNew(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('catalog:product.newTitle');
  const shown = [
    ...(await productFields(ctx, await catalogChoices(ctx))),
    ...variantFields(ctx),
    {
      name: 'barcodes',
      label: t('catalog:sku.barcodes'),
      optional: true,
      hint: t('catalog:product.barcodesHint'),
      wide: true,
      autocomplete: 'off',
    },
  ];
  const body = {
    head: { title, crumbs: crumbs(ctx), say: t('catalog:product.newSay') },
    form: editForm(form, {
      action: PRODUCTS,
      submit: t('catalog:product.create'),
      cancelHref: PRODUCTS,
      fields: shown,
    }),
  };
  return page('catalog/edit', title, body, { status });
}

async function showEdit(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const row = await getProduct(ctx.read, ctx.actor, ctx.id());
  const stored = emptyForm({
    name: row.name,
    modelNumber: row.modelNumber,
    brandId: row.brandId,
    categoryId: row.categoryId,
    tracking: row.tracking,
    taxRate: percentText(row.taxRateBp),
    warrantyMonths: row.warrantyMonths,
    active: row.active ? '1' : '',
    version: row.version,
  });
  const body = {
    head: { title: row.name, crumbs: [...crumbs(ctx), { href: `${PRODUCTS}/${row.id}`, label: row.name }] },
    form: editForm(typed ?? stored, {
      action: `${PRODUCTS}/${row.id}`,
      hidden: ['version'],
      submit: ctx.t('catalog:product.save'),
      cancelHref: `${PRODUCTS}/${row.id}`,
      fields: await productFields(ctx, await catalogChoices(ctx), row.taxRateBp),
    }),
  };
  return page('catalog/edit', row.name, body, { status });
}

async function showVariants(ctx: Ctx, form: FormState, status = 200): Promise<Reply> {
  const row = await getProduct(ctx.read, ctx.actor, ctx.id());
  const title = ctx.t('catalog:sku.generateTitle', { name: row.name });
  const body = {
    head: {
      title,
      crumbs: [...crumbs(ctx), { href: `${PRODUCTS}/${row.id}`, label: row.name }],
      say: ctx.t('catalog:sku.generateSay'),
    },
    form: editForm(form, {
      action: `${PRODUCTS}/${row.id}/variants`,
      submit: ctx.t('catalog:sku.generate'),
      cancelHref: `${PRODUCTS}/${row.id}`,
      fields: variantFields(ctx),
    }),
  };
  return page('catalog/edit', title, body, { status });
}
