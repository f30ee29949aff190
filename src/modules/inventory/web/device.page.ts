import { type BusinessDate, daysBetween } from '../../../kernel';
import type { LifeEvent } from '../../../ledger';
import { type Ctx, documentHref } from '../../../platform/http';
import { canThroughout, COST_PERMISSION } from '../../../platform/permissions';
import {
  type Facts,
  type IconName,
  type KeyFigures,
  type Life,
  type PageHead,
  stateLabel,
  type Tone,
} from '../../../platform/views';
import type { LatestTest } from '../queries/device-tests';
import { deviceStatus } from '../domain/device-status';
import { mayChangeNumbers } from '../domain/number-change';
import type { DevicePageData } from '../queries/device-page';
import { priceSay, testCard, type TestCard, usedActions } from './device-used.page';
import { ownershipFacts } from './device-ownership';
import { boxOf, numberFacts, numbersSay } from './device-numbers.page';

export interface DevicePage {
  head: PageHead;
  figures: KeyFigures;
  life: Life;
  numbers: Facts;
  warranty: Facts;
  place: Facts;
  /** The test that holds now. */
  test: TestCard | null;
  /** Absent for readers without the right to see cost. */
  cost: Facts | null;
}

/** What a sale wrote into the device's event: the price with and without tax, in fen. */
interface SaleDetail {
  amountFen: number;
  netFen: number;
}

function saleDetail(event: LifeEvent | undefined): SaleDetail | null {
  const { amountFen, netFen } = (event?.detail ?? {}) as Partial<SaleDetail>;
  return typeof amountFen === 'number' && typeof netFen === 'number' ? { amountFen, netFen } : null;
}

/** Why a document changed it, in the company's words. */
function reasonOf({ t }: Pick<Ctx, 't'>, event: LifeEvent): string {
  const { reason, numberReason } = (event.detail ?? {}) as { reason?: unknown; numberReason?: unknown };
  if (typeof numberReason === 'string') return t(`inventory:number.reason.${numberReason}`);
  return typeof reason === 'string' ? reason : '';
}

/** The sale that holds now: a device that was returned is not sold any more. */
export function currentSale(
  data: Pick<DevicePageData, 'device' | 'events'>,
): (SaleDetail & { costFen: number }) | null {
  if (data.device.state !== 'sold') return null;
  const event = data.events.findLast((candidate) => candidate.toState === 'sold' && candidate.event === 'sold');
  const detail = saleDetail(event);
  return detail && event ? { ...detail, costFen: event.costAfterFen } : null;
}

const LOOKS: Record<string, { icon: IconName; tone: Tone }> = {
  received: { icon: 'truck-loading', tone: 'ok' },
  opening: { icon: 'packages', tone: 'ok' },
  consigned: { icon: 'truck-loading', tone: 'ok' },
  sold: { icon: 'receipt', tone: 'gone' },
  sale_returned: { icon: 'truck-return', tone: 'ok' },
  returned_to_supplier: { icon: 'truck-return', tone: 'gone' },
  invoiced: { icon: 'file-invoice', tone: 'hold' },
  price_protected: { icon: 'shield-check', tone: 'ok' },
  unprotected: { icon: 'arrow-back-up', tone: 'gone' },
};

function lookOf(event: LifeEvent): { icon: IconName; tone: Tone } {
  if (event.postingKind === 'reversal') return { icon: 'arrow-back-up', tone: 'gone' };
  return LOOKS[event.event] ?? { icon: 'packages', tone: 'gone' };
}

