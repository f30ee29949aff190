import { formatImei } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
import { type Ctx, documentHref, page, redirect, type Reply, type Route } from '../../../platform/http';
import { exportAction, exportReply, listHref, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import { getCompany } from '../../organization';
import type { Facts, Table } from '../../../platform/views';
import { receiptDeviceList, receiptDeviceRows, type ReceiptDeviceView } from '../queries/receipt-devices';
import { receiptView, type ReceiptView } from '../queries/receipt-page';
import { removeReceiptDevices } from '../use-cases/remove-from-receipt';
import { receiptHref } from './receipt-parts';
import { messageOf } from './confirm-page';
import { showReceipt } from './show-receipt';

const view = { permission: 'purchasing.receipt.view' };
const edit = { permission: 'purchasing.receipt.edit' };
const BASE = '/purchasing/receipts/:id';

export const receiptDeviceRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/devices`, access: view, handler: list },
  { method: 'get', path: `${BASE}/devices.xlsx`, access: view, handler: exportList },
  { method: 'post', path: `${BASE}/devices/removal`, access: edit, handler: remove },
  { method: 'get', path: `${BASE}/labels`, access: view, handler: labels },
  { method: 'get', path: `${BASE}/print`, access: view, handler: print },
];

async function list(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  const query = readListQuery(receiptDeviceList(receipt.id), ctx.query);
  const found = pageOf(query, await receiptDeviceRows(ctx.read, ctx.actor, receipt.id, query));
  const href = receiptHref(receipt.id);
  const removes = receipt.state === 'draft' && ctx.can('purchasing.receipt.edit', receipt.storeId);
  const { line, q } = query.filters;
  const chip = line
    ? [{ label: t('purchasing:device.line', { line }), removeHref: listHref(query, { line: null }) }]
    : [];
  const model = {
    head: {
      title: t('purchasing:device.title', { number: receipt.number }),
      crumbs: [
        { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
        { label: receipt.number, href },
      ],
      say: t('purchasing:device.say', { count: f.number(receipt.received) }),
      actions: [
        exportAction(ctx, query),
        { label: t('purchasing:receipt.labels'), href: `${href}/labels`, icon: 'barcode' as const },
      ],
    },
    list: {
      filters: {
        action: `${href}/devices`,
        text: { name: 'q', value: q ?? '', label: t('purchasing:device.find') },
        keep: line ? { line } : {},
        chips: chip,
      },
      ...(removes
        ? {
            batch: {
              actions: [
                {
                  label: t('purchasing:device.remove'),
                  href: `${href}/devices/removal`,
                  icon: 'trash' as const,
                  look: 'danger' as const,
                },
              ],
            },
          }
        : {}),
      table: deviceTable(ctx, found.rows, removes),
      pager: {
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('purchasing:device.empty'), text: t('purchasing:device.emptyHint') },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: `${href}/devices`,
    },
  };
  return page('purchasing/devices', receipt.number, model);
}

function deviceTable(ctx: Ctx, rows: readonly ReceiptDeviceView[], removes: boolean): Table {
  const { t, f } = ctx;
  return {
    id: 'receipt-devices',
    caption: t('purchasing:receipt.devices'),
    ...(removes ? { pick: { name: 'device' } } : {}),
    sticky: true,
    columns: [
      { key: 'seq', label: '#', card: 'hide' },
      { key: 'number', label: t('purchasing:device.number'), card: 'title' },
      { key: 'second', label: t('purchasing:device.second'), card: 'full' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'full' },
      { key: 'state', label: t('purchasing:device.check'), card: 'state' },
      { key: 'who', label: t('purchasing:device.scannedBy'), card: 'number' },
    ],
    rows: rows.map((row) => ({
      id: row.id,
      label: row.mainNumber,
      cells: [
        { text: String(row.seq), muted: true },
        {
          imei: row.mainNumber,
          ...(row.deviceId === null ? {} : { href: documentHref('inventory.device', row.deviceId) }),
        },
        secondNumbers(row),
        { text: row.skuName, sub: [row.skuCode, boxWords(ctx, row)].filter(Boolean).join(' · ') },
        row.checkOverride
          ? { state: { tone: 'hold', text: t('purchasing:device.override') } }
          : { state: { tone: 'ok', text: t('common:state.correct') } },
        { text: row.addedByName, sub: f.dateTime(row.addedAt) },
      ],
    })),
  };
}

const boxWords = ({ t }: Ctx, { boxNo }: ReceiptDeviceView): string =>
  boxNo === null ? '' : t('purchasing:packing.box', { box: boxNo });

const secondNumbers = (row: ReceiptDeviceView): string =>
  [
    row.imei2 && formatImei(row.imei2),
    row.meid !== row.mainNumber && row.meid,
    row.sn !== row.mainNumber && row.sn && `SN ${row.sn}`,
  ]
    .filter(Boolean)
    .join('，');

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  return exportReply(ctx, {
    name: `${receipt.number}-${t('purchasing:receipt.devices')}`,
    sheet: receipt.number,
    columns: [
      { header: '#', type: 'integer' },
      { header: 'IMEI1', type: 'text', width: 18 },
      { header: 'IMEI2', type: 'text', width: 18 },
      { header: 'MEID', type: 'text' },
      { header: 'SN', type: 'text' },
      { header: t('purchasing:packing.column.box'), type: 'text' },
      { header: t('purchasing:line.code'), type: 'text' },
      { header: t('purchasing:receipt.product'), type: 'text', width: 36 },
      { header: t('purchasing:device.scannedBy'), type: 'text' },
      { header: t('purchasing:device.scannedAt'), type: 'datetime' },
    ],
    query: readListQuery(receiptDeviceList(receipt.id), ctx.query),
    load: (query) => receiptDeviceRows(ctx.read, ctx.actor, receipt.id, query),
    toRow: (row) => [
      row.seq,
      row.imei1,
      row.imei2,
      row.meid,
      row.sn,
      row.boxNo,
      row.skuCode,
      row.skuName,
      row.addedByName,
      row.addedAt,
    ],
  });
}

async function remove(ctx: Ctx): Promise<Reply> {
  const receiptId = ctx.id();
  const picked = ctx.body['device'];
  const ids = (Array.isArray(picked) ? picked : [picked])
    .map(Number)
    .filter((id) => Number.isSafeInteger(id) && id > 0);
  try {
    const { devices } = await removeReceiptDevices(ctx.uow, ctx.actor, { receiptId, deviceIds: ids });
    const text = ctx.t('purchasing:device.removed', { count: devices });
    return redirect(`${receiptHref(receiptId)}/devices`, { kind: 'ok', text });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showReceipt(ctx, receiptId, { status, notices: [{ tone: 'bad', title, items }] });
  }
}

/** Every device of a receipt, page by page. */
async function allDevices(ctx: Ctx, receiptId: number): Promise<ReceiptDeviceView[]> {
  const all: ReceiptDeviceView[] = [];
  let query: ListQuery = { ...readListQuery(receiptDeviceList(receiptId), { line: ctx.query['line'] }), size: 1000 };
  for (;;) {
    const rows = await receiptDeviceRows(ctx.read, ctx.actor, receiptId, query);
    all.push(...rows.slice(0, query.size));
    const last = rows[query.size - 1];
    if (rows.length <= query.size || !last) return all;
    query = { ...query, after: { value: last.sortValue, id: last.id } };
  }
}

/** A label for each device: a sheet of 3 × 8, or single labels of 50 × 30 mm (?size=roll). */
async function labels(ctx: Ctx): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  const devices = await allDevices(ctx, receipt.id);
  const roll = ctx.query['size'] === 'roll';
  const model = {
    paper: roll ? 'label-50' : 'labels',
    backHref: receiptHref(receipt.id),
    otherHref: `${receiptHref(receipt.id)}/labels${roll ? '' : '?size=roll'}`,
    otherLabel: ctx.t(roll ? 'purchasing:device.sheet' : 'purchasing:device.roll'),
    labels: devices.map((device) => ({
      name: device.skuName,
      number: formatImei(device.mainNumber),
      sn: device.sn === device.mainNumber ? null : device.sn,
      code: barcodePicture(device.mainNumber),
    })),
  };
  const title = ctx.t('purchasing:device.labelsTitle', { number: receipt.number, count: ctx.f.number(devices.length) });
  return page('purchasing/labels', title, model, { layout: 'print' });
}

/** In the page itself: a thousand labels are not a thousand requests. */
function barcodePicture(text: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(code128Svg(text, { text: false, heightMm: 8 })).toString('base64')}`;
}

