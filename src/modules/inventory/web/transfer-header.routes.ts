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
import { editForm, type Field, type OptionGroup } from '../../../platform/views';
import { listStores, locationsOf } from '../../organization';
import { transferView } from '../queries/transfer-page';
import { changeTransfer, createTransfer, PRICE_TRANSFERS } from '../use-cases/create-transfer';
import { refusedNotice, showTransfer } from './show-transfer';
import { idField, newOperationKey, operationKeyField, textField, transferHref, versionField } from './transfer-fields';

const create = { permission: 'inventory.transfer.create' };
const BASE = '/inventory/transfers/:id';

/** What stands above the lines of a transfer. */
export const transferHeaderRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/transfers/new', access: create, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/inventory/transfers', access: create, handler: createOne },
  { method: 'get', path: `${BASE}/edit`, access: create, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: BASE, access: create, handler: change },
];

/** Places of all stores, grouped; those of the store in the top bar first. */
async function placeFields(ctx: Ctx): Promise<Field[]> {
  const stores = await listStores(ctx.read);
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const groups: OptionGroup[] = [];
  for (const { id, name } of stores)
    groups.push({
      label: name,
      options: (await locationsOf(ctx.read, id)).map((one) => ({ value: one.id, label: `${name} ${one.name}` })),
    });
  const field = (name: string): Field => ({
    name,
    label: ctx.t(`inventory:transfer.${name === 'fromLocationId' ? 'fromPlace' : 'toPlace'}`),
    type: 'select',
    required: true,
    choose: ctx.t('inventory:transfer.choosePlace'),
    options: groups,
  });
  return [field('fromLocationId'), field('toLocationId')];
}

async function headerForm(ctx: Ctx, form: FormState, action: string, cancelHref: string, submitLabel: string) {
  const { t } = ctx;
  return editForm(form, {
    action,
    cancelHref,
    submit: submitLabel,
    hidden: ['version'],
    fields: [
      ...(await placeFields(ctx)),
      {
        name: 'expectedOn',
        label: t('inventory:transfer.expectedOn'),
        type: 'date',
        optional: true,
        hint: t('inventory:transfer.expectedHint'),
      },
      ...markupField(ctx),
      {
        name: 'note',
        label: t('inventory:transfer.note'),
        type: 'textarea',
        rows: 2,
        maxlength: 400,
        wide: true,
        optional: true,
      },
    ],
  });
}

/** For who may set what a store is charged; others leave it as it is. */
const markupField = ({ t, can }: Ctx): Field[] =>
  can(PRICE_TRANSFERS)
    ? [
        {
          name: 'markup',
          label: t('inventory:transfer.markup'),
          inputmode: 'decimal',
          maxlength: 8,
          optional: true,
          after: '%',
          hint: t('inventory:transfer.markupHint'),
        },
      ]
    : [];

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const fresh = emptyForm({ operationKey: newOperationKey() });
  const title = t('inventory:transfer.new');
  const model = {
    head: { title, crumbs: [{ label: t('inventory:transfer.title'), href: '/inventory/transfers' }] },
    form: await headerForm(
      ctx,
      form ?? fresh,
      '/inventory/transfers',
      '/inventory/transfers',
      t('inventory:transfer.create'),
    ),
  };
  return page('inventory/transfer-form', title, model, { status });
}

const headerSchema = z.object({
  operationKey: operationKeyField,
  fromLocationId: idField,
  toLocationId: idField,
  expectedOn: textField(10),
  note: textField(400),
  /** Absent where the field is not shown; empty: at cost. */
  markup: z.union([z.literal('').transform(() => null), fields.percent]).optional(),
});

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    headerSchema,
    async ({ operationKey, markup: markupBp, ...header }) => {
      const made = await createTransfer(ctx.uow, ctx.actor, { ...header, markupBp }, { operationKey });
      return redirect(transferHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const href = transferHref(transfer.id);
  if (transfer.state !== 'draft')
    return form ? showTransfer(ctx, transfer.id, { status, notices: refusedNotice(form) }) : redirect(href);
  const { fromLocationId, toLocationId, expectedOn, note, version, markupBp } = transfer;
  const fresh = emptyForm({
    fromLocationId,
    toLocationId,
    expectedOn,
    note,
    version,
    markup: markupBp === null ? null : percentText(markupBp),
    operationKey: newOperationKey(),
  });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = form && status === 409 ? { ...form, values: { ...form.values, version: String(version) } } : form;
  const title = ctx.t('inventory:transfer.editTitle', { number: transfer.number });
  const model = {
    head: { title, crumbs: [{ label: transfer.number, href }] },
    form: await headerForm(ctx, again ?? fresh, href, href, ctx.t('common:action.save')),
  };
  return page('inventory/transfer-form', title, model, { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  return submit(
    ctx,
    headerSchema.extend({ version: versionField }),
    async ({ operationKey, markup: markupBp, ...header }) => {
      await changeTransfer(ctx.uow, ctx.actor, { ...header, markupBp, transferId }, { operationKey });
      return redirect(transferHref(transferId), { kind: 'ok', text: ctx.t('inventory:transfer.saved') });
    },
    (form, status) => showEdit(ctx, form, status),
  );
}
