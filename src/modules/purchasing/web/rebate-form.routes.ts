import { z } from 'zod';
import { fen, parseMoney, plainMoney } from '../../../kernel';
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
import type { Field } from '../../../platform/views';
import { listBrands, listCategories } from '../../catalog';
import { listStores } from '../../organization';
import { REBATE_KINDS, type RebateKind } from '../domain/rebate';
import { rebateView, type RebateView } from '../queries/rebate-page';
import { activeSuppliers } from '../queries/suppliers';
import { changeRebate, createRebate, EDIT_REBATES, MAX_TIERS, type RebateTerms } from '../use-cases/save-rebate';
import { id, newOperationKey, operationKey, optionalDate, text, version } from './fields';
import { rebateCrumbs, rebateHref } from './rebate-words';
import { theOnlySku } from './sku-choice';
import type { SupplierFormPage } from './supplier.page';

const edit = { permission: EDIT_REBATES };
const BASE = '/purchasing/rebates';

export const rebateFormRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: BASE, access: edit, handler: createOne },
  { method: 'get', path: `${BASE}/:id/edit`, access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: `${BASE}/:id`, access: edit, handler: change },
];

const optionalId = z
  .string()
  .optional()
  .default('')
  .transform((value) => (/^[1-9]\d{0,15}$/.test(value) ? Number(value) : null));

const schema = z.object({
  operationKey,
  name: text(100),
  kind: z.enum(REBATE_KINDS, 'errors:field.invalid'),
  fromOn: optionalDate,
  toOn: optionalDate,
  brandId: optionalId,
  categoryId: optionalId,
  sku: text(100),
  taxRate: text(20),
  tiers: z
    .array(z.object({ from: text(30), award: text(30) }))
    .max(MAX_TIERS, 'errors:field.invalid')
    .default([]),
  note: text(400),
});

/** Pieces, yuan or a percentage, by what the field of this kind means; null: nothing or not readable. */
function figure(typed: string, meaning: 'pieces' | 'money' | 'percent'): number | null {
  const plain = typed.trim().replace(/[,，%]/g, '');
  if (plain === '') return null;
  if (meaning === 'pieces') return /^\d{1,9}$/.test(plain) ? Number(plain) : null;
  // A percentage has two decimals, as an amount of money has.
  return /^\d{1,12}(\.\d{1,2})?$/.test(plain) ? parseMoney(plain) : null;
}