export function devicePage(ctx: Ctx, data: DevicePageData, test?: LatestTest): DevicePage {
  const { t, f } = ctx;
  const { device, sku, identifiers } = data;
  const seesCost = canThroughout(ctx.actor, COST_PERMISSION, [...data.stores.keys()]);
  const active = identifiers.filter(({ endedAt }) => endedAt === null);
  const first = active[0] ?? identifiers[0];
  const sale = currentSale(data);
  const store = device.storeId === null ? undefined : data.stores.get(device.storeId);
  const location = device.locationId === null ? undefined : data.locations.get(device.locationId);
  const inStock = device.state === 'in_stock' || device.state === 'in_transit';
  const ageDays = inStock && device.stockedOn ? daysBetween(device.stockedOn as BusinessDate, ctx.today) : null;
  const saleEvent = data.events.findLast(({ event }) => event === 'sold');
  const warrantyDays = device.makerWarrantyUntil
    ? daysBetween(ctx.today, device.makerWarrantyUntil as BusinessDate)
    : null;
  const mayCorrect =
    mayChangeNumbers(device.state) && device.storeId !== null && ctx.can('inventory.number.change', device.storeId);
  const place = [store?.name, location?.name].filter(Boolean).join(' ');
  const [yuan = '', decimals = ''] = moneyParts(f.moneyYuan(sale ? sale.amountFen : data.askFen));
  const cost = moneyParts(f.moneyYuan(device.costFen));
  const margin = sale ? moneyParts(f.moneyYuan(sale.netFen - sale.costFen)) : null;
  return {
    head: {
      title: sku.name,
      crumbs: [
        { label: t('inventory:menu.inventory'), href: '/inventory/devices' },
        { label: t('inventory:device.list'), href: '/inventory/devices' },
      ],
      state: stateLabel(t, deviceStatus(device.state, device.bucket), true),
      say:
        sale && saleEvent
          ? t('inventory:device.soldSince', { date: f.date(saleEvent.businessDate), store: store?.name ?? '' })
          : place,
      actions: [
        ...(ctx.can('inventory.stock.view')
          ? [
              {
                look: 'quiet' as const,
                icon: 'arrows-exchange' as const,
                label: t('inventory:menu.movements'),
                href: `/inventory/movements?device=${device.id}`,
                wideOnly: true,
              },
            ]
          : []),
        ...usedActions(ctx, data),
        ...(mayCorrect && first
          ? [
              {
                look: 'quiet' as const,
                icon: 'refresh' as const,
                label: t('inventory:number.correct'),
                href: `/inventory/numbers/new?current=${encodeURIComponent(first.value)}`,
              },
            ]
          : []),
        {
          look: 'quiet',
          icon: 'printer',
          label: t('inventory:device.label'),
          href: `/inventory/devices/${device.id}/label`,
          wideOnly: true,
        },
      ],
    },
    figures: {
      label: t('inventory:device.figures'),
      cells: [
        {
          label: t(first?.kind === 'sn' ? 'common:imei.serialNumber' : 'common:imei.imei1'),
          imei: first?.value ?? '',
          note: sku.code,
        },
        ...(ageDays === null
          ? []
          : [
              {
                label: t('inventory:device.age'),
                figure: String(ageDays),
                small: t('inventory:device.dayUnit'),
                note: device.stockedOn ? t('inventory:device.since', { date: f.date(device.stockedOn) }) : '',
              },
            ]),
        ...(seesCost
          ? [
              {
                label: t('inventory:device.cost'),
                figure: cost[0] ?? '',
                small: cost[1] ?? '',
                note: t('inventory:device.withoutTax'),
              },
            ]
          : []),
        {
          label: t(sale ? 'inventory:device.soldFor' : 'inventory:device.price'),
          figure: yuan || t('common:none'),
          small: decimals,
          note: t('inventory:device.withTax'),
        },
        ...(seesCost && margin && sale
          ? [
              {
                label: t('inventory:device.profit'),
                figure: margin[0] ?? '',
                small: margin[1] ?? '',
                note: t('inventory:device.marginRate', {
                  rate: f.percent(
                    sale.netFen === 0 ? 0 : Math.round(((sale.netFen - sale.costFen) * 10_000) / sale.netFen),
                  ),
                }),
              },
            ]
          : []),
        ...(warrantyDays === null
          ? []
          : [
              {
                label: t('inventory:device.makerWarranty'),
                figure: String(Math.max(0, warrantyDays)),
                small: t('inventory:device.dayUnit'),
                note: t('inventory:device.until', { date: f.date(device.makerWarrantyUntil) }),
              },
            ]),
      ].slice(0, 5),
    },
    life: { entries: data.events.toReversed().map((event) => lifeEntry(ctx, data, event, seesCost)) },
    numbers: { facts: numberFacts(ctx, data) },
    place: {
      facts: [
        { label: t('inventory:device.sku'), value: sku.code, href: `/catalog/products/${sku.productId}` },
        { label: t('inventory:device.brand'), value: sku.brandName },
        { label: t('inventory:device.place'), value: place || t('common:none') },
        { label: t('inventory:device.received'), value: f.date(device.receivedOn) },
        ...ownershipFacts(ctx, data, seesCost),
        ...(boxOf(data.events) ? [{ label: t('inventory:device.box'), value: boxOf(data.events) }] : []),
        ...(device.grade ? [{ label: t('inventory:device.grade'), value: device.grade }] : []),
        ...(device.batteryHealth === null
          ? []
          : [{ label: t('inventory:device.battery'), value: `${device.batteryHealth}%` }]),
      ],
    },
    test: testCard(ctx, test),
    warranty: { facts: warrantyFacts(ctx, data, saleEvent) },
    cost: seesCost ? costFacts(ctx, data, sale) : null,
  };
}

