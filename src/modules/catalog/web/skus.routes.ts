import { z } from 'zod';
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
import { editForm } from '../../../platform/views';
import { splitBarcodes } from '../domain/new-sku';
import { getProduct, getSku } from '../queries/product-page';
import { updateSku } from '../use-cases/update-sku';
import { skuFields } from './product-form';
import { PRODUCTS } from './products.page';

const edit = { permission: 'catalog.product.edit' };
const SKUS = '/catalog/skus';

const skuChange = z.object({
  memory: fields.text,
  colour: fields.text,
  network: fields.text,
  variant: fields.text,
  barcodes: fields.text,
  active: fields.checkbox,
  version: fields.version,
  operationKey: fields.operationKey,
});

export const skuRoutes: readonly Route[] = [
  { method: 'get', path: `${SKUS}/:id`, access: edit, handler: (ctx) => show(ctx) },
  {
    method: 'post',
    path: `${SKUS}/:id`,
    access: edit,
    handler: (ctx) =>
      submit(
        ctx,
        skuChange,
        async ({ operationKey, barcodes, ...command }) => {
          const row = await getSku(ctx.read, ctx.actor, ctx.id());
          const change = { ...command, id: row.id, barcodes: splitBarcodes(barcodes) };
          await updateSku(ctx.uow, ctx.actor, change, { operationKey });
          return redirect(`${PRODUCTS}/${row.productId}`, { kind: 'ok', text: ctx.t('catalog:saved') });
        },
        (form, status) => show(ctx, form, status),
      ),
  },
];

async function show(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const row = await getSku(ctx.read, ctx.actor, ctx.id());
  const parent = await getProduct(ctx.read, ctx.actor, row.productId);
  const stored = emptyForm({
    memory: row.memory,
    colour: row.colour,
    network: row.network,
    variant: row.variant,
    barcodes: row.barcodes.join('\n'),
    active: row.active ? '1' : '',
    version: row.version,
  });
  const back = `${PRODUCTS}/${parent.id}`;
  const body = {
    head: {
      title: row.name,
      crumbs: [
        { href: PRODUCTS, label: ctx.t('catalog:product.title') },
        { href: back, label: parent.name },
      ],
      say: row.code,
    },
    form: editForm(typed ?? stored, {
      action: `${SKUS}/${row.id}`,
      hidden: ['version'],
      submit: ctx.t('catalog:sku.save'),
      cancelHref: back,
      fields: skuFields(ctx),
    }),
  };
  return page('catalog/edit', row.name, body, { status });
}
