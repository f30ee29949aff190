import { z } from 'zod';
import { invalid } from '../../../kernel';
import {
  beginEnrolment,
  changePassword,
  confirmEnrolment,
  disableTotp,
  ENROLMENT_PATH,
  needsSecondFactor,
  type Enrolment,
  listSessions,
  ownAccount,
  recoveryCodesLeft,
  resumeEnrolment,
  revokeOwnSession,
  signInRules,
} from '../../../platform/auth';
import { qrSvg } from '../../../platform/barcode';
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
import type { Table } from '../../../platform/views';
import { newPasswordFields, passwordHint } from './set-password.routes';

const ACCOUNT = '/account';
const ok = (ctx: Ctx, key: string): Reply =>
  redirect(ACCOUNT, { kind: 'ok', text: ctx.t(`administration:account.${key}`) });

const newPassword = z.object({ current: fields.text, password: fields.text, again: fields.text });
const enrolment = z.object({ sealed: fields.text, code: fields.text });

export const accountRoutes: readonly Route[] = [
  { method: 'get', path: ACCOUNT, access: 'signed-in', handler: (ctx) => showAccount(ctx) },
  {
    method: 'post',
    path: `${ACCOUNT}/password`,
    access: 'signed-in',
    handler: (ctx) =>
      submit(
        ctx,
        newPassword,
        async ({ current, password, again }) => {
          if (password !== again)
            throw invalid('errors:form', {}, [{ path: 'again', code: 'administration:setPassword.notTheSame' }]);
          await changePassword(ctx.services, ctx.actor, { current, password, sid: ctx.request.sessionID });
          return ok(ctx, 'passwordChanged');
        },
        (form, status) => showAccount(ctx, { password: form }, status),
      ),
  },
  {
    method: 'get',
    path: ENROLMENT_PATH,
    access: 'signed-in',
    onDetour: true,
    handler: async (ctx) => {
      const user = await ownAccount(ctx.read, ctx.actor);
      return showEnrolment(ctx, beginEnrolment(ctx.services.keys, user), emptyForm());
    },
  },
  {
    method: 'post',
    path: `${ACCOUNT}/second-factor`,
    access: 'signed-in',
    onDetour: true,
    handler: async (ctx) => {
      const user = await ownAccount(ctx.read, ctx.actor);
      return submit(
        ctx,
        enrolment,
        async ({ sealed, code }) => {
          const command = { sealed, code, sid: ctx.request.sessionID };
          const codes = await confirmEnrolment(ctx.services, ctx.actor, command);
          return page(
            'administration/recovery-codes',
            ctx.t('administration:account.codesTitle'),
            { codes },
            { scripts: ['print-button'] },
          );
        },
        (form, status) =>
          showEnrolment(ctx, resumeEnrolment(ctx.services.keys, user, form.values['sealed'] ?? ''), form, status),
      );
    },
  },
  {
    method: 'post',
    path: `${ACCOUNT}/second-factor/removal`,
    access: 'signed-in',
    handler: (ctx) =>
      submit(
        ctx,
        z.object({ removalPassword: fields.text }),
        async ({ removalPassword }) => {
          await disableTotp(ctx.services, ctx.actor, { password: removalPassword });
          return ok(ctx, 'secondFactorOff');
        },
        (form, status) => showAccount(ctx, { removal: form }, status),
      ),
  },
  {
    method: 'post',
    path: `${ACCOUNT}/sessions/ending`,
    access: 'signed-in',
    handler: async (ctx) => {
      await revokeOwnSession(ctx.uow, ctx.actor, fields.text.parse(ctx.body['key']));
      return ok(ctx, 'sessionEnded');
    },
  },
];

