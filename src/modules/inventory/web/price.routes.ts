import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DomainError, formatImei, invalidField, isBusinessDate, isDomainError, parseMoney } from '../../../kernel';
import { code128Svg } from '../../../platform/barcode';
import {
  type Ctx,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { exportReply, pageOf, readListQuery } from '../../../platform/lists';
import { getCompany } from '../../organization';
import { listCategories } from '../../catalog';
import { PRICE_WAYS, type PriceWay } from '../domain/device-pricing';
import { deviceList, type DeviceListRow, deviceRows } from '../queries/device-list';
import {
  PRICE_CHANGE_LIST,
  priceChangeCounts,
  type PriceChangeFilter,
  priceChangeList,
  priceChangeView,
  priceLineViews,
} from '../queries/device-prices';
import { MOST_PRICED, PRICE_PERMISSION, priceDevices, reverseDevicePrices } from '../use-cases/price-devices';
import { withNumbersAndPrices } from './device-list.page';
import { deviceQuery } from './filters';
import { pickedIds } from './picked';
import { priceHref, priceListPage, wayWords } from './price-list.page';
import { ownOrList, PRICED_SHOWN, priceFormPage, pricePage } from './price.page';

const view = { permission: 'inventory.price.view' };
const change = { permission: PRICE_PERMISSION };
const BASE = '/inventory/prices';

export const priceRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: view, handler: list },
  { method: 'get', path: `${BASE}.xlsx`, access: view, handler: exportList },
  { method: 'get', path: `${BASE}/new`, access: change, handler: (ctx) => showNew(ctx, ctx.query) },
  { method: 'post', path: BASE, access: change, handler: create },
  {
    method: 'post',
    path: `${BASE}/picked`,
    access: change,
    handler: (ctx) => showNew(ctx, { devices: pickedIds(ctx).join(',') }),
  },
  { method: 'get', path: `${BASE}/:id`, access: view, handler: (ctx) => show(ctx) },
  { method: 'get', path: `${BASE}/:id/print`, access: view, handler: print },
  { method: 'get', path: `${BASE}/:id/reversal`, access: change, handler: askReversal },
  { method: 'post', path: `${BASE}/:id/reversal`, access: change, handler: reverse },
];

function readFilter(ctx: Ctx): PriceChangeFilter {
  const { q, store, from, to } = readListQuery(PRICE_CHANGE_LIST, ctx.query).filters;
  return {
    text: q ?? '',
    storeId: /^[1-9]\d{0,14}$/.test(store ?? '') ? Number(store) : (ctx.store?.id ?? null),
    from: isBusinessDate(from) ? from : null,
    to: isBusinessDate(to) ? to : null,
    scope: ctx.actor.scope('inventory.price.view'),
  };
}

async function list(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(PRICE_CHANGE_LIST, ctx.query);
  const filter = readFilter(ctx);
  const model = priceListPage(ctx, {
    query,
    filter,
    found: pageOf(query, await priceChangeList(ctx.read, query, filter)),
    counts: await priceChangeCounts(ctx.read, filter),
  });
  return page('inventory/price-list', ctx.t('inventory:price.list'), model);
}

async function exportList(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const filter = readFilter(ctx);
  return exportReply(ctx, {
    name: `${t('inventory:price.list')}-${ctx.today}`,
    sheet: t('inventory:price.list'),
    columns: [
      { header: t('inventory:change.number'), type: 'text' },
      { header: t('inventory:device.state'), type: 'text' },
      { header: t('inventory:price.way'), type: 'text' },
      { header: t('inventory:change.reason'), type: 'text' },
      { header: t('inventory:device.store'), type: 'text' },
      { header: t('inventory:change.businessDate'), type: 'date' },
      { header: t('inventory:change.devices'), type: 'integer' },
      { header: t('inventory:change.by'), type: 'text' },
    ],
    query: readListQuery(PRICE_CHANGE_LIST, ctx.query),
    load: (query) => priceChangeList(ctx.read, query, filter),
    toRow: (row) => [
      row.number,
      t(`common:state.${row.state}`),
      wayWords(ctx, row),
      row.reason,
      row.storeName,
      row.businessDate,
      row.devices,
      row.createdByName,
    ],
  });
}

