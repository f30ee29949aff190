import { z } from 'zod';
import { invalid, isDomainError } from '../../../kernel';
import { linkPath, openLink, setPasswordByLink, type SignInRules, signInRules } from '../../../platform/auth';
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
import { originOf } from './sign-in.routes';

const schema = z.object({ password: fields.text, again: fields.text });

export const setPasswordRoutes: readonly Route[] = [
  { method: 'get', path: '/set-password/:token', access: 'public', handler: (ctx) => show(ctx, emptyForm(), 200) },
  {
    method: 'post',
    path: '/set-password/:token',
    access: 'public',
    handler: (ctx) =>
      submit(
        ctx,
        schema,
        async ({ password, again }) => {
          if (password !== again)
            throw invalid('errors:form', {}, [{ path: 'again', code: 'administration:setPassword.notTheSame' }]);
          const token = ctx.params['token'] ?? '';
          const { login } = await openLink(ctx.read, token, ctx.now);
          await setPasswordByLink(ctx.services, originOf(ctx), { token, password });
          return redirect(`/sign-in?${new URLSearchParams({ login }).toString()}`, {
            kind: 'ok',
            text: ctx.t('administration:setPassword.done'),
          });
        },
        (form, status) => show(ctx, form, status),
      ),
  },
];

async function show(ctx: Ctx, form: FormState, status: number): Promise<Reply> {
  const { t, services } = ctx;
  const token = ctx.params['token'] ?? '';
  const title = t('administration:setPassword.title');
  try {
    const { name, login } = await openLink(ctx.read, token, ctx.now);
    const hint = passwordHint(ctx, await signInRules(services));
    const [password, again] = newPasswordFields(ctx, form, hint);
    const model = { action: linkPath(token), name, login, fields: [{ ...password, autofocus: true }, again] };
    return page('auth/set-password', title, model, { layout: 'plain', status });
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return page('auth/link-not-valid', title, {}, { layout: 'plain', status: 422 });
  }
}

/** What a password must be, said before it is typed. */
export function passwordHint({ t }: Pick<Ctx, 't'>, { passwordMinLength, passwordsRemembered }: SignInRules): string {
  const hint = t('administration:setPassword.hint', { minimum: passwordMinLength });
  return passwordsRemembered === 0
    ? hint
    : hint + t('administration:setPassword.notAgain', { count: passwordsRemembered });
}

/** The new password twice; nothing typed is sent back. */
export function newPasswordFields({ t }: Pick<Ctx, 't'>, form: FormState, hint: string) {
  const shared = { type: 'password' as const, autocomplete: 'new-password', required: true, maxlength: 200 };
  const error = (name: string) => (form.problems[name] === undefined ? {} : { error: form.problems[name] });
  return [
    { ...shared, name: 'password', label: t('administration:setPassword.password'), hint, ...error('password') },
    { ...shared, name: 'again', label: t('administration:setPassword.again'), ...error('again') },
  ];
}
