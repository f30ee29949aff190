import { notFound } from '../../../kernel';
import { type Ctx, page, redirect, type Reply, type Route } from '../../../platform/http';
import { activeNumbers, type Identifier } from '../../../ledger';
import { exportReply, type ListQuery } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { ExportColumn } from '../../../platform/spreadsheet';
import { code128Svg } from '../../../platform/barcode';
import { listBrands, listCategories } from '../../catalog';
import { deviceStatus } from '../domain/device-status';
import { deviceList } from '../queries/device-list';
import { deviceSuppliers } from '../queries/device-suppliers';
import { devicePageData } from '../queries/device-page';
import { deviceGrades } from '../queries/device-grades';
import { latestTest } from '../queries/device-tests';
import { openingDocument } from '../queries/opening-stock';
import { stockList } from '../queries/stock-list';
import { reverseOpeningStock } from '../use-cases/reverse-opening-stock';
import { deviceListPage, type ListedDevice, withNumbersAndPrices } from './device-list.page';
import { usedWords } from './device-used.page';
import { devicePage } from './device.page';
import { deviceQuery, stockQuery, SUPPLIER_PERMISSION } from './filters';
import { openingListPage, openingPage, openingQuery } from './opening.page';
import { bucketStatus, stockListPage } from './stock-list.page';

const device = { permission: 'inventory.device.view' };
const stock = { permission: 'inventory.stock.view' };
const opening = { permission: 'inventory.opening.post' };

export const inventoryRoutes: readonly Route[] = [
  { method: 'get', path: '/inventory', access: device, handler: () => Promise.resolve(redirect('/inventory/devices')) },
  { method: 'get', path: '/inventory/devices', access: device, handler: showDevices },
  { method: 'get', path: '/inventory/devices.xlsx', access: device, handler: exportDevices },
  { method: 'get', path: '/inventory/devices/:id', access: device, handler: showDevice },
  { method: 'get', path: '/inventory/devices/:id/label', access: device, handler: showLabel },
  { method: 'get', path: '/inventory/devices/:id/barcode.svg', access: device, handler: showBarcode },
  { method: 'get', path: '/inventory/stock', access: stock, handler: showStock },
  { method: 'get', path: '/inventory/stock.xlsx', access: stock, handler: exportStock },
  { method: 'get', path: '/inventory/openings', access: opening, handler: showOpenings },
  { method: 'get', path: '/inventory/openings/:id', access: opening, handler: showOpening },
  { method: 'get', path: '/inventory/openings/:id/reversal', access: opening, handler: confirmReversal },
  { method: 'post', path: '/inventory/openings/:id/reversal', access: opening, handler: reverseOpening },
];

async function showDevices(ctx: Ctx): Promise<Reply> {
  const categories = await listCategories(ctx.read);
  const { query, filter } = deviceQuery(ctx, categories);
  const choices = {
    brands: await listBrands(ctx.read),
    categories,
    grades: (await deviceGrades(ctx.read)).map(({ name }) => name),
    suppliers: ctx.can(SUPPLIER_PERMISSION) ? await deviceSuppliers(ctx.read) : [],
  };
  return page(
    'inventory/device-list',
    ctx.t('inventory:device.list'),
    await deviceListPage(ctx, query, filter, choices),
  );
}

async function exportDevices(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter } = deviceQuery(ctx, await listCategories(ctx.read));
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  const columns: ExportColumn[] = [
    { header: t('inventory:device.product'), type: 'text' },
    { header: t('inventory:device.sku'), type: 'text' },
    { header: t('inventory:import.column.imei1'), type: 'text' },
    { header: t('inventory:import.column.imei2'), type: 'text' },
    { header: t('inventory:import.column.sn'), type: 'text' },
    { header: t('inventory:device.state'), type: 'text' },
    { header: t('inventory:device.grade'), type: 'text' },
    { header: t('inventory:device.battery'), type: 'integer' },
    { header: t('inventory:device.store'), type: 'text' },
    { header: t('inventory:device.location'), type: 'text' },
    { header: t('inventory:device.stocked'), type: 'date' },
    { header: t('inventory:device.age'), type: 'integer' },
    { header: t('inventory:device.ownership'), type: 'text' },
    ...(seesCost ? [{ header: t('inventory:device.cost'), type: 'money' as const }] : []),
    { header: t('inventory:device.price'), type: 'money' },
  ];
  return exportReply<ListedDevice & { numbers: readonly (string | null)[] }>(ctx, {
    name: `${t('inventory:device.list')}-${ctx.today}`,
    sheet: t('inventory:device.list'),
    columns,
    query,
    load: async (at: ListQuery) => {
      const rows = await withNumbersAndPrices(ctx, await deviceList(ctx.read, at, filter));
      const numbers = await activeNumbers(
        ctx.read,
        rows.map(({ id }) => id),
      );
      return rows.map((row) => ({ ...row, numbers: inColumns(numbers.get(row.id) ?? []) }));
    },
    toRow: (row) => [
      row.skuName,
      row.skuCode,
      ...row.numbers,
      t(`common:state.${deviceStatus(row.state, row.bucket)}`),
      row.grade,
      row.batteryHealth,
      row.storeName,
      row.locationName,
      row.stockedOn,
      row.ageDays,
      t(`ledger:ownership.${row.ownership}`),
      ...(seesCost ? [row.costFen] : []),
      row.askFen,
    ],
  });
}

