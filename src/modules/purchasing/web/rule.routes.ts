import { z } from 'zod';
import { invalidField } from '../../../kernel';
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
import { exportAction, exportReply, listHref, pageOf, readListQuery } from '../../../platform/lists';
import { editForm } from '../../../platform/views';
import { skusByCodes } from '../../catalog';
import { USUAL_RULE } from '../domain/replenishment';
import { VIEW_REPLENISHMENT } from '../queries/proposal-list';
import { RULE_LIST, ruleList, type RuleListRow } from '../queries/replenishment-rules';
import { EDIT_REPLENISHMENT } from '../use-cases/compute-replenishment';
import { saveReplenishmentRule } from '../use-cases/save-replenishment-rule';
import { RULE_FIELDS, ruleFields } from './proposal.page';
import { REPLENISHMENT } from './replenishment.page';
import { ruleNumbers } from './rule-fields';

const RULES = RULE_LIST.path;
const view = { permission: VIEW_REPLENISHMENT };
const edit = { permission: EDIT_REPLENISHMENT };

export const ruleRoutes: readonly Route[] = [
  { method: 'get', path: RULES, access: view, handler: list },
  { method: 'get', path: `${RULES}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${RULES}/new`, access: edit, handler: (ctx) => showForm(ctx) },
  { method: 'post', path: RULES, access: edit, handler: save },
];

const queryOf = (ctx: Ctx) => {
  const query = readListQuery(RULE_LIST, ctx.query);
  const { store } = query.filters;
  return { query, storeId: /^[1-9]\d{0,14}$/.test(store ?? '') ? Number(store) : null };
};

async function list(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const { query, storeId } = queryOf(ctx);
  const found = pageOf(query, await ruleList(ctx.read, ctx.actor, query, storeId));
  const title = t('purchasing:rule.title');
  const storeName = ctx.stores.find(({ id }) => id === storeId)?.name;
  const again = (row: RuleListRow): string => {
    const values = {
      store: row.storeId,
      sku: row.skuCode,
      ...Object.fromEntries(RULE_FIELDS.map((name) => [name, row[name]])),
    };
    const given = Object.entries(values).flatMap(([name, value]): [string, string][] =>
      value === null ? [] : [[name, String(value)]],
    );
    return `${RULES}/new?${new URLSearchParams(given).toString()}`;
  };
  return page('purchasing/list', title, {
    head: {
      title,
      crumbs: [{ label: t('purchasing:replenish.title'), href: REPLENISHMENT }],
      say: t('purchasing:rule.say', { lead: USUAL_RULE.leadDays, cover: USUAL_RULE.coverDays }),
      actions: [
        exportAction(ctx, query),
        ...(ctx.can(EDIT_REPLENISHMENT)
          ? [{ look: 'primary' as const, icon: 'plus' as const, label: t('purchasing:rule.new'), href: `${RULES}/new` }]
          : []),
      ],
    },
    list: {
      filtered: Object.keys(query.filters).length > 0,
      clearHref: RULES,
      filters: {
        action: RULES,
        text: { name: 'q', value: query.filters['q'] ?? '', label: t('purchasing:replenish.find') },
        chips: storeName ? [{ label: storeName, removeHref: listHref(query, { store: null }) }] : [],
        fields: [
          {
            name: 'store',
            label: t('purchasing:replenish.store'),
            type: 'select',
            value: query.filters['store'] ?? '',
            choose: t('common:frame.allStores'),
            options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
          },
        ],
      },
      table: {
        id: 'rules',
        caption: title,
        sticky: true,
        columns: [
          { key: 'goods', label: t('purchasing:receipt.product'), card: 'title' },
          { key: 'store', label: t('purchasing:replenish.store'), card: 'full' },
          ...RULE_FIELDS.map((name) => ({
            key: name,
            label: t(`purchasing:rule.${name}`),
            num: true,
            card: 'number' as const,
          })),
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          cells: [
            {
              text: row.skuName ?? t('purchasing:rule.allGoods'),
              aside: row.skuCode ?? '',
              strong: true,
              ...(ctx.can(EDIT_REPLENISHMENT) ? { href: again(row) } : {}),
            },
            row.storeName ?? t('common:frame.allStores'),
            ...RULE_FIELDS.map((name) => f.number(row[name])),
          ],
        })),
      },
      pager: {
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('purchasing:rule.empty'), text: t('purchasing:rule.emptyHint') },
    },
  });
}

function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, storeId } = queryOf(ctx);
  return Promise.resolve(
    exportReply(ctx, {
      name: `${t('purchasing:rule.title')}-${ctx.today}`,
      sheet: t('purchasing:rule.title'),
      columns: [
        { header: t('purchasing:line.code'), type: 'text' },
        { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
        { header: t('purchasing:replenish.store'), type: 'text' },
        ...RULE_FIELDS.map((name) => ({ header: t(`purchasing:rule.${name}`), type: 'integer' as const })),
      ],
      query,
      load: (at) => ruleList(ctx.read, ctx.actor, at, storeId),
      toRow: (row) => [row.skuCode, row.skuName, row.storeName, ...RULE_FIELDS.map((name) => row[name])],
    }),
  );
}

function showForm(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const title = t('purchasing:rule.new');
  const typed = Object.fromEntries(
    ['store', 'sku', ...RULE_FIELDS].map((name) => [name, ctx.query[name]?.slice(0, 60)]),
  );
  const model = {
    head: { title, crumbs: [{ label: t('purchasing:rule.title'), href: RULES }], say: t('purchasing:rule.formSay') },
    form: editForm(form ?? emptyForm(typed), {
      action: RULES,
      fields: [
        {
          name: 'store',
          label: t('purchasing:replenish.store'),
          type: 'select',
          choose: t('common:frame.allStores'),
          options: ctx.stores.map(({ id, name }) => ({ value: id, label: name })),
        },
        {
          name: 'sku',
          label: t('purchasing:rule.sku'),
          hint: t('purchasing:rule.skuHint'),
          optional: true,
          maxlength: 60,
        },
        ...ruleFields(ctx),
      ],
      submit: t('purchasing:rule.save'),
      cancelHref: RULES,
    }),
  };
  return Promise.resolve(page('purchasing/rule', title, model, { status }));
}

const schema = z.object({
  store: fields.optionalId,
  sku: fields.text,
  ...ruleNumbers,
  operationKey: fields.operationKey,
});

function save(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    schema,
    async ({ operationKey, store, sku, ...values }) => {
      const typed = sku.trim();
      const card = typed === '' ? undefined : (await skusByCodes(ctx.read, [typed])).get(typed);
      if (typed !== '' && !card) throw invalidField('sku', 'purchasing:error.sku_unknown');
      const command = { storeId: store, skuId: card?.id ?? null, ...values };
      const { removed } = await saveReplenishmentRule(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(RULES, {
        kind: 'ok',
        text: ctx.t(removed ? 'purchasing:rule.removed' : 'purchasing:rule.saved'),
      });
    },
    (form, status) => showForm(ctx, form, status),
  );
}
