import type { Ctx, FormState } from '../../../platform/http';
import { emptyForm } from '../../../platform/http';
import {
  editForm,
  type EditForm,
  type Facts,
  type Message,
  type PageHead,
  stateLabel,
  type Table,
} from '../../../platform/views';
import { PRICE_WAYS } from '../domain/device-pricing';
import type { PriceChangeView, PriceLineView } from '../queries/device-prices';
import type { ListedDevice } from './device-list.page';
import { priceHref, wayWords } from './price-list.page';

export interface PricePage {
  head: PageHead;
  notices: Message[];
  lines: Table;
  facts: Facts;
}

export function pricePage(
  ctx: Ctx,
  change: PriceChangeView,
  lines: readonly PriceLineView[],
  notices: Message[] = [],
): PricePage {
  const { t, f } = ctx;
  const href = priceHref(change.id);
  return {
    head: {
      crumbs: [{ label: t('inventory:price.list'), href: '/inventory/prices' }],
      title: change.number,
      state: stateLabel(t, change.state, true),
      say: `${wayWords(ctx, change)} · ${change.storeName}`,
      actions: [
        { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
        ...(change.reverses
          ? [
              {
                label: t('common:action.reverse'),
                href: `${href}/reversal`,
                look: 'danger' as const,
                icon: 'arrow-back-up' as const,
                confirm: true,
              },
            ]
          : []),
      ],
    },
    notices: [
      ...notices,
      ...(change.state === 'reversed'
        ? [{ tone: 'hold' as const, title: t('inventory:change.wasReversed', { number: change.reversalNumber ?? '' }) }]
        : []),
    ],
    lines: {
      id: 'price-lines',
      caption: t('common:document.lines'),
      columns: [
        { key: 'product', label: t('inventory:device.product'), card: 'title' },
        { key: 'imei', label: t('inventory:device.imei'), card: 'full' },
        { key: 'list', label: t('inventory:price.listPrice'), num: true, card: 'number' },
        { key: 'before', label: t('inventory:price.before'), num: true, card: 'number' },
        { key: 'after', label: t('inventory:price.after'), num: true, card: 'number' },
        { key: 'floor', label: t('inventory:price.check'), card: 'state' },
      ],
      rows: lines.map((line) => ({
        id: line.id,
        label: line.imei,
        cells: [
          { text: line.skuName, sub: line.skuCode, strong: true },
          { imei: line.imei, href: `/inventory/devices/${line.deviceId}` },
          ownOrList(ctx, line.listFen),
          ownOrList(ctx, line.beforeFen),
          { text: ownOrList(ctx, line.afterFen), strong: true },
          line.belowFloor ? { state: { tone: 'hold' as const, text: t('inventory:price.belowFloor') } } : null,
        ],
      })),
    },
    facts: {
      facts: [
        { label: t('inventory:price.way'), value: wayWords(ctx, change) },
        { label: t('inventory:change.reason'), value: change.reason },
        { label: t('inventory:device.store'), value: change.storeName },
        { label: t('inventory:change.businessDate'), value: f.date(change.businessDate) },
        { label: t('inventory:change.devices'), value: f.number(change.devices) },
        { label: t('inventory:change.by'), value: change.createdByName },
        { label: t('inventory:change.postedAt'), value: f.dateTime(change.createdAt) },
      ],
    },
  };
}

/** Without a price of its own a device asks that of the list. */
export const ownOrList = ({ t, f }: Pick<Ctx, 't' | 'f'>, priceFen: number | null): string =>
  priceFen === null ? t('inventory:price.byList') : f.money(priceFen);

export interface PriceFormPage {
  head: PageHead;
  form: EditForm;
  devices: Table;
  say: string;
}

/** Devices shown beside the form; all that the filter names are priced. */
export const PRICED_SHOWN = 20;

export function priceFormPage(
  ctx: Ctx,
  input: { devices: readonly ListedDevice[]; total: number; hidden: Record<string, string>; form?: FormState },
): PriceFormPage {
  const { t, f } = ctx;
  const { devices, total, hidden } = input;
  const form = input.form ?? emptyForm({ way: 'amount' });
  return {
    head: {
      title: t('inventory:price.new'),
      crumbs: [{ label: t('inventory:price.list'), href: '/inventory/prices' }],
      say: t('inventory:price.forDevices', { count: f.number(total) }),
    },
    form: editForm(
      { ...form, values: { ...form.values, ...hidden } },
      {
        action: '/inventory/prices',
        cancelHref: '/inventory/devices',
        submit: t('inventory:price.submit', { count: f.number(total) }),
        hidden: Object.keys(hidden),
        columns: true,
        fields: [
          {
            name: 'way',
            label: t('inventory:price.way'),
            type: 'select',
            choose: false,
            options: PRICE_WAYS.map((way) => ({ value: way, label: t(`inventory:price.ways.${way}`) })),
          },
          {
            name: 'value',
            label: t('inventory:price.value'),
            inputmode: 'decimal',
            maxlength: 20,
            hint: t('inventory:price.valueHint'),
          },
          { name: 'reason', label: t('inventory:change.reason'), required: true, maxlength: 200, wide: true },
        ],
      },
    ),
    devices: {
      id: 'priced-devices',
      caption: t('inventory:device.list'),
      columns: [
        { key: 'product', label: t('inventory:device.product'), card: 'title' },
        { key: 'imei', label: t('inventory:device.imei'), card: 'full' },
        { key: 'place', label: t('inventory:device.place'), card: 'full' },
        { key: 'own', label: t('inventory:price.own'), num: true, card: 'number' },
        { key: 'ask', label: t('inventory:price.asks'), num: true, card: 'number' },
      ],
      rows: devices.map((device) => ({
        id: device.id,
        label: device.imei,
        cells: [
          { text: device.skuName, sub: device.skuCode, strong: true },
          { imei: device.imei, href: `/inventory/devices/${device.id}` },
          [device.storeName, device.locationName].filter(Boolean).join(' '),
          ownOrList(ctx, device.priceFen),
          device.askFen === null ? t('common:none') : f.money(device.askFen),
        ],
      })),
    },
    say: total > devices.length ? t('inventory:price.shown', { count: devices.length }) : '',
  };
}
