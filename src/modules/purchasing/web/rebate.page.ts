import { type Ctx, documentHref, page, type Reply } from '../../../platform/http';
import { readListQuery } from '../../../platform/lists';
import type { Action, Cell, Facts, Message, RelatedDocuments, Table } from '../../../platform/views';
import { documentTimeline } from '../queries/document-timeline';
import { rebateRowList, rebateRowsOf, type RebateRowView, rebateView, type RebateView } from '../queries/rebate-page';
import { type DocumentPage, timelineOf } from './document.page';
import { rebateCrumbs, rebateHref, rebateState, tierText } from './rebate-words';

const MOST_ROWS = 200;

/** The page of a rebate: terms, the last calculation row by row, what was booked and settled. */
export async function showRebate(
  ctx: Ctx,
  id: number,
  { status = 200, notices = [] }: { status?: number; notices?: Message[] } = {},
): Promise<Reply> {
  const { t, f } = ctx;
  const rebate = await rebateView(ctx.read, ctx.actor, id);
  const query = { ...readListQuery(rebateRowList(id), {}), size: MOST_ROWS };
  const rows = rebate.runs[0] ? await rebateRowsOf(ctx.read, ctx.actor, rebate.runs[0].id, query) : [];
  const edits = rebate.state === 'open' && rebate.seesCost && ctx.can('purchasing.rebate.edit', rebate.storeId);
  const model: DocumentPage = {
    head: {
      crumbs: rebateCrumbs(ctx),
      title: rebate.number,
      state: rebateState(ctx, rebate.state),
      say: `${rebate.supplierName} · ${rebate.name}`,
      actions: actions(ctx, rebate),
    },
    notices,
    scan: null,
    tables: [
      {
        id: 'runs',
        title: t('purchasing:rebate.runs'),
        say: t('purchasing:rebate.runsSay'),
        links: [],
        table: runsTable(ctx, rebate),
        empty: { title: t('purchasing:rebate.noRuns'), text: t('purchasing:rebate.noRunsHint') },
      },
      ...(rebate.runs.length > 0 && rebate.kind !== 'fixed'
        ? [
            {
              id: 'rows',
              title: t('purchasing:rebate.rows'),
              say: rows.length > MOST_ROWS ? t('purchasing:rebate.rowsFirst', { count: f.number(MOST_ROWS) }) : '',
              links: [{ href: `${rebateHref(id)}/rows.xlsx`, label: t('common:action.exportExcel') }],
              table: rowsTable(ctx, rebate, rows.slice(0, MOST_ROWS)),
              empty: { title: t('purchasing:rebate.noRows'), text: t('purchasing:rebate.noRowsHint') },
            },
          ]
        : []),
    ],
    addLine: null,
    facts: facts(ctx, rebate),
    editHref: edits ? `${rebateHref(id)}/edit` : null,
    money: rebate.seesCost ? money(ctx, rebate) : null,
    related: related(ctx, rebate),
    timeline: timelineOf(ctx, 'purchasing:rebate.timeline', await documentTimeline(ctx.read, 'purchasing.rebate', id)),
  };
  return page('purchasing/document', rebate.number, model, { status, styles: ['purchasing'] });
}

function actions(ctx: Ctx, rebate: RebateView): Action[] {
  const { t } = ctx;
  const href = rebateHref(rebate.id);
  const may = (what: string): boolean => ctx.can(`purchasing.rebate.${what}`, rebate.storeId);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  const add = (what: string, label: string, more: Partial<Action>): void =>
    void list.push({ label, href: `${href}/${what}`, ...more });
  const open = rebate.state === 'open';
  const settled = rebate.settlements.some(({ state }) => state === 'posted');
  if (open && may('edit') && rebate.openFen === 0)
    add('closing', t('purchasing:rebate.do.closing'), { icon: 'lock', look: 'quiet', confirm: true });
  if (!open && may('edit'))
    add('reopening', t('purchasing:rebate.do.reopening'), { icon: 'rotate-clockwise', confirm: true });
  if (open && settled && may('settle'))
    add('unsettlement', t('purchasing:rebate.do.unsettlement'), {
      icon: 'arrow-back-up',
      look: 'danger',
      confirm: true,
    });
  if (open && rebate.seesCost && rebate.openFen > 0 && may('settle'))
    add('settlement', t('purchasing:protection.do.settlement'), { icon: 'coins' });
  if (open && rebate.seesCost && may('accrue'))
    add('accrual', t('purchasing:rebate.do.accrual'), { icon: 'calculator', look: 'primary' });
  return list;
}

function runsTable({ t, f }: Ctx, rebate: RebateView): Table {
  const num = (key: string) => ({ key, label: t(`purchasing:rebate.${key}`), num: true, card: 'number' as const });
  const { seesCost } = rebate;
  const byAmount = rebate.kind !== 'sold' && rebate.kind !== 'fixed';
  return {
    id: 'rebate-runs',
    caption: t('purchasing:rebate.runs'),
    columns: [
      { key: 'number', label: t('purchasing:receipt.number'), keep: true, card: 'title' },
      { key: 'until', label: t('purchasing:rebate.untilOn'), card: 'number', keep: true },
      num('pieces'),
      { key: 'tier', label: t('purchasing:rebate.reached'), card: 'full' },
      ...(seesCost ? [...(byAmount ? [num('basis')] : []), num('earned'), num('change')] : []),
      { key: 'by', label: t('purchasing:return.by'), card: 'full' },
    ],
    rows: rebate.runs.map((run) => {
      const tier = rebate.tiers[run.tierNo - 1];
      return {
        id: run.id,
        cells: [
          { text: run.number, strong: true },
          f.date(run.untilOn),
          f.number(run.pieces),
          run.tierNo === 0
            ? t('purchasing:rebate.notReached')
            : tier && seesCost
              ? tierText({ t, f }, rebate.kind, tier)
              : String(run.tierNo),
          ...(seesCost
            ? [...(byAmount ? [f.money(run.amountFen)] : []), f.money(run.earnedFen), f.moneySigned(run.changeFen)]
            : []),
          { text: run.ranByName, sub: f.dateTime(run.ranAt) },
        ],
      };
    }),
  };
}

