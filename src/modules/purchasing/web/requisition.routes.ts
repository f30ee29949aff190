import { z } from 'zod';
import { code128Svg } from '../../../platform/barcode';
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
import { getCompany, listStores } from '../../organization';
import { requisitionView, type RequisitionView } from '../queries/requisition-page';
import { changeRequisition, createRequisition, EDIT_REQUISITIONS } from '../use-cases/save-requisition';
import { id, newOperationKey, operationKey, optionalDate, text, version } from './fields';
import { requisitionCrumbs, requisitionHref } from './requisition-words';
import { suggest } from './receipt-lines.routes';
import { noticeOf } from './show-receipt';
import { showRequisition } from './show-requisition';
import type { SupplierFormPage } from './supplier.page';

const view = { permission: 'purchasing.requisition.view' };
const edit = { permission: 'purchasing.requisition.edit' };
const ONE = '/purchasing/requisitions/:id';

export const requisitionRoutes: readonly Route[] = [
  { method: 'get', path: '/purchasing/requisitions/skus', access: edit, handler: suggest },
  { method: 'get', path: '/purchasing/requisitions/new', access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/purchasing/requisitions', access: edit, handler: create },
  { method: 'get', path: ONE, access: view, handler: (ctx) => showRequisition(ctx, ctx.id()) },
  { method: 'get', path: `${ONE}/print`, access: view, handler: print },
  { method: 'get', path: `${ONE}/edit`, access: edit, handler: (ctx) => showEdit(ctx) },
  { method: 'post', path: ONE, access: edit, handler: change },
];

const headerSchema = z.object({ operationKey, wantedOn: optionalDate, reason: text(200) });

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const fresh = emptyForm({ operationKey: newOperationKey() });
  const all = (await listStores(ctx.read)).filter((store) => ctx.can(EDIT_REQUISITIONS, store.id));
  const stores = all.toSorted((a, b) => Number(b.id === ctx.store?.id) - Number(a.id === ctx.store?.id));
  const model = headerForm(ctx, form ?? fresh, { stores });
  return page('purchasing/form', ctx.t('purchasing:requisition.new'), model, { status });
}

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    headerSchema.extend({ storeId: id }),
    async ({ operationKey: key, ...command }) => {
      const made = await createRequisition(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(requisitionHref(made.id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}

async function showEdit(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const row = await requisitionView(ctx.read, ctx.actor, ctx.id());
  if (row.state !== 'draft') return redirect(requisitionHref(row.id));
  const { wantedOn, reason } = row;
  const fresh = emptyForm({ wantedOn, reason, operationKey: newOperationKey() });
  // Who saves again after a conflict has been told of it: the form then stands on the newest version.
  const again = form && status === 409 ? { ...form, values: { ...form.values, version: String(row.version) } } : form;
  return page('purchasing/form', row.number, headerForm(ctx, again ?? fresh, { row }), { status });
}

function change(ctx: Ctx): Promise<Reply> {
  const requisitionId = ctx.id();
  const href = requisitionHref(requisitionId);
  return submit(
    ctx,
    headerSchema.extend({ version }),
    async ({ operationKey: key, ...command }) => {
      await changeRequisition(ctx.uow, ctx.actor, { ...command, requisitionId }, { operationKey: key });
      return redirect(href, { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    async (form, status) => {
      const reply = await showEdit(ctx, form, status);
      return reply.kind === 'redirect'
        ? showRequisition(ctx, requisitionId, { status, notices: noticeOf(form) })
        : reply;
    },
  );
}

function headerForm(
  { t }: Pick<Ctx, 't'>,
  { values, problems, message }: FormState,
  { row, stores = [] }: { row?: RequisitionView; stores?: readonly { id: number; name: string }[] },
): SupplierFormPage {
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: t(`purchasing:requisition.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const href = row ? requisitionHref(row.id) : '/purchasing/requisitions';
  const crumbs = requisitionCrumbs({ t });
  return {
    head: {
      title: row ? t('purchasing:receipt.editTitle', { number: row.number }) : t('purchasing:requisition.new'),
      crumbs: row ? [...crumbs, { label: row.number, href }] : crumbs,
    },
    action: href,
    cancelHref: href,
    submit: row ? t('common:action.save') : t('purchasing:order.create'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(row ? { version: values['version'] ?? String(row.version) } : {}),
    },
    message,
    fields: [
      ...(row
        ? []
        : [
            field('storeId', {
              type: 'select',
              label: t('purchasing:requisition.store'),
              required: true,
              choose: false,
              options: stores.map((store) => ({ value: store.id, label: store.name })),
            }),
          ]),
      field('wantedOn', { type: 'date', optional: true }),
      field('reason', { optional: true, maxlength: 200, wide: true, hint: t('purchasing:requisition.reasonHint') }),
    ],
  };
}

async function print(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await requisitionView(ctx.read, ctx.actor, ctx.id());
  const company = await getCompany(ctx.read);
  const svg = code128Svg(row.number, { text: false, heightMm: 8 });
  const model = {
    paper: 'a4',
    backHref: requisitionHref(row.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('purchasing:requisition.one'),
      number: row.number,
      code: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
      facts: [
        { label: t('purchasing:requisition.store'), value: row.storeName },
        { label: t('purchasing:requisition.requestedOn'), value: f.date(row.requestedOn) },
        { label: t('purchasing:requisition.wantedOn'), value: row.wantedOn === null ? '' : f.date(row.wantedOn) },
        { label: t('purchasing:receipt.state'), value: t(`purchasing:requisition.state.${row.state}`) },
        { label: t('purchasing:requisition.by'), value: row.createdByName },
        { label: t('purchasing:requisition.reason'), value: row.reason ?? '' },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('purchasing:receipt.product'), num: false },
      { label: t('purchasing:line.code'), num: false },
      { label: t('purchasing:requisition.line.reason'), num: false },
      { label: t('purchasing:requisition.quantity'), num: true },
      { label: t('purchasing:requisition.ordered'), num: true },
      { label: t('purchasing:order.arrived'), num: true },
    ],
    rows: row.lines.map((line) => ({
      cells: [
        String(line.lineNo),
        line.skuName,
        line.skuCode,
        line.reason ?? '',
        f.number(line.quantity),
        f.number(line.ordered),
        f.number(line.received),
      ],
      numbers: [],
    })),
    totals: { facts: [{ label: t('purchasing:requisition.quantity'), value: f.number(row.quantity) }] },
    signatures: [t('purchasing:requisition.sign.asked'), t('purchasing:order.sign.approved')],
  };
  return page('purchasing/print', row.number, model, { layout: 'print' });
}
