import { z } from 'zod';
import { addDays } from '../../../kernel';
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
import { listStores, locationsOf } from '../../organization';
import { CONSIGN, consignDevices, REVERSE_CONSIGNMENTS, reverseConsignment } from '../use-cases/consign-devices';
import { consignmentView } from '../queries/consignment-page';
import { printConsignment } from './consignment-print';
import { giveBackForm, takeBack } from './consignment-return.routes';
import { VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { askPage, consignmentHref, CONSIGNMENTS } from './consignment-words';
import { showConsignment } from './consignment.routes';

const consigns = { permission: CONSIGN };
const reverses = { permission: REVERSE_CONSIGNMENTS };
const ONE = `${CONSIGNMENTS}/:id`;
const USUAL_DAYS = 30;

export const consignmentActionRoutes: readonly Route[] = [
  { method: 'get', path: `${CONSIGNMENTS}/new`, access: consigns, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: CONSIGNMENTS, access: consigns, handler: consign },
  { method: 'get', path: `${ONE}/print`, access: { permission: VIEW_CONSIGNMENTS }, handler: printConsignment },
  { method: 'get', path: `${ONE}/returns/new`, access: consigns, handler: (ctx) => giveBackForm(ctx) },
  { method: 'post', path: `${ONE}/returns`, access: consigns, handler: takeBack },
  { method: 'get', path: `${ONE}/reversal`, access: reverses, handler: askReversal },
  { method: 'post', path: `${ONE}/reversal`, access: reverses, handler: reverse },
];

/** Locations of the stores in which the reader may give devices away; those of the store in the top bar first. */
async function placeField(ctx: Ctx): Promise<Field> {
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(CONSIGN, id));
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const options: OptionGroup[] = [];
  for (const { id, name } of stores)
    options.push({
      label: name,
      options: (await locationsOf(ctx.read, id)).map((one) => ({ value: one.id, label: `${name} ${one.name}` })),
    });
  return { name: 'locationId', label: ctx.t('sales:consignment.place'), type: 'select', required: true, options };
}

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('sales:consignment.new');
  const asked = (name: string): string => {
    const value = ctx.query[name];
    return typeof value === 'string' ? value.slice(0, 60) : '';
  };
  const fresh = { dueOn: addDays(ctx.today, USUAL_DAYS), partner: asked('partner'), numbers: asked('numbers') };
  const list: Field[] = [
    await placeField(ctx),
    { name: 'dueOn', label: t('sales:consignment.dueOn'), type: 'date', required: true },
    {
      name: 'partner',
      label: t('sales:consignment.partner'),
      required: true,
      maxlength: 60,
      autocomplete: 'off',
      hint: t('sales:consignment.partnerHint'),
    },
    {
      name: 'partnerName',
      label: t('sales:consignment.partnerName'),
      optional: true,
      maxlength: 60,
      autocomplete: 'off',
      hint: t('sales:consignment.partnerNameHint'),
    },
    {
      name: 'numbers',
      label: t('sales:consignment.numbers'),
      type: 'textarea',
      rows: 6,
      required: true,
      wide: true,
      countLines: true,
      hint: t('sales:consignment.numbersHint'),
    },
    {
      name: 'price',
      label: t('sales:consignment.price'),
      type: 'money',
      optional: true,
      hint: t('sales:consignment.priceHint'),
    },
    { name: 'note', label: t('sales:sale.note'), maxlength: 400, optional: true },
  ];
  const model = {
    head: {
      title,
      say: t('sales:consignment.newSay'),
      crumbs: [{ label: t('sales:consignment.list'), href: CONSIGNMENTS }],
    },
    form: editForm(form ?? emptyForm(fresh), {
      action: CONSIGNMENTS,
      cancelHref: CONSIGNMENTS,
      submit: t('sales:consignment.consign'),
      columns: true,
      fields: list,
    }),
  };
  return page('sales/edit', title, model, { status });
}

const newSchema = z.object({
  operationKey: fields.operationKey,
  locationId: fields.id,
  partner: fields.text,
  partnerName: fields.text,
  dueOn: fields.text,
  price: fields.optionalMoney,
  note: fields.text,
  numbers: fields.text,
});

function consign(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    newSchema,
    async ({ operationKey, price, ...command }) => {
      const { uow, keys } = ctx.services;
      const all = { ...command, priceFen: price };
      const { id, devices } = await consignDevices({ uow, keys }, ctx.actor, all, { operationKey });
      return redirect(consignmentHref(id), { kind: 'ok', text: ctx.t('sales:consignment.done', { count: devices }) });
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function askReversal(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await consignmentView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  return askPage(ctx, {
    title: t('sales:reversal.title', { number: row.number }),
    effects: [t('sales:consignment.reversalEffect', { count: f.number(row.devices) })],
    href: consignmentHref(row.id),
    version: row.version,
  });
}

function reverse(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version }),
    async ({ operationKey, version }) => {
      const { number } = await reverseConsignment(ctx.uow, ctx.actor, { id, version }, { operationKey });
      const text = ctx.t('sales:consignment.wasReversed', { number });
      return redirect(consignmentHref(id), { kind: 'ok', text });
    },
    (form, status) => showConsignment(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}
