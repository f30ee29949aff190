import type { Ctx } from '../../../platform/http';
import {
  type Action,
  type Cell,
  type Facts,
  type Message,
  type PageHead,
  stateLabel,
  type Table,
  type Timeline,
} from '../../../platform/views';
import type { ConsignmentDeviceView, ConsignmentEvent, ConsignmentView } from '../queries/consignment-page';
import { VIEW_SETTLEMENTS } from '../queries/settlement-list';
import { CONSIGN, REVERSE_CONSIGNMENTS } from '../use-cases/consign-devices';
import { SETTLE } from '../use-cases/settle-consignment';
import { settlementHref, SETTLEMENTS } from './settlement-words';
import { consignmentHref, CONSIGNMENTS, consignmentState, lateDays } from './consignment-words';

export interface ConsignmentPage {
  head: PageHead;
  notices: Message[];
  devices: Table;
  facts: Facts;
  timeline: Timeline;
}

export interface ConsignmentPageInput {
  row: ConsignmentView;
  devices: readonly ConsignmentDeviceView[];
  timeline: readonly ConsignmentEvent[];
  notices?: Message[];
}

export function consignmentPage(
  ctx: Ctx,
  { row, devices, timeline, notices = [] }: ConsignmentPageInput,
): ConsignmentPage {
  const { t, f } = ctx;
  const late = lateDays(row, ctx.today);
  return {
    head: {
      crumbs: [{ label: t('sales:consignment.list'), href: CONSIGNMENTS }],
      title: row.number,
      state: consignmentState(ctx, row.state, true),
      say: `${row.partner} · ${row.place}`,
      actions: actions(ctx, row),
    },
    notices: [
      ...notices,
      ...(late > 0
        ? [
            {
              tone: 'hold' as const,
              title: t('sales:consignment.isLate', { count: late, open: f.number(row.stillOut) }),
            },
          ]
        : []),
      ...(row.state === 'reversed'
        ? [{ tone: 'hold' as const, title: t('sales:consignment.wasReversed', { number: row.reversalNumber ?? '' }) }]
        : []),
    ],
    devices: devicesTable(ctx, row, devices),
    facts: { facts: factsOf(ctx, row, late) },
    timeline: {
      entries: timeline.map(({ who, what, at, detail }, index) => ({
        who,
        what: t(`sales:consignment.timeline.${what}`, {
          count: f.number(Number(detail['devices'] ?? 0)),
          number: String(detail['settlement'] ?? ''),
        }),
        at: f.dateTime(at),
        now: index === 0,
      })),
    },
  };
}

function factsOf(ctx: Ctx, row: ConsignmentView, late: number): Facts['facts'] {
  const { t, f } = ctx;
  return [
    {
      label: t('sales:consignment.partner'),
      value: row.partner,
      ...(ctx.can('crm.customer.view') ? { href: `/crm/customers/${row.customerId}` } : {}),
    },
    { label: t('sales:consignment.place'), value: row.place },
    { label: t('sales:consignment.givenOn'), value: f.date(row.businessDate) },
    {
      label: t('sales:consignment.dueOn'),
      value: f.date(row.dueOn),
      ...(late > 0 ? { sub: t('sales:consignment.late', { count: late }), tone: 'bad' as const } : {}),
    },
    { label: t('sales:consignment.open'), value: `${f.number(row.stillOut)} / ${f.number(row.devices)}` },
    { label: t('sales:consignment.amount'), value: f.money(row.amountFen) },
    { label: t('sales:consignment.openAmount'), value: f.money(row.openFen) },
    ...(row.openCostFen === undefined
      ? []
      : [{ label: t('sales:consignment.openCost'), value: f.money(row.openCostFen) }]),
    { label: t('sales:consignment.by'), value: row.createdByName },
    ...(row.note ? [{ label: t('sales:sale.note'), value: row.note }] : []),
  ];
}

function actions(ctx: Ctx, row: ConsignmentView): Action[] {
  const { t } = ctx;
  const href = consignmentHref(row.id);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (row.state !== 'out') return list;
  if (row.stillOut === row.devices && ctx.can(REVERSE_CONSIGNMENTS, row.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  if (ctx.can(CONSIGN, row.storeId))
    list.push({ label: t('sales:consignment.takeBack'), href: `${href}/returns/new`, icon: 'truck-return' });
  if (ctx.can(SETTLE, row.storeId))
    list.push({
      label: t('sales:settlement.settle'),
      href: `${SETTLEMENTS}/new?consignment=${row.id}`,
      icon: 'receipt',
      look: 'primary',
    });
  return list;
}

function devicesTable(ctx: Ctx, row: ConsignmentView, devices: readonly ConsignmentDeviceView[]): Table {
  const { t, f } = ctx;
  const seesDevice = ctx.can('inventory.device.view');
  return {
    id: 'consigned-devices',
    caption: t('common:document.lines'),
    columns: [
      { key: 'product', label: t('sales:sale.product'), card: 'title' },
      { key: 'number', label: t('sales:consignment.imei'), card: 'full' },
      { key: 'price', label: t('sales:consignment.price'), num: true, card: 'number' },
      { key: 'state', label: t('sales:sale.state'), card: 'state' },
      { key: 'sold', label: t('sales:consignment.soldFor'), num: true, card: 'number' },
      { key: 'back', label: t('sales:consignment.backOn'), card: 'number' },
    ],
    rows: devices.map((one) => ({
      id: one.id,
      label: one.mainNumber,
      cells: [
        {
          text: one.skuName,
          sub: one.skuCode,
          strong: true,
          ...(seesDevice ? { href: `/inventory/devices/${one.deviceId}` } : {}),
        },
        { imei: one.mainNumber },
        f.money(one.priceFen),
        stateCell(ctx, row, one),
        soldCell(ctx, row, one),
        one.returnedOn === null ? '' : f.date(one.returnedOn),
      ],
    })),
  };
}

function stateCell(ctx: Ctx, { state }: ConsignmentView, one: ConsignmentDeviceView): Cell {
  const { t } = ctx;
  if (one.settlementId !== null) return { state: stateLabel(t, 'sold') };
  if (one.returnBucket !== null)
    return { state: stateLabel(t, one.returnBucket === 'in_transit' ? 'inTransit' : one.returnBucket) };
  return { state: consignmentState(ctx, state === 'reversed' ? 'reversed' : 'out') };
}

function soldCell(ctx: Ctx, { storeId }: ConsignmentView, { soldFen, settlementId }: ConsignmentDeviceView): Cell {
  if (soldFen === null || settlementId === null) return '';
  const text = ctx.f.money(soldFen);
  return ctx.can(VIEW_SETTLEMENTS, storeId) ? { text, href: settlementHref(settlementId) } : text;
}
