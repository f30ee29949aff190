import { notFound } from '../../../kernel';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { listHref, type ListQuery } from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { Table } from '../../../platform/views';
import { priceChangeBp } from '../domain/scorecard';
import { VIEW_ORDERS } from '../queries/order-list';
import {
  type BoughtProduct,
  boughtProducts,
  type DefectiveDevice,
  defectiveDevices,
  type DueLine,
  dueLines,
  MOST_ROWS,
  type ScorePeriod,
  supplierNames,
} from '../queries/scorecard';
import { orderHref } from './order-words';
import { receiptHref } from './receipt-parts';

/** The rows behind the figures of one supplier. */
export async function supplierScorePage(ctx: Ctx, all: ScorePeriod, query: ListQuery): Promise<Reply> {
  const { t, f, read, actor } = ctx;
  const supplierId = ctx.id();
  const period = { ...all, supplierId };
  const name = (await supplierNames(read)).get(supplierId);
  if (name === undefined) throw notFound('purchasing.supplier', supplierId);
  const seesCost = seesCostIn(actor, actor.scope(VIEW_ORDERS), period.storeId);
  const products = seesCost ? await boughtProducts(read, actor, period) : [];
  const change = priceChangeBp(products);
  const card = (key: string, table: Table) => ({
    title: t(`purchasing:score.${key}`),
    say: table.rows.length >= MOST_ROWS ? t('purchasing:score.most', { count: MOST_ROWS }) : '',
    empty: t(`purchasing:score.none.${key}`),
    table,
  });
  return page('purchasing/supplier-score', name, {
    head: {
      title: name,
      say: `${f.date(period.from)} – ${f.date(period.to)}`,
      crumbs: [{ label: t('purchasing:score.title'), href: listHref(query, { from: period.from, to: period.to }) }],
    },
    cards: [
      card('dueLines', dueTable(ctx, await dueLines(read, actor, period))),
      card('defectiveDevices', deviceTable(ctx, await defectiveDevices(read, actor, period))),
      ...(seesCost
        ? [
            {
              ...card('prices', priceTable(ctx, products)),
              say: change === null ? '' : t('purchasing:score.change', { percent: f.percentSigned(change) }),
            },
          ]
        : []),
    ],
  });
}

function dueTable({ t, f }: Ctx, lines: readonly DueLine[]): Table {
  return {
    id: 'due-lines',
    caption: t('purchasing:score.dueLines'),
    columns: [
      { key: 'number', label: t('purchasing:order.one'), card: 'title', keep: true },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'full' },
      { key: 'store', label: t('purchasing:order.receivingStore'), card: 'full' },
      { key: 'expected', label: t('purchasing:order.expectedOn'), card: 'number', keep: true },
      { key: 'quantity', label: t('purchasing:order.quantity'), num: true, card: 'number' },
      { key: 'onTime', label: t('purchasing:score.onTimePieces'), num: true, card: 'number' },
      { key: 'received', label: t('purchasing:order.arrived'), num: true, card: 'number' },
      { key: 'short', label: t('purchasing:score.shortPieces'), num: true, card: 'number' },
    ],
    rows: lines.map((line, index) => ({
      id: index,
      cells: [
        { text: line.number, href: orderHref(line.orderId) },
        { text: line.skuName, sub: line.skuCode },
        line.storeName,
        f.date(line.expectedOn),
        f.number(line.quantity),
        line.onTime < line.quantity ? { text: f.number(line.onTime), tone: 'bad' as const } : f.number(line.onTime),
        f.number(line.received),
        line.short > 0 ? { text: f.number(line.short), tone: 'bad' as const } : null,
      ],
    })),
  };
}

function deviceTable(ctx: Ctx, devices: readonly DefectiveDevice[]): Table {
  const { t, f } = ctx;
  const opens = ctx.can('purchasing.receipt.view');
  return {
    id: 'defective-devices',
    caption: t('purchasing:score.defectiveDevices'),
    columns: [
      { key: 'device', label: t('purchasing:device.number'), card: 'title' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'full' },
      { key: 'receipt', label: t('purchasing:receipt.one'), card: 'number', keep: true },
      { key: 'date', label: t('purchasing:receipt.businessDate'), card: 'number', keep: true },
      { key: 'now', label: t('purchasing:receipt.state'), card: 'state' },
    ],
    rows: devices.map((device) => ({
      id: device.deviceId,
      cells: [
        {
          text: device.mainNumber,
          ...(ctx.can('inventory.device.view') ? { href: `/inventory/devices/${device.deviceId}` } : {}),
        },
        device.skuName,
        { text: device.receiptNumber, ...(opens ? { href: receiptHref(device.receiptId) } : {}) },
        f.date(device.businessDate),
        {
          state: {
            tone: 'bad' as const,
            text: t(
              device.state === 'returned_to_supplier' ? 'purchasing:score.wentBack' : 'purchasing:score.isDefective',
            ),
          },
        },
      ],
    })),
  };
}

function priceTable({ t, f }: Ctx, products: readonly BoughtProduct[]): Table {
  const both = products.filter(({ pieces, piecesBefore }) => pieces > 0 && piecesBefore > 0);
  const average = (amountFen: number, pieces: number): string => f.money(Math.round(amountFen / pieces));
  return {
    id: 'price-changes',
    caption: t('purchasing:score.prices'),
    columns: [
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      { key: 'pieces', label: t('purchasing:order.arrived'), num: true, card: 'number' },
      { key: 'before', label: t('purchasing:score.averageBefore'), num: true, card: 'number' },
      { key: 'now', label: t('purchasing:score.average'), num: true, card: 'number' },
      { key: 'change', label: t('purchasing:score.price'), num: true, card: 'number' },
    ],
    rows: both.map((one) => ({
      id: one.skuId,
      cells: [
        { text: one.skuName, sub: one.skuCode },
        f.number(one.pieces),
        average(one.amountBeforeFen, one.piecesBefore),
        average(one.amountFen, one.pieces),
        f.percentSigned(priceChangeBp([one])),
      ],
    })),
  };
}
