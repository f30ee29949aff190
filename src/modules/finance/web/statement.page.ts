import { type Ctx, documentHref, page, type Reply } from '../../../platform/http';
import type { Cell, Facts, Field, KeyFigures, Message, PageHead, Table } from '../../../platform/views';
import { AGE_BUCKETS } from '../domain/ageing';
import { netOf, type Statement, type StatementRow } from '../queries/statement';
import { EDIT_PAYMENTS } from '../queries/scope';
import { paymentCrumbs } from './payment-words';
import { statementHref } from './statement-list.page';

type Words = Pick<Ctx, 't' | 'f'>;

/** finance/statement */
export interface StatementPage {
  head: PageHead;
  period: { action: string; fields: Field[] };
  figures: KeyFigures;
  notices: Message[];
  table: Table;
  empty: { title: string; text: string } | null;
  ageing: { title: string; facts: Facts };
  parts: { title: string; facts: Facts };
}

/** What a posting was, in the reader's words. */
export const documentWords = ({ t }: Pick<Ctx, 't'>, { documentType, kind }: StatementRow): string => {
  const what = t(`finance:document.${documentType}`, { defaultValue: t('finance:document.other') });
  return kind === 'reversal' ? t('finance:document.reversed', { what }) : what;
};

const query = ({ from, to, storeId }: Statement): string =>
  `?from=${from}&to=${to}${storeId === null ? '' : `&store=${storeId}`}`;

export function showStatement(ctx: Ctx, statement: Statement): Reply {
  const { t, f } = ctx;
  const { supplier, from, to } = statement;
  const href = statementHref(supplier.id);
  const model: StatementPage = {
    head: {
      title: supplier.name,
      crumbs: [...paymentCrumbs(ctx).slice(0, 1), { label: t('finance:statement.title'), href: '/finance/statements' }],
      say: t('finance:statement.say', { code: supplier.code, from: f.date(from), to: f.date(to) }),
      actions: [
        { label: t('common:action.print'), href: `${href}/print${query(statement)}`, icon: 'printer', look: 'quiet' },
        {
          label: t('common:action.exportExcel'),
          href: `${href}/export.xlsx${query(statement)}`,
          icon: 'file-spreadsheet',
          look: 'quiet',
          wideOnly: true,
        },
        ...(ctx.can(EDIT_PAYMENTS)
          ? [
              {
                label: t('finance:payment.new'),
                href: `/finance/payments/new?supplier=${supplier.id}`,
                icon: 'cash' as const,
                look: 'primary' as const,
              },
            ]
          : []),
      ],
    },
    period: { action: href, fields: periodFields(ctx, statement) },
    figures: {
      label: t('finance:statement.title'),
      cells: [
        { label: t('finance:statement.opening'), figure: f.money(statement.openingFen), note: f.date(from) },
        { label: t('finance:statement.increase'), figure: f.money(statement.increaseFen) },
        { label: t('finance:statement.decrease'), figure: f.money(statement.decreaseFen) },
        { label: t('finance:statement.closing'), figure: f.money(statement.closingFen), note: f.date(to) },
      ],
    },
    notices: statement.cut
      ? [{ tone: 'hold', title: t('finance:statement.cut', { count: statement.rows.length }) }]
      : [],
    table: statementTable(ctx, statement),
    empty:
      statement.rows.length === 0
        ? { title: t('finance:statement.nothing'), text: t('finance:statement.nothingHint') }
        : null,
    ageing: { title: t('finance:statement.ageing', { date: f.date(to) }), facts: ageingFacts(ctx, statement) },
    parts: { title: t('finance:statement.parts'), facts: partFacts(ctx, statement) },
  };
  return page('finance/statement', supplier.name, model);
}

function periodFields({ t, store, stores }: Ctx, { from, to, storeId }: Statement): Field[] {
  return [
    { name: 'from', label: t('finance:payment.from'), type: 'date', value: from },
    { name: 'to', label: t('finance:payment.to'), type: 'date', value: to },
    {
      name: 'store',
      label: t('finance:payment.owingStore'),
      type: 'select',
      value: storeId ?? '',
      choose: store?.name ?? t('common:frame.allStores'),
      options: stores.map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
}

/** `links` false: on paper. */
export function statementTable(ctx: Words, statement: Statement, links = true): Table {
  const { t, f } = ctx;
  const num = (key: string) => ({ key, label: t(`finance:statement.${key}`), num: true, card: 'number' as const });
  const amount = (fen: number): Cell => (fen > 0 ? f.money(fen) : null);
  return {
    id: 'statement',
    caption: t('finance:statement.title'),
    columns: [
      { key: 'date', label: t('finance:statement.date'), card: 'number', keep: true },
      { key: 'document', label: t('finance:payment.document'), card: 'title' },
      { key: 'what', label: t('finance:statement.what'), card: 'full' },
      { key: 'store', label: t('finance:statement.store'), card: 'number' },
      num('increase'),
      num('decrease'),
      num('balance'),
    ],
    rows: [
      {
        id: 'opening',
        cells: [
          f.date(statement.from),
          t('finance:statement.opening'),
          null,
          null,
          null,
          null,
          f.money(statement.openingFen),
        ],
      },
      ...statement.rows.map((row) => {
        const net = netOf(row);
        const settles = net === 0 && row.settledFen !== 0;
        return {
          id: row.postingId,
          cells: [
            f.date(row.businessDate),
            {
              text: row.documentNumber,
              strong: true,
              ...(links ? { href: documentHref(row.documentType, row.documentId) } : {}),
            },
            {
              text: documentWords(ctx, row),
              ...(settles ? { sub: t('finance:statement.settlesOnly') } : {}),
            },
            row.storeName,
            amount(net),
            amount(-net),
            f.money(row.balanceFen),
          ],
        };
      }),
    ],
    totals: [
      { text: t('finance:statement.closing') },
      null,
      null,
      null,
      f.money(statement.increaseFen),
      f.money(statement.decreaseFen),
      f.money(statement.closingFen),
    ],
  };
}

export const ageingFacts = ({ t, f }: Words, { ageing }: Statement): Facts => ({
  money: true,
  facts: [
    ...AGE_BUCKETS.map((bucket) => ({ label: t(`finance:statement.age.${bucket}`), value: f.money(ageing[bucket]) })),
    {
      label: t('common:total'),
      value: f.money(AGE_BUCKETS.reduce((sum, bucket) => sum + ageing[bucket], 0)),
      strong: true,
    },
  ],
});

export const partFacts = ({ t, f }: Words, { closing, closingFen }: Statement): Facts => ({
  money: true,
  facts: [
    { label: t('finance:statement.payable'), value: f.money(closing.payableFen) },
    { label: t('finance:statement.accrued'), value: f.money(closing.accruedFen) },
    { label: t('finance:statement.receivable'), value: f.moneySigned(-closing.receivableFen) },
    { label: t('finance:statement.closing'), value: f.moneyYuan(closingFen), strong: true },
  ],
});
