import { type BusinessDate, daysBetween } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import {
  exportAction,
  listHref,
  type ListPage,
  type ListQuery,
  sortLink,
  stateTabs,
  sumByState,
} from '../../../platform/lists';
import { seesCostIn } from '../../../platform/permissions';
import type { Cell, List, PageHead, Table } from '../../../platform/views';
import type { ProtectionState } from '../domain/protection-state';
import {
  type OpenClaims,
  type ProtectionListRow,
  type ProtectionTotals,
  VIEW_PROTECTIONS,
} from '../queries/protection-list';
import { PROTECTION_STATES, protectionCrumbs, protectionHref, protectionState } from './protection-words';

type ListCtx = Pick<Ctx, 'actor' | 't' | 'f' | 'can' | 'store' | 'stores' | 'today'>;
type Suppliers = readonly { id: number; name: string }[];

/** Money of a list over several stores: only to who sees cost in all of them. */
export const protectionListShowsCost = ({ actor, store }: Pick<Ctx, 'actor' | 'store'>): boolean =>
  seesCostIn(actor, actor.scope(VIEW_PROTECTIONS), store?.id ?? null);

export function protectionListPage(
  ctx: ListCtx,
  query: ListQuery,
  found: ListPage<ProtectionListRow>,
  byState: ReadonlyMap<ProtectionState, ProtectionTotals>,
  suppliers: Suppliers,
  late: string,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const sum = sumByState(query, PROTECTION_STATES, byState);
  const add = {
    label: t('purchasing:protection.new'),
    href: '/purchasing/protections/new',
    icon: 'plus',
    look: 'primary',
  } as const;
  const creates = ctx.can('purchasing.protection.edit');
  const totalText = t('purchasing:documentTotal', { count: f.number(sum('claims')) });
  return {
    head: {
      title: t('purchasing:protection.title'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      actions: [
        {
          label: t('purchasing:protection.openTitle'),
          href: '/purchasing/protections/open',
          icon: 'hourglass',
          look: 'quiet',
        },
        exportAction(ctx, query),
        ...(creates ? [add] : []),
      ],
    },
    list: {
      tabs: stateTabs(ctx, query, PROTECTION_STATES, {
        label: (state) => (state ? t(`purchasing:protection.state.${state}`) : t('purchasing:receipt.tab.all')),
        count: (state) => byState.get(state)?.claims ?? 0,
      }),
      filters: filters(ctx, query, suppliers),
      table: { ...table(ctx, query, found, late), totals: totalsRow(ctx, totalText, sum) },
      pager: {
        ...(query.sort === 'created' ? { say: t('purchasing:receipt.sorted') } : {}),
        phoneSay: totalText,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: {
        title: t('purchasing:protection.empty'),
        text: t('purchasing:protection.emptyHint'),
        ...(creates ? { action: add } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: '/purchasing/protections',
    },
  };
}

function filters(ctx: ListCtx, query: ListQuery, suppliers: Suppliers): NonNullable<List['filters']> {
  const { t } = ctx;
  const given = query.filters;
  const options = (list: Suppliers) => list.map(({ id, name }) => ({ value: id, label: name }));
  const waits = [
    { value: 'all', label: t('purchasing:protection.open.all') },
    { value: 'late', label: t('purchasing:protection.open.late') },
  ];
  const named = (list: Suppliers, key: string) => list.find(({ id }) => String(id) === given[key])?.name ?? given[key];
  const chip = (key: string, label: string | undefined) =>
    given[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  return {
    action: '/purchasing/protections',
    text: { name: 'q', value: given['q'] ?? '', label: t('purchasing:protection.find') },
    keep: given['state'] ? { state: given['state'] } : {},
    chips: [
      ...chip('supplier', named(suppliers, 'supplier')),
      ...chip('store', named(ctx.stores, 'store')),
      ...chip('open', waits.find(({ value }) => value === given['open'])?.label),
      ...chip('from', t('purchasing:receipt.since', { date: given['from'] })),
      ...chip('to', t('purchasing:receipt.until', { date: given['to'] })),
    ],
    fields: [
      {
        name: 'supplier',
        label: t('purchasing:receipt.supplier'),
        type: 'select',
        value: given['supplier'] ?? '',
        choose: t('purchasing:receipt.allSuppliers'),
        options: options(suppliers),
      },
      {
        name: 'store',
        label: t('purchasing:receipt.store'),
        type: 'select',
        value: given['store'] ?? '',
        choose: ctx.store?.name ?? t('common:frame.allStores'),
        options: options(ctx.stores),
      },
      {
        name: 'open',
        label: t('purchasing:protection.waiting'),
        type: 'select',
        value: given['open'] ?? '',
        choose: t('purchasing:return.anySettle'),
        options: waits,
      },
      { name: 'from', label: t('purchasing:receipt.from'), type: 'date', value: given['from'] ?? '' },
      { name: 'to', label: t('purchasing:receipt.to'), type: 'date', value: given['to'] ?? '' },
    ],
  };
}

const MONEY = ['claimed', 'agreed', 'settled'] as const;

function table(ctx: ListCtx, query: ListQuery, found: ListPage<ProtectionListRow>, late: string): Table {
  const { t, f } = ctx;
  const seesCost = protectionListShowsCost(ctx);
  const number = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });
  return {
    id: 'protections',
    caption: t('purchasing:protection.title'),
    sticky: true,
    columns: [
      { key: 'number', label: t('purchasing:receipt.number'), card: 'title', sort: sortLink(query, 'number') },
      { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
      { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'full', sort: sortLink(query, 'supplier') },
      {
        key: 'effective',
        label: t('purchasing:protection.effectiveAt'),
        card: 'number',
        keep: true,
        sort: sortLink(query, 'effective'),
      },
      number('covered', t('purchasing:protection.covered')),
      number('waited', t('purchasing:protection.waited')),
      ...(seesCost ? MONEY.map((key) => number(key, t(`purchasing:protection.${key}`))) : []),
    ],
    rows: found.rows.map((row) => ({
      id: row.id,
      label: row.number,
      cells: [
        { text: row.number, href: protectionHref(row.id), strong: true },
        { state: protectionState(ctx, row.state) },
        { text: row.supplierName, sub: row.storeName },
        f.dateTime(row.effectiveAt),
        { text: f.number(row.covered), aside: `/ ${f.number(row.deviceCount)}` },
        waitedCell(ctx, row.openSince, late),
        ...(seesCost ? [f.money(row.claimedFen), f.money(row.agreedFen), f.money(row.settledFen)] : []),
      ],
    })),
  };
}

function waitedCell({ t, today }: ListCtx, openSince: string | null, late: string): Cell {
  if (openSince === null) return null;
  const text = t('purchasing:protection.days', { count: daysBetween(openSince as BusinessDate, today) });
  return openSince <= late ? { text, tone: 'bad' } : text;
}

function totalsRow(ctx: ListCtx, text: string, sum: (key: keyof ProtectionTotals) => number): Cell[] {
  const { f } = ctx;
  const money = protectionListShowsCost(ctx) ? [f.money(sum('claimedFen')), f.money(sum('agreedFen')), null] : [];
  return [{ text }, null, null, null, f.number(sum('covered')), null, ...money];
}

/** Who owes an answer or money, and since when. */
export function openClaimsPage(ctx: ListCtx, rows: readonly OpenClaims[]) {
  const { t, f } = ctx;
  const seesCost = protectionListShowsCost(ctx);
  const bands = ['30', '60', '90', 'more'] as const;
  const amount = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });
  const table: Table = {
    id: 'open-claims',
    caption: t('purchasing:protection.openTitle'),
    columns: [
      { key: 'supplier', label: t('purchasing:receipt.supplier'), card: 'title' },
      amount('claims', t('purchasing:protection.claims')),
      { key: 'oldest', label: t('purchasing:protection.oldest'), card: 'number', keep: true },
      ...(seesCost
        ? [
            amount('open', t('purchasing:protection.openAmount')),
            ...bands.map((band) => amount(band, t(`purchasing:protection.age.${band}`))),
          ]
        : []),
    ],
    rows: rows.map((row) => ({
      id: row.supplierId,
      cells: [
        {
          text: row.supplierName,
          href: `/purchasing/protections?open=all&supplier=${row.supplierId}`,
          strong: true,
        },
        f.number(row.claims),
        { text: f.date(row.oldestOn), sub: waited(ctx, row.oldestOn) },
        ...(seesCost ? [f.money(row.openFen), ...row.ageFen.map((fen) => (fen === 0 ? null : f.money(fen)))] : []),
      ],
    })),
  };
  return {
    head: {
      title: t('purchasing:protection.openTitle'),
      say: ctx.store?.name ?? t('common:frame.allStores'),
      crumbs: protectionCrumbs(ctx),
    },
    cards: [
      {
        title: t('purchasing:protection.bySupplier'),
        say: t('purchasing:protection.openSay'),
        empty: t('purchasing:protection.noneOpen'),
        table,
      },
    ],
  };
}

const waited = ({ t, today }: ListCtx, since: string): string =>
  t('purchasing:protection.days', { count: daysBetween(since as BusinessDate, today) });
