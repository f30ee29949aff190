import { z } from 'zod';
import {
  RULES_MANAGE,
  saveSignInRules,
  type SignInRules,
  signInRulesSchema,
  storedRules,
} from '../../../platform/auth';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { editForm, type Field } from '../../../platform/views';

const RULES = '/administration/sign-in-rules';

const NAMES = Object.keys(signInRulesSchema.shape) as (keyof SignInRules)[];

/** The limits that the schema sets, for the form to say before they are broken. */
const limitsOf = (name: keyof SignInRules): { min: number; max: number } => {
  const { minValue, maxValue } = signInRulesSchema.shape[name];
  return { min: minValue ?? 0, max: maxValue ?? Number.MAX_SAFE_INTEGER };
};

const number = (name: keyof SignInRules) => {
  const { min, max } = limitsOf(name);
  return fields.required.transform((typed, context): number => {
    const value = /^\d{1,6}$/.test(typed.trim()) ? Number(typed.trim()) : Number.NaN;
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message: 'administration:signInRules.range', params: { min, max } });
    return z.NEVER;
  });
};

const schema = z.object({
  passwordMinLength: number('passwordMinLength'),
  passwordMaxAgeDays: number('passwordMaxAgeDays'),
  passwordsRemembered: number('passwordsRemembered'),
  lockoutAttempts: number('lockoutAttempts'),
  lockoutMinutes: number('lockoutMinutes'),
  idleMinutes: number('idleMinutes'),
  absoluteHours: number('absoluteHours'),
  sessionsPerUser: number('sessionsPerUser'),
  version: fields.version,
  operationKey: fields.operationKey,
});

export const signInRulesRoutes: readonly Route[] = [
  { method: 'get', path: RULES, access: { permission: 'administration.user.view' }, handler: (ctx) => show(ctx) },
  {
    method: 'post',
    path: RULES,
    access: { permission: RULES_MANAGE },
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ operationKey, version, ...rules }) => {
          await saveSignInRules(ctx.services, ctx.actor, { rules, version }, { operationKey });
          return redirect(RULES, { kind: 'ok', text: ctx.t('administration:signInRules.saved') });
        },
        (form, status) => show(ctx, form, status),
      ),
  },
];

async function show(ctx: Ctx, typed?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const { rules, version } = await storedRules(ctx.read, ctx.services.config);
  const mayManage = ctx.can(RULES_MANAGE);
  const shown = NAMES.map((name): Field => {
    const { min, max } = limitsOf(name);
    return {
      name,
      label: t(`administration:signInRules.${name}`),
      hint: t(`administration:signInRules.hint.${name}`, { min, max }),
      type: 'number',
      required: true,
      min,
      max,
      inputmode: 'numeric',
      ...(mayManage ? {} : { disabled: true }),
    };
  });
  const title = t('administration:signInRules.title');
  const model = {
    head: {
      title,
      say: t('administration:signInRules.say'),
      crumbs: [{ href: '/administration/users', label: t('administration:user.title') }],
    },
    mayManage,
    always: ['common', 'stolen', 'hashed', 'others'].map((key) => t(`administration:signInRules.always.${key}`)),
    form: editForm(typed ?? emptyForm({ ...rules, version }), {
      action: RULES,
      hidden: ['version'],
      submit: t('administration:signInRules.save'),
      cancelHref: '/administration/users',
      fields: shown,
    }),
  };
  return page('administration/sign-in-rules', title, model, { status });
}