/** `¥5,162.00` → `¥5,162` and `.00`: headline figures show their decimals smaller. */
function moneyParts(text: string): [string, string] {
  const at = text.lastIndexOf('.');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at)];
}

function lifeEntry(ctx: Ctx, data: DevicePageData, event: LifeEvent, seesCost: boolean): Life['entries'][number] {
  const { t, f } = ctx;
  const sale = saleDetail(event);
  const from = event.fromStoreId === null ? undefined : data.stores.get(event.fromStoreId)?.name;
  const to =
    event.toStoreId === null
      ? undefined
      : [
          data.stores.get(event.toStoreId)?.name,
          event.toLocationId === null ? '' : data.locations.get(event.toLocationId)?.name,
        ]
          .filter(Boolean)
          .join(' ');
  const moved = from && to && event.fromStoreId !== event.toStoreId ? `${from} → ${to}` : to;
  const amount = sale
    ? f.moneySigned(event.event === 'sold' ? sale.amountFen : -sale.amountFen)
    : seesCost && event.costChangeFen !== 0
      ? f.money(event.costChangeFen)
      : undefined;
  return {
    ...lookOf(event),
    at: f.dateTime(event.at),
    what:
      event.postingKind === 'reversal'
        ? t('inventory:event.reversed', { what: t(`inventory:event.${event.event}`) })
        : t(`inventory:event.${event.event}`),
    document: { href: documentHref(event.documentType, event.documentId), label: event.documentNumber },
    say: [event.actorName, moved, reasonOf(ctx, event), numbersSay(ctx, event), priceSay(ctx, event)]
      .filter(Boolean)
      .join(' · '),
    ...(amount === undefined ? {} : { amount }),
  };
}

function warrantyFacts(ctx: Ctx, { device }: DevicePageData, saleEvent: LifeEvent | undefined): Facts['facts'] {
  const { t, f } = ctx;
  const from = saleEvent?.businessDate ?? device.receivedOn;
  const fact = (label: string, until: string | null): Facts['facts'] => {
    if (!until) return [{ label, value: t('common:none'), muted: true }];
    const total = Math.max(1, daysBetween(from as BusinessDate, until as BusinessDate));
    const used = Math.min(total, Math.max(0, daysBetween(from as BusinessDate, ctx.today)));
    return [
      {
        label,
        value: t('inventory:device.fromUntil', { from: f.date(from), until: f.date(until) }),
        meter: { value: used, max: total, label: t('inventory:device.warrantyUsed', { used, total }) },
      },
    ];
  };
  return [
    ...fact(t('inventory:device.makerWarranty'), device.makerWarrantyUntil),
    ...fact(t('inventory:device.shopWarranty'), device.shopWarrantyUntil),
  ];
}

function costFacts(ctx: Ctx, data: DevicePageData, sale: (SaleDetail & { costFen: number }) | null): Facts {
  const { t, f } = ctx;
  const start = data.events[0]?.costAfterFen ?? data.device.costFen;
  const changed = data.device.costFen - start;
  return {
    money: true,
    facts: [
      { label: t('inventory:device.receivedCost'), value: f.money(start) },
      ...(changed === 0 ? [] : [{ label: t('inventory:device.costChanges'), value: f.money(changed) }]),
      { label: t('inventory:device.cost'), value: f.money(data.device.costFen), strong: true },
      ...(sale
        ? [
            { label: t('inventory:device.soldFor'), value: f.money(sale.amountFen) },
            { label: t('inventory:device.outputTax'), value: f.money(sale.netFen - sale.amountFen) },
            { label: t('inventory:device.netPrice'), value: f.money(sale.netFen), strong: true },
            {
              label: t('inventory:device.profit'),
              value: f.money(sale.netFen - sale.costFen),
              strong: true,
              ...(sale.netFen >= sale.costFen ? { tone: 'ok' as const } : { tone: 'bad' as const }),
            },
          ]
        : []),
    ],
  };
}
