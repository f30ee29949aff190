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
import { editForm, type Table } from '../../../platform/views';
import { bomView, type BomView } from '../queries/bom';
import { getProduct, getSku } from '../queries/product-page';
import { EDIT_BOMS, saveBom } from '../use-cases/save-bom';
import { PRODUCTS } from './products.page';

const BOM = '/catalog/skus/:id/bom';
export const bomHref = (skuId: number): string => `/catalog/skus/${skuId}/bom`;

export const bomRoutes: readonly Route[] = [
  { method: 'get', path: BOM, access: { permission: 'catalog.product.view' }, handler: (ctx) => show(ctx) },
  { method: 'post', path: BOM, access: { permission: EDIT_BOMS }, handler: save },
];

const schema = z.object({ operationKey: fields.operationKey, version: fields.version, components: fields.text });

function save(ctx: Ctx): Promise<Reply> {
  const skuId = ctx.id();
  return submit(
    ctx,
    schema,
    async ({ operationKey, ...command }) => {
      await saveBom(ctx.uow, ctx.actor, { ...command, skuId }, { operationKey });
      return redirect(bomHref(skuId), { kind: 'ok', text: ctx.t('catalog:saved') });
    },
    (form, status) => show(ctx, form, status),
  );
}

/** As people type it: "CD67 2". */
const typedOf = (view: BomView): string =>
  view.components.map(({ card, quantity }) => (quantity === 1 ? card.code : `${card.code} ${quantity}`)).join('\n');

async function show(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const row = await getSku(ctx.read, ctx.actor, ctx.id());
  const parent = await getProduct(ctx.read, ctx.actor, row.productId);
  const view = await bomView(ctx.read, row.id);
  const version = view.row?.version ?? 0;
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = typed && status === 409 ? { ...typed, values: { ...typed.values, version: String(version) } } : typed;
  const service = row.tracking === 'service';
  const mayEdit = ctx.can(EDIT_BOMS) && !service;
  const title = t('catalog:bom.title');
  const model = {
    head: {
      title: t('catalog:bom.of', { name: row.name }),
      crumbs: [
        { href: PRODUCTS, label: t('catalog:product.title') },
        { href: `${PRODUCTS}/${parent.id}`, label: parent.name },
      ],
      say: service ? t('catalog:bom.service') : row.code,
    },
    components: table(ctx, 'components', title, view.components),
    usedIn: table(ctx, 'used-in', t('catalog:bom.usedIn'), view.usedIn),
    form: mayEdit
      ? editForm(again ?? emptyForm({ version, components: typedOf(view) }), {
          action: bomHref(row.id),
          hidden: ['version'],
          submit: t('catalog:bom.save'),
          cancelHref: `${PRODUCTS}/${parent.id}`,
          fields: [
            {
              name: 'components',
              label: t('catalog:bom.components'),
              type: 'textarea',
              rows: 8,
              wide: true,
              optional: true,
              hint: t('catalog:bom.hint'),
            },
          ],
        })
      : null,
  };
  return page('catalog/bom', title, model, { status });
}

function table({ t, f }: Ctx, id: string, caption: string, rows: BomView['components']): Table {
  return {
    id,
    caption,
    columns: [
      { key: 'name', label: t('catalog:sku.name'), card: 'title' },
      { key: 'code', label: t('catalog:sku.code'), card: 'full' },
      { key: 'tracking', label: t('catalog:product.tracking'), card: 'state' },
      { key: 'quantity', label: t('catalog:bom.quantity'), num: true, card: 'number' },
    ],
    rows: rows.map(({ card, quantity }) => ({
      id: card.id,
      label: card.name,
      cells: [
        { text: card.name, href: bomHref(card.id), strong: true },
        card.code,
        t(`catalog:tracking.${card.tracking}`),
        f.number(quantity),
      ],
    })),
  };
}
