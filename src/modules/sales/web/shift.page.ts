import type { Ctx, FormState } from '../../../platform/http';
import { emptyForm } from '../../../platform/http';
import { listHref, type ListPage, type ListQuery } from '../../../platform/lists';
import {
  editForm,
  type Facts,
  type Field,
  type List,
  type PageHead,
  stateLabel,
  type Table,
} from '../../../platform/views';
import { TENDER_KINDS, type TenderKind } from '../domain/sale';
import { DENOMINATIONS_FEN } from '../domain/shift';
import type { ShiftListRow, ShiftView } from '../queries/shifts';
import type { RegisterChoice } from '../queries/till-page';

/** The form that opens a till's shift. */
export function openTillModel(
  ctx: Pick<Ctx, 't' | 'can'>,
  register: RegisterChoice,
  state: FormState = emptyForm({ openingFloat: '500.00' }),
) {
  const { t } = ctx;
  return {
    head: {
      title: t('sales:shift.openTitle', { name: register.name }),
      crumbs: [{ href: '/sales/till', label: t('sales:till.title') }],
      say: register.storeName,
    },
    mayOpen: ctx.can('sales.shift.open', register.storeId),
    form: editForm(
      { ...state, values: { ...state.values, registerId: String(register.id) } },
      {
        action: '/sales/shifts',
        hidden: ['registerId'],
        submit: t('sales:shift.open'),
        cancelHref: '/sales/till',
        columns: false,
        fields: [
          {
            name: 'openingFloat',
            label: t('sales:shift.openingFloat'),
            type: 'money',
            required: true,
            autofocus: true,
            hint: t('sales:shift.openingFloatHint'),
          },
        ],
      },
    ),
  };
}

const shiftState = ({ t }: Pick<Ctx, 't'>, state: 'open' | 'closed', withIcon = false) =>
  state === 'open' ? stateLabel(t, 'open', withIcon) : { tone: 'gone' as const, text: t('sales:shift.closed') };

export function shiftsListPage(
  ctx: Ctx,
  query: ListQuery,
  found: ListPage<ShiftListRow>,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { state } = query.filters;
  return {
    head: { title: t('sales:shift.list'), say: ctx.store?.name ?? t('common:frame.allStores') },
    list: {
      tabs: {
        label: t('common:list.views'),
        tabs: [undefined, 'open', 'closed'].map((one) => ({
          label: t(`sales:shift.view.${one ?? 'all'}`),
          href: listHref(query, { state: one ?? null }),
          current: state === one,
        })),
      },
      table: {
        id: 'shifts',
        caption: t('sales:shift.list'),
        sticky: true,
        columns: [
          { key: 'number', label: t('sales:shift.number'), card: 'title' },
          { key: 'register', label: t('sales:shift.register'), card: 'full' },
          { key: 'opened', label: t('sales:shift.opened'), card: 'full' },
          { key: 'closed', label: t('sales:shift.closedAt'), card: 'full' },
          { key: 'sales', label: t('sales:shift.sales'), num: true, card: 'number' },
          { key: 'gross', label: t('sales:sale.gross'), num: true, card: 'number' },
          { key: 'difference', label: t('sales:shift.difference'), num: true, card: 'number' },
          { key: 'state', label: t('sales:sale.state'), card: 'state' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.shiftNumber,
          cells: [
            { text: row.shiftNumber, href: `/sales/shifts/${row.id}`, strong: true },
            { text: row.storeName, aside: row.registerName },
            { text: f.dateTime(row.openedAt), aside: row.openedByName },
            row.closedAt === null ? '' : { text: f.dateTime(row.closedAt), aside: row.closedByName ?? '' },
            f.number(row.saleCount),
            { text: f.money(row.grossFen), strong: true },
            row.differenceFen === null
              ? ''
              : {
                  text: f.moneySigned(row.differenceFen),
                  ...(row.differenceFen === 0 ? { muted: true } : { tone: 'bad' as const }),
                },
            { state: shiftState(ctx, row.state) },
          ],
        })),
      },
      pager: {
        say: t('sales:shift.say'),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: '/sales/shifts',
      empty: {
        title: t('sales:shift.empty'),
        text: t('sales:shift.emptyHint'),
        ...(ctx.can('sales.shift.open') ? { action: { label: t('sales:till.title'), href: '/sales/till' } } : {}),
      },
    },
  };
}

export interface ShiftPage {
  head: PageHead;
  facts: Facts;
  tenders: Table;
  pieces: Table | null;
}

/** Kinds that were used or counted, cash always. */
const kindsOf = ({ expected, shift }: ShiftView): TenderKind[] =>
  TENDER_KINDS.filter((kind) => kind === 'cash' || expected[kind] !== undefined || shift.counted?.[kind] !== undefined);

