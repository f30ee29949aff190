import type { Ctx } from '../../../platform/http';
import { type ListQuery, pageOf, readListQuery } from '../../../platform/lists';
import { COST_PERMISSION, seesCostIn } from '../../../platform/permissions';
import { type Facts, type List, type PageHead, stateLabel, type Table } from '../../../platform/views';
import { getStore } from '../../organization';
import {
  OPENING_LINES_SHOWN,
  OPENING_LIST,
  openingLines,
  openingList,
  type OpeningStockRow,
} from '../queries/opening-stock';

export interface OpeningListPage {
  head: PageHead;
  list: List;
}

export interface OpeningPage {
  head: PageHead;
  lines: Table;
  linesSay: string;
  facts: Facts;
}

export const openingQuery = (ctx: Ctx): ListQuery => readListQuery(OPENING_LIST, ctx.query);

export async function openingListPage(ctx: Ctx, query: ListQuery): Promise<OpeningListPage> {
  const { t, f } = ctx;
  const seesCost = seesCostIn(ctx.actor, ctx.actor.scope('inventory.opening.post'), null);
  const page = pageOf(query, await openingList(ctx.read, query, ctx.actor.scope('inventory.opening.post')));
  const startImport = {
    label: t('inventory:opening.import'),
    href: '/imports/inventory.opening',
    look: 'primary' as const,
    icon: 'file-upload' as const,
  };
  return {
    head: { title: t('inventory:opening.list'), actions: [startImport] },
    list: {
      table: {
        id: 'openings',
        caption: t('inventory:opening.list'),
        columns: [
          { key: 'number', label: t('inventory:opening.number'), card: 'title' },
          { key: 'state', label: t('inventory:device.state'), card: 'state' },
          { key: 'store', label: t('inventory:device.store'), card: 'full' },
          { key: 'date', label: t('inventory:opening.date'), card: 'number' },
          { key: 'devices', label: t('inventory:opening.devices'), num: true, card: 'number' },
          { key: 'quantity', label: t('inventory:stock.quantity'), num: true, card: 'number' },
          ...(seesCost
            ? [{ key: 'value', label: t('inventory:stock.value'), num: true, card: 'number' as const }]
            : []),
          { key: 'by', label: t('inventory:opening.by'), card: 'hide' },
        ],
        rows: page.rows.map((row) => ({
          id: row.id,
          label: row.number,
          cells: [
            { text: row.number, href: `/inventory/openings/${row.id}`, strong: true },
            { state: stateLabel(t, row.state) },
            row.storeName,
            f.date(row.businessDate),
            f.number(row.devices),
            f.number(row.quantity),
            ...(seesCost ? [f.money(row.valueFen)] : []),
            row.createdBy,
          ],
        })),
      },
      pager: {
        ...(page.previousHref ? { previousHref: page.previousHref } : {}),
        ...(page.nextHref ? { nextHref: page.nextHref } : {}),
      },
      empty: { title: t('inventory:opening.emptyTitle'), text: t('inventory:opening.emptyText'), action: startImport },
    },
  };
}

export async function openingPage(ctx: Ctx, document: OpeningStockRow): Promise<OpeningPage> {
  const { t, f } = ctx;
  const seesCost = ctx.can(COST_PERMISSION, document.storeId);
  const store = await getStore(ctx.read, document.storeId);
  const lines = await openingLines(ctx.read, document.id);
  return {
    head: {
      title: document.number,
      crumbs: [{ label: t('inventory:opening.list'), href: '/inventory/openings' }],
      state: stateLabel(t, document.state, true),
      say: store.name,
      actions:
        document.state === 'posted'
          ? [
              {
                label: t('inventory:opening.reverse'),
                href: `/inventory/openings/${document.id}/reversal`,
                look: 'danger',
                confirm: true,
              },
            ]
          : [],
    },
    linesSay: t('inventory:opening.linesShown', { count: lines.length, most: OPENING_LINES_SHOWN }),
    lines: {
      id: 'lines',
      caption: t('inventory:opening.lines'),
      columns: [
        { key: 'no', label: t('inventory:opening.line'), num: true, card: 'hide' },
        { key: 'product', label: t('inventory:device.product'), card: 'title' },
        { key: 'imei', label: t('inventory:device.imei'), card: 'full' },
        { key: 'place', label: t('inventory:device.location'), card: 'full' },
        { key: 'quantity', label: t('inventory:stock.quantity'), num: true, card: 'number' },
        ...(seesCost ? [{ key: 'value', label: t('inventory:stock.value'), num: true, card: 'number' as const }] : []),
      ],
      rows: lines.map((line) => {
        const number = line.imei1 ?? line.sn;
        return {
          id: line.id,
          cells: [
            String(line.lineNo),
            { text: line.skuName, sub: line.skuCode },
            number
              ? { imei: number, ...(line.deviceId === null ? {} : { href: `/inventory/devices/${line.deviceId}` }) }
              : null,
            line.locationName,
            f.number(line.quantity),
            ...(seesCost ? [f.money(line.valueFen)] : []),
          ],
        };
      }),
    },
    facts: {
      facts: [
        { label: t('inventory:device.store'), value: store.name },
        { label: t('inventory:opening.date'), value: f.date(document.businessDate) },
        { label: t('inventory:opening.devices'), value: f.number(document.devices) },
        { label: t('inventory:stock.quantity'), value: f.number(document.quantity) },
        ...(seesCost ? [{ label: t('inventory:stock.value'), value: f.money(document.valueFen) }] : []),
        { label: t('inventory:opening.by'), value: document.createdBy, sub: f.dateTime(document.createdAt) },
        ...(document.reversalNumber
          ? [{ label: t('inventory:opening.reversalNumber'), value: document.reversalNumber }]
          : []),
      ],
    },
  };
}