/** The devices a form is about: one by its id, or all that the list's filters name. */
async function chosenDevices(
  ctx: Ctx,
  asked: Record<string, unknown>,
): Promise<{ rows: DeviceListRow[]; hidden: Record<string, string> }> {
  const scope = ctx.actor.scope(PRICE_PERMISSION);
  const { device } = asked;
  if (typeof device === 'string' && /^[1-9]\d{0,14}$/.test(device)) {
    return { rows: await deviceRows(ctx.read, [Number(device)], scope), hidden: { device } };
  }
  if (typeof asked['devices'] === 'string' && asked['devices'] !== '') {
    const ids = asked['devices']
      .split(',')
      .filter((id) => /^[1-9]\d{0,14}$/.test(id))
      .slice(0, MOST_PRICED);
    return { rows: await deviceRows(ctx.read, ids.map(Number), scope), hidden: { devices: ids.join(',') } };
  }
  const text = typeof asked['filter'] === 'string' ? asked['filter'] : new URLSearchParams(words(asked)).toString();
  const given = Object.fromEntries(new URLSearchParams(text));
  const { query, filter } = deviceQuery({ ...ctx, query: given }, await listCategories(ctx.read));
  const rows = await deviceList(
    ctx.read,
    { ...query, after: null, before: null, size: MOST_PRICED },
    { ...filter, scope },
  );
  if (rows.length > MOST_PRICED) throw new DomainError('inventory:error.price_many', { details: { max: MOST_PRICED } });
  return { rows, hidden: { filter: text, count: String(rows.length) } };
}

const words = (asked: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

async function showNew(ctx: Ctx, asked: Record<string, unknown>, form?: FormState, status = 200): Promise<Reply> {
  const { rows, hidden } = await chosenDevices(ctx, asked);
  const devices = await withNumbersAndPrices(ctx, rows.slice(0, PRICED_SHOWN));
  const model = priceFormPage(ctx, { devices, total: rows.length, hidden, ...(form ? { form } : {}) });
  return page('inventory/price-form', ctx.t('inventory:price.new'), model, { status });
}

const createSchema = z.object({
  operationKey: fields.operationKey,
  device: fields.text,
  devices: fields.text,
  filter: fields.text,
  count: fields.text,
  way: fields.text.transform((typed) => PRICE_WAYS.find((way) => way === typed) ?? ('amount' as const)),
  value: fields.text,
  reason: fields.required,
});

/** Fen, or basis points of a percentage as typed. */
function valueOf(way: PriceWay, typed: string): number | null {
  if (way === 'clear') return null;
  try {
    if (way !== 'percent') return parseMoney(typed);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw invalidField('value', error.code, error.details);
  }
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?\s*%?$/.exec(typed.normalize('NFKC').trim());
  if (!match) throw invalidField('value', 'errors:field.percent');
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

function create(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    createSchema,
    async ({ operationKey, way, value, reason, count, ...asked }) => {
      const { rows, hidden } = await chosenDevices(ctx, asked);
      // What is priced is what was seen: devices may have come into the list, or left it, since.
      if (hidden['count'] !== undefined && hidden['count'] !== count)
        throw new DomainError('inventory:error.price_list_changed', { status: 409, details: { count: rows.length } });
      const command = { deviceIds: rows.map(({ id }) => id), way, value: valueOf(way, value), reason };
      const { documents, devices, left } = await priceDevices(ctx.uow, ctx.actor, command, { operationKey });
      const counts = { devices: ctx.f.number(devices), left: ctx.f.number(left) };
      const text = ctx.t(left > 0 ? 'inventory:price.donePartly' : 'inventory:price.done', counts);
      const [only, another] = documents;
      return redirect(only && !another ? priceHref(only.id) : BASE, { kind: 'ok', text });
    },
    (form, status) => {
      // Devices that are refused are named above the form: they are no fields of it.
      const { device, devices, filter } = form.values;
      const asked = device ? { device } : devices ? { devices } : { filter: filter ?? '' };
      return showNew(ctx, asked, aboveFields(form), status);
    },
  );
}

function aboveFields(form: FormState): FormState {
  const named = Object.entries(form.problems).filter(([path]) => path.startsWith('device.'));
  if (named.length === 0) return form;
  const message = [form.message ?? '', ...named.map(([, text]) => text)].join(' ');
  const kept = Object.entries(form.problems).filter(([path]) => !path.startsWith('device.'));
  return { ...form, message, problems: Object.fromEntries(kept) };
}

async function show(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const row = await priceChangeView(ctx.read, ctx.actor, ctx.id());
  const notices = form
    ? [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) }]
    : [];
  const model = pricePage(ctx, row, await priceLineViews(ctx.read, row.id), notices);
  return page('inventory/price', row.number, model, { status });
}