/** A device's numbers as the columns of the export, which the import of opening stock takes back: two of radio, one of the maker. */
function inColumns(numbers: readonly Identifier[]): (string | null)[] {
  const radio = numbers.filter(({ kind }) => kind !== 'sn');
  const maker = numbers.find(({ kind }) => kind === 'sn');
  return [radio[0]?.value ?? null, radio[1]?.value ?? null, maker?.value ?? null];
}

async function showDevice(ctx: Ctx): Promise<Reply> {
  const data = await devicePageData(ctx.read, ctx.actor, ctx.id(), ctx);
  const test = await latestTest(ctx.read, data.device.id);
  return page('inventory/device', data.sku.name, devicePage(ctx, data, test));
}

async function showLabel(ctx: Ctx): Promise<Reply> {
  const data = await devicePageData(ctx.read, ctx.actor, ctx.id(), ctx);
  const number = data.identifiers.find(({ endedAt }) => endedAt === null)?.value ?? '';
  const model = {
    paper: 'labels',
    backHref: `/inventory/devices/${data.device.id}`,
    labels: [
      {
        name: data.sku.name,
        imei: number,
        code: `/inventory/devices/${data.device.id}/barcode.svg`,
        priceFen: data.askFen,
        used: usedWords(data.device),
      },
    ],
  };
  return page('inventory/device-label', ctx.t('inventory:device.label'), model, { layout: 'print' });
}

async function showBarcode(ctx: Ctx): Promise<Reply> {
  const data = await devicePageData(ctx.read, ctx.actor, ctx.id(), ctx);
  const number = data.identifiers.find(({ endedAt }) => endedAt === null)?.value;
  if (!number) throw notFound('inventory.device', data.device.id);
  return {
    kind: 'file',
    name: `${number}.svg`,
    type: 'image/svg+xml',
    body: Buffer.from(code128Svg(number, { text: false })),
    inline: true,
  };
}

async function showStock(ctx: Ctx): Promise<Reply> {
  const { query, filter } = stockQuery(ctx);
  return page('inventory/stock-list', ctx.t('inventory:stock.list'), await stockListPage(ctx, query, filter));
}

function exportStock(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const { query, filter } = stockQuery(ctx);
  const seesCost = seesCostIn(ctx.actor, filter.scope, filter.storeId);
  return Promise.resolve(
    exportReply(ctx, {
      name: `${t('inventory:stock.list')}-${ctx.today}`,
      sheet: t('inventory:stock.list'),
      columns: [
        { header: t('inventory:device.product'), type: 'text' },
        { header: t('inventory:device.sku'), type: 'text' },
        { header: t('inventory:device.store'), type: 'text' },
        { header: t('inventory:device.location'), type: 'text' },
        { header: t('inventory:device.state'), type: 'text' },
        { header: t('inventory:import.column.batch'), type: 'text' },
        { header: t('inventory:import.column.expiresOn'), type: 'date' },
        { header: t('inventory:stock.quantity'), type: 'integer' },
        ...(seesCost ? [{ header: t('inventory:stock.value'), type: 'money' as const }] : []),
      ],
      query,
      load: (at) => stockList(ctx.read, at, filter),
      toRow: (row) => [
        row.skuName,
        row.skuCode,
        row.storeName,
        row.locationName,
        t(`common:state.${bucketStatus(row.bucket)}`),
        row.batchCode,
        row.expiresOn,
        row.quantity,
        ...(seesCost ? [row.valueFen] : []),
      ],
    }),
  );
}

async function showOpenings(ctx: Ctx): Promise<Reply> {
  return page('inventory/opening-list', ctx.t('inventory:opening.list'), await openingListPage(ctx, openingQuery(ctx)));
}

async function showOpening(ctx: Ctx): Promise<Reply> {
  const document = await openingDocument(ctx.read, ctx.actor, ctx.id());
  return page('inventory/opening', document.number, await openingPage(ctx, document));
}

async function confirmReversal(ctx: Ctx): Promise<Reply> {
  const document = await openingDocument(ctx.read, ctx.actor, ctx.id());
  const { t } = ctx;
  const href = `/inventory/openings/${document.id}`;
  return page('inventory/confirm', t('inventory:opening.reverse'), {
    title: t('inventory:opening.reverseAsk', { number: document.number }),
    effects: [t('inventory:opening.effectDevices', { count: document.devices }), t('inventory:opening.effectBooks')],
    action: `${href}/reversal`,
    verb: t('inventory:opening.reverse'),
    danger: true,
    cancelHref: href,
    fields: { version: document.version, operationKey: crypto.randomUUID() },
  });
}

async function reverseOpening(ctx: Ctx): Promise<Reply> {
  const operationKey = typeof ctx.body.operationKey === 'string' ? ctx.body.operationKey : undefined;
  const { number } = await reverseOpeningStock(
    ctx.uow,
    ctx.actor,
    { id: ctx.id(), version: Number(ctx.body.version) },
    { operationKey },
  );
  return redirect(`/inventory/openings/${ctx.id()}`, {
    kind: 'ok',
    text: ctx.t('inventory:opening.reversed', { number }),
  });
}
