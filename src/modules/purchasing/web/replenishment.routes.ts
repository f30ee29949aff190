import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type DomainError, isDomainError, notFound } from '../../../kernel';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  json,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { exportReply, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import { isRunning, upkeepRun } from '../../../platform/upkeep';
import { editForm } from '../../../platform/views';
import { categoryBranch, listCategories } from '../../catalog';
import type { BudgetPlan } from '../domain/budget';
import { RECENT_DAYS, SALES_DAYS } from '../domain/replenishment';
import { withinBudget } from '../queries/budget';
import {
  PROPOSAL_LIST,
  proposalById,
  type ProposalFilter,
  proposalList,
  proposalRun,
  proposalsBeside,
  proposalTotals,
  VIEW_REPLENISHMENT,
} from '../queries/proposal-list';
import { ruleByKey } from '../queries/replenishment-rules';
import { activeSuppliers } from '../queries/suppliers';
import { EDIT_REPLENISHMENT, startReplenishment } from '../use-cases/compute-replenishment';
import { ruleKey, saveReplenishmentRule } from '../use-cases/save-replenishment-rule';
import { requestProposals } from '../use-cases/request-proposals';
import { takeProposals } from '../use-cases/take-proposals';
import { proposalPage, RULE_FIELDS } from './proposal.page';
import { budgetOf, progressOf, REPLENISHMENT, replenishmentPage } from './replenishment.page';
import { ruleNumbers } from './rule-fields';

const view = { permission: VIEW_REPLENISHMENT };
const edit = { permission: EDIT_REPLENISHMENT };
/** Of a small company the answer is there by then; longer work is followed on the page. */
const WAIT_MS = 1500;

export const replenishmentRoutes: readonly Route[] = [
  { method: 'get', path: REPLENISHMENT, access: view, handler: list },
  { method: 'get', path: `${REPLENISHMENT}.xlsx`, access: view, handler: exportList },
  { method: 'post', path: `${REPLENISHMENT}/runs`, access: edit, handler: compute },
  { method: 'get', path: `${REPLENISHMENT}/runs/:id/progress`, access: view, handler: progress },
  { method: 'post', path: `${REPLENISHMENT}/documents`, access: view, handler: take },
  { method: 'post', path: `${REPLENISHMENT}/requisitions`, access: view, handler: requestThese },
  { method: 'get', path: `${REPLENISHMENT}/:id`, access: view, handler: (ctx) => showProposal(ctx) },
  { method: 'post', path: `${REPLENISHMENT}/:id/rule`, access: edit, handler: saveRule },
];

const idOrNull = (text: string | undefined): number | null =>
  text && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;

async function filterOf(ctx: Ctx, query: ListQuery): Promise<ProposalFilter> {
  const categoryId = idOrNull(query.filters['category']);
  return {
    runId: await proposalRun(ctx.read),
    storeId: idOrNull(query.filters['store']) ?? ctx.store?.id ?? null,
    categoryIds: categoryId === null ? null : categoryBranch(await listCategories(ctx.read), categoryId).slice(0, 500),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(PROPOSAL_LIST, ctx.query);
  const { filter, plan } = await planned(ctx, query);
  const found = pageOf(query, await proposalList(ctx.read, ctx.actor, query, filter));
  const totals = await proposalTotals(ctx.read, ctx.actor, query, filter);
  return replenishmentPage(ctx, query, found, totals, plan);
}

/** With a budget only what it buys is listed; what things cost is for who sees cost. */
async function planned(ctx: Ctx, query: ListQuery): Promise<{ filter: ProposalFilter; plan: BudgetPlan | null }> {
  const filter = await filterOf(ctx, query);
  const budgetFen = budgetOf(ctx, query);
  if (budgetFen === null || query.filters['state'] === 'done') return { filter, plan: null };
  const plan = await withinBudget(ctx.read, ctx.actor, query, filter, { budgetFen, today: ctx.today });
  return { filter: { ...filter, ids: [...plan.taken.keys()] }, plan };
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const query = readListQuery(PROPOSAL_LIST, ctx.query);
  const { filter } = await planned(ctx, query);
  const integer = (name: string, days?: number) => ({
    header: t(`purchasing:explain.${name}`, { days }),
    type: 'integer' as const,
  });
  return exportReply(ctx, {
    name: `${t('purchasing:replenish.title')}-${ctx.today}`,
    sheet: t('purchasing:replenish.title'),
    columns: [
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:replenish.store'), type: 'text' },
      { header: t('purchasing:replenish.giver'), type: 'text' },
      { header: t('purchasing:receipt.supplier'), type: 'text' },
      { header: t('purchasing:replenish.quantity'), type: 'integer' },
      integer('recent', RECENT_DAYS),
      integer('earlier', SALES_DAYS - RECENT_DAYS),
      { header: t('purchasing:explain.rate'), type: 'text' },
      integer('point'),
      integer('target'),
      integer('sellable'),
      integer('promised'),
      integer('inTransit'),
      integer('asked'),
      integer('onOrder'),
      integer('position'),
      { header: t('purchasing:replenish.document'), type: 'text' },
    ],
    query,
    load: (at) => proposalList(ctx.read, ctx.actor, at, filter),
    toRow: ({ figures: n, ...row }) => [
      row.skuCode,
      row.skuName,
      row.storeName,
      row.fromStoreName,
      row.supplierName,
      row.quantity,
      n.recent,
      n.earlier,
      String(n.rateMilli / 1000),
      n.point,
      n.target,
      n.sellable,
      n.promised,
      n.inTransit,
      n.asked,
      n.onOrder,
      n.position,
      row.documentNumber,
    ],
  });
}

async function compute(ctx: Ctx): Promise<Reply> {
  try {
    const { over } = await startReplenishment(ctx.services, ctx.actor);
    await Promise.race([over, pause(WAIT_MS, undefined, { ref: false })]);
  } catch (error) {
    // Somebody else's computation is running: its result is as good.
    if (!isDomainError(error) || error.status !== 409) throw error;
  }
  return redirect(REPLENISHMENT);
}

async function progress(ctx: Ctx): Promise<Reply> {
  const row = await ctx.read.get(upkeepRun, ctx.id());
  if (row?.kind !== 'replenish') throw notFound('purchasing.replenishment', ctx.id());
  const state = isRunning(row, ctx.now) ? 'running' : row.state === 'ok' ? 'finished' : 'failed';
  const { label, done, total } = progressOf(ctx, row);
  return json({ label, done, total, state, href: REPLENISHMENT });
}

const idsOf = (body: Readonly<Record<string, unknown>>): number[] => {
  const values = Object.entries(body)
    .filter(([name]) => name === 'ids' || name.startsWith('ids.'))
    .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]));
  const ids = values.flatMap((value) => idOrNull(typeof value === 'string' ? value : undefined) ?? []);
  return [...new Set(ids)];
};

