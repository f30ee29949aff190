import { DomainError } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
import { type Ctx, page, type Reply, type Route } from '../../../platform/http';
import { listCategories } from '../../catalog';
import { deviceList, type DeviceListRow, deviceRows } from '../queries/device-list';
import { withNumbersAndPrices } from './device-list.page';
import { usedWords } from './device-used.page';
import { deviceQuery } from './filters';
import { pickedIds } from './picked';

const access = { permission: 'inventory.device.view' };
const PATH = '/inventory/devices/labels';
/** What a browser prints without trouble: 21 sheets of 24. */
const MOST_LABELS = 500;

export const deviceLabelRoutes: readonly Route[] = [
  { method: 'get', path: PATH, access, handler: ofList },
  { method: 'post', path: PATH, access, handler: ofPicked },
];

/** Labels of all that the list shows, on all its pages. */
async function ofList(ctx: Ctx): Promise<Reply> {
  const { query, filter } = deviceQuery(ctx, await listCategories(ctx.read));
  const rows = await deviceList(ctx.read, { ...query, after: null, before: null, size: MOST_LABELS }, filter);
  if (rows.length > MOST_LABELS)
    throw new DomainError('inventory:error.labels_many', { details: { max: MOST_LABELS } });
  return sheet(ctx, rows);
}

async function ofPicked(ctx: Ctx): Promise<Reply> {
  const ids = pickedIds(ctx).slice(0, MOST_LABELS);
  return sheet(ctx, await deviceRows(ctx.read, ids, ctx.actor.scope(access.permission)));
}

async function sheet(ctx: Ctx, rows: readonly DeviceListRow[]): Promise<Reply> {
  const devices = await withNumbersAndPrices(ctx, rows);
  const model = {
    paper: 'labels',
    backHref: '/inventory/devices',
    labels: devices
      .filter(({ imei }) => imei !== '')
      .map((device) => ({
        name: device.skuName,
        imei: device.imei,
        code: barcodePicture(device.imei),
        priceFen: device.askFen,
        used: usedWords(device),
      })),
  };
  return page('inventory/device-label', ctx.t('inventory:device.labels'), model, { layout: 'print' });
}

/** In the page itself: hundreds of labels are not hundreds of requests. */
const barcodePicture = (text: string): string =>
  `data:image/svg+xml;base64,${Buffer.from(code128Svg(text, { text: false, heightMm: 8 })).toString('base64')}`;
