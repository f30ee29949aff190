import { z } from 'zod';
import {
  type Ctx,
  endSession,
  fields,
  page,
  redirect,
  type Reply,
  type Route,
  safePath,
  startSession,
  type RequestOrigin,
} from '../../../platform/http';
import { linkPath, signIn, type SignInOutcome, signInWithCode } from '../../../platform/auth';
import { getCompany } from '../../organization';

/** How long the second step may take. */
const SECOND_STEP_MS = 5 * 60_000;
/** From here on the page says how many tries are left. */
const WARN_FROM = 3;

const password = z.object({ login: fields.text, password: fields.text, next: fields.text });
const code = z.object({ code: fields.text });

export const originOf = ({ actor }: Pick<Ctx, 'actor'>): RequestOrigin => ({
  address: actor.address ?? '',
  requestId: actor.requestId ?? '',
});

export const signInRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/sign-in',
    access: 'public',
    handler: (ctx) => {
      const next = safePath(ctx.query['next']);
      if (ctx.actor.userId !== null) return Promise.resolve(redirect(next));
      // The page for a first password sends its login along.
      return showPassword(ctx, { next, login: ctx.query['login'] ?? '' });
    },
  },
  {
    method: 'post',
    path: '/sign-in',
    access: 'public',
    handler: async (ctx) => {
      const typed = password.parse(ctx.body);
      const next = safePath(typed.next);
      const outcome = await signIn(ctx.services, originOf(ctx), typed);
      if (outcome.kind === 'signed-in') return enter(ctx, outcome.userId, next);
      if (outcome.kind === 'password-change') return redirect(linkPath(outcome.token));
      if (outcome.kind === 'code-needed') {
        ctx.request.session.signIn = { userId: outcome.userId, at: ctx.now, next };
        return redirect('/sign-in/code');
      }
      return showPassword(
        ctx,
        { login: typed.login, next, problem: refusalText(ctx, outcome) },
        refusalStatus(outcome),
      );
    },
  },
  {
    method: 'get',
    path: '/sign-in/code',
    access: 'public',
    handler: (ctx) => (pendingOf(ctx) ? showCode(ctx) : Promise.resolve(redirect('/sign-in'))),
  },
  {
    method: 'post',
    path: '/sign-in/code',
    access: 'public',
    handler: async (ctx) => {
      const pending = pendingOf(ctx);
      if (!pending) return redirect('/sign-in', { kind: 'bad', text: ctx.t('administration:signIn.tooLate') });
      const typed = code.parse(ctx.body);
      const outcome = await signInWithCode(ctx.services, originOf(ctx), { userId: pending.userId, code: typed.code });
      if (outcome.kind === 'signed-in') return enter(ctx, outcome.userId, pending.next);
      return showCode(ctx, refusalText(ctx, outcome, 'administration:signIn.wrongCode'), refusalStatus(outcome));
    },
  },
  {
    method: 'get',
    path: '/sign-in/forgotten',
    access: 'public',
    handler: async (ctx) => page('auth/forgotten', ctx.t('administration:forgotten.title'), {}, { layout: 'plain' }),
  },
  {
    method: 'post',
    path: '/sign-out',
    access: 'signed-in',
    onDetour: true,
    handler: async (ctx) => {
      await ctx.uow.run(ctx.actor, (unit) =>
        unit.audit({ action: 'auth.session.end', subjectType: 'auth.user', subjectId: ctx.actor.userId ?? 0 }),
      );
      await endSession(ctx.request);
      return redirect('/sign-in', { kind: 'ok', text: ctx.t('administration:signIn.signedOut') });
    },
  },
];

async function enter(ctx: Ctx, userId: number, next: string): Promise<Reply> {
  await startSession(ctx.request, { userId });
  return redirect(next);
}

interface Pending {
  userId: number;
  next: string;
}

function pendingOf({ request, now }: Ctx): Pending | null {
  const { userId, at, next } = request.session.signIn ?? {};
  if (typeof userId !== 'number' || typeof at !== 'number' || now - at > SECOND_STEP_MS) return null;
  return { userId, next: safePath(next) };
}

function refusalText(ctx: Ctx, outcome: SignInOutcome, wrong = 'administration:signIn.wrong'): string {
  if (outcome.kind === 'locked') {
    const minutes = Math.max(1, Math.ceil((outcome.until - ctx.now) / 60_000));
    return ctx.t('administration:signIn.locked', { minutes });
  }
  const left = outcome.kind === 'wrong' ? outcome.triesLeft : 0;
  return left <= WARN_FROM
    ? `${ctx.t(wrong)}${ctx.t('administration:signIn.triesLeft', { count: left })}`
    : ctx.t(wrong);
}

const refusalStatus = (outcome: SignInOutcome): number => (outcome.kind === 'locked' ? 429 : 422);

async function showPassword(
  ctx: Ctx,
  { login = '', next, problem }: { login?: string; next: string; problem?: string },
  status = 200,
): Promise<Reply> {
  const company = await getCompany(ctx.read);
  const { t } = ctx;
  const model = {
    company: company?.name ?? '',
    next,
    fields: [
      {
        name: 'login',
        label: t('administration:signIn.login'),
        value: login.slice(0, 80),
        autocomplete: 'username',
        required: true,
        maxlength: 80,
        autofocus: login === '',
      },
      {
        name: 'password',
        type: 'password',
        label: t('administration:signIn.password'),
        autocomplete: 'current-password',
        required: true,
        maxlength: 200,
        autofocus: login !== '',
        aside: { href: '/sign-in/forgotten', label: t('administration:signIn.forgotten') },
        ...(problem === undefined ? {} : { error: problem }),
      },
    ],
  };
  return page('auth/sign-in', t('administration:signIn.title'), model, { layout: 'plain', status });
}

function showCode(ctx: Ctx, problem?: string, status = 200): Promise<Reply> {
  const { t } = ctx;
  const field = {
    name: 'code',
    label: t('administration:signIn.code'),
    autocomplete: 'one-time-code',
    inputmode: 'text',
    required: true,
    autofocus: true,
    maxlength: 20,
    hint: t('administration:signIn.codeHint'),
    ...(problem === undefined ? {} : { error: problem }),
  };
  return Promise.resolve(
    page('auth/code', t('administration:signIn.codeTitle'), { field }, { layout: 'plain', status }),
  );
}
