import { parseMoney } from '../../../kernel';
import { type Ctx, page, type Reply } from '../../../platform/http';
import { exportAction, listHref, type ListPage, type ListQuery, sortLink } from '../../../platform/lists';
import type { Progress } from '../../../platform/views';
import { isRunning, lastRun, type UpkeepRunRow } from '../../../platform/upkeep';
import { listBrands, listCategories } from '../../catalog';
import type { BudgetPlan } from '../domain/budget';
import { seesCostIn } from '../../../platform/permissions';
import { type ProposalRow, VIEW_REPLENISHMENT } from '../queries/proposal-list';
import { activeSuppliers } from '../queries/suppliers';
import { EDIT_REPLENISHMENT } from '../use-cases/compute-replenishment';
import { mayRequest } from '../use-cases/request-proposals';
import { mayTake } from '../use-cases/take-proposals';

export const REPLENISHMENT = '/purchasing/replenishment';
const NEVER_ENDS = 99_999;

export const progressOf = ({ t }: Pick<Ctx, 't'>, { id, done, total }: UpkeepRunRow): Progress => ({
  label: t('purchasing:replenish.computing'),
  done,
  total,
  pollHref: `${REPLENISHMENT}/runs/${id}/progress`,
});

/** Days that what is there and coming lasts. */
export const coverWords = ({ t, f }: Pick<Ctx, 't' | 'f'>, tenths: number): string =>
  tenths >= NEVER_ENDS ? '' : t('purchasing:replenish.days', { days: f.number(tenths / 10) });

export const documentHrefOf = ({ kind, documentId }: Pick<ProposalRow, 'kind' | 'documentId'>): string =>
  kind === 'transfer'
    ? `/inventory/transfers/${documentId}`
    : kind === 'wish'
      ? `/purchasing/requisitions/${documentId}`
      : `/purchasing/orders/${documentId}`;

/** What the address allows to be spent; null: no such limit, or a reader who may not see what things cost. */
export function budgetOf(ctx: Pick<Ctx, 'actor' | 'store'>, query: ListQuery): number | null {
  const typed = query.filters['budget'] ?? '';
  return /^\d{1,9}(\.\d{1,2})?$/.test(typed) && seesBudget(ctx, query) ? parseMoney(typed) : null;
}

/** Of the store that the list is of, or of all in reach. */
function seesBudget({ actor, store }: Pick<Ctx, 'actor' | 'store'>, { filters }: ListQuery): boolean {
  const chosen = /^[1-9]\d{0,14}$/.test(filters['store'] ?? '') ? Number(filters['store']) : null;
  return seesCostIn(actor, actor.scope(VIEW_REPLENISHMENT), chosen ?? store?.id ?? null);
}

