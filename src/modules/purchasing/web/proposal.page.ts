import { type Ctx, type FormState, page, type Reply } from '../../../platform/http';
import { type Cell, editForm, type Field, type Table } from '../../../platform/views';
import { daysOnSale, RECENT_DAYS, SALES_DAYS } from '../domain/replenishment';
import type { ProposalRow } from '../queries/proposal-list';
import { EDIT_REPLENISHMENT } from '../use-cases/compute-replenishment';
import { mayTake } from '../use-cases/take-proposals';
import { documentHrefOf, REPLENISHMENT } from './replenishment.page';

export const RULE_FIELDS = ['minimum', 'maximum', 'coverDays', 'leadDays', 'packSize'] as const;

export const ruleFields = ({ t }: Pick<Ctx, 't'>): Field[] =>
  RULE_FIELDS.map((name) => ({
    name,
    label: t(`purchasing:rule.${name}`),
    hint: t(`purchasing:rule.${name}Hint`),
    inputmode: 'numeric',
    optional: true,
    maxlength: 6,
  }));

const LEAD_HOW = { rule: 'leadHow', supplier: 'leadAgreedHow', orders: 'leadMeasuredHow' } as const;

/** How a proposal came about: each number with what it was made from, in the order in which it was computed. */
export function explanation(ctx: Pick<Ctx, 't' | 'f'>, row: Pick<ProposalRow, 'figures' | 'quantity'>): Table {
  const { t, f } = ctx;
  const n = row.figures;
  const rate = f.number(n.rateMilli / 1000);
  const days = (hundredths: number): string => f.number(hundredths / 100);
  const line = (
    id: string,
    figure: string,
    values: Record<string, unknown> = {},
    how = `${id}How`,
  ): { id: string; cells: Cell[] } => ({
    id,
    cells: [
      { text: t(`purchasing:explain.${id}`, values), strong: id === 'missing' || id === 'position' },
      { text: figure, strong: id === 'missing' || id === 'position' },
      { text: t(`purchasing:explain.${how}`, values), muted: true },
    ],
  });
  return {
    id: 'explanation',
    caption: t('purchasing:explain.title'),
    columns: [
      { key: 'what', label: t('purchasing:explain.what'), card: 'title' },
      { key: 'figure', label: t('purchasing:explain.figure'), num: true, card: 'number' },
      { key: 'how', label: t('purchasing:explain.how'), card: 'full' },
    ],
    rows: [
      line('recent', f.number(n.recent), { days: RECENT_DAYS }),
      line('earlier', f.number(n.earlier), { days: SALES_DAYS - RECENT_DAYS }),
      ...(n.outRecent ? [line('soldOut', f.number(n.outRecent), { days: RECENT_DAYS })] : []),
      line('trend', `× ${f.number(n.trendBp / 10_000)}`),
      line('rate', rate, {
        recent: f.number(n.recent),
        days: daysOnSale(n.outRecent),
        trend: f.number(n.trendBp / 10_000),
      }),
      line('lead', days(n.leadLoad), { days: n.leadDays }, LEAD_HOW[n.leadFrom ?? 'rule']),
      line('point', f.number(n.point), { rate, load: days(n.leadLoad), minimum: f.number(n.minimum) }),
      line('all', days(n.allLoad), { lead: n.leadDays, cover: n.coverDays }),
      n.maximum === null
        ? line('target', f.number(n.target), { rate, load: days(n.allLoad) })
        : line('maximum', f.number(n.target)),
      line('sellable', f.number(n.sellable)),
      line('promised', `− ${f.number(n.promised)}`),
      line('inTransit', `+ ${f.number(n.inTransit)}`),
      line('asked', `+ ${f.number(n.asked)}`),
      line('onOrder', `+ ${f.number(n.onOrder)}`),
      line('position', f.number(n.position), { point: f.number(n.point) }),
      line(
        'missing',
        f.number(n.missing),
        { target: f.number(n.target), position: f.number(n.position), pack: n.packSize },
        n.packListed ? 'missingListedHow' : 'missingHow',
      ),
    ],
  };
}

export function proposalPage(
  ctx: Ctx,
  row: ProposalRow,
  beside: readonly Pick<ProposalRow, 'kind' | 'fromStoreId' | 'quantity'>[],
  form: FormState,
  status = 200,
): Reply {
  const { t, f } = ctx;
  const edits = ctx.can(EDIT_REPLENISHMENT, row.storeId);
  const storeName = (id: number | null): string => ctx.stores.find((store) => store.id === id)?.name ?? '';
  const model = {
    head: {
      title: row.skuName,
      crumbs: [{ label: t('purchasing:replenish.title'), href: REPLENISHMENT }],
      say: `${row.storeName} · ${row.skuCode} · ${f.date(row.figures.today)}`,
      actions:
        row.state === 'done'
          ? [{ label: row.documentNumber ?? '', href: documentHrefOf(row), icon: 'file-text' as const }]
          : mayTake(ctx.actor, row)
            ? [
                {
                  label: t('purchasing:replenish.takeOne', { quantity: f.number(row.quantity) }),
                  href: `${REPLENISHMENT}/documents`,
                  icon: 'file-text' as const,
                  method: 'post' as const,
                  look: 'primary' as const,
                  fields: { ids: row.id },
                },
              ]
            : [],
    },
    sources: beside.map((one) =>
      one.kind === 'transfer'
        ? t('purchasing:replenish.fromStore', { store: storeName(one.fromStoreId), count: one.quantity })
        : t('purchasing:replenish.toBuy', { count: one.quantity }),
    ),
    table: explanation(ctx, row),
    form: edits
      ? editForm(form, {
          action: `${REPLENISHMENT}/${row.id}/rule`,
          fields: ruleFields(ctx),
          submit: t('purchasing:rule.save'),
          cancelHref: REPLENISHMENT,
          plain: true,
        })
      : null,
  };
  return page('purchasing/proposal', row.skuName, model, { status });
}