const OPENS: Readonly<Record<string, string>> = {
  'purchasing.receipt': 'purchasing.receipt.view',
  'purchasing.return': 'purchasing.return.view',
  'sales.sale': 'sales.sale.view',
  'sales.return': 'sales.sale.view',
};

function rowsTable(ctx: Ctx, rebate: RebateView, rows: readonly RebateRowView[]): Table {
  const { t, f } = ctx;
  const withAmount = rebate.seesCost && rebate.kind !== 'sold';
  return {
    id: 'rebate-rows',
    caption: t('purchasing:rebate.rows'),
    columns: [
      { key: 'seq', label: '#', card: 'hide' },
      { key: 'number', label: t('purchasing:receipt.number'), keep: true, card: 'title' },
      { key: 'date', label: t('purchasing:receipt.businessDate'), card: 'number', keep: true },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'full' },
      ...(rebate.kind === 'sold'
        ? [{ key: 'device', label: t('purchasing:return.device'), card: 'full' as const }]
        : []),
      { key: 'pieces', label: t('purchasing:rebate.pieces'), num: true, card: 'number' },
      ...(withAmount
        ? [{ key: 'amount', label: t('purchasing:receipt.amount'), num: true, card: 'number' as const }]
        : []),
    ],
    rows: rows.map((row) => ({
      id: row.id,
      cells: [
        { text: String(row.seq), muted: true },
        {
          text: row.documentNumber,
          sub: row.storeName,
          ...(ctx.can(OPENS[row.documentType] ?? '') ? { href: documentHref(row.documentType, row.documentId) } : {}),
        },
        f.date(row.businessDate),
        { text: row.skuName, sub: row.skuCode },
        ...(rebate.kind === 'sold' ? [deviceCell(ctx, row)] : []),
        f.number(row.pieces),
        ...(withAmount ? [f.money(row.amountFen)] : []),
      ],
    })),
  };
}

function deviceCell({ f, can }: Ctx, row: RebateRowView): Cell {
  if (row.deviceId === null) return null;
  const opens = can('inventory.device.view');
  return {
    text: f.imei(row.mainNumber ?? ''),
    ...(opens ? { href: documentHref('inventory.device', row.deviceId) } : {}),
  };
}

function facts(ctx: Ctx, rebate: RebateView): Facts {
  const { t, f } = ctx;
  return {
    facts: [
      {
        label: t('purchasing:receipt.supplier'),
        value: rebate.supplierName,
        ...(ctx.can('purchasing.supplier.view') ? { href: `/purchasing/suppliers/${rebate.supplierId}` } : {}),
      },
      { label: t('purchasing:rebate.storeId'), value: rebate.storeName },
      { label: t('purchasing:rebate.kindLabel'), value: t(`purchasing:rebate.kind.${rebate.kind}`) },
      { label: t('purchasing:rebate.period'), value: `${f.date(rebate.fromOn)} – ${f.date(rebate.toOn)}` },
      { label: t('purchasing:rebate.counts'), value: rebate.scope.join(' · ') || t('purchasing:rebate.everything') },
      ...(rebate.seesCost
        ? rebate.tiers.map((tier, index) => ({
            label: t('purchasing:rebate.tierNo', { no: index + 1 }),
            value: tierText(ctx, rebate.kind, tier),
          }))
        : []),
      { label: t('purchasing:return.by'), value: rebate.createdByName },
      ...(rebate.note ? [{ label: t('purchasing:receipt.note'), value: rebate.note }] : []),
    ],
  };
}

function money({ t, f }: Ctx, rebate: RebateView): Facts {
  return {
    money: true,
    facts: [
      { label: t('purchasing:rebate.earned'), value: f.moneyYuan(rebate.earnedFen), strong: true },
      { label: t('purchasing:protection.tax'), value: f.money(rebate.taxFen) },
      { label: t('purchasing:rebate.settled'), value: f.money(rebate.settledFen) },
      { label: t('purchasing:rebate.openAmount'), value: f.money(rebate.openFen) },
      ...(rebate.openSince ? [{ label: t('purchasing:rebate.openSince'), value: f.date(rebate.openSince) }] : []),
    ],
  };
}

function related({ t, f }: Ctx, rebate: RebateView): RelatedDocuments {
  return {
    documents: rebate.settlements.map((one) => ({
      number: one.number,
      icon: 'coins' as const,
      say: [
        t(`purchasing:protection.method.${one.method}`),
        rebate.seesCost ? f.moneyYuan(one.amountFen) : '',
        one.reference ?? '',
        one.state === 'reversed' ? t('common:state.reversed') : f.date(one.businessDate),
      ]
        .filter(Boolean)
        .join(' · '),
    })),
  };
}