export async function replenishmentPage(
  ctx: Ctx,
  query: ListQuery,
  found: ListPage<ProposalRow>,
  totals: ReadonlyMap<string, { proposals: number; pieces: number }>,
  plan: BudgetPlan | null,
): Promise<Reply> {
  const { t, f } = ctx;
  const { filters } = query;
  const run = await lastRun(ctx.read, 'replenish');
  const running = run !== undefined && isRunning(run, ctx.now);
  const edits = ctx.can(EDIT_REPLENISHMENT);
  const suppliers = await activeSuppliers(ctx.read);
  const brands = await listBrands(ctx.read);
  const categories = await listCategories(ctx.read);
  const named = (all: readonly { id: number; name: string }[], key: string): string | undefined =>
    all.find(({ id }) => String(id) === filters[key])?.name;
  const chip = (key: string, label: string | undefined) =>
    filters[key] && label ? [{ label, removeHref: listHref(query, { [key]: null }) }] : [];
  const select = (
    name: string,
    label: string,
    choose: string,
    options: { value: number | string; label: string }[],
  ) => ({
    name,
    label,
    type: 'select' as const,
    value: filters[name] ?? '',
    choose,
    options,
  });
  const counted = (kind: string): number => totals.get(kind)?.proposals ?? 0;
  const done = filters['state'] === 'done';
  const pieces = [...totals].reduce(
    (sum, [kind, all]) => (!filters['kind'] || filters['kind'] === kind ? sum + all.pieces : sum),
    0,
  );
  const orders = !done && found.rows.some((row) => mayTake(ctx.actor, row));
  const wishes = !done && found.rows.some(({ storeId }) => mayRequest(ctx.actor, storeId));
  const takes = orders || wishes;
  const title = t('purchasing:replenish.title');
  const byId = (rows: readonly { id: number; name: string }[]) =>
    rows.map(({ id, name }) => ({ value: id, label: name }));
  return page('purchasing/replenishment', title, {
    head: {
      title,
      say: run
        ? t(`purchasing:replenish.${run.startedById === null ? 'computedItself' : 'computedAt'}`, {
            at: f.dateTime(run.startedAt),
            name: run.startedByName,
          })
        : t('purchasing:replenish.never'),
      actions: [
        exportAction(ctx, query),
        { look: 'quiet', icon: 'adjustments', label: t('purchasing:rule.title'), href: `${REPLENISHMENT}/rules` },
        ...(edits && !running
          ? [
              {
                look: 'primary' as const,
                icon: 'calculator' as const,
                label: t('purchasing:replenish.compute'),
                href: `${REPLENISHMENT}/runs`,
                method: 'post' as const,
              },
            ]
          : []),
      ],
    },
    progress: running ? progressOf(ctx, run) : null,
    message: plan
      ? {
          tone: plan.taken.size > 0 ? 'ok' : 'hold',
          title: t('purchasing:replenish.within', { lines: plan.taken.size, amount: f.moneyYuan(plan.spentFen) }),
          text: t('purchasing:replenish.beyond', { beyond: plan.beyond, unpriced: plan.unpriced }),
        }
      : run && !running && run.state !== 'ok'
        ? { tone: 'hold', title: t('purchasing:replenish.stopped'), text: run.failure ?? '' }
        : null,
    list: {
      filtered: Object.keys(filters).length > 0,
      clearHref: REPLENISHMENT,
      tabs: {
        label: t('common:list.views'),
        tabs: [
          { key: null, count: counted('transfer') + counted('purchase') },
          { key: 'transfer', count: counted('transfer') },
          { key: 'purchase', count: counted('purchase') },
        ].map(({ key, count }) => ({
          label: t(`purchasing:replenish.kind.${key ?? 'all'}`),
          href: listHref(query, { kind: key }),
          count,
          current: (filters['kind'] ?? null) === key,
        })),
      },
      filters: {
        action: REPLENISHMENT,
        text: { name: 'q', value: filters['q'] ?? '', label: t('purchasing:replenish.find') },
        keep: filters['kind'] ? { kind: filters['kind'] } : {},
        chips: [
          ...chip('store', named(ctx.stores, 'store')),
          ...chip('from', named(ctx.stores, 'from')),
          ...chip(
            'supplier',
            filters['supplier'] === 'none' ? t('purchasing:replenish.noSupplier') : named(suppliers, 'supplier'),
          ),
          ...chip('category', categories.find(({ id }) => String(id) === filters['category'])?.path),
          ...chip('brand', named(brands, 'brand')),
          ...chip('budget', plan ? t('purchasing:replenish.budgetChip', { amount: filters['budget'] }) : undefined),
          ...chip('state', done ? t('purchasing:replenish.done') : undefined),
        ],
        fields: [
          select('store', t('purchasing:replenish.store'), t('common:frame.allStores'), byId(ctx.stores)),
          select('from', t('purchasing:replenish.giver'), t('common:frame.allStores'), byId(ctx.stores)),
          select('supplier', t('purchasing:receipt.supplier'), t('purchasing:receipt.allSuppliers'), [
            { value: 'none', label: t('purchasing:replenish.noSupplier') },
            ...byId(suppliers),
          ]),
          select(
            'category',
            t('purchasing:replenish.category'),
            t('purchasing:replenish.allCategories'),
            categories.map(({ id, path }) => ({ value: id, label: path })),
          ),
          select('brand', t('purchasing:replenish.brand'), t('purchasing:replenish.allBrands'), byId(brands)),
          ...(seesBudget(ctx, query)
            ? [
                {
                  name: 'budget',
                  label: t('purchasing:replenish.budget'),
                  type: 'text' as const,
                  inputmode: 'decimal' as const,
                  value: filters['budget'] ?? '',
                  hint: t('purchasing:replenish.budgetHint'),
                },
              ]
            : []),
          select('state', t('purchasing:replenish.state'), t('purchasing:replenish.open'), [
            { value: 'done', label: t('purchasing:replenish.done') },
          ]),
        ],
      },
      ...(takes
        ? {
            batch: {
              actions: [
                ...(orders
                  ? [
                      {
                        label: t('purchasing:replenish.take'),
                        href: `${REPLENISHMENT}/documents`,
                        icon: 'file-text' as const,
                      },
                    ]
                  : []),
                ...(wishes
                  ? [
                      {
                        label: t('purchasing:replenish.request'),
                        href: `${REPLENISHMENT}/requisitions`,
                        icon: 'clipboard' as const,
                      },
                    ]
                  : []),
              ],
            },
          }
        : {}),
      table: {
        id: 'replenishment',
        caption: title,
        sticky: true,
        ...(takes ? { pick: { name: 'ids' } } : {}),
        columns: [
          { key: 'product', label: t('purchasing:receipt.product'), card: 'title', sort: sortLink(query, 'name') },
          { key: 'store', label: t('purchasing:replenish.store'), card: 'number', sort: sortLink(query, 'store') },
          { key: 'source', label: t('purchasing:replenish.source'), card: 'number' },
          { key: 'there', label: t('purchasing:replenish.position'), num: true, card: 'number' },
          {
            key: 'cover',
            label: t('purchasing:replenish.cover'),
            num: true,
            card: 'number',
            sort: sortLink(query, 'urgent'),
          },
          {
            key: 'quantity',
            label: t('purchasing:replenish.quantity'),
            num: true,
            card: 'number',
            sort: sortLink(query, 'quantity'),
          },
          ...(plan
            ? [{ key: 'amount', label: t('purchasing:replenish.amount'), num: true, card: 'number' as const }]
            : []),
          { key: 'why', label: t('purchasing:replenish.why'), card: 'full' },
        ],
        rows: found.rows.map((row) => ({
          id: row.id,
          label: `${row.skuName} ${row.storeName}`,
          ...(plan ? { picked: true } : {}),
          cells: [
            { text: row.skuName, sub: row.skuCode, strong: true, href: `${REPLENISHMENT}/${row.id}` },
            row.storeName,
            row.kind === 'transfer'
              ? { text: row.fromStoreName ?? '', sub: t('purchasing:replenish.transfer') }
              : row.supplierName === null
                ? { text: t('purchasing:replenish.noSupplier'), muted: true }
                : { text: row.supplierName, sub: t('purchasing:replenish.buy') },
            { text: f.number(row.figures.position), aside: `/ ${f.number(row.figures.target)}` },
            {
              text: coverWords(ctx, row.coverTenths),
              ...(row.coverTenths < row.figures.leadDays * 10 ? { tone: 'bad' as const } : {}),
            },
            { text: f.number(row.quantity), strong: true },
            ...(plan ? [f.money(plan.taken.get(row.id) ?? 0)] : []),
            row.state === 'done'
              ? { text: row.documentNumber ?? '', href: documentHrefOf(row) }
              : {
                  text: t('purchasing:replenish.because', {
                    sold: f.number(row.figures.recent),
                    point: f.number(row.figures.point),
                  }),
                  href: `${REPLENISHMENT}/${row.id}`,
                },
          ],
        })),
      },
      pager: {
        say: t('purchasing:replenish.say', { pieces: f.number(pieces) }),
        ...(found.previousHref ? { previousHref: found.previousHref } : {}),
        ...(found.nextHref ? { nextHref: found.nextHref } : {}),
        sizes: [50, 100, 200].map((size) => ({
          label: String(size),
          href: listHref(query, { size }),
          current: size === query.size,
        })),
      },
      empty: {
        title: t(run ? 'purchasing:replenish.empty' : 'purchasing:replenish.emptyNever'),
        text: t('purchasing:replenish.emptyHint'),
      },
    },
  });
}
