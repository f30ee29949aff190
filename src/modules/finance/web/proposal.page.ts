import type { Ctx, FormState } from '../../../platform/http';
import { exportAction, listHref, type ListPage, sortLink } from '../../../platform/lists';
import type { Field, List, PageHead } from '../../../platform/views';
import { PAYING_ACCOUNTS } from '../domain/payment-posting';
import type { Proposal, ProposalFilter, ProposalTotals } from '../queries/due-items';
import type { ItemsPage } from './payment-form.page';
import { paymentCrumbs } from './payment-words';
import { statementHref } from './statement-list.page';

type Words = Pick<Ctx, 't' | 'f'>;
type PageCtx = Words & Pick<Ctx, 'store' | 'stores' | 'can'>;

const HREF = '/finance/proposals';

/** The day and the owing store, as the next page is asked for them. */
const choiceHref = ({ until, query }: ProposalFilter): string =>
  `${HREF}/choice?until=${until}${query.filters['store'] ? `&store=${query.filters['store']}` : ''}`;

export function proposalListPage(
  ctx: PageCtx,
  filter: ProposalFilter,
  found: ListPage<Proposal>,
  totals: ProposalTotals,
): { head: PageHead; list: List } {
  const { t, f } = ctx;
  const { query, until } = filter;
  const num = (key: string) => ({ key, label: t(`finance:proposal.${key}`), num: true, card: 'number' as const });
  const amount = (fen: number) => (fen === 0 ? null : f.money(fen));
  const total = t('finance:proposal.total', { count: totals.suppliers });
  return {
    head: {
      title: t('finance:proposal.title'),
      say: t('finance:proposal.say', { date: f.date(until) }),
      actions: [exportAction(ctx, query)],
    },
    list: {
      filters: filterBar(ctx, filter),
      batch: {
        actions: [{ label: t('finance:proposal.make'), href: choiceHref(filter), icon: 'cash' }],
        sumLabel: t('finance:proposal.pay'),
      },
      table: {
        id: 'proposals',
        caption: t('finance:proposal.title'),
        pick: { name: 'supplier' },
        columns: [
          { key: 'name', label: t('finance:payment.supplier'), card: 'title', sort: sortLink(query, 'name') },
          {
            key: 'firstDue',
            label: t('finance:proposal.firstDue'),
            card: 'number',
            keep: true,
            sort: sortLink(query, 'due'),
          },
          num('items'),
          num('due'),
          num('overdue'),
          num('credit'),
          num('pay'),
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: row.name,
          sumFen: row.payFen,
          cells: [
            { text: row.name, sub: row.code, href: statementHref(row.id), strong: true },
            f.date(row.firstDue),
            f.number(row.items),
            f.money(row.dueFen),
            row.overdueFen === 0 ? null : { text: f.money(row.overdueFen), tone: 'bad' as const },
            amount(row.creditFen),
            { text: f.money(row.payFen), strong: true },
          ],
        })),
        totals: [
          { text: total },
          null,
          null,
          f.money(totals.dueFen),
          f.money(totals.overdueFen),
          null,
          f.money(totals.payFen),
        ],
      },
      pager: {
        phoneSay: total,
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
      },
      empty: { title: t('finance:proposal.empty'), text: t('finance:proposal.emptyHint') },
      filtered: Object.keys(query.filters).length > 0,
      clearHref: HREF,
    },
  };
}

function filterBar({ t, f, store, stores }: PageCtx, { query, until }: ProposalFilter): NonNullable<List['filters']> {
  const { filters } = query;
  const chosen = stores.find(({ id }) => String(id) === filters['store']);
  return {
    action: HREF,
    text: { name: 'q', value: filters['q'] ?? '', label: t('finance:statement.find') },
    chips: [
      ...(filters['until']
        ? [
            {
              label: t('finance:proposal.until', { date: f.date(until) }),
              removeHref: listHref(query, { until: null }),
            },
          ]
        : []),
      ...(chosen ? [{ label: chosen.name, removeHref: listHref(query, { store: null }) }] : []),
    ],
    fields: [
      { name: 'until', label: t('finance:proposal.untilField'), type: 'date', value: until },
      {
        name: 'store',
        label: t('finance:payment.owingStore'),
        type: 'select',
        value: filters['store'] ?? '',
        choose: store?.name ?? t('common:frame.allStores'),
        options: stores.map(({ id, name }) => ({ value: id, label: name })),
      },
    ],
  };
}

/** From which account the chosen suppliers are paid. */
export function choicePage(
  { t, f }: Words,
  form: FormState,
  {
    chosen,
    until,
    owing,
    stores,
  }: {
    chosen: readonly Proposal[];
    until: string;
    owing: string;
    stores: readonly { id: number; name: string }[];
  },
): ItemsPage {
  const { values, problems } = form;
  const field = (name: string, label: string, more: Partial<Field>): Field => ({
    name,
    label,
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  return {
    head: {
      title: t('finance:proposal.make'),
      say: t('finance:proposal.makeSay', { date: f.date(until) }),
      crumbs: [...paymentCrumbs({ t }).slice(0, 1), { label: t('finance:proposal.title'), href: HREF }],
    },
    action: `${HREF}/payments`,
    cancelHref: HREF,
    submit: t('finance:proposal.create', { count: chosen.length }),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      suppliers: chosen.map(({ id }) => id).join(','),
      until,
      owing,
    },
    message: form.message,
    fields: [
      field('storeId', t('finance:payment.store'), {
        type: 'select',
        required: true,
        choose: false,
        options: stores.map(({ id, name }) => ({ value: id, label: name })),
        hint: t('finance:payment.storeHint'),
      }),
      field('account', t('finance:payment.account'), {
        type: 'select',
        required: true,
        choose: false,
        options: PAYING_ACCOUNTS.map((value) => ({ value, label: t(`finance:account.${value}`) })),
      }),
      field('businessDate', t('finance:payment.businessDate'), { type: 'date', required: true }),
    ],
    rowsTitle: t('finance:proposal.drafts'),
    rowsSay: t('finance:proposal.draftsSay'),
    rows: chosen.map((one) => ({
      title: `${one.name} ${f.moneyYuan(one.payFen)}`,
      sub: [
        t('finance:proposal.itemsSay', { count: one.items, amount: f.money(one.dueFen) }),
        one.creditFen === 0
          ? ''
          : t('finance:proposal.creditSay', { amount: f.money(Math.min(one.creditFen, one.dueFen)) }),
      ]
        .filter(Boolean)
        .join(' · '),
      fields: [],
    })),
    empty: null,
  };
}
