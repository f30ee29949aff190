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
import { editForm, type Field, type OptionGroup } from '../../../platform/views';
import { skusByIds } from '../../catalog';
import { listStores, locationsOf } from '../../organization';
import { consignmentDevices, consignmentView } from '../queries/consignment-page';
import { activeSuppliers } from '../queries/suppliers';
import { addConsigned, removeConsigned } from '../use-cases/consignment-devices';
import { createConsignment, EDIT_CONSIGNMENTS } from '../use-cases/consignment-receipt';
import { consignmentCrumbs, consignmentHref, CONSIGNMENTS } from './consignment-words';
import { editsConsignment } from './consignment.page';
import { showConsignment } from './show-consignment';
import { noticeOf } from './show-receipt';
import { theOnlySku } from './sku-choice';

const edit = { permission: EDIT_CONSIGNMENTS };
const ONE = `${CONSIGNMENTS}/:id`;

/** Opening a receipt of consigned goods, and what is on it. */
export const consignmentReceiptRoutes: readonly Route[] = [
  { method: 'get', path: `${CONSIGNMENTS}/new`, access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: CONSIGNMENTS, access: edit, handler: create },
  { method: 'get', path: `${ONE}/devices/new`, access: edit, handler: (ctx) => showAdd(ctx) },
  { method: 'post', path: `${ONE}/devices`, access: edit, handler: add },
  { method: 'get', path: `${ONE}/removal/new`, access: edit, handler: (ctx) => showRemoval(ctx) },
  { method: 'post', path: `${ONE}/removal`, access: edit, handler: remove },
];

/** Locations of the stores in which the reader may do this; those of the store in the top bar first. */
async function placeField(ctx: Ctx): Promise<Field> {
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(EDIT_CONSIGNMENTS, id));
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const options: OptionGroup[] = [];
  for (const { id, name } of stores)
    options.push({
      label: name,
      options: (await locationsOf(ctx.read, id)).map((one) => ({ value: one.id, label: `${name} ${one.name}` })),
    });
  return { name: 'locationId', label: ctx.t('purchasing:receipt.place'), type: 'select', required: true, options };
}

export async function supplierField(ctx: Ctx): Promise<Field> {
  return {
    name: 'supplierId',
    label: ctx.t('purchasing:receipt.supplier'),
    type: 'select',
    required: true,
    choose: '',
    options: (await activeSuppliers(ctx.read)).map(({ id, name }) => ({ value: id, label: name })),
  };
}