async function showAccount(
  ctx: Ctx,
  typed: { password?: FormState; removal?: FormState } = {},
  status = 200,
): Promise<Reply> {
  const { t, f, services } = ctx;
  const user = await ownAccount(ctx.read, ctx.actor);
  const form = typed.password ?? emptyForm();
  const removal = typed.removal ?? emptyForm();
  const hint = passwordHint(ctx, await signInRules(services));
  const current = {
    name: 'current',
    type: 'password' as const,
    label: t('administration:account.current'),
    autocomplete: 'current-password',
    required: true,
    maxlength: 200,
    ...(form.problems['current'] === undefined ? {} : { error: form.problems['current'] }),
  };
  const model = {
    head: { title: t('administration:account.title'), say: `${user.name} · ${user.login}` },
    facts: [
      { label: t('administration:user.lastSignIn'), value: f.dateTime(user.lastSignInAt) },
      { label: t('administration:account.passwordSet'), value: f.dateTime(user.passwordSetAt) },
    ],
    passwordFields: [current, ...newPasswordFields(ctx, form, hint)],
    secondFactor: {
      on: user.totpSecret !== null,
      codesLeft: user.totpSecret === null ? 0 : await recoveryCodesLeft(ctx.read, user.id),
      field: {
        name: 'removalPassword',
        type: 'password' as const,
        label: t('administration:account.current'),
        autocomplete: 'current-password',
        required: true,
        ...(removal.problems['password'] === undefined ? {} : { error: removal.problems['password'] }),
      },
    },
    sessions: await sessionTable(ctx, user.id),
  };
  return page('administration/account', model.head.title, model, { status });
}

async function sessionTable(ctx: Ctx, userId: number): Promise<Table> {
  const { t, f } = ctx;
  const rows = await listSessions(ctx.read, userId, { now: ctx.now, sid: ctx.request.sessionID });
  return {
    id: 'sessions',
    caption: t('administration:account.sessions'),
    columns: [
      { key: 'device', label: t('administration:account.device'), card: 'title' },
      { key: 'address', label: t('administration:account.address'), card: 'number' },
      { key: 'seen', label: t('administration:account.seen'), card: 'number' },
      { key: 'begun', label: t('administration:account.begun'), card: 'number' },
      { key: 'actions', label: t('administration:actions'), quiet: true, card: 'full' },
    ],
    rows: rows.map((row) => ({
      id: row.key,
      cells: [
        { text: deviceName(row.userAgent) || t('common:unknown'), strong: row.current },
        row.address,
        f.dateTime(row.seenAt),
        f.dateTime(row.createdAt),
        row.current
          ? { text: t('administration:account.thisOne'), muted: true }
          : {
              actions: [
                {
                  label: t('administration:account.endSession'),
                  href: `${ACCOUNT}/sessions/ending`,
                  method: 'post' as const,
                  fields: { key: row.key },
                },
              ],
            },
      ],
    })),
  };
}

/** Browser and system out of a user agent: enough to know one's own devices again. */
function deviceName(userAgent: string | null): string {
  const browser = /MicroMessenger|Edg|Firefox|Chrome|Safari/.exec(userAgent ?? '')?.[0] ?? '';
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(userAgent ?? '')?.[0] ?? '';
  const names: Record<string, string> = { MicroMessenger: 'WeChat', Edg: 'Edge', 'Mac OS X': 'macOS' };
  return (
    [names[browser] ?? browser, names[system] ?? system].filter(Boolean).join(' · ') || (userAgent ?? '').slice(0, 40)
  );
}

async function showEnrolment(
  ctx: Ctx,
  { sealed, secret, address }: Enrolment,
  form: FormState,
  status = 200,
): Promise<Reply> {
  const { t } = ctx;
  const title = t('administration:account.enrolTitle');
  const required = await needsSecondFactor(ctx.read, ctx.actor.userId ?? 0);
  const model = {
    head: { title, crumbs: [{ href: ACCOUNT, label: t('administration:account.title') }] },
    required: required ? { tone: 'way', title: t('administration:account.enrolRequired') } : null,
    sealed,
    secret: secret.replace(/(.{4})(?=.)/g, '$1 '),
    address,
    qrSvg: qrSvg(address, { sizeMm: 45 }),
    field: {
      name: 'code',
      label: t('administration:account.enrolCode'),
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      required: true,
      maxlength: 8,
      ...(form.problems['code'] === undefined ? {} : { error: form.problems['code'] }),
    },
  };
  return page('administration/enrol', title, model, { status });
}
