import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { addDays, formatImei } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
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
import { getCompany, listStores, locationsOf } from '../../organization';
import { directionOf, LOAN_PURPOSES, type LoanDirection, RETURN_BUCKETS } from '../domain/loan';
import { VIEW_LOANS } from '../queries/loan-list';
import { loanDevices, loanView } from '../queries/loan-page';
import { giveBackDevices } from '../use-cases/give-back-devices';
import { LEND, lendDevices, REVERSE_LOANS, reverseLoan } from '../use-cases/lend-devices';
import { loanHref } from './loan-words';
import { showLoan } from './loan.routes';

const lends = { permission: LEND };
const reverses = { permission: REVERSE_LOANS };
const LOANS = '/inventory/loans';
const ONE = `${LOANS}/:id`;
export const USUAL_DAYS = 7;

export const loanActionRoutes: readonly Route[] = [
  { method: 'get', path: `${LOANS}/new`, access: lends, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: LOANS, access: lends, handler: lend },
  { method: 'get', path: `${ONE}/print`, access: { permission: VIEW_LOANS }, handler: print },
  { method: 'get', path: `${ONE}/returns/new`, access: lends, handler: (ctx) => showReturn(ctx) },
  { method: 'post', path: `${ONE}/returns`, access: lends, handler: giveBack },
  { method: 'get', path: `${ONE}/reversal`, access: reverses, handler: askReversal },
  { method: 'post', path: `${ONE}/reversal`, access: reverses, handler: takeBack },
];

export const crumbs = ({ t }: Pick<Ctx, 't'>) => [{ label: t('inventory:loan.list'), href: LOANS }];

/** Locations of the stores in which the reader may lend; those of the store in the top bar first. */
export async function placeField(ctx: Ctx, direction: LoanDirection): Promise<Field> {
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(LEND, id));
  stores.sort((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const options: OptionGroup[] = [];
  for (const { id, name } of stores)
    options.push({
      label: name,
      options: (await locationsOf(ctx.read, id)).map((one) => ({ value: one.id, label: `${name} ${one.name}` })),
    });
  return {
    name: 'locationId',
    label: ctx.t(`inventory:loan.${direction}.place`),
    type: 'select',
    required: true,
    options,
  };
}

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('inventory:loan.new');
  const asked = ctx.query['numbers'];
  const fresh = { dueOn: addDays(ctx.today, USUAL_DAYS), numbers: typeof asked === 'string' ? asked.slice(0, 60) : '' };
  const model = {
    head: { title, say: t('inventory:loan.newSay'), crumbs: crumbs(ctx) },
    form: editForm(form ?? emptyForm(fresh), {
      action: LOANS,
      cancelHref: LOANS,
      submit: t('inventory:loan.lend'),
      columns: true,
      fields: [
        await placeField(ctx, 'out'),
        ...aboutFields(ctx, 'out'),
        {
          name: 'numbers',
          label: t('inventory:loan.numbers'),
          type: 'textarea',
          rows: 6,
          required: true,
          wide: true,
          countLines: true,
          hint: t('inventory:loan.numbersHint'),
        },
        { name: 'note', label: t('inventory:change.note'), maxlength: 400, optional: true, wide: true },
      ],
    }),
  };
  return page('inventory/number-form', title, model, { status });
}

/** Who, what for and until when: of what we lend, and of what we borrow. */
export const aboutFields = ({ t }: Pick<Ctx, 't'>, direction: LoanDirection): Field[] => [
  {
    name: 'borrower',
    label: t(`inventory:loan.${direction}.party`),
    required: true,
    maxlength: 80,
    hint: t(`inventory:loan.${direction}.partyHint`),
  },
  {
    name: 'purpose',
    label: t('inventory:loan.purpose'),
    type: 'select',
    required: true,
    options: LOAN_PURPOSES.map((value) => ({ value, label: t(`inventory:loan.purposes.${value}`) })),
  },
  { name: 'dueOn', label: t('inventory:loan.dueOn'), type: 'date', required: true },
];

export const lendSchema = z.object({
  operationKey: fields.operationKey,
  locationId: fields.text.transform((typed) => (/^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : 0)),
  borrower: fields.text,
  purpose: fields.text,
  dueOn: fields.text,
  note: fields.text,
  numbers: fields.text,
});

