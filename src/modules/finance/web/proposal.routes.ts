import { z } from 'zod';
import { addDays, type BusinessDate, isBusinessDate } from '../../../kernel';
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
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { listStores } from '../../organization';
import { PAYING_ACCOUNTS } from '../domain/payment-posting';
import { PROPOSAL_LIST, type ProposalFilter, proposals, proposalTotals } from '../queries/due-items';
import { idOf } from '../queries/payment-list';
import { EDIT_PAYMENTS } from '../queries/scope';
import { payWhatIsDue } from '../use-cases/pay-what-is-due';
import { day } from './payment.routes';
import { choicePage, proposalListPage } from './proposal.page';
import { newOperationKey } from './show-payment';

const edit = { permission: EDIT_PAYMENTS };
const BASE = '/finance/proposals';
/** Without a choice: what is due within a week. */
const DAYS = 7;
const MOST = 200;

export const proposalRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: edit, handler: list },
  { method: 'get', path: `${BASE}.xlsx`, access: edit, handler: exportList },
  { method: 'post', path: `${BASE}/choice`, access: edit, handler: choose },
  { method: 'post', path: `${BASE}/payments`, access: edit, handler: make },
];

function filterOf(ctx: Ctx, query = readListQuery(PROPOSAL_LIST, ctx.query)): ProposalFilter {
  const typed = query.filters['until'];
  const until = isBusinessDate(typed) ? typed : addDays(ctx.today, DAYS);
  return { query, until, today: ctx.today, storeId: ctx.store?.id ?? null };
}

async function list(ctx: Ctx): Promise<Reply> {
  const filter = filterOf(ctx);
  const found = pageOf(filter.query, await proposals(ctx.read, ctx.actor, filter));
  const totals = await proposalTotals(ctx.read, ctx.actor, filter);
  return page('finance/list', ctx.t('finance:proposal.title'), proposalListPage(ctx, filter, found, totals));
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const money = (key: string) => ({ header: t(`finance:proposal.${key}`), type: 'money' as const });
  return exportReply(ctx, {
    name: `${t('finance:proposal.title')}-${ctx.today}`,
    sheet: t('finance:proposal.title'),
    columns: [
      { header: t('finance:statement.code'), type: 'text' },
      { header: t('finance:payment.supplier'), type: 'text' },
      { header: t('finance:proposal.firstDue'), type: 'date' },
      { header: t('finance:proposal.items'), type: 'integer' },
      money('due'),
      money('overdue'),
      money('credit'),
      money('pay'),
    ],
    query: readListQuery(PROPOSAL_LIST, ctx.query),
    load: (query) => proposals(ctx.read, ctx.actor, filterOf(ctx, query)),
    toRow: (row) => [
      row.code,
      row.name,
      row.firstDue,
      row.items,
      row.dueFen,
      row.overdueFen,
      row.creditFen,
      row.payFen,
    ],
  });
}

/** The ticked suppliers, and from which account they are to be paid. */
function choose(ctx: Ctx): Promise<Reply> {
  const picked = ctx.body['supplier'];
  const ids = (Array.isArray(picked) ? picked : [picked]).flatMap((one) => idOf(String(one)) ?? []);
  const { until, query } = filterOf(ctx);
  return showChoice(ctx, { ids, until, owing: query.filters['store'] ?? '' });
}

async function showChoice(
  ctx: Ctx,
  { ids, until, owing }: { ids: readonly number[]; until: BusinessDate; owing: string },
  form?: FormState,
  status = 200,
): Promise<Reply> {
  const query = readListQuery({ ...PROPOSAL_LIST, sizes: [MOST] }, owing === '' ? {} : { store: owing });
  const filter: ProposalFilter = { query, until, today: ctx.today, storeId: ctx.store?.id ?? null };
  const chosen = ids.length === 0 ? [] : await proposals(ctx.read, ctx.actor, filter, ids.slice(0, MOST));
  if (chosen.length === 0)
    return redirect(BASE, { kind: 'bad', text: form?.message ?? ctx.t('finance:error.nothing_chosen') });
  const stores = (await listStores(ctx.read)).filter(({ id }) => ctx.can(EDIT_PAYMENTS, id));
  const fresh = emptyForm({
    storeId: ctx.store?.id ?? stores[0]?.id,
    account: 'bank',
    businessDate: ctx.today,
    operationKey: newOperationKey(),
  });
  const model = choicePage(ctx, form ?? fresh, { chosen, until, owing, stores });
  return page('finance/lines', ctx.t('finance:proposal.make'), model, { status });
}

const schema = z.object({
  operationKey: fields.operationKey,
  suppliers: fields.text,
  owing: fields.text,
  until: day,
  storeId: fields.id,
  account: z.enum(PAYING_ACCOUNTS, 'errors:field.required'),
  businessDate: day,
});

const idsOf = (typed: unknown): number[] =>
  (typeof typed === 'string' ? typed.split(',') : []).flatMap((one) => idOf(one) ?? []);

function make(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema,
    async ({ operationKey, suppliers, owing, until, ...command }) => {
      const made = await payWhatIsDue(
        ctx.uow,
        ctx.actor,
        {
          ...command,
          until,
          supplierIds: idsOf(suppliers),
          owingStoreId: idOf(owing) ?? ctx.store?.id ?? null,
          reference: null,
          note: null,
        },
        { operationKey },
      );
      const text = ctx.t('finance:proposal.done', { count: made.length });
      return redirect('/finance/payments?state=draft', { kind: 'ok', text });
    },
    (form, status) => {
      const typed = form.values['until'];
      const until = isBusinessDate(typed) ? typed : ctx.today;
      return showChoice(
        ctx,
        { ids: idsOf(form.values['suppliers']), until, owing: form.values['owing'] ?? '' },
        form,
        status,
      );
    },
  );
}
