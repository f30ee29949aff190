import { z } from 'zod';
import { isBusinessDate } from '../../../kernel';
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
import { editForm } from '../../../platform/views';
import { NUMBER_REASONS, NUMBER_WAYS } from '../domain/number-change';
import { NUMBER_LIST, numberCounts, type NumberFilter, numberList } from '../queries/number-list';
import { createNumberChange } from '../use-cases/create-number-change';
import { NUMBER_OVERRIDE, NUMBER_PERMISSION } from '../use-cases/number-lines';
import { numberListPage } from './number-list.page';
import { entryFields } from './number.page';
import { numbersHref } from './number-words';
import { showNumbers } from './show-numbers';

const view = { permission: 'inventory.number.view' };
const change = { permission: NUMBER_PERMISSION };

export const numberRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory/numbers', access: view, handler: list },
  { method: 'get', path: '/inventory/numbers.xlsx', access: view, handler: exportList },
  { method: 'get', path: '/inventory/numbers/new', access: change, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: '/inventory/numbers', access: change, handler: create },
  { method: 'get', path: '/inventory/numbers/:id', access: view, handler: (ctx) => showNumbers(ctx) },
];

function readFilter(ctx: Ctx): NumberFilter {
  const { q, store, reason, from, to } = readListQuery(NUMBER_LIST, ctx.query).filters;
  return {
    text: q ?? '',
    storeId: /^[1-9]\d{0,14}$/.test(store ?? '') ? Number(store) : (ctx.store?.id ?? null),
    reason: NUMBER_REASONS.find((one) => one === reason) ?? null,
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope('inventory.number.view'),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(NUMBER_LIST, ctx.query);
  const filter = readFilter(ctx);
  const model = numberListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await numberList(ctx.read, query, filter)),
    counts: await numberCounts(ctx.read, filter),
    makes: ctx.can(NUMBER_PERMISSION),
  });
  return page('inventory/number-list', ctx.t('inventory:number.list'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = readFilter(ctx);
  return exportReply(ctx, {
    name: `${t('inventory:number.list')}-${ctx.today}`,
    sheet: t('inventory:number.list'),
    columns: [
      { header: t('inventory:change.number'), type: 'text' },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:change.reason'), type: 'text' },
      { header: t('inventory:device.store'), type: 'text' },
      { header: t('inventory:change.businessDate'), type: 'date' },
      { header: t('inventory:change.devices'), type: 'integer' },
      { header: t('inventory:number.count'), type: 'integer' },
      { header: t('inventory:change.by'), type: 'text' },
      { header: t('inventory:change.postedAt'), type: 'datetime' },
      { header: t('inventory:change.note'), type: 'text' },
    ],
    query: readListQuery(NUMBER_LIST, ctx.query),
    load: (query) => numberList(ctx.read, query, filter),
    toRow: (row) => [
      row.number,
      t(`common:state.${row.state}`),
      t(`inventory:number.reason.${row.reason}`),
      row.storeName,
      row.businessDate,
      row.devices,
      row.lineCount,
      row.createdByName,
      row.postedAt,
      row.note,
    ],
  });
}

function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const current = typeof ctx.query['current'] === 'string' ? ctx.query['current'].slice(0, 60) : '';
  const title = t('inventory:number.new');
  const model = {
    head: { title, crumbs: [{ label: t('inventory:number.list'), href: '/inventory/numbers' }] },
    form: editForm(form ?? emptyForm({ way: 'replace', current }), {
      action: '/inventory/numbers',
      cancelHref: '/inventory/numbers',
      submit: t('inventory:number.create'),
      columns: true,
      fields: [
        {
          name: 'reason',
          label: t('inventory:change.reason'),
          type: 'select',
          required: true,
          options: NUMBER_REASONS.map((reason) => ({ value: reason, label: t(`inventory:number.reason.${reason}`) })),
        },
        ...entryFields(ctx, ctx.can(NUMBER_OVERRIDE)),
        { name: 'note', label: t('inventory:change.note'), maxlength: 400, optional: true, wide: true },
      ],
    }),
  };
  return Promise.resolve(page('inventory/number-form', title, model, { status }));
}

/** One correction as the forms give it. */
export const entrySchema = {
  way: fields.text.transform((typed) => NUMBER_WAYS.find((way) => way === typed) ?? ('replace' as const)),
  current: fields.required,
  other: fields.text,
  override: fields.checkbox,
};

const createSchema = z.object({
  operationKey: fields.operationKey,
  reason: fields.required,
  note: fields.text,
  ...entrySchema,
});

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    createSchema,
    async ({ operationKey, ...command }) => {
      const { id } = await createNumberChange(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(numbersHref(id));
    },
    (form, status) => showNew(ctx, form, status),
  );
}