async function termsOf(
  ctx: Ctx,
  { sku, taxRate, tiers, ...rest }: Omit<z.output<typeof schema>, 'operationKey'>,
): Promise<RebateTerms> {
  const byAmount = rest.kind === 'amount';
  return {
    ...rest,
    skuId: sku.trim() === '' ? null : ((await theOnlySku(ctx.read, sku)) ?? 0),
    taxRateBp: figure(taxRate, 'percent'),
    tiers: tiers.map(({ from, award }) => ({
      from: figure(from, byAmount ? 'money' : 'pieces'),
      award: figure(award, byAmount ? 'percent' : 'money'),
    })),
  };
}

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const fresh = emptyForm({
    supplierId: ctx.query['supplier'],
    storeId: String(ctx.store?.id ?? ''),
    kind: 'quantity',
    fromOn: `${ctx.today.slice(0, 7)}-01`,
    taxRate: '13',
    operationKey: newOperationKey(),
  });
  return page('purchasing/form', ctx.t('purchasing:rebate.new'), await rebateForm(ctx, form ?? fresh), { status });
}

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema.extend({ supplierId: id, storeId: id }),
    async ({ operationKey: key, supplierId, storeId, ...rest }) => {
      const command = { ...(await termsOf(ctx, rest)), supplierId, storeId };
      const made = await createRebate(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(rebateHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const rebate = await rebateView(ctx.read, ctx.actor, ctx.id());
  if (!rebate.seesCost || rebate.state !== 'open') return redirect(rebateHref(rebate.id));
  const { name, kind, fromOn, toOn, note } = rebate;
  const byAmount = kind === 'amount';
  const fresh = emptyForm({
    name,
    kind,
    fromOn,
    toOn,
    note,
    brandId: String(rebate.brandId ?? ''),
    categoryId: String(rebate.categoryId ?? ''),
    sku: rebate.productId === null ? '' : (rebate.scope.at(-1) ?? ''),
    taxRate: String(rebate.taxRateBp / 100),
    operationKey: newOperationKey(),
    ...Object.fromEntries(
      rebate.tiers.flatMap(({ from, award }, index) => [
        [`tiers.${index}.from`, byAmount ? plainMoney(fen(from)) : String(from)],
        [`tiers.${index}.award`, byAmount ? String(award / 100) : plainMoney(fen(award))],
      ]),
    ),
  });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again =
    form && status === 409 ? { ...form, values: { ...form.values, version: String(rebate.version) } } : form;
  return page('purchasing/form', rebate.number, await rebateForm(ctx, again ?? fresh, rebate), { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const rebateId = ctx.id();
  return submit(
    ctx,
    schema.extend({ version }),
    async ({ operationKey: key, version: seen, ...rest }) => {
      const command = { ...(await termsOf(ctx, rest)), rebateId, version: seen };
      await changeRebate(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(rebateHref(rebateId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => showEdit(ctx, form, status),
  );
}

async function rebateForm(
  ctx: Ctx,
  { values, problems, message }: FormState,
  rebate?: RebateView,
): Promise<SupplierFormPage> {
  const { t } = ctx;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
    label: more.label ?? t(`purchasing:rebate.${name}`),
  });
  const named = (rows: readonly { id: number; name: string }[]) =>
    rows.map(({ id: value, name }) => ({ value, label: name }));
  const href = rebate ? rebateHref(rebate.id) : BASE;
  const stores = (await listStores(ctx.read)).filter((store) => ctx.can(EDIT_REBATES, store.id));
  const everything = t('purchasing:rebate.everything');
  // Whatever was sent, the form is that of a kind.
  const kind: RebateKind = REBATE_KINDS.find((one) => one === values['kind']) ?? 'quantity';
  return {
    head: {
      title: rebate ? t('purchasing:receipt.editTitle', { number: rebate.number }) : t('purchasing:rebate.new'),
      crumbs: [...rebateCrumbs(ctx), ...(rebate ? [{ label: rebate.number, href }] : [])],
    },
    action: href,
    cancelHref: href,
    submit: t('common:action.save'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(rebate ? { version: values['version'] ?? String(rebate.version) } : {}),
    },
    message,
    fields: [
      field('name', {
        required: true,
        maxlength: 100,
        autofocus: true,
        wide: true,
        hint: t('purchasing:rebate.nameHint'),
      }),
      ...(rebate
        ? []
        : [
            field('supplierId', {
              type: 'select',
              label: t('purchasing:receipt.supplier'),
              required: true,
              options: named(await activeSuppliers(ctx.read)),
            }),
            field('storeId', {
              type: 'select',
              required: true,
              options: named(stores),
              hint: t('purchasing:rebate.storeHint'),
            }),
          ]),
      field('kind', {
        type: 'select',
        label: t('purchasing:rebate.kindLabel'),
        required: true,
        choose: false,
        options: REBATE_KINDS.map((value) => ({ value, label: t(`purchasing:rebate.kindFull.${value}`) })),
      }),
      field('taxRate', { required: true, inputmode: 'decimal', after: '%', hint: t('purchasing:rebate.taxHint') }),
      field('fromOn', { type: 'date', required: true }),
      field('toOn', { type: 'date', required: true }),
      field('brandId', {
        type: 'select',
        choose: everything,
        options: named(await listBrands(ctx.read)),
        optional: true,
      }),
      field('categoryId', {
        type: 'select',
        choose: everything,
        options: named(await listCategories(ctx.read)),
        optional: true,
        hint: t('purchasing:rebate.categoryHint'),
      }),
      field('sku', { optional: true, wide: true, maxlength: 100, hint: t('purchasing:rebate.skuHint') }),
      ...Array.from({ length: MAX_TIERS }, (_, index) => index).flatMap((index) => [
        field(`tiers.${index}.from`, {
          label: t('purchasing:rebate.from', { no: index + 1 }),
          inputmode: 'decimal',
          ...(index === 0 ? { hint: t('purchasing:rebate.fromHint') } : { optional: true }),
        }),
        field(`tiers.${index}.award`, {
          label: t('purchasing:rebate.award', { no: index + 1 }),
          inputmode: 'decimal',
          ...(index === 0 ? { hint: t(`purchasing:rebate.awardHint.${kind}`) } : { optional: true }),
        }),
      ]),
      field('note', {
        type: 'textarea',
        label: t('purchasing:receipt.note'),
        rows: 2,
        maxlength: 400,
        optional: true,
        wide: true,
      }),
    ],
  };
}