async function askReversal(ctx: Ctx): Promise<Reply> {
  const row = await priceChangeView(ctx.read, ctx.actor, ctx.id());
  if (row.state !== 'posted') return redirect(priceHref(row.id));
  const { t, f } = ctx;
  return page('inventory/confirm', t('common:action.reverse'), {
    title: t('inventory:change.ask.reversal', { number: row.number }),
    effects: [t('inventory:price.reversalEffect', { count: f.number(row.devices) })],
    action: `${priceHref(row.id)}/reversal`,
    verb: t('common:action.reverse'),
    danger: true,
    cancelHref: priceHref(row.id),
    fields: { version: row.version, operationKey: randomUUID() },
  });
}

function reverse(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version }),
    async ({ operationKey, version }) => {
      const { number } = await reverseDevicePrices(ctx.uow, ctx.actor, { id, version }, { operationKey });
      return redirect(priceHref(id), { kind: 'ok', text: ctx.t('inventory:change.done.reversed', { number }) });
    },
    (form, status) => show(ctx, form, status),
  );
}

async function print(ctx: Ctx): Promise<Reply> {
  const { t, f } = ctx;
  const row = await priceChangeView(ctx.read, ctx.actor, ctx.id());
  const lines = await priceLineViews(ctx.read, row.id);
  const company = await getCompany(ctx.read);
  const picture = code128Svg(row.number, { text: false, heightMm: 8 });
  const model = {
    paper: 'a4',
    backHref: priceHref(row.id),
    sheet: {
      company: company?.name ?? t('common:product'),
      title: t('inventory:price.one'),
      number: row.number,
      code: `data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`,
      facts: [
        { label: t('inventory:price.way'), value: wayWords(ctx, row) },
        { label: t('inventory:change.reason'), value: row.reason },
        { label: t('inventory:device.store'), value: row.storeName },
        { label: t('inventory:change.businessDate'), value: f.date(row.businessDate) },
        { label: t('inventory:device.state'), value: t(`common:state.${row.state}`) },
        { label: t('inventory:change.by'), value: row.createdByName },
      ],
    },
    columns: [
      { label: '#', num: false },
      { label: t('inventory:device.product'), num: false },
      { label: t('inventory:device.imei'), num: false },
      { label: t('inventory:price.before'), num: true },
      { label: t('inventory:price.after'), num: true },
    ],
    rows: lines.map((line) => ({
      cells: [
        String(line.lineNo),
        line.skuName,
        formatImei(line.imei),
        ownOrList(ctx, line.beforeFen),
        ownOrList(ctx, line.afterFen),
      ],
      numbers: [],
    })),
    note: null,
    signatures: [t('inventory:change.print.by'), t('inventory:change.print.checked')],
  };
  return page('inventory/transfer-print', row.number, model, { layout: 'print' });
}
