import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type FieldProblem, fen, invalid, isDomainError, parseId, parseMoney, plainMoney } from '../../../kernel';
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
import { listStores } from '../../organization';
import { RECEIVING_ACCOUNTS } from '../domain/collection-posting';
import { collectionView } from '../queries/collection-list';
import { payerOf } from '../queries/payer';
import { COLLECT, type Receivable, receivablesOf } from '../queries/receivables';
import { collectPayment, REVERSE_COLLECTIONS, reverseCollection } from '../use-cases/collect-payment';
import { findPayer } from '../use-cases/find-partner';
import { collectionHref, COLLECTIONS } from './settlement-words';

const collects = { permission: COLLECT };
const reverses = { permission: REVERSE_COLLECTIONS };

export const collectionFormRoutes: readonly Route[] = [
  { method: 'get', path: `${COLLECTIONS}/new`, access: collects, handler: (ctx) => showForm(ctx) },
  { method: 'post', path: `${COLLECTIONS}/payer`, access: collects, handler: choose },
  { method: 'post', path: COLLECTIONS, access: collects, handler: collect },
  { method: 'get', path: `${COLLECTIONS}/:id/reversal`, access: reverses, handler: (ctx) => askReversal(ctx) },
  { method: 'post', path: `${COLLECTIONS}/:id/reversal`, access: reverses, handler: reverse },
];

const crumbs = ({ t }: Ctx) => [{ label: t('sales:collection.list'), href: COLLECTIONS }];

/** First who pays, then what of the open sales on account. */
async function showForm(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const asked = form?.values['customerId'] ?? ctx.query['customer'];
  const id = typeof asked === 'string' ? parseId(asked) : null;
  const payer = id === null ? null : await payerOf(ctx.read, ctx.services.keys, id);
  if (id === null || payer === null) return showChoice(ctx, form, status);
  const { t, f } = ctx;
  const open = await receivablesOf(ctx.read, ctx.actor, id);
  const wanted = ctx.query['sale'];
  const fresh: Record<string, string | number> = { customerId: id, storeId: ctx.store?.id ?? '', account: 'bank' };
  // The money usually comes to the store that sold.
  const [only] = new Set(open.map(({ storeId }) => storeId));
  if (fresh['storeId'] === '' && only !== undefined && open.every(({ storeId }) => storeId === only))
    fresh['storeId'] = only;
  for (const one of open)
    if (String(one.documentId) === wanted || open.length === 1)
      fresh[`items.i${one.id}`] = plainMoney(fen(one.openFen));
  const title = t('sales:collection.title', { customer: payer });
  const totalFen = open.reduce((total, one) => total + one.openFen, 0);
  const model = {
    head: {
      title,
      say: t('sales:collection.owes', { amount: f.moneyYuan(totalFen), count: f.number(open.length) }),
      crumbs: crumbs(ctx),
    },
    form: editForm(form ?? emptyForm(fresh), {
      action: COLLECTIONS,
      cancelHref: COLLECTIONS,
      submit: t('sales:collection.collect'),
      hidden: ['customerId'],
      columns: true,
      fields: await fieldsOf(ctx, open),
    }),
  };
  return page('sales/edit', title, model, { status });
}

async function fieldsOf(ctx: Ctx, open: readonly Receivable[]): Promise<Field[]> {
  const { t, f } = ctx;
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(COLLECT, id));
  return [
    {
      name: 'storeId',
      label: t('sales:collection.store'),
      type: 'select',
      required: true,
      options: stores.map(({ id, name }) => ({ value: id, label: name })),
    },
    {
      name: 'account',
      label: t('sales:collection.account'),
      type: 'select',
      required: true,
      options: RECEIVING_ACCOUNTS.map((value) => ({ value, label: t(`sales:collection.accounts.${value}`) })),
    },
    ...open.map((one): Field => ({
      name: `items.i${one.id}`,
      label: one.documentNumber,
      type: 'money',
      optional: true,
      hint: t('sales:collection.itemHint', {
        store: one.storeName,
        open: f.money(one.openFen),
        date: f.date(one.dueOn ?? one.openedOn),
      }),
    })),
    { name: 'reference', label: t('sales:collection.reference'), optional: true, maxlength: 80 },
    { name: 'note', label: t('sales:sale.note'), maxlength: 200, optional: true },
  ];
}

