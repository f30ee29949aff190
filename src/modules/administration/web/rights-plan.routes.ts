import { z } from 'zod';
import { isDomainError } from '../../../kernel';
import { roleName } from '../../../platform/auth';
import {
  type Ctx,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { LOCALES } from '../../../platform/i18n';
import { compareRights, MOST_BYTES, type RoleNames } from '../queries/present-rights';
import { allPermissions, ROLE_VIEW } from '../queries/role-page';
import { applyRights } from '../use-cases/apply-rights';
import { PLAN, planPage } from './rights-plan.page';
import { RIGHTS } from './rights.routes';

const access = { permission: ROLE_VIEW };

const id = z.int().positive();
const grants = z
  .array(z.object({ roleId: id, storeId: id.nullable(), startsAt: id.optional(), endsAt: id.optional() }))
  .max(2000);
const permissions = z.array(z.string().max(80)).max(2000);
const planSchema = z.object({
  seen: z.string().length(64),
  roles: z.array(z.object({ roleId: id, gains: permissions, loses: permissions, permissions })).max(1000),
  accounts: z.array(z.object({ userId: id, gains: grants, loses: grants, grants })).max(20_000),
});
export type CarriedPlan = z.output<typeof planSchema>;

/** What the page of the comparison carries along, so that what was shown is what is done. */
const carried = fields.text.transform((typed, context): CarriedPlan => {
  try {
    const parsed = planSchema.safeParse(JSON.parse(typed));
    if (parsed.success) return parsed.data;
  } catch {
    // Not what the page sent.
  }
  context.addIssue({ code: 'custom', message: 'errors:field.invalid' });
  return z.NEVER;
});
const schema = z.object({ plan: carried, reason: fields.required, operationKey: fields.operationKey });

/** 权限一览 › 比较和导入: a workbook that was exported and edited, against the rights in force. */
export const rightsPlanRoutes: readonly Route[] = [
  { method: 'get', path: PLAN, access, handler: (ctx) => showUpload(ctx) },
  {
    method: 'post',
    path: PLAN,
    access,
    upload: { maxBytes: MOST_BYTES, maxFiles: 1, extensions: ['xlsx', 'csv'] },
    handler: compare,
  },
  {
    method: 'post',
    path: `${PLAN}/application`,
    access,
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ plan, reason, operationKey }) => {
          const known = new Set([...(await allPermissions(ctx.read)).values()].flat());
          await applyRights(ctx.uow, ctx.actor, { ...plan, reason }, known, { operationKey });
          const count = plan.roles.length + plan.accounts.length;
          return redirect(RIGHTS, { kind: 'ok', text: ctx.t('administration:rights.applied', { count }) });
        },
        (form, status) => showAgain(ctx, form, status),
      ),
  },
];

async function showUpload(ctx: Ctx, error?: string): Promise<Reply> {
  const model = await planPage(ctx, error === undefined ? {} : { error });
  return page('administration/rights-plan', model.head.title, model, { status: error === undefined ? 200 : 422 });
}

async function compare(ctx: Ctx): Promise<Reply> {
  const [uploaded] = ctx.files;
  if (!uploaded) return showUpload(ctx, ctx.t('administration:rights.noFile'));
  try {
    const compared = await compareRights(ctx.read, ctx.actor, uploaded.content, {
      namesOf: namesIn(ctx),
      timeZone: ctx.services.timeZone,
      now: ctx.now,
    });
    if (compared.sheets.matrix === null && compared.sheets.accounts === null)
      return await showUpload(ctx, ctx.t('administration:rights.noSheet'));
    const model = await planPage(ctx, { compared });
    return page('administration/rights-plan', model.head.title, model, {
      status: compared.plan.problems.length > 0 ? 422 : 200,
    });
  } catch (error) {
    if (!isDomainError(error) || !error.code.startsWith('spreadsheet:')) throw error;
    return showUpload(ctx, ctx.t(error.code, error.details));
  }
}

/** The plan once more with what was wrong: a reason is missing, or somebody changed rights in between. */
async function showAgain(ctx: Ctx, form: FormState, status: number): Promise<Reply> {
  const plan = carried.safeParse(form.values['plan']);
  if (!plan.success) return showUpload(ctx, ctx.t('administration:rights.noFile'));
  const model = await planPage(ctx, { carried: plan.data, form });
  return page('administration/rights-plan', model.head.title, model, { status });
}

function namesIn(ctx: Ctx): RoleNames {
  const translators = LOCALES.map((locale) => ctx.wordsIn(locale));
  return (row) => translators.map((t) => roleName(row, t));
}