/** The ticked proposals become drafts at once; only who supplies what was never bought is asked. */
async function take(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const ids = idsOf(ctx.body);
  const supplierId = idOrNull(typeof ctx.body['supplierId'] === 'string' ? ctx.body['supplierId'] : undefined);
  try {
    const made = await takeProposals(ctx.uow, ctx.actor, { lines: ids.map((id) => ({ id })), supplierId });
    const [only] = made;
    const text = t('purchasing:replenish.made', { numbers: made.map(({ number }) => number).join(', ') });
    if (made.length === 1 && only)
      return redirect(only.type === 'transfer' ? `/inventory/transfers/${only.id}` : `/purchasing/orders/${only.id}`, {
        kind: 'ok',
        text,
      });
    return redirect(`${REPLENISHMENT}?state=done`, { kind: 'ok', text });
  } catch (error) {
    if (!isDomainError(error) || (error.status !== 409 && error.status !== 422)) throw error;
    if (error.code === 'purchasing:error.replenish_supplier') return askSupplier(ctx, ids);
    return refused(ctx, error);
  }
}

function refused({ t }: Ctx, error: DomainError): Reply {
  const lines = error.fields.map((field) => t(field.code, field.details));
  return redirect(REPLENISHMENT, {
    kind: 'bad',
    text: [t(error.code, error.details), ...lines].join(' ').slice(0, 400),
  });
}

/** The ticked proposals are asked for instead: a requisition for each store, for the buyer to approve and order. */
async function requestThese(ctx: Ctx): Promise<Reply> {
  try {
    const made = await requestProposals(ctx.uow, ctx.actor, idsOf(ctx.body));
    const [only] = made;
    const numbers = made.map(({ number }) => number).join(', ');
    const href = made.length === 1 && only ? `/purchasing/requisitions/${only.id}` : `${REPLENISHMENT}?state=done`;
    return redirect(href, { kind: 'ok', text: ctx.t('purchasing:replenish.requested', { numbers }) });
  } catch (error) {
    if (!isDomainError(error) || (error.status !== 409 && error.status !== 422)) throw error;
    return refused(ctx, error);
  }
}

async function askSupplier(ctx: Ctx, ids: readonly number[]): Promise<Reply> {
  const { t } = ctx;
  const title = t('purchasing:replenish.askSupplier');
  const hidden = Object.fromEntries(ids.map((id, index) => [`ids.${index}`, String(id)]));
  const form = editForm(emptyForm(hidden), {
    action: `${REPLENISHMENT}/documents`,
    fields: [
      {
        name: 'supplierId',
        label: t('purchasing:receipt.supplier'),
        type: 'select',
        required: true,
        hint: t('purchasing:replenish.askSupplierHint'),
        options: (await activeSuppliers(ctx.read)).map(({ id, name }) => ({ value: id, label: name })),
      },
    ],
    hidden: Object.keys(hidden),
    submit: t('purchasing:replenish.take'),
    cancelHref: REPLENISHMENT,
  });
  const head = { title, crumbs: [{ label: t('purchasing:replenish.title'), href: REPLENISHMENT }] };
  return page('purchasing/rule', title, { head, form }, { status: 422 });
}

async function showProposal(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const row = await proposalById(ctx.read, ctx.actor, ctx.id());
  if (!row) throw notFound('purchasing.replenishment', ctx.id());
  const rule = await ruleByKey(ctx.read, ruleKey(row));
  const values = Object.fromEntries(RULE_FIELDS.map((name) => [name, rule?.[name] ?? null]));
  return proposalPage(ctx, row, await proposalsBeside(ctx.read, row), form ?? emptyForm(values), status);
}

const ruleSchema = z.object({ ...ruleNumbers, operationKey: fields.operationKey });

/** Of this product in this store; it holds from the next computation on. */
async function saveRule(ctx: Ctx): Promise<Reply> {
  const row = await proposalById(ctx.read, ctx.actor, ctx.id());
  if (!row) throw notFound('purchasing.replenishment', ctx.id());
  return submit(
    ctx,
    ruleSchema,
    async ({ operationKey, ...values }) => {
      const { storeId, skuId } = row;
      await saveReplenishmentRule(ctx.uow, ctx.actor, { storeId, skuId, ...values }, { operationKey });
      return redirect(`${REPLENISHMENT}/${row.id}`, { kind: 'ok', text: ctx.t('purchasing:rule.saved') });
    },
    (form, status) => showProposal(ctx, form, status),
  );
}
