import type { Ctx } from '../../../platform/http';
import type { Action, Message } from '../../../platform/views';
import type { CollectionView } from '../queries/collection-list';
import type { ConsignmentEvent } from '../queries/consignment-page';
import { REVERSE_COLLECTIONS } from '../use-cases/collect-payment';
import { collectionHref, COLLECTIONS, settlementState } from './settlement-words';
import type { SettlementPage } from './settlement.page';

export interface CollectionPageInput {
  row: CollectionView;
  timeline: readonly ConsignmentEvent[];
  notices?: Message[];
}

/** It looks like the settlement it pays: lines, facts, money, timeline. */
export function collectionPage(ctx: Ctx, { row, timeline, notices = [] }: CollectionPageInput): SettlementPage {
  const { t, f } = ctx;
  return {
    head: {
      crumbs: [{ label: t('sales:collection.list'), href: COLLECTIONS }],
      title: row.number,
      state: { ...settlementState(ctx, row.state, true), text: t(`sales:collection.state.${row.state}`) },
      say: `${row.customer} · ${row.storeName}`,
      actions: actions(ctx, row),
    },
    notices: [
      ...notices,
      ...(row.state === 'reversed'
        ? [
            {
              tone: 'hold' as const,
              title: t('sales:consignment.wasReversed', { number: row.reversalNumber ?? '' }),
              text: row.reversalReason ?? '',
            },
          ]
        : []),
    ],
    devices: {
      id: 'collected-items',
      caption: t('common:document.lines'),
      columns: [
        { key: 'item', label: t('sales:collection.item'), card: 'title' },
        { key: 'store', label: t('sales:sale.store'), card: 'full' },
        { key: 'amount', label: t('sales:collection.amount'), num: true, card: 'number' },
      ],
      rows: row.lines.map((line) => ({
        id: line.id,
        label: line.documentNumber,
        cells: [
          {
            text: line.documentNumber,
            strong: true,
            ...(ctx.can('sales.sale.view') ? { href: `/sales/sales/${line.documentId}` } : {}),
          },
          line.storeName,
          f.money(line.amountFen),
        ],
      })),
    },
    facts: {
      facts: [
        {
          label: t('sales:collection.customer'),
          value: row.customer,
          ...(ctx.can('crm.customer.view') ? { href: `/crm/customers/${row.customerId}` } : {}),
        },
        { label: t('sales:sale.store'), value: row.storeName },
        { label: t('sales:collection.date'), value: f.date(row.businessDate) },
        { label: t('sales:collection.account'), value: t(`sales:collection.accounts.${row.account}`) },
        ...(row.reference ? [{ label: t('sales:collection.reference'), value: row.reference }] : []),
        { label: t('sales:consignment.by'), value: row.createdByName },
        ...(row.note ? [{ label: t('sales:sale.note'), value: row.note }] : []),
      ],
    },
    money: {
      money: true,
      facts: [{ label: t('sales:collection.amount'), value: f.moneyYuan(row.amountFen), strong: true }],
    },
    timeline: {
      entries: timeline.map(({ who, what, at }, index) => ({
        who,
        what: t(`sales:collection.timeline.${what}`),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

function actions(ctx: Ctx, row: CollectionView): Action[] {
  const { t } = ctx;
  const href = collectionHref(row.id);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (row.state === 'posted' && ctx.can(REVERSE_COLLECTIONS, row.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  return list;
}
