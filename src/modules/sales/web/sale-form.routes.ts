import { z } from 'zod';
import { type FieldProblem, invalid } from '../../../kernel';
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
import { editForm, type Field } from '../../../platform/views';
import { listChannels } from '../../organization';
import { type SalePosted, TENDER_KINDS } from '../domain/sale';
import { type TypedItem, typedItems } from '../domain/typed-items';
import { scanCodes } from '../queries/scan-codes';
import { registerView } from '../queries/shifts';
import { postedBefore } from '../queries/posted-before';
import { registersFor } from '../queries/till-page';
import { approverOf } from '../use-cases/approve-discount';
import { findTillCustomer } from '../use-cases/find-till-customer';
import { postSale, type SaleLineCommand } from '../use-cases/post-sale';
import { tenderFields, typedTenders } from './tender-fields';

const CREATE = { permission: 'sales.sale.create' };

const form = z.object({
  registerId: fields.id,
  items: fields.required,
  phone: fields.text,
  customerName: fields.text,
  tender: tenderFields,
  note: fields.text,
  channelId: fields.optionalId,
  approval: z.object({ login: fields.text, password: fields.text, code: fields.text }).optional(),
  operationKey: fields.operationKey,
});

/** The sale for browsers without script: the same use case as the till, by one ordinary form. */
async function showForm(ctx: Ctx, state: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const registers = (await registersFor(ctx.read, ctx.actor, ctx.store?.id ?? null)).filter(
    (one) => one.shiftId !== null,
  );
  const channels = (await listChannels(ctx.read)).filter(({ active }) => active);
  const needsApproval =
    state.values['approval.login'] !== undefined ||
    Object.keys(state.problems).some((path) => path.startsWith('approval'));
  const list: Field[] = [
    {
      name: 'registerId',
      label: t('sales:form.register'),
      type: 'select',
      required: true,
      options: registers.map(({ id, name, storeName }) => ({ value: id, label: `${storeName} · ${name}` })),
      choose: registers.length === 1 ? false : t('common:form.choose'),
    },
    { name: 'phone', label: t('sales:form.phone'), type: 'tel', optional: true, autocomplete: 'off', maxlength: 40 },
    {
      name: 'items',
      label: t('sales:form.items'),
      type: 'textarea',
      rows: 6,
      required: true,
      wide: true,
      hint: t('sales:form.itemsHint'),
      countLines: true,
    },
    ...TENDER_KINDS.map((kind): Field => ({ name: `tender.${kind}`, label: t(`sales:tender.${kind}`), type: 'money' })),
    { name: 'customerName', label: t('sales:form.customerName'), optional: true, maxlength: 60, autocomplete: 'off' },
    ...(channels.length > 0
      ? [
          {
            name: 'channelId',
            label: t('sales:sale.channel'),
            type: 'select' as const,
            choose: t('sales:sale.ownSale'),
            options: channels.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]
      : []),
    { name: 'note', label: t('sales:sale.note'), optional: true, maxlength: 200 },
    ...(needsApproval
      ? [
          { name: 'approval.login', label: t('sales:till.dialog.login'), autocomplete: 'off' },
          {
            name: 'approval.password',
            label: t('sales:till.dialog.password'),
            type: 'password' as const,
            autocomplete: 'off',
          },
          { name: 'approval.code', label: t('sales:till.dialog.code'), autocomplete: 'off', optional: true },
        ]
      : []),
  ];
  // Passwords are never printed back.
  const { 'approval.password': _password, ...values } = state.values;
  const model = {
    head: {
      title: t('sales:form.title'),
      crumbs: [{ href: '/sales/sales', label: t('sales:sale.list') }],
      say: t('sales:form.say'),
    },
    noShift: registers.length === 0,
    form: editForm(
      { ...state, values },
      {
        action: '/sales/sales',
        submit: t('sales:form.submit'),
        cancelHref: '/sales/sales',
        fields: list,
      },
    ),
  };
  return page('sales/sale-form', model.head.title, model, { status });
}

function postForm(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    form,
    async ({ registerId, items, phone, customerName, tender, note, channelId, approval, operationKey }) => {
      const till = await registerView(ctx.read, ctx.actor, registerId, 'sales.sale.create');
      // Sent twice: the handsets are sold by now, and the first answer holds.
      const before = await postedBefore(ctx.read, ctx.actor, operationKey);
      if (before) return sold(ctx, before);
      const lines = await resolveItems(ctx, { storeId: till.storeId, channelId }, typedItems(items));
      const customer =
        phone.trim() === ''
          ? null
          : await findTillCustomer(ctx.services, ctx.actor, {
              phone,
              name: customerName,
              create: true,
              storeId: till.storeId,
            });
      const approver = approval?.login ? await approverOf(ctx.services, ctx.actor, approval, till.storeId) : undefined;
      const tenders = typedTenders(tender);
      const posted = await approvalField(
        postSale(
          ctx.uow,
          ctx.actor,
          { registerId, customerId: customer?.id ?? null, lines, tenders, note: note.trim() || null, channelId },
          { operationKey, approver },
        ),
      );
      return sold(ctx, posted);
    },
    (state, status) => showForm(ctx, state, status),
  );
}

const sold = (ctx: Ctx, posted: SalePosted): Reply =>
  redirect(`/sales/sales/${posted.saleId}`, {
    kind: 'ok',
    text: ctx.t('sales:form.done', { number: posted.saleNumber, change: ctx.f.moneyYuan(posted.changeFen) }),
  });

/** Shows the fields of the approval once it is needed. */
async function approvalField<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code !== 'sales:error.approval_needed') throw error;
    const { details, fields: lines } = error as { details: Record<string, unknown>; fields: FieldProblem[] };
    throw invalid('errors:form', {}, [{ path: 'approval.login', code, details }, ...onItems(lines)]);
  }
}

const onItems = (problems: readonly FieldProblem[]): FieldProblem[] =>
  problems.map((problem) => ({ ...problem, path: 'items' }));

/** What was typed, as lines; prices are looked up when it is posted. */
async function resolveItems(
  ctx: Ctx,
  place: { storeId: number; channelId: number | null },
  items: readonly TypedItem[],
): Promise<SaleLineCommand[]> {
  const answers = await scanCodes(
    ctx.read,
    { ...place, levelId: null, seesCost: false, today: ctx.today, now: ctx.now },
    items.map((item) => item.code),
  );
  const problems: FieldProblem[] = [];
  const lines = answers.flatMap((answer, index): SaleLineCommand[] => {
    const item = items[index] as TypedItem;
    if (answer.kind === 'line')
      return [
        {
          skuId: answer.line.skuId,
          deviceId: answer.line.deviceId,
          quantity: item.quantity,
          discountFen: item.discountFen,
        },
      ];
    const found =
      answer.kind === 'problem'
        ? answer
        : { code: 'sales:error.several', details: { text: item.code, count: answer.matches.length } };
    problems.push({ path: 'items', code: found.code, details: { ...found.details, line: item.line } });
    return [];
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  return lines;
}

export const saleFormRoutes: readonly Route[] = [
  { method: 'get', path: '/sales/sales/new', access: CREATE, handler: (ctx) => showForm(ctx, emptyForm()) },
  { method: 'post', path: '/sales/sales', access: CREATE, handler: postForm },
];