export function shiftPage(ctx: Ctx, view: ShiftView): ShiftPage {
  const { t, f } = ctx;
  const { shift, register, storeName, expected } = view;
  const isOpen = shift.state === 'open';
  // A blind count: who counts the till is not told before what should be in it.
  const shows = !isOpen || !ctx.can('sales.shift.close', shift.storeId) || ctx.can('sales.sale.reverse', shift.storeId);
  return {
    head: {
      title: shift.shiftNumber,
      crumbs: [{ href: '/sales/shifts', label: t('sales:shift.list') }],
      state: shiftState(ctx, shift.state, true),
      say: `${storeName} · ${register.name}`,
      actions: [
        { label: t('sales:shift.itsSales'), href: `/sales/sales?shift=${shift.id}`, icon: 'receipt' },
        ...(isOpen && ctx.can('sales.shift.close', shift.storeId)
          ? [
              {
                label: t('sales:shift.close'),
                href: `/sales/shifts/${shift.id}/closing`,
                icon: 'calculator' as const,
                look: 'primary' as const,
              },
            ]
          : []),
      ],
    },
    facts: {
      facts: [
        { label: t('sales:shift.opened'), value: `${f.dateTime(shift.openedAt)} ${shift.openedByName}` },
        { label: t('sales:shift.openingFloat'), value: f.money(shift.openingFloatFen) },
        ...(shift.closedAt === null
          ? []
          : [{ label: t('sales:shift.closedAt'), value: `${f.dateTime(shift.closedAt)} ${shift.closedByName ?? ''}` }]),
        { label: t('sales:shift.sales'), value: f.number(view.saleCount) },
        { label: t('sales:sale.gross'), value: f.moneyYuan(view.grossFen), strong: true },
        ...(shift.note ? [{ label: t('sales:sale.note'), value: shift.note }] : []),
      ],
    },
    tenders: {
      id: 'shift-tenders',
      caption: t('sales:shift.tenders'),
      columns: [
        { key: 'kind', label: t('sales:shift.tender'), card: 'title' },
        { key: 'expected', label: t('sales:shift.expected'), num: true, card: 'number' },
        ...(isOpen
          ? []
          : [
              { key: 'counted', label: t('sales:shift.counted'), num: true, card: 'number' as const },
              { key: 'difference', label: t('sales:shift.difference'), num: true, card: 'number' as const },
            ]),
      ],
      rows: kindsOf(view).map((kind) => {
        const difference = shift.difference?.[kind] ?? 0;
        return {
          id: kind,
          cells: [
            t(`sales:tender.${kind}`),
            shows ? f.money(expected[kind] ?? 0) : { text: t('sales:shift.afterCount'), muted: true },
            ...(isOpen
              ? []
              : [
                  f.money(shift.counted?.[kind] ?? 0),
                  {
                    text: f.moneySigned(difference),
                    ...(difference === 0 ? { muted: true } : { tone: 'bad' as const, strong: true }),
                  },
                ]),
          ],
        };
      }),
    },
    pieces: shift.denominations
      ? {
          id: 'shift-pieces',
          caption: t('sales:shift.pieces'),
          columns: [
            { key: 'value', label: t('sales:shift.denomination'), card: 'title' },
            { key: 'count', label: t('sales:shift.pieceCount'), num: true, card: 'number' },
            { key: 'sum', label: t('sales:sale.amount'), num: true, card: 'number' },
          ],
          rows: DENOMINATIONS_FEN.filter((fen) => (shift.denominations?.[String(fen)] ?? 0) > 0).map((fen) => ({
            id: fen,
            cells: [
              f.money(fen),
              f.number(shift.denominations?.[String(fen)]),
              f.money(fen * (shift.denominations?.[String(fen)] ?? 0)),
            ],
          })),
        }
      : null,
  };
}

/** The count: pieces of each note and coin, and what the other tenders' slips add up to. */
export function closingModel(ctx: Ctx, view: ShiftView, state: FormState) {
  const { t, f } = ctx;
  const others = kindsOf(view).filter((kind) => kind !== 'cash');
  const list: Field[] = [
    ...DENOMINATIONS_FEN.map((fen): Field => ({
      name: `pieces.f${fen}`,
      label: t('sales:shift.piecesOf', { value: f.money(fen) }),
      inputmode: 'numeric',
    })),
    ...others.map((kind): Field => ({
      name: `counted.${kind}`,
      label: t(`sales:tender.${kind}`),
      type: 'money',
      optional: true,
      hint: t('sales:shift.countedHint'),
    })),
    { name: 'note', label: t('sales:sale.note'), optional: true, maxlength: 200, wide: true },
  ];
  return {
    head: {
      title: t('sales:shift.closeTitle', { number: view.shift.shiftNumber }),
      crumbs: [
        { href: '/sales/shifts', label: t('sales:shift.list') },
        { href: `/sales/shifts/${view.shift.id}`, label: view.shift.shiftNumber },
      ],
      say: `${view.storeName} · ${view.register.name} · ${view.shift.openedByName}`,
    },
    form: editForm(state, {
      action: `/sales/shifts/${view.shift.id}/closing`,
      hidden: ['version'],
      submit: t('sales:shift.closeSubmit'),
      cancelHref: `/sales/shifts/${view.shift.id}`,
      fields: list,
    }),
  };
}