function showChoice(ctx: Ctx, form?: FormState, status = 200): Reply {
  const { t } = ctx;
  const title = t('sales:collection.new');
  const model = {
    head: { title, say: t('sales:collection.chooseSay'), crumbs: crumbs(ctx) },
    form: editForm(form ?? emptyForm(), {
      action: `${COLLECTIONS}/payer`,
      cancelHref: COLLECTIONS,
      submit: t('sales:collection.next'),
      columns: false,
      fields: [
        {
          name: 'partner',
          label: t('sales:collection.customer'),
          required: true,
          maxlength: 60,
          autocomplete: 'off',
          hint: t('sales:consignment.partnerHint'),
        },
      ],
    }),
  };
  return page('sales/edit', title, model, { status });
}

function choose(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    z.object({ partner: fields.text }),
    async ({ partner }) => redirect(`${COLLECTIONS}/new?customer=${await findPayer(ctx.services, ctx.actor, partner)}`),
    (form, status) => Promise.resolve(showChoice(ctx, form, status)),
  );
}

const schema = z.object({
  operationKey: fields.operationKey,
  customerId: fields.id,
  storeId: fields.id,
  account: fields.text,
  items: z.record(z.string(), z.string()).optional().default({}),
  reference: fields.text,
  note: fields.text,
});

function collect(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema,
    async ({ operationKey, items, ...rest }) => {
      const command = { ...rest, items: typedItems(items) };
      const { id, amountFen } = await collectPayment(ctx.uow, ctx.actor, command, { operationKey });
      const text = ctx.t('sales:collection.done', { amount: ctx.f.moneyYuan(amountFen) });
      return redirect(collectionHref(id), { kind: 'ok', text });
    },
    (form, status) => showForm(ctx, form, status),
  );
}

/** What was typed for each item; empty: nothing of it. Throws errors:form beside what is no amount. */
function typedItems(items: Record<string, string>): { openItemId: number; amountFen: number }[] {
  const problems: FieldProblem[] = [];
  const found = Object.entries(items).flatMap(([key, typed]) => {
    const openItemId = parseId(/^i(\d{1,15})$/.exec(key)?.[1]);
    if (openItemId === null || typed.trim() === '') return [];
    try {
      return [{ openItemId, amountFen: parseMoney(typed) }];
    } catch (error) {
      if (!isDomainError(error)) throw error;
      problems.push({ path: `items.${key}`, code: error.code, details: error.details });
      return [];
    }
  });
  if (problems.length > 0) throw invalid('errors:form', {}, problems);
  return found.filter(({ amountFen }) => amountFen !== 0);
}

async function askReversal(ctx: Ctx, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t, f } = ctx;
  const row = await collectionView(ctx.read, ctx.actor, ctx.services.keys, ctx.id());
  const error = form.problems['reason'] ?? form.message ?? undefined;
  const title = t('sales:reversal.title', { number: row.number });
  const model = {
    title,
    effects: [t('sales:collection.reversalEffect', { amount: f.moneyYuan(row.amountFen) })],
    action: `${collectionHref(row.id)}/reversal`,
    verb: t('common:action.reverse'),
    danger: true,
    cancelHref: collectionHref(row.id),
    fields: { version: row.version, operationKey: form.values['operationKey'] ?? randomUUID() },
    reason: {
      name: 'reason',
      label: t('sales:reversal.reason'),
      required: true,
      maxlength: 200,
      value: form.values['reason'] ?? '',
      ...(error ? { error } : {}),
    },
  };
  return page('sales/confirm', title, model, { status });
}

const reversal = z.object({ operationKey: fields.operationKey, version: fields.version, reason: fields.required });

function reverse(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    reversal,
    async ({ operationKey, version, reason }) => {
      const { number } = await reverseCollection(ctx.uow, ctx.actor, { id, version, reason }, { operationKey });
      const text = ctx.t('sales:consignment.wasReversed', { number });
      return redirect(collectionHref(id), { kind: 'ok', text });
    },
    (form, status) => askReversal(ctx, form, status),
  );
}
