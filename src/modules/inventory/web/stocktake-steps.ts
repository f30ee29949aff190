import type { Ctx } from '../../../platform/http';
import type { Action, StepBar } from '../../../platform/views';
import { hasDifferences } from '../use-cases/reverse-stocktake';
import type { StocktakePageInput } from './stocktake.page';
import { stocktakeHref } from './stocktake-words';

/** What may be done with the stocktake now. */
export function stocktakeActions(ctx: Ctx, input: StocktakePageInput): Action[] {
  const { stocktake, figures, operationKey, approval } = input;
  const { t } = ctx;
  const href = stocktakeHref(stocktake.id);
  const plans = ctx.can('inventory.stocktake.plan', stocktake.storeId);
  const posts = ctx.can('inventory.stocktake.post', stocktake.storeId);
  const fields = { version: stocktake.version, operationKey };
  const list: Action[] = [];
  const cancel: Action = {
    label: t('inventory:stocktake.cancel'),
    href: `${href}/cancellation`,
    look: 'quiet',
    icon: 'x',
    confirm: true,
  };
  const post: Action = {
    label: t('inventory:stocktake.post'),
    href: `${href}/posting`,
    look: 'primary',
    icon: 'check',
    confirm: true,
    ...(figures.scanned + figures.goods.counted === 0 ? { disabled: t('inventory:stocktake.nothingCounted') } : {}),
  };
  if (stocktake.startedAt !== null)
    list.push({ label: t('common:action.print'), href: `${href}/print`, icon: 'printer' });
  if (stocktake.state === 'planned' && plans)
    list.push(cancel, {
      label: t('inventory:stocktake.start'),
      href: `${href}/start`,
      method: 'post',
      fields,
      look: 'primary',
      icon: 'player-play',
    });
  if (stocktake.state === 'counting' && plans)
    list.push(cancel, {
      label: t('inventory:stocktake.finish'),
      href: `${href}/finish`,
      method: 'post',
      fields,
      look: 'primary',
      icon: 'check',
    });
  if (stocktake.state === 'checking') {
    if (plans)
      list.push(cancel, {
        label: t('inventory:stocktake.recount'),
        href: `${href}/recount`,
        method: 'post',
        fields,
        icon: 'refresh',
      });
    if (posts)
      list.push(
        approval.firstLevel === null
          ? post
          : {
              label: t('inventory:change.submit'),
              href: `${href}/submission`,
              method: 'post',
              fields,
              look: 'primary',
              icon: 'check',
            },
      );
  }
  if (posts && (stocktake.state === 'submitted' || stocktake.state === 'approved'))
    list.push({
      label: t('inventory:change.withdraw'),
      href: `${href}/withdrawal`,
      method: 'post',
      fields,
      look: 'quiet',
      icon: 'arrow-back-up',
    });
  if (stocktake.state === 'approved' && posts) list.push(post);
  if (stocktake.state === 'submitted' && approval.mayApprove) list.push(...approveActions(ctx, input));
  if (
    stocktake.state === 'posted' &&
    hasDifferences(stocktake) &&
    ctx.can('inventory.stocktake.reverse', stocktake.storeId)
  )
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      look: 'danger',
      icon: 'arrow-back-up',
      confirm: true,
    });
  return list;
}

function approveActions({ t }: Ctx, { stocktake, approval, operationKey }: StocktakePageInput): Action[] {
  const href = stocktakeHref(stocktake.id);
  const level = approval.approvals.find(({ decidedAt }) => decidedAt === null)?.name ?? '';
  return [
    {
      label: t('inventory:change.sendBack'),
      href: `${href}/sending-back`,
      look: 'quiet',
      icon: 'arrow-left',
      confirm: true,
    },
    {
      label: t('inventory:change.approve'),
      href: `${href}/approval`,
      method: 'post',
      look: 'primary',
      icon: 'check',
      fields: { version: stocktake.version, operationKey: `${operationKey}-a` },
      ...(approval.refusal ? { disabled: t(`inventory:error.approval_${approval.refusal}`, { level }) } : {}),
    },
  ];
}

/** The step of approval is shown where the differences take it. */
export function stocktakeSteps({ t, f }: Ctx, { stocktake, figures, approval }: StocktakePageInput): StepBar {
  const approved = approval.firstLevel !== null || approval.approvals.length > 0;
  const every = ['planned', 'counting', 'checking', 'submitted', 'posted'] as const;
  const order = every.filter((step) => step !== 'submitted' || approved);
  const { state } = stocktake;
  // What is approved waits for its posting, as what is submitted waits for its approval.
  const shown = state === 'approved' ? 'submitted' : state;
  const now =
    state === 'reversed' || state === 'posted'
      ? order.length
      : shown === 'cancelled'
        ? -1
        : order.indexOf(shown as (typeof order)[number]);
  const found = stocktake.seesBooks
    ? `${f.number(figures.scanned)} / ${f.number(stocktake.expectedDevices)}`
    : f.number(figures.scanned);
  const facts: Record<(typeof order)[number], string> = {
    planned: f.dayAt(stocktake.createdAt),
    counting: stocktake.startedAt === null ? '' : found,
    checking: '',
    submitted: stocktake.approvedAt === null ? '' : f.dayAt(stocktake.approvedAt),
    posted: state === 'posted' && stocktake.endedAt !== null ? f.dayAt(stocktake.endedAt) : '',
  };
  return {
    steps: order.map((name, index) => ({
      label: t(`inventory:stocktake.step.${name}`),
      state: index < now ? ('done' as const) : index === now ? ('now' as const) : ('later' as const),
      ...(facts[name] ? { fact: facts[name] } : {}),
    })),
  };
}
