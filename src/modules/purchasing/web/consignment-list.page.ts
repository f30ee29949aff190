import type { Ctx } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, stateTabs } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { Action, List, PageHead } from '../../../platform/views';
import { CONSIGNMENT_KINDS, CONSIGNMENT_STATES, type ConsignmentState } from '../domain/consignment';
import { type ConsignmentListRow, VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { EDIT_CONSIGNMENTS } from '../use-cases/consignment-receipt';
import { SETTLE_CONSIGNMENTS } from '../use-cases/settle-consigned';
import { CONSIGNED, consignmentHref, CONSIGNMENTS, consignmentState } from './consignment-words';

type Named = readonly { id: number; name: string }[];

/** Money of a list over several stores: only to who sees cost in all of them. */
export const consignmentsShowCost = ({ actor, store }: Pick<Ctx, 'actor' | 'store'>): boolean =>
  seesCostIn(actor, actor.scope(VIEW_CONSIGNMENTS), store?.id ?? null);

export interface ConsignmentListInput {
  query: ListQuery;
  found: ListPage<ConsignmentListRow>;
  counts: ReadonlyMap<ConsignmentState, number>;
  suppliers: Named;
}

export function consignmentListPage(ctx: Ctx, input: ConsignmentListInput): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { query, found, counts } = input;
  const seesCost = consignmentsShowCost(ctx);
  const add = {
    label: t('purchasing:consignment.new'),
    href: `${CONSIGNMENTS}/new`,
    icon: 'plus',
    look: 'primary',
  } as const;
  const adds = ctx.can(EDIT_CONSIGNMENTS);
  return {
    head: {
      title: t('purchasing:consignment.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [...otherActions(ctx), exportAction(ctx, query), ...(adds ? [add] : [])],
    },
    list: {
      tabs: stateTabs(ctx, query, CONSIGNMENT_STATES, {
        label: (state) => (state ? t(`common:state.${state}`) : t('purchasing:receipt.tab.all')),
        count: (state) => counts.get(state) ?? 0,
      }),
      filters: filtersOf(ctx, input),
      table: {
        id: 'consignments',
        caption: t('purchasing:consignment.title'),
        sticky: true,
        columns: [
          { key: 'number', label: t('purchasing:receipt.number'), card: 'title' },
          { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
          { key: 'kind', label: t('purchasing:consignment.kindLabel'), card: 'full' },
          { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full' },
          { key: 'store', label: t('purchasing:receipt.store'), card: 'hide' },
          { key: 'date', label: t('purchasing:receipt.businessDate'), card: 'number' },
          { key: 'devices', label: t('purchasing:consignment.devices'), num: true, card: 'number' },
          ...(seesCost
            ? [{ key: 'amount', label: t('purchasing:consignment.gross'), num: true, card: 'number' as const }]
            : []),
          { key: 'by', label: t('purchasing:return.by'), card: 'hide' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: consignmentHref(row.id), strong: true },
            { state: consignmentState(ctx, row.state) },
            t(`purchasing:consignment.kind.${row.kind}`),
            row.supplierName,
            row.storeName,
            f.date(row.businessDate),
            f.number(row.devices),
            ...(seesCost ? [f.money(row.grossFen)] : []),
            row.createdByName,
          ],
        })),
      },
      pager: {
        say: t('purchasing:consignment.say', { count: found.rows.length }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:consignment.empty'),
        text: t('purchasing:consignment.emptyHint'),
        ...(adds ? { action: add } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: CONSIGNMENTS,
    },
  };
}

/** What else is done with consigned goods. */
function otherActions(ctx: Ctx): Action[] {
  const { t } = ctx;
  const list: Action[] = [
    { label: t('purchasing:consigned.title'), href: CONSIGNED, icon: 'list-details', look: 'quiet' },
  ];
  if (ctx.can(EDIT_CONSIGNMENTS))
    list.push(
      {
        label: t('purchasing:consignment.giveBack'),
        href: `${CONSIGNMENTS}/return/new`,
        icon: 'truck-return',
        look: 'quiet',
      },
      {
        label: t('purchasing:consignment.buy'),
        href: `${CONSIGNMENTS}/purchase/new`,
        icon: 'shopping-cart',
        look: 'quiet',
      },
    );
  if (ctx.can(SETTLE_CONSIGNMENTS))
    list.push({
      label: t('purchasing:consignment.settle'),
      href: `${CONSIGNMENTS}/settlement/new`,
      icon: 'calculator',
      look: 'quiet',
    });
  return list;
}

function filtersOf(ctx: Ctx, { query, suppliers }: ConsignmentListInput): NonNullable<List['filters']> {
  const { t } = ctx;
  const { filters } = query;
  const chip = (name: string, label: string | undefined) =>
    filters[name] && label ? [{ label, removeHref: listHref(query, { [name]: null }) }] : [];
  const kind = CONSIGNMENT_KINDS.find((one) => one === filters['kind']);
  return {
    action: CONSIGNMENTS,
    text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:consignment.find') },
    keep: filters['state'] ? { state: filters['state'] } : {},
    chips: [
      ...chip('kind', kind && t(`purchasing:consignment.kind.${kind}`)),
      ...chip('supplier', nameIn(suppliers, filters['supplier'])),
      ...chip('store', nameIn(ctx.stores, filters['store'])),
      ...chip('from', t('purchasing:receipt.since', { date: filters['from'] })),
      ...chip('to', t('purchasing:receipt.until', { date: filters['to'] })),
    ],
    fields: [
      {
        name: 'kind',
        label: t('purchasing:consignment.kindLabel'),
        type: 'select',
        value: filters['kind'] ?? '',
        choose: t('purchasing:consignment.allKinds'),
        options: CONSIGNMENT_KINDS.map((value) => ({ value, label: t(`purchasing:consignment.kind.${value}`) })),
      },
      ...whereFields(ctx, query, suppliers),
      { name: 'from', label: t('purchasing:receipt.from'), type: 'date', value: filters['from'] ?? '' },
      { name: 'to', label: t('purchasing:receipt.to'), type: 'date', value: filters['to'] ?? '' },
    ],
  };
}

export const nameIn = (list: Named, id: string | undefined): string | undefined =>
  list.find((one) => String(one.id) === id)?.name;

/** Supplier and store, as both lists of consigned goods ask for them. */
export function whereFields(
  { t, store, stores }: Pick<Ctx, 't' | 'store' | 'stores'>,
  { filters }: ListQuery,
  suppliers: Named,
): NonNullable<NonNullable<List['filters']>['fields']> {
  const options = (list: Named) => list.map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      name: 'supplier',
      label: t('purchasing:receipt.supplier'),
      type: 'select',
      value: filters['supplier'] ?? '',
      choose: t('purchasing:receipt.allSuppliers'),
      options: options(suppliers),
    },
    {
      name: 'store',
      label: t('purchasing:receipt.store'),
      type: 'select',
      value: filters['store'] ?? '',
      choose: store?.name ?? t('common:frame.allStores'),
      options: options(stores),
    },
  ];
}
