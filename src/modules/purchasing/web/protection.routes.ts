import { z } from 'zod';
import { localMinute, parseLocalMinute } from '../../../kernel';
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
import { listStores } from '../../organization';
import { VIEW_PROTECTIONS } from '../queries/protection-list';
import { protectionView, type ProtectionView } from '../queries/protection-page';
import { activeSuppliers, type SupplierRow } from '../queries/suppliers';
import { changeProtection, createProtection, EDIT_PROTECTIONS, MAX_WINDOW_DAYS } from '../use-cases/save-protection';
import { checkbox, id, newOperationKey, operationKey, text, version } from './fields';
import { printProtection } from './protection-print';
import { exportSheet } from './protection-sheet';
import { protectionCrumbs, protectionHref } from './protection-words';
import { showProtection } from './show-protection';
import { noticeOf } from './show-receipt';
import type { SupplierFormPage } from './supplier.page';

const view = { permission: VIEW_PROTECTIONS };
const edit = { permission: EDIT_PROTECTIONS };
const BASE = '/purchasing/protections';

export const protectionRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/new`, access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: BASE, access: edit, handler: createOne },
  { method: 'get', path: `${BASE}/:id`, access: view, handler: (ctx) => showProtection(ctx, ctx.id()) },
  { method: 'get', path: `${BASE}/:id/print`, access: view, handler: printProtection },
  { method: 'get', path: `${BASE}/:id/devices.xlsx`, access: view, handler: exportSheet },
  { method: 'get', path: `${BASE}/:id/edit`, access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: `${BASE}/:id`, access: edit, handler: change },
  // Where movements and entries of the parts of a claim link to.
  {
    method: 'get',
    path: '/purchasing/protection_reversals/:id',
    access: view,
    handler: (ctx) => Promise.resolve(redirect(protectionHref(ctx.id()))),
  },
];

interface Choices {
  suppliers: readonly SupplierRow[];
  stores: readonly { id: number; name: string }[];
}

async function choices(ctx: Ctx): Promise<Choices> {
  const stores = (await listStores(ctx.read)).filter((store) => ctx.can(EDIT_PROTECTIONS, store.id));
  return { suppliers: await activeSuppliers(ctx.read), stores };
}

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const fresh = emptyForm({
    supplierId: ctx.query['supplier'],
    storeId: String(ctx.store?.id ?? ''),
    effectiveAt: `${ctx.today}T00:00`,
    windowDays: '0',
    withTax: '1',
    operationKey: newOperationKey(),
  });
  const model = protectionForm(ctx, form ?? fresh, await choices(ctx));
  return page('purchasing/form', ctx.t('purchasing:protection.new'), model, { status });
}

const days = z
  .string()
  .optional()
  .default('')
  .transform((value) => (/^\d{1,4}$/.test(value.trim()) ? Number(value.trim()) : null));

const headerSchema = z.object({
  operationKey,
  effectiveAt: text(40),
  windowDays: days,
  withTax: checkbox,
  reference: text(80),
  note: text(400),
});

function headerOf(ctx: Ctx, { effectiveAt, ...rest }: Omit<z.output<typeof headerSchema>, 'operationKey'>) {
  const { timeZone } = ctx.services;
  return { ...rest, effectiveAt: parseLocalMinute(effectiveAt, timeZone), timeZone };
}

function createOne(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    headerSchema.extend({ supplierId: id, storeId: id }),
    async ({ operationKey: key, supplierId, storeId, ...header }) => {
      const command = { ...headerOf(ctx, header), supplierId, storeId };
      const made = await createProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(protectionHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  if (claim.state !== 'draft') return redirect(protectionHref(claim.id));
  const { reference, note, windowDays, withTax } = claim;
  const fresh = emptyForm({
    effectiveAt: localMinute(claim.effectiveAt, ctx.services.timeZone),
    windowDays: String(windowDays),
    withTax: withTax ? '1' : '',
    reference,
    note,
    operationKey: newOperationKey(),
  });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = form && status === 409 ? { ...form, values: { ...form.values, version: String(claim.version) } } : form;
  return page('purchasing/form', claim.number, protectionForm(ctx, again ?? fresh, claim), { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    headerSchema.extend({ version }),
    async ({ operationKey: key, version: seen, ...header }) => {
      const command = { ...headerOf(ctx, header), claimId, version: seen };
      await changeProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(protectionHref(claimId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    async (form, status) => {
      const reply = await showEdit(ctx, form, status);
      return reply.kind === 'redirect' ? showProtection(ctx, claimId, { status, notices: noticeOf(form) }) : reply;
    },
  );
}

/** A new claim, or what may change of a draft: not the supplier and the store. */
function protectionForm(
  { t }: Pick<Ctx, 't'>,
  { values, problems, message }: FormState,
  given: ProtectionView | Choices,
): SupplierFormPage {
  const claim = 'id' in given ? given : null;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:protection.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const href = claim ? protectionHref(claim.id) : BASE;
  const crumbs = protectionCrumbs({ t });
  return {
    head: {
      title: claim ? t('purchasing:receipt.editTitle', { number: claim.number }) : t('purchasing:protection.new'),
      crumbs: claim ? [...crumbs, { label: claim.number, href }] : crumbs,
    },
    action: href,
    cancelHref: href,
    submit: claim ? t('common:action.save') : t('purchasing:protection.create'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(claim ? { version: values['version'] ?? String(claim.version) } : {}),
    },
    message,
    fields: [
      ...('suppliers' in given ? partyFields({ t }, field, given) : []),
      field('effectiveAt', {
        type: 'datetime-local',
        required: true,
        hint: t('purchasing:protection.effectiveHint'),
      }),
      field('windowDays', {
        type: 'number',
        min: 0,
        max: MAX_WINDOW_DAYS,
        required: true,
        after: t('purchasing:protection.dayUnit'),
        hint: t('purchasing:protection.windowHint'),
      }),
      field('reference', { optional: true, maxlength: 80, hint: t('purchasing:protection.referenceHint') }),
      field('withTax', {
        type: 'checkbox',
        value: '1',
        checked: values['withTax'] === '1',
        hint: t('purchasing:protection.withTaxHint'),
        wide: true,
      }),
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

const partyFields = (
  { t }: Pick<Ctx, 't'>,
  field: (name: string, more: Partial<Field>) => Field,
  { suppliers, stores }: Choices,
): Field[] => [
  field('supplierId', {
    type: 'select',
    label: t('purchasing:receipt.supplier'),
    required: true,
    autofocus: true,
    options: suppliers.map(({ id: value, name, code }) => ({ value, label: `${name} · ${code}` })),
    ...(suppliers.length === 0 ? { hint: t('purchasing:receipt.noSuppliers') } : {}),
  }),
  field('storeId', {
    type: 'select',
    required: true,
    options: stores.map(({ id: value, name }) => ({ value, label: name })),
    hint: t('purchasing:protection.storeHint'),
  }),
];