export const noteField = ({ t }: Pick<Ctx, 't'>): Field => ({
  name: 'note',
  label: t('purchasing:receipt.note'),
  maxlength: 400,
  optional: true,
  wide: true,
});

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('purchasing:consignment.new');
  const asked = ctx.query['supplier'];
  const fresh = emptyForm({ supplierId: typeof asked === 'string' ? asked : '' });
  const model = {
    head: { title, say: t('purchasing:consignment.newSay'), crumbs: consignmentCrumbs(ctx) },
    form: editForm(form ?? fresh, {
      action: CONSIGNMENTS,
      cancelHref: CONSIGNMENTS,
      submit: t('purchasing:consignment.create'),
      fields: [await supplierField(ctx), await placeField(ctx), noteField(ctx)],
    }),
  };
  return page('purchasing/consignment-form', title, model, { status });
}

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, supplierId: fields.id, locationId: fields.id, note: fields.text }),
    async ({ operationKey, ...command }) => {
      const { id } = await createConsignment(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(`${consignmentHref(id)}/devices/new`);
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showAdd(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const href = consignmentHref(document.id);
  if (!editsConsignment(ctx, document))
    return form ? showConsignment(ctx, { status, notices: noticeOf(form) }) : redirect(href);
  const version = String(document.version);
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = form && status === 409 ? { ...form, values: { ...form.values, version } } : form;
  const title = t('purchasing:consignment.addTo', { number: document.number });
  const model = {
    head: {
      title,
      say: t('purchasing:consignment.addSay', { supplier: document.supplierName }),
      crumbs: [...consignmentCrumbs(ctx), { label: document.number, href }],
    },
    form: editForm(again ?? emptyForm({ version }), {
      action: `${href}/devices`,
      cancelHref: href,
      submit: t('purchasing:consignment.add'),
      hidden: ['version'],
      fields: [
        {
          name: 'sku',
          label: t('purchasing:line.sku'),
          required: true,
          maxlength: 100,
          wide: true,
          hint: t('purchasing:consignment.skuHint'),
        },
        {
          name: 'price',
          label: t('purchasing:consignment.price'),
          type: 'money',
          required: true,
          hint: t('purchasing:consignment.priceHint'),
        },
        {
          name: 'taxRate',
          label: t('purchasing:consignment.taxRate'),
          maxlength: 10,
          optional: true,
          hint: t('purchasing:consignment.taxRateHint'),
        },
        {
          name: 'numbers',
          label: t('purchasing:consigned.number'),
          type: 'textarea',
          rows: 8,
          required: true,
          wide: true,
          countLines: true,
          hint: t('purchasing:consignment.numbersHint'),
        },
      ],
    }),
  };
  return page('purchasing/consignment-form', title, model, { status });
}

const addSchema = z.object({
  operationKey: fields.operationKey,
  version: fields.version,
  sku: fields.text,
  price: fields.optionalMoney,
  taxRate: fields.text,
  numbers: fields.text,
});

function add(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    addSchema,
    async ({ operationKey, version, sku, price, taxRate, numbers }) => {
      const skuId = await theOnlySku(ctx.read, sku);
      const typed = taxRate === '' ? null : fields.percent.safeParse(taxRate);
      const card = skuId === null ? undefined : (await skusByIds(ctx.read, [skuId])).get(skuId);
      const taxRateBp = typed === null ? (card?.taxRateBp ?? 0) : typed.success ? typed.data : null;
      const command = { id, version, skuId, priceFen: price, taxRateBp, numbers };
      const { added } = await addConsigned(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(consignmentHref(id), {
        kind: 'ok',
        text: ctx.t('purchasing:consignment.added', { count: added }),
      });
    },
    (form, status) => showAdd(ctx, form, status),
  );
}

async function showRemoval(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const document = await consignmentView(ctx.read, ctx.actor, ctx.id());
  const href = consignmentHref(document.id);
  const devices = await consignmentDevices(ctx.read, document);
  if (!editsConsignment(ctx, document) || devices.length === 0)
    return form ? showConsignment(ctx, { status, notices: noticeOf(form) }) : redirect(href);
  const version = String(document.version);
  const again = form && status === 409 ? { ...form, values: { ...form.values, version } } : form;
  const title = t('purchasing:consignment.removeFrom', { number: document.number });
  const model = {
    head: { title, crumbs: [...consignmentCrumbs(ctx), { label: document.number, href }] },
    form: editForm(again ?? emptyForm({ version }), {
      action: `${href}/removal`,
      cancelHref: href,
      submit: t('purchasing:consignment.remove'),
      hidden: ['version'],
      fields: devices.map(({ id, mainNumber, skuName }): Field => ({
        name: `rows.d${id}`,
        label: `${f.imei(mainNumber)} ${skuName}`,
        type: 'checkbox',
        value: '1',
      })),
    }),
  };
  return page('purchasing/consignment-form', title, model, { status });
}

/** Rows that were ticked: `rows.d17`. */
export const tickedRows = z
  .record(z.string(), z.string())
  .optional()
  .default({})
  .transform((ticked) =>
    Object.entries(ticked).flatMap(([key, value]) => {
      const row = /^d([1-9]\d{0,14})$/.exec(key)?.[1];
      return row && value !== '' ? [Number(row)] : [];
    }),
  );

function remove(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version, rows: tickedRows }),
    async ({ operationKey, version, rows }) => {
      const { removed } = await removeConsigned(ctx.uow, ctx.actor, { id, version, rows }, { operationKey });
      return redirect(consignmentHref(id), {
        kind: 'ok',
        text: ctx.t('purchasing:consignment.removed', { count: removed }),
      });
    },
    (form, status) => showRemoval(ctx, form, status),
  );
}