function lend(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    lendSchema,
    async ({ operationKey, ...command }) => {
      const { id, devices } = await lendDevices(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(loanHref(id), { kind: 'ok', text: ctx.t('inventory:loan.lent', { count: devices }) });
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showReturn(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const loan = await loanView(ctx.read, ctx.actor, ctx.id());
  const href = loanHref(loan.id);
  const direction = directionOf(loan);
  const out = (await loanDevices(ctx.read, loan.id)).filter(({ returnId }) => returnId === null);
  if (loan.state !== 'out')
    return form ? showLoan(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }) : redirect(href);
  const fresh: Record<string, string | number> = { version: loan.version };
  for (const { id } of out) fresh[`rows.d${id}`] = '1';
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = form && status === 409 ? { ...form, values: { ...form.values, version: String(loan.version) } } : form;
  const title = t('inventory:loan.giveBackTitle', { number: loan.number });
  const model = {
    head: {
      title,
      say: t(`inventory:loan.${direction}.giveBackSay`),
      crumbs: [...crumbs(ctx), { label: loan.number, href }],
    },
    form: editForm(again ?? emptyForm(fresh), {
      action: `${href}/returns`,
      cancelHref: href,
      submit: t(`inventory:loan.${direction}.giveBack`),
      hidden: ['version'],
      fields: [
        ...out.map(({ id, mainNumber, skuName }): Field => ({
          name: `rows.d${id}`,
          label: `${f.imei(mainNumber)} ${skuName}`,
          type: 'checkbox',
          value: '1',
        })),
        ...(loan.inbound ? [] : [backAsField(ctx)]),
        { name: 'note', label: t('inventory:change.note'), maxlength: 400, optional: true, wide: true },
      ],
    }),
  };
  return page('inventory/number-form', title, model, { status });
}

const backAsField = ({ t }: Pick<Ctx, 't'>): Field => ({
  name: 'bucket',
  label: t('inventory:loan.backAs'),
  type: 'select',
  choose: t('inventory:loan.asBefore'),
  options: RETURN_BUCKETS.map((value) => ({ value, label: t(`inventory:bucket.${value}`) })),
});

const returnSchema = z.object({
  operationKey: fields.operationKey,
  version: fields.version,
  rows: z.record(z.string(), z.string()).optional().default({}),
  bucket: fields.text,
  note: fields.text,
});

function giveBack(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    returnSchema,
    async ({ operationKey, rows: ticked, ...rest }) => {
      const rows = Object.entries(ticked).flatMap(([key, value]) => {
        const row = /^d([1-9]\d{0,14})$/.exec(key)?.[1];
        return row && value !== '' ? [Number(row)] : [];
      });
      const { devices, open } = await giveBackDevices(ctx.uow, ctx.actor, { ...rest, id, rows }, { operationKey });
      const text = ctx.t('inventory:loan.gaveBack', { count: devices, open: ctx.f.number(open) });
      return redirect(loanHref(id), { kind: 'ok', text });
    },
    (form, status) => showReturn(ctx, form, status),
  );
}

async function askReversal(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const loan = await loanView(ctx.read, ctx.actor, ctx.id());
  const href = loanHref(loan.id);
  return page('inventory/confirm', t('common:action.reverse'), {
    title: t('inventory:change.ask.reversal', { number: loan.number }),
    effects: [t(`inventory:loan.${directionOf(loan)}.reversalEffect`, { count: f.number(loan.devices) })],
    action: `${href}/reversal`,
    verb: t('common:action.reverse'),
    danger: true,
    cancelHref: href,
    fields: { version: loan.version, operationKey: randomUUID() },
  });
}

function takeBack(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version }),
    async ({ operationKey, version }) => {
      const { number } = await reverseLoan(ctx.uow, ctx.actor, { id, version }, { operationKey });
      return redirect(loanHref(id), { kind: 'ok', text: ctx.t('inventory:change.done.reversed', { number }) });
    },
    (form, status) => showLoan(ctx, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] }),
  );
}

/** For both sides to sign. */
async function print(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const loan = await loanView(ctx.read, ctx.actor, ctx.id());
  const devices = await loanDevices(ctx.read, loan.id);
  const company = await getCompany(ctx.read);
  const direction = directionOf(loan);
  const picture = code128Svg(loan.number, { text: false, heightMm: 8 });
  const model = {
    paper: 'a4',
    backHref: loanHref(loan.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t(`inventory:loan.${direction}.one`),
      number: loan.number,
      code: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
      facts: [
        { label: t(`inventory:loan.${direction}.party`), value: loan.borrower },
        { label: t('inventory:loan.purpose'), value: t(`inventory:loan.purposes.${loan.purpose}`) },
        { label: t(`inventory:loan.${direction}.place`), value: loan.place },
        { label: t(`inventory:loan.${direction}.on`), value: f.date(loan.businessDate) },
        { label: t('inventory:loan.dueOn'), value: f.date(loan.dueOn) },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('inventory:device.product'), num: false },
      { label: t('inventory:device.imei'), num: false },
    ],
    rows: devices.map(({ skuName, mainNumber }, index) => ({
      cells: [String(index + 1), skuName, formatImei(mainNumber)],
      numbers: [],
    })),
    note: loan.note,
    signatures: [t('inventory:loan.signLent'), t('inventory:loan.signBorrowed'), t('inventory:loan.signBack')],
  };
  return page('inventory/transfer-print', loan.number, model, { layout: 'print' });
}
