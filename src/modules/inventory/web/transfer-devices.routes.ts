import { formatImei } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import { exportAction, exportReply, listHref, type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import type { StatusLabel, Table } from '../../../platform/views';
import { getCompany } from '../../organization';
import { transferDeviceList, transferDeviceRows, type TransferDeviceView } from '../queries/transfer-devices';
import { transferView, type TransferView } from '../queries/transfer-page';
import { takeOffTransfer } from '../use-cases/scan-into-transfer';
import { showTransfer } from './show-transfer';
import { messageOf, transferHref } from './transfer-fields';
import { scansNow } from './transfer-parts';

const view = { permission: 'inventory.transfer.view' };
const BASE = '/inventory/transfers/:id';

export const transferDeviceRoutes: readonly Route[] = [
  { method: 'get', path: `${BASE}/devices`, access: view, handler: list },
  { method: 'get', path: `${BASE}/devices.xlsx`, access: view, handler: exportList },
  { method: 'post', path: `${BASE}/devices/removal`, access: view, handler: takeOff },
  { method: 'get', path: `${BASE}/print`, access: view, handler: print },
];

async function list(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const query = readListQuery(transferDeviceList(transfer.id), ctx.query);
  const found = pageOf(query, await transferDeviceRows(ctx.read, transfer.id, query));
  const href = transferHref(transfer.id);
  const removes = scansNow(ctx, transfer);
  const { line, state, q } = query.filters;
  const shown = transfer.sentAt === null ? [] : ['missing', 'arrived', 'received', 'returned', 'lost'];
  const title = t('inventory:transfer.device.title', { number: transfer.number });
  const model = {
    head: {
      title,
      crumbs: [
        { label: t('inventory:transfer.title'), href: '/inventory/transfers' },
        { label: transfer.number, href },
      ],
      actions: [exportAction(ctx, query)],
    },
    list: {
      ...(shown.length > 0
        ? {
            tabs: {
              label: t('common:list.views'),
              tabs: [null, ...shown].map((one) => ({
                label: t(one ? `inventory:transfer.device.${one}` : 'inventory:transfer.all'),
                href: listHref(query, { state: one }),
                current: (state ?? null) === one,
              })),
            },
          }
        : {}),
      filters: {
        action: `${href}/devices`,
        text: { name: 'q', value: q ?? '', label: t('inventory:transfer.device.find') },
        keep: { ...(line ? { line } : {}), ...(state ? { state } : {}) },
        chips: line
          ? [{ label: t('inventory:transfer.device.line', { line }), removeHref: listHref(query, { line: null }) }]
          : [],
      },
      ...(removes
        ? {
            batch: {
              actions: [
                {
                  label: t(
                    transfer.state === 'sent'
                      ? 'inventory:transfer.device.notHere'
                      : 'inventory:transfer.device.remove',
                  ),
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
      empty: { title: t('inventory:transfer.device.empty'), text: t('inventory:transfer.device.emptyHint') },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: `${href}/devices`,
    },
  };
  return page('inventory/transfer-list', title, model);
}

/** Where the device of a transfer is; what was scanned at arrival is told apart from what is missing. */
function deviceState({ t }: Pick<Ctx, 't'>, row: TransferDeviceView): StatusLabel {
  const { state, arrivedAt, damaged } = row;
  const name = state === 'sent' ? (arrivedAt === null ? 'missing' : 'arrived') : state;
  const tones = {
    picked: 'hold',
    missing: 'way',
    arrived: 'ok',
    received: 'gone',
    returned: 'gone',
    lost: 'bad',
  } as const;
  if (damaged && (name === 'arrived' || name === 'received'))
    return { tone: 'bad', text: t('inventory:transfer.device.damaged') };
  return { tone: tones[name], text: t(`inventory:transfer.device.${name}`) };
}

function deviceTable(ctx: Ctx, rows: readonly TransferDeviceView[], removes: boolean): Table {
  const { t, f } = ctx;
  return {
    id: 'transfer-devices',
    caption: t('inventory:transfer.devices'),
    ...(removes ? { pick: { name: 'device' } } : {}),
    sticky: true,
    columns: [
      { key: 'seq', label: '#', card: 'hide' },
      { key: 'number', label: t('inventory:device.imei'), card: 'title' },
      { key: 'product', label: t('inventory:device.product'), card: 'full' },
      { key: 'state', label: t('inventory:device.state'), card: 'state' },
      { key: 'picked', label: t('inventory:transfer.device.pickedBy'), card: 'number' },
      { key: 'arrived', label: t('inventory:transfer.device.arrivedBy'), card: 'number' },
    ],
    rows: rows.map((row) => ({
      id: row.id,
      label: row.mainNumber,
      cells: [
        { text: String(row.seq), muted: true },
        { imei: row.mainNumber, href: `/inventory/devices/${row.deviceId}` },
        {
          text: row.skuName,
          sub: [row.skuCode, row.bucket !== 'sellable' && t(`inventory:bucket.${row.bucket}`)]
            .filter(Boolean)
            .join(' · '),
        },
        { state: deviceState(ctx, row) },
        { text: row.pickedByName, sub: f.dateTime(row.pickedAt) },
        row.arrivedAt === null ? null : { text: row.arrivedByName ?? '', sub: f.dateTime(row.arrivedAt) },
      ],
    })),
  };
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  return exportReply(ctx, {
    name: `${transfer.number.replaceAll('/', '-')}-${t('inventory:transfer.devices')}`,
    sheet: t('inventory:transfer.devices'),
    columns: [
      { header: '#', type: 'integer' },
      { header: t('inventory:device.imei'), type: 'text', width: 18 },
      { header: t('inventory:device.sku'), type: 'text' },
      { header: t('inventory:device.product'), type: 'text', width: 36 },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:transfer.device.pickedBy'), type: 'text' },
      { header: t('inventory:transfer.device.arrivedBy'), type: 'text' },
      { header: t('inventory:transfer.device.arrivedAt'), type: 'datetime' },
    ],
    query: readListQuery(transferDeviceList(transfer.id), ctx.query),
    load: (query) => transferDeviceRows(ctx.read, transfer.id, query),
    toRow: (row) => [
      row.seq,
      row.mainNumber,
      row.skuCode,
      row.skuName,
      deviceState(ctx, row).text,
      row.pickedByName,
      row.arrivedByName,
      row.arrivedAt,
    ],
  });
}

async function takeOff(ctx: Ctx): Promise<Reply> {
  const transferId = ctx.id();
  const picked = ctx.body['device'];
  const rowIds = (Array.isArray(picked) ? picked : [picked])
    .map(Number)
    .filter((id) => Number.isSafeInteger(id) && id > 0);
  try {
    const { devices } = await takeOffTransfer(ctx.uow, ctx.actor, { transferId, rowIds });
    const text = ctx.t('inventory:transfer.device.removed', { count: devices });
    return redirect(`${transferHref(transferId)}/devices`, { kind: 'ok', text });
  } catch (error) {
    const { status, title, items } = messageOf(ctx, error);
    return showTransfer(ctx, transferId, { status, notices: [{ tone: 'bad', title, items }] });
  }
}

/** Every device of a transfer, page by page. */
async function allDevices(ctx: Ctx, transferId: number): Promise<TransferDeviceView[]> {
  const all: TransferDeviceView[] = [];
  let query: ListQuery = { ...readListQuery(transferDeviceList(transferId), {}), size: 1000 };
  for (;;) {
    const rows = await transferDeviceRows(ctx.read, transferId, query);
    all.push(...rows.slice(0, query.size));
    const last = rows[query.size - 1];
    if (rows.length <= query.size || !last) return all;
    query = { ...query, after: { value: last.sortValue, id: last.id } };
  }
}

/** The sheet that travels with the goods. */
async function print(ctx: Ctx): Promise<Reply> {
  const transfer = await transferView(ctx.read, ctx.actor, ctx.id());
  const devices = await allDevices(ctx, transfer.id);
  const company = await getCompany(ctx.read);
  const model = printPage(ctx, transfer, devices, company?.name ?? ctx.t('common:product'));
  return page('inventory/transfer-print', transfer.number, model, { layout: 'print' });
}

function printPage(ctx: Ctx, transfer: TransferView, devices: readonly TransferDeviceView[], company: string) {
  const { t, f } = ctx;
  const byLine = Map.groupBy(devices, ({ lineNo }) => lineNo);
  const left = transfer.sentAt !== null;
  const picture = code128Svg(transfer.number, { text: false, heightMm: 8 });
  return {
    paper: 'a4',
    backHref: transferHref(transfer.id),
    sheet: {
      company,
      title: t('inventory:transfer.one'),
      number: transfer.number,
      code: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
      facts: [
        { label: t('inventory:transfer.fromPlace'), value: transfer.fromPlace },
        { label: t('inventory:transfer.toPlace'), value: transfer.toPlace },
        { label: t('inventory:transfer.businessDate'), value: f.date(transfer.businessDate) },
        { label: t('inventory:transfer.expectedOn'), value: f.date(transfer.expectedOn) },
        { label: t('inventory:device.state'), value: t(`inventory:transfer.state.${transfer.state}`) },
        { label: t('inventory:transfer.sentAt'), value: transfer.sentAt === null ? '' : f.dateTime(transfer.sentAt) },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('inventory:device.product'), num: false },
      { label: t('inventory:device.sku'), num: false },
      { label: t('inventory:transfer.wanted'), num: true },
      { label: t(left ? 'inventory:transfer.sent' : 'inventory:transfer.picked'), num: true },
      ...(left ? [{ label: t('inventory:transfer.received'), num: true }] : []),
    ],
    rows: transfer.lines.map((line) => ({
      cells: [
        String(line.lineNo),
        line.skuName,
        line.skuCode,
        f.number(line.quantity),
        f.number(left ? line.sent : line.picked),
        ...(left ? [f.number(line.received)] : []),
      ],
      numbers: (byLine.get(line.lineNo) ?? []).map(({ mainNumber }) => formatImei(mainNumber)),
    })),
    note: transfer.note,
    signatures: [
      t('inventory:transfer.print.sender'),
      t('inventory:transfer.print.carrier'),
      t('inventory:transfer.print.receiver'),
    ],
  };
}
