import { z } from 'zod';
import { fen, forbidden, invalidField, plainMoney } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { COST_PERMISSION, seesCostIn } from '../../../platform/permissions';
import type { Field } from '../../../platform/views';
import { skusByIds } from '../../catalog';
import {
  getSupplierPrice,
  priceList,
  supplierPriceCounts,
  supplierPriceRows,
  VIEW_PRICES,
} from '../queries/supplier-prices';
import { getSupplier, type SupplierRow } from '../queries/suppliers';
import { addSupplierPrice, changeSupplierPrice } from '../use-cases/save-supplier-price';
import {
  date,
  newOperationKey,
  operationKey,
  optionalDate,
  optionalMoney,
  optionalQuantity,
  text,
  version,
} from './fields';
import { priceCrumbs, pricesHref, supplierPricesPage } from './supplier-prices.page';
import { theOnlySku } from './sku-choice';
import type { SupplierFormPage } from './supplier.page';

const view = { permission: VIEW_PRICES };
const edit = { permission: 'purchasing.price.edit' };
const BASE = '/purchasing/suppliers/:id/prices';

export const supplierPriceRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: view, handler: list },
  { method: 'get', path: `${BASE}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: BASE, access: edit, handler: add },
  { method: 'get', path: `${BASE}/:priceId`, access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: `${BASE}/:priceId`, access: edit, handler: change },
];

/** What a supplier asks is cost. Throws 403 for who sees none. */
function supplierOf(ctx: Ctx): Promise<SupplierRow> {
  if (!seesCostIn(ctx.actor, ctx.actor.scope(VIEW_PRICES), null)) throw forbidden(COST_PERMISSION);
  return getSupplier(ctx.read, ctx.services.keys, ctx.id());
}

async function list(ctx: Ctx): Promise<Reply> {
  const supplier = await supplierOf(ctx);
  const query = readListQuery(priceList(supplier.id), ctx.query);
  const found = pageOf(query, await supplierPriceRows(ctx.read, supplier.id, query, ctx.today));
  const counts = await supplierPriceCounts(ctx.read, supplier.id, query, ctx.today);
  return page(
    'purchasing/list',
    ctx.t('purchasing:price.title'),
    supplierPricesPage(ctx, supplier, query, found, counts),
  );
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const supplier = await supplierOf(ctx);
  return exportReply(ctx, {
    name: `${t('purchasing:price.title')}-${supplier.code}-${ctx.today}`,
    sheet: t('purchasing:price.title'),
    // The headers are those that an import knows.
    columns: [
      { header: t('purchasing:import.column.supplier'), type: 'text' },
      { header: t('purchasing:import.column.sku'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:import.column.unitPrice'), type: 'money' },
      { header: t('purchasing:import.column.fromOn'), type: 'date' },
      { header: t('purchasing:import.column.untilOn'), type: 'date' },
      { header: t('purchasing:import.column.minQuantity'), type: 'integer' },
      { header: t('purchasing:import.column.packSize'), type: 'integer' },
    ],
    query: readListQuery(priceList(supplier.id), ctx.query),
    load: (query) => supplierPriceRows(ctx.read, supplier.id, query, ctx.today),
    toRow: (row) => [
      supplier.name,
      row.skuCode,
      row.skuName,
      row.unitPriceFen,
      row.fromOn,
      row.untilOn,
      row.minQuantity,
      row.packSize,
    ],
  });
}

const termsSchema = z.object({
  operationKey,
  fromOn: date,
  untilOn: optionalDate,
  minQuantity: optionalQuantity,
  packSize: optionalQuantity,
  unitPrice: optionalMoney,
});

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const supplier = await supplierOf(ctx);
  const fresh = emptyForm({ fromOn: ctx.today, minQuantity: 1, packSize: 1, operationKey: newOperationKey() });
  const model = priceForm(ctx, supplier, form ?? fresh, pricesHref(supplier.id));
  return page('purchasing/form', ctx.t('purchasing:price.add'), model, { status });
}

function add(ctx: Ctx): Promise<Reply> {
  const supplierId = ctx.id();
  return submit(
    ctx,
    termsSchema.extend({ sku: text(100) }),
    async ({ operationKey: key, sku, unitPrice, ...terms }) => {
      const skuId = await theOnlySku(ctx.read, sku);
      if (skuId === null) throw invalidField('sku', 'purchasing:error.order_sku_many', { text: sku });
      const command = { ...terms, supplierId, skuId, unitPriceFen: unitPrice };
      await addSupplierPrice(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(pricesHref(supplierId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const supplier = await supplierOf(ctx);
  const row = await getSupplierPrice(ctx.read, supplier.id, ctx.id('priceId'));
  const card = (await skusByIds(ctx.read, [row.skuId])).get(row.skuId);
  const { fromOn, untilOn, minQuantity, packSize } = row;
  const unitPrice = plainMoney(fen(row.unitPriceFen));
  const fresh = emptyForm({ fromOn, untilOn, minQuantity, packSize, unitPrice, operationKey: newOperationKey() });
  const shown = form ?? fresh;
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const stands = status === 409 ? String(row.version) : (shown.values['version'] ?? String(row.version));
  const values = { ...shown.values, version: stands };
  const model = priceForm(
    ctx,
    supplier,
    { ...shown, values },
    `${pricesHref(supplier.id)}/${row.id}`,
    card?.name ?? '',
  );
  return page('purchasing/form', model.head.title, model, { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const supplierId = ctx.id();
  const priceId = ctx.id('priceId');
  return submit(
    ctx,
    termsSchema.extend({ version }),
    async ({ operationKey: key, unitPrice, ...terms }) => {
      const command = { ...terms, supplierId, priceId, unitPriceFen: unitPrice };
      await changeSupplierPrice(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(pricesHref(supplierId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showEdit(ctx, form, status),
  );
}

/** `product`: of a price that is changed. */
function priceForm(
  ctx: Ctx,
  supplier: SupplierRow,
  { values, problems, message }: FormState,
  action: string,
  product?: string,
): SupplierFormPage {
  const { t } = ctx;
  const field = (name: string, label: string, more: Partial<Field>): Field => ({
    name,
    label,
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const price = (name: string, more: Partial<Field>) => field(name, t(`purchasing:price.${name}`), more);
  const pieces = { inputmode: 'numeric', autocomplete: 'off' } as const;
  return {
    head: {
      title: product ?? t('purchasing:price.add'),
      crumbs: [...priceCrumbs(ctx, supplier), { label: t('purchasing:price.title'), href: pricesHref(supplier.id) }],
    },
    action,
    cancelHref: pricesHref(supplier.id),
    submit: t('common:action.save'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(product === undefined ? {} : { version: values['version'] ?? '' }),
    },
    message,
    fields: [
      ...(product === undefined
        ? [
            field('sku', t('purchasing:line.sku'), {
              type: 'search',
              placeholder: t('purchasing:line.skuHint'),
              required: true,
              autofocus: true,
              wide: true,
            }),
          ]
        : []),
      field('unitPrice', t('purchasing:line.unitPrice'), { type: 'money', required: true }),
      price('fromOn', { type: 'date', required: true }),
      price('untilOn', { type: 'date', optional: true, hint: t('purchasing:price.untilHint') }),
      price('minQuantity', { ...pieces, hint: t('purchasing:price.minHint') }),
      price('packSize', { ...pieces, hint: t('purchasing:price.packHint') }),
    ],
  };
}
