import { z } from 'zod';
import { type Ctx, emptyForm, type FormState, redirect, type Reply, type Route, submit } from '../../../platform/http';
import type { Confirm } from '../../../platform/views';
import { protectionView, type ProtectionView } from '../queries/protection-page';
import { recallProtection, refuseProtection, submitProtection } from '../use-cases/decide-protection';
import { reverseProtection } from '../use-cases/reverse-protection';
import { deleteProtection, EDIT_PROTECTIONS } from '../use-cases/save-protection';
import { SETTLE_PROTECTIONS, unsettleProtection } from '../use-cases/settle-protection';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, text, version } from './fields';
import { protectionHref } from './protection-words';
import { showProtection } from './show-protection';

/** A step that is asked for once more, with or without a reason. */
interface Step {
  name: string;
  permission: string;
  state: ProtectionView['state'];
  verb: (ctx: Ctx) => string;
  effects: (ctx: Ctx, claim: ProtectionView) => string[];
  danger?: boolean;
  reason?: boolean;
  run: (
    ctx: Ctx,
    command: { claimId: number; version: number; reason: string },
    key: string | undefined,
  ) => Promise<{ text: string; href?: string }>;
}

const done = (ctx: Ctx, what: string, details: Record<string, unknown> = {}): { text: string } => ({
  text: ctx.t(`purchasing:protection.done.${what}`, details),
});

const STEPS: readonly Step[] = [
  {
    name: 'submission',
    permission: EDIT_PROTECTIONS,
    state: 'draft',
    verb: ({ t }) => t('purchasing:protection.do.submission'),
    effects: ({ t, f }, claim) => [
      t('purchasing:protection.ask.covered', { count: f.number(claim.covered), supplier: claim.supplierName }),
      t('purchasing:protection.ask.submission'),
    ],
    run: async (ctx, command, key) => {
      const { covered } = await submitProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return done(ctx, 'submitted', { count: ctx.f.number(covered) });
    },
  },
  {
    name: 'recall',
    permission: EDIT_PROTECTIONS,
    state: 'submitted',
    verb: ({ t }) => t('purchasing:protection.do.recall'),
    effects: ({ t }) => [t('purchasing:protection.ask.recall')],
    run: async (ctx, command, key) => {
      await recallProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return done(ctx, 'recalled');
    },
  },
  {
    name: 'refusal',
    permission: EDIT_PROTECTIONS,
    state: 'submitted',
    verb: ({ t }) => t('purchasing:protection.do.refusal'),
    effects: ({ t }) => [t('purchasing:protection.ask.refusal')],
    danger: true,
    reason: true,
    run: async (ctx, command, key) => {
      await refuseProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return done(ctx, 'refused');
    },
  },
  {
    name: 'reversal',
    permission: 'purchasing.protection.reverse',
    state: 'agreed',
    verb: ({ t }) => t('common:action.reverse'),
    effects: ({ t, f, today }) => [
      t('purchasing:protection.ask.reversal'),
      t('purchasing:reversal.books', { date: f.date(today) }),
    ],
    danger: true,
    reason: true,
    run: async (ctx, command, key) => {
      await reverseProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return done(ctx, 'reversed');
    },
  },
  {
    name: 'unsettlement',
    permission: SETTLE_PROTECTIONS,
    state: 'credited',
    verb: ({ t }) => t('purchasing:protection.do.unsettlement'),
    effects: ({ t, f, today }) => [
      t('purchasing:protection.ask.unsettlement'),
      t('purchasing:reversal.books', { date: f.date(today) }),
    ],
    danger: true,
    run: async (ctx, command, key) => {
      await unsettleProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return done(ctx, 'unsettled');
    },
  },
  {
    name: 'deletion',
    permission: EDIT_PROTECTIONS,
    state: 'draft',
    verb: ({ t }) => t('common:action.delete'),
    effects: ({ t }) => [t('purchasing:deletion.books')],
    danger: true,
    run: async (ctx, command, key) => {
      const { number } = await deleteProtection(ctx.uow, ctx.actor, command, { operationKey: key });
      return { text: ctx.t('purchasing:deletion.done', { number }), href: '/purchasing/protections' };
    },
  },
];

export const protectionActionRoutes: readonly Route[] = STEPS.flatMap((step): Route[] => {
  const path = `/purchasing/protections/:id/${step.name}`;
  const access = { permission: step.permission };
  return [
    { method: 'get', path, access, handler: (ctx) => ask(ctx, step) },
    { method: 'post', path, access, handler: (ctx) => take(ctx, step) },
  ];
});

async function ask(ctx: Ctx, step: Step, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const claim = await protectionView(ctx.read, ctx.actor, ctx.id());
  const href = protectionHref(claim.id);
  const { reason: problem, ...others } = form.problems;
  if (claim.state !== step.state)
    return status === 200
      ? redirect(href)
      : showProtection(ctx, claim.id, { status, notices: [{ tone: 'bad', title: form.message ?? '' }] });
  const verb = step.verb(ctx);
  const confirm: Confirm = {
    title: ctx.t('purchasing:protection.ask.title', { verb, number: claim.number }),
    effects: step.effects(ctx, claim),
    action: `${href}/${step.name}`,
    verb,
    ...(step.danger ? { danger: true } : {}),
    cancelHref: href,
    fields: { version: claim.version, operationKey: newOperationKey() },
    ...(step.reason
      ? {
          reason: {
            name: 'reason',
            label: ctx.t('purchasing:reversal.reason'),
            type: 'textarea' as const,
            rows: 2,
            required: true,
            maxlength: 200,
            value: form.values['reason'] ?? '',
            ...(problem ? { error: problem } : {}),
          },
        }
      : {}),
  };
  return confirmPage(ctx, confirm, form.message, Object.values(others), status);
}

function take(ctx: Ctx, step: Step): Promise<Reply> {
  const claimId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, reason: text(200) }),
    async ({ operationKey: key, ...command }) => {
      const { text: said, href } = await step.run(ctx, { ...command, claimId }, key);
      return redirect(href ?? protectionHref(claimId), { kind: 'ok', text: said });
    },
    (form, status) => ask(ctx, step, form, status),
  );
}