async function print(ctx: Ctx): Promise<Reply> {
  const receipt = await receiptView(ctx.read, ctx.actor, ctx.id());
  const devices = await allDevices(ctx, receipt.id);
  const company = await getCompany(ctx.read);
  const model = printPage(ctx, receipt, devices, company?.name ?? ctx.t('common:product'));
  return page('purchasing/print', receipt.number, model, { layout: 'print' });
}

function printPage(ctx: Ctx, receipt: ReceiptView, devices: readonly ReceiptDeviceView[], company: string) {
  const { t, f } = ctx;
  const money = receipt.money !== undefined;
  const byLine = new Map<number, string[]>();
  for (const { lineNo, mainNumber } of devices)
    byLine.set(lineNo, [...(byLine.get(lineNo) ?? []), formatImei(mainNumber)]);
  const totals: Facts = {
    money: true,
    facts: [
      { label: t('purchasing:receipt.received'), value: f.number(receipt.received) },
      ...(receipt.money
        ? [
            { label: t('purchasing:receipt.net'), value: f.money(receipt.money.netFen) },
            { label: t('purchasing:receipt.tax'), value: f.money(receipt.money.taxFen) },
            { label: t('purchasing:receipt.gross'), value: f.moneyYuan(receipt.money.grossFen), strong: true },
          ]
        : []),
    ],
  };
  return {
    paper: 'a4',
    backHref: receiptHref(receipt.id),
    sheet: {
      company,
      title: t('purchasing:receipt.one'),
      number: receipt.number,
      code: barcodePicture(receipt.number),
      facts: [
        { label: t('purchasing:receipt.supplier'), value: receipt.supplierName },
        { label: t('purchasing:receipt.businessDate'), value: f.date(receipt.businessDate) },
        { label: t('purchasing:receipt.place'), value: `${receipt.storeName} ${receipt.locationName}` },
        { label: t('purchasing:receipt.deliveryNote'), value: receipt.deliveryNote ?? '' },
        { label: t('purchasing:receipt.state'), value: t(`purchasing:receipt.tab.${receipt.state}`) },
        { label: t('purchasing:receipt.postedAt'), value: f.dateTime(receipt.postedAt) },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('purchasing:receipt.product'), num: false },
      { label: t('purchasing:line.code'), num: false },
      { label: t('purchasing:receipt.received'), num: true },
      ...(money
        ? [
            { label: t('purchasing:receipt.price'), num: true },
            { label: t('purchasing:receipt.amount'), num: true },
          ]
        : []),
    ],
    rows: receipt.lines.map((line) => ({
      cells: [
        String(line.lineNo),
        line.skuName,
        line.skuCode,
        f.number(line.received),
        ...(money ? [f.money(line.unitPriceFen), f.money(line.amountFen)] : []),
      ],
      numbers: byLine.get(line.lineNo) ?? [],
    })),
    totals,
    signatures: [t('purchasing:print.delivered'), t('purchasing:print.received'), t('purchasing:print.checked')],
  };
}
