import type { Ctx } from '../../../platform/http';
import type { Action, Facts, Message, PageHead, Table, Timeline } from '../../../platform/views';
import type { ConsignmentEvent } from '../queries/consignment-page';
import type { SettledDevice, SettlementView } from '../queries/settlement-page';
import { VIEW_CONSIGNMENTS } from '../queries/consignment-list';
import { COLLECT } from '../queries/receivables';
import { REVERSE_SETTLEMENTS } from '../use-cases/reverse-settlement';
import { consignmentHref } from './consignment-words';
import { COLLECTIONS, settlementHref, SETTLEMENTS, settlementState } from './settlement-words';

export interface SettlementPage {
  head: PageHead;
  notices: Message[];
  devices: Table;
  facts: Facts;
  money: Facts;
  timeline: Timeline;
}

export interface SettlementPageInput {
  row: SettlementView;
  devices: readonly SettledDevice[];
  timeline: readonly ConsignmentEvent[];
  notices?: Message[];
}

export function settlementPage(
  ctx: Ctx,
  { row, devices, timeline, notices = [] }: SettlementPageInput,
): SettlementPage {
  const { t, f } = ctx;
  return {
    head: {
      crumbs: [{ label: t('sales:settlement.list'), href: SETTLEMENTS }],
      title: row.number,
      state: settlementState(ctx, row.state, true),
      say: `${row.partner} · ${row.storeName}`,
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
    devices: devicesTable(ctx, row, devices),
    facts: { facts: factsOf(ctx, row) },
    money: moneyOf(ctx, row),
    timeline: {
      entries: timeline.map(({ who, what, at, detail }, index) => ({
        who,
        what: t(`sales:settlement.timeline.${what}`, { count: f.number(Number(detail['devices'] ?? 0)) }),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

/** 红冲 is possible on the day itself, while nothing came back. */
const mayReverse = (ctx: Ctx, row: SettlementView): boolean =>
  row.state === 'posted' &&
  !row.returned &&
  row.businessDate === ctx.today &&
  ctx.can(REVERSE_SETTLEMENTS, row.storeId);

function actions(ctx: Ctx, row: SettlementView): Action[] {
  const { t } = ctx;
  const href = settlementHref(row.id);
  const list: Action[] = [
    { label: t('sales:settlement.exportDevices'), href: `${href}/devices.xlsx`, icon: 'download', look: 'quiet' },
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (mayReverse(ctx, row))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  if (row.state === 'posted' && ctx.can('sales.sale.return', row.storeId))
    list.push({ label: t('sales:return.create'), href: `/sales/sales/${row.saleId}/return`, icon: 'receipt-refund' });
  if (row.openFen > 0 && ctx.can(COLLECT, row.storeId))
    list.push({
      label: t('sales:collection.collect'),
      href: `${COLLECTIONS}/new?customer=${row.customerId}&sale=${row.saleId}`,
      icon: 'cash',
      look: 'primary',
    });
  return list;
}

function factsOf(ctx: Ctx, row: SettlementView): Facts['facts'] {
  const { t, f } = ctx;
  const late = row.state === 'posted' && row.openFen > 0 && row.dueOn < ctx.today;
  return [
    {
      label: t('sales:consignment.partner'),
      value: row.partner,
      ...(ctx.can('crm.customer.view') ? { href: `/crm/customers/${row.customerId}` } : {}),
    },
    { label: t('sales:sale.store'), value: row.storeName },
    { label: t('sales:settlement.settledOn'), value: f.date(row.businessDate) },
    {
      label: t('sales:settlement.dueOn'),
      value: f.date(row.dueOn),
      ...(late ? { sub: t('sales:settlement.late'), tone: 'bad' as const } : {}),
    },
    ...(row.reference ? [{ label: t('sales:settlement.reference'), value: row.reference }] : []),
    {
      label: t('sales:settlement.sale'),
      value: row.number,
      ...(ctx.can('sales.sale.view', row.storeId) ? { href: `/sales/sales/${row.saleId}` } : {}),
    },
    { label: t('sales:consignment.by'), value: row.createdByName },
    ...(row.note ? [{ label: t('sales:sale.note'), value: row.note }] : []),
  ];
}

function moneyOf({ t, f }: Ctx, row: SettlementView): Facts {
  return {
    money: true,
    facts: [
      { label: t('sales:settlement.amount'), value: f.moneyYuan(row.amountFen), strong: true },
      { label: t('sales:sale.net'), value: f.money(row.netFen), muted: true },
      { label: t('sales:sale.tax'), value: f.money(row.taxFen), muted: true },
      ...(row.commissionFen === 0
        ? []
        : [{ label: t('sales:settlement.commission'), value: f.money(0 - row.commissionFen) }]),
      { label: t('sales:settlement.due'), value: f.money(row.amountFen - row.commissionFen) },
      { label: t('sales:settlement.open'), value: f.money(row.openFen), strong: true },
      ...(row.costFen === undefined
        ? []
        : [
            { label: t('sales:sale.cost'), value: f.money(row.costFen) },
            { label: t('sales:sale.margin'), value: f.money(row.netFen - row.costFen), strong: true },
          ]),
    ],
  };
}

function devicesTable(ctx: Ctx, row: SettlementView, devices: readonly SettledDevice[]): Table {
  const { t, f } = ctx;
  const withCost = row.costFen !== undefined;
  const seesDevice = ctx.can('inventory.device.view');
  const seesOrigin = ctx.can(VIEW_CONSIGNMENTS, row.storeId);
  return {
    id: 'settled-devices',
    caption: t('common:document.lines'),
    columns: [
      { key: 'product', label: t('sales:sale.product'), card: 'title' },
      { key: 'number', label: t('sales:consignment.imei'), card: 'full' },
      { key: 'from', label: t('sales:consignment.one'), card: 'full' },
      { key: 'agreed', label: t('sales:consignment.price'), num: true, card: 'number' },
      { key: 'sold', label: t('sales:consignment.soldFor'), num: true, card: 'number' },
      ...(withCost
        ? [
            { key: 'cost', label: t('sales:sale.cost'), num: true, card: 'hide' as const },
            { key: 'margin', label: t('sales:sale.margin'), num: true, card: 'number' as const },
          ]
        : []),
    ],
    rows: devices.map((one) => ({
      id: one.id,
      label: one.mainNumber,
      cells: [
        {
          text: one.skuName,
          sub: [
            one.skuCode,
            ...(one.returned > 0 ? [t('sales:sale.returnedPieces', { count: one.returned })] : []),
          ].join(' · '),
          strong: true,
          ...(seesDevice ? { href: `/inventory/devices/${one.deviceId}` } : {}),
        },
        { imei: one.mainNumber },
        {
          text: one.consignmentNumber ?? '',
          ...(seesOrigin && one.consignmentId !== null ? { href: consignmentHref(one.consignmentId) } : {}),
        },
        one.agreedFen === null ? '' : f.money(one.agreedFen),
        { text: f.money(one.soldFen), strong: true },
        ...(withCost ? [f.money(one.costFen ?? 0), f.money(one.netFen - (one.costFen ?? 0))] : []),
      ],
    })),
  };
}
