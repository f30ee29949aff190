import type { Ctx } from '../../../platform/http';
import type { Action, StepBar } from '../../../platform/views';
import type { ChangeView } from '../queries/change-page';
import type { ChangePageInput } from './change.page';
import { changeHref } from './change-words';

/** What may be done with the document now. */
export function changeActions(ctx: Ctx, input: ChangePageInput): Action[] {
  const { t } = ctx;
  const { change } = input;
  const print: Action = {
    label: t('common:action.print'),
    href: `${changeHref(change.id)}/print`,
    icon: 'printer',
    look: 'quiet',
    wideOnly: true,
  };
  return [
    print,
    ...(change.works ? workActions(ctx, input) : []),
    ...(change.state === 'submitted' && change.mayApprove ? approveActions(ctx, input) : []),
    ...(change.state === 'posted' && ctx.can('inventory.change.reverse', change.storeId)
      ? [ask(change, 'reversal', { label: t('common:action.reverse'), look: 'danger', icon: 'arrow-back-up' })]
      : []),
  ];
}

const ask = (change: ChangeView, path: string, action: Pick<Action, 'label' | 'look' | 'icon'>): Action => ({
  ...action,
  href: `${changeHref(change.id)}/${path}`,
  confirm: true,
});

function workActions(ctx: Ctx, { change, operationKey }: ChangePageInput): Action[] {
  const { t, f } = ctx;
  const count = change.devices + change.pieces;
  const step = (path: string, action: Pick<Action, 'label' | 'look' | 'icon'>): Action => ({
    ...action,
    href: `${changeHref(change.id)}/${path}`,
    method: 'post',
    fields: { version: change.version, operationKey },
    ...(count === 0 ? { disabled: t('inventory:error.change_empty') } : {}),
  });
  const post = step('posting', {
    label: t('inventory:change.post', { count: f.number(count) }),
    look: 'primary',
    icon: 'check',
  });
  const withdraw = step('withdrawal', { label: t('inventory:change.withdraw'), look: 'quiet', icon: 'arrow-back-up' });
  switch (change.state) {
    case 'draft':
      return [
        ask(change, 'cancellation', { label: t('inventory:change.cancel'), look: 'quiet', icon: 'x' }),
        change.firstLevel === null
          ? post
          : step('submission', { label: t('inventory:change.submit'), look: 'primary', icon: 'check' }),
      ];
    case 'submitted':
      return [withdraw];
    case 'approved':
      return [withdraw, post];
    case 'posted':
    case 'reversed':
    case 'cancelled':
      return [];
  }
}

function approveActions(ctx: Ctx, { change, operationKey }: ChangePageInput): Action[] {
  const { t } = ctx;
  const level = change.approvals.find(({ decidedAt }) => decidedAt === null)?.name ?? '';
  return [
    ask(change, 'sending-back', { label: t('inventory:change.sendBack'), look: 'quiet', icon: 'arrow-left' }),
    {
      label: t('inventory:change.approve'),
      href: `${changeHref(change.id)}/approval`,
      method: 'post',
      look: 'primary',
      icon: 'check',
      fields: { version: change.version, operationKey: `${operationKey}-a` },
      ...(change.refusal ? { disabled: t(`inventory:error.approval_${change.refusal}`, { level }) } : {}),
    },
  ];
}

const STEPS = ['draft', 'submitted', 'posted'] as const;

/** The step of approval is shown where the document takes it. */
export function changeSteps({ t, f }: Ctx, change: ChangeView): StepBar {
  const { state, createdAt, submittedAt, approvedAt, postedAt } = change;
  const approval = change.firstLevel !== null || change.approvals.length > 0;
  const at = { draft: createdAt, submitted: approvedAt ?? submittedAt, posted: postedAt };
  const now = { draft: 0, submitted: 1, approved: 2, posted: 3, reversed: 3, cancelled: 0 }[state];
  return {
    steps: STEPS.filter((step) => step !== 'submitted' || approval).map((step) => {
      const place = STEPS.indexOf(step);
      const reached = place < now || (state !== 'cancelled' && place === now);
      const day = at[step];
      return {
        label: step === 'submitted' ? t('inventory:change.stepApproval') : t(`common:state.${step}`),
        state: place < now ? 'done' : place === now ? 'now' : 'later',
        ...(reached && day !== null ? { fact: f.dayAt(day) } : {}),
      };
    }),
  };
}
