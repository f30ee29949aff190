import { type Ctx, documentHref } from '../../../platform/http';
import type { Action, Facts, Message, Table } from '../../../platform/views';
import type { ConsignmentDeviceView, ConsignmentView } from '../queries/consignment-page';
import type { DocumentEvent } from '../queries/document-timeline';
import { EDIT_CONSIGNMENTS } from '../use-cases/consignment-receipt';
import { REVERSE_CONSIGNMENTS } from '../use-cases/reverse-consignment';
import { consignedState, consignmentCrumbs, consignmentHref, consignmentState } from './consignment-words';
import { type DocumentPage, timelineOf } from './document.page';

export interface ConsignmentPageInput {
  document: ConsignmentView;
  devices: readonly ConsignmentDeviceView[];
  timeline: readonly DocumentEvent[];
  notices?: Message[];
}

/** Drafts are changed by who may, and sees their prices. */
export const editsConsignment = (ctx: Ctx, { state, storeId, money }: ConsignmentView): boolean =>
  state === 'draft' && money !== undefined && ctx.can(EDIT_CONSIGNMENTS, storeId);

export function consignmentPage(ctx: Ctx, input: ConsignmentPageInput): DocumentPage {
  const { t, f } = ctx;
  const { document, devices, timeline, notices = [] } = input;
  const edits = editsConsignment(ctx, document);
  const href = consignmentHref(document.id);
  return {
    head: {
      crumbs: consignmentCrumbs(ctx),
      title: document.number,
      state: consignmentState(ctx, document.state, true),
      say: `${t(`purchasing:consignment.kind.${document.kind}`)} · ${document.supplierName} · ${document.place}`,
      actions: actions(ctx, document, edits),
    },
    notices: [
      ...notices,
      ...(document.state === 'reversed'
        ? [
            {
              tone: 'hold' as const,
              title: t('purchasing:consignment.wasReversed', { number: document.reversalNumber ?? '' }),
            },
          ]
        : []),
    ],
    scan: null,
    tables: [
      {
        id: 'lines',
        title: t('purchasing:consignment.devices'),
        say: t('purchasing:consignment.devicesSay', { count: devices.length }),
        links:
          edits && devices.length > 0
            ? [{ label: t('purchasing:consignment.remove'), href: `${href}/removal/new` }]
            : [],
        table: devicesTable(ctx, document, devices),
        empty: { title: t('purchasing:consignment.noDevices'), text: t('purchasing:consignment.noDevicesHint') },
      },
    ],
    addLine: null,
    facts: factsOf(ctx, document),
    editHref: null,
    money: document.money
      ? {
          money: true,
          facts: [
            {
              label: t('purchasing:receipt.net'),
              value: f.money(document.money.grossFen - document.money.taxFen),
            },
            { label: t('purchasing:receipt.tax'), value: f.money(document.money.taxFen) },
            { label: t('purchasing:consignment.gross'), value: f.money(document.money.grossFen), strong: true },
          ],
        }
      : null,
    related: { documents: [] },
    timeline: timelineOf(ctx, 'purchasing:consignment.timeline', timeline),
  };
}

function factsOf({ t, f }: Ctx, document: ConsignmentView): Facts {
  const { invoiceNumber, dueOn, untilOn, note } = document;
  return {
    facts: [
      { label: t('purchasing:consignment.kindLabel'), value: t(`purchasing:consignment.kind.${document.kind}`) },
      { label: t('purchasing:receipt.supplier'), value: document.supplierName },
      {
        label: t(document.kind === 'receipt' ? 'purchasing:receipt.place' : 'purchasing:receipt.store'),
        value: document.place,
      },
      { label: t('purchasing:receipt.businessDate'), value: f.date(document.businessDate) },
      ...(untilOn ? [{ label: t('purchasing:consignment.untilOn'), value: f.date(untilOn) }] : []),
      ...(dueOn ? [{ label: t('purchasing:consignment.dueOn'), value: f.date(dueOn) }] : []),
      ...(invoiceNumber ? [{ label: t('purchasing:consignment.invoiceNumber'), value: invoiceNumber }] : []),
      { label: t('purchasing:return.by'), value: document.createdByName },
      ...(note ? [{ label: t('purchasing:receipt.note'), value: note }] : []),
    ],
  };
}

function actions(ctx: Ctx, document: ConsignmentView, edits: boolean): Action[] {
  const { t, f } = ctx;
  const href = consignmentHref(document.id);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
    {
      label: t('common:action.exportExcel'),
      href: `${href}/devices.xlsx`,
      icon: 'file-spreadsheet',
      look: 'quiet',
      wideOnly: true,
    },
  ];
  if (document.state === 'posted' && ctx.can(REVERSE_CONSIGNMENTS, document.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  if (!edits) return list;
  list.push(
    { label: t('common:action.delete'), href: `${href}/deletion`, look: 'quiet', icon: 'trash', confirm: true },
    { label: t('purchasing:consignment.add'), href: `${href}/devices/new`, icon: 'plus', look: 'quiet' },
  );
  if (document.devices > 0)
    list.push({
      label: t('purchasing:consignment.post', { count: f.number(document.devices) }),
      href: `${href}/posting`,
      icon: 'check',
      look: 'primary',
      confirm: true,
    });
  return list;
}

function devicesTable(ctx: Ctx, document: ConsignmentView, devices: readonly ConsignmentDeviceView[]): Table {
  const { t, f } = ctx;
  const seesCost = document.money !== undefined;
  const seesDevice = ctx.can('inventory.device.view');
  const receipt = document.kind === 'receipt';
  return {
    id: 'consignment-devices',
    caption: t('purchasing:consignment.devices'),
    columns: [
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      { key: 'number', label: t('purchasing:consigned.number'), card: 'full' },
      { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
      { key: 'source', label: t('purchasing:consigned.source'), card: 'full' },
      ...(seesCost
        ? [{ key: 'price', label: t('purchasing:consignment.price'), num: true, card: 'number' as const }]
        : []),
    ],
    rows: devices.map((one) => ({
      id: one.id,
      label: one.mainNumber,
      cells: [
        {
          text: one.skuName,
          sub: one.skuCode,
          strong: true,
          ...(seesDevice && one.deviceId !== null ? { href: `/inventory/devices/${one.deviceId}` } : {}),
        },
        { imei: one.mainNumber },
        { state: consignedState(ctx, one.state) },
        (!receipt || one.state !== 'here') && one.sourceType !== null && one.sourceId !== null
          ? {
              text: one.sourceNumber ?? '',
              href: documentHref(one.sourceType, one.sourceId),
              sub: one.sourceOn === null ? '' : f.date(one.sourceOn),
            }
          : '',
        ...(seesCost
          ? [
              one.priceFen === one.agreedFen
                ? f.money(one.priceFen)
                : {
                    text: f.money(one.priceFen),
                    sub: t('purchasing:consignment.agreedAt', { price: f.money(one.agreedFen) }),
                  },
            ]
          : []),
      ],
    })),
  };
}
