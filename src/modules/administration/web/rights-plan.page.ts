import { type Ctx, emptyForm, type FormState, permissionWords } from '../../../platform/http';
import { type Cell, editForm, type Message, type PageHead, type Table } from '../../../platform/views';
import type { RightsProblem } from '../domain/rights-workbook';
import type { ComparedRights } from '../queries/present-rights';
import { activeAccounts } from '../queries/rights';
import { USER_VIEW } from '../queries/user-list';
import type { CarriedPlan } from './rights-plan.routes';
import { type RightsWords, rightsWords } from './rights-words';
import { RIGHTS } from './rights.routes';

export const PLAN = `${RIGHTS}/plan`;
/** A page with more rows is read by nobody; the counts say how many there are. */
const MOST_SHOWN = 300;

interface Shown {
  error?: string;
  compared?: ComparedRights;
  carried?: CarriedPlan;
  form?: FormState;
}

/** The question for a workbook; or what it would change, in words, with the question why. */
export async function planPage(ctx: Ctx, { error, compared, carried, form }: Shown) {
  const { t } = ctx;
  const head: PageHead = {
    title: t('administration:rights.planTitle'),
    crumbs: [{ href: RIGHTS, label: t('administration:rights.title') }],
    say: t('administration:rights.planSay'),
  };
  const plan: CarriedPlan | null =
    carried ??
    (compared ? { seen: compared.seen, roles: compared.plan.roles, accounts: compared.plan.accounts } : null);
  if (!plan)
    return {
      head,
      upload: { action: PLAN, error: error ?? null },
      messages: [],
      problems: null,
      changes: [],
      form: null,
    };
  const words = await rightsWords(ctx);
  const problems = compared?.plan.problems ?? [];
  const empty = plan.roles.length + plan.accounts.length === 0;
  const missing = problems.length > 0 || empty ? [] : missingRights(ctx, plan);
  return {
    head,
    upload: null,
    messages: [...messagesOf(ctx, compared, empty), ...missing],
    problems: problems.length > 0 ? problemTable(ctx, problems, words) : null,
    changes: await changeTables(ctx, plan, words),
    form: problems.length > 0 || empty || missing.length > 0 ? null : applyForm(ctx, plan, form),
  };
}

function messagesOf({ t }: Ctx, compared: ComparedRights | undefined, empty: boolean): Message[] {
  if (!compared) return [];
  const { plan, accountsHidden } = compared;
  const unnamed = Object.entries(plan.unnamed).filter(([, count]) => count > 0);
  return [
    ...(plan.problems.length > 0
      ? [{ tone: 'bad' as const, title: t('administration:rights.problems', { count: plan.problems.length }) }]
      : []),
    ...(empty && plan.problems.length === 0
      ? [{ tone: 'ok' as const, title: t('administration:rights.nothing') }]
      : []),
    ...(accountsHidden ? [{ tone: 'hold' as const, title: t('administration:rights.accountsHidden') }] : []),
    ...(unnamed.length > 0
      ? [
          {
            tone: 'way' as const,
            title: t('administration:rights.unnamedTitle'),
            items: unnamed.map(([what, count]) => t(`administration:rights.unnamed.${what}`, { count })),
          },
        ]
      : []),
  ];
}

/** Who may look may compare; putting it in force takes the right to manage what changes, in all stores. */
function missingRights({ t, actor }: Ctx, plan: CarriedPlan): Message[] {
  const needed = [
    ...(plan.roles.length > 0 ? ['administration.role.manage'] : []),
    ...(plan.accounts.length > 0 ? ['administration.user.manage'] : []),
  ].filter((permission) => actor.scope(permission) !== 'all');
  if (needed.length === 0) return [];
  const list = needed.map((permission) => permissionWords(permission, t)).join(t('auth:role_join'));
  return [{ tone: 'hold', title: t('administration:rights.compareOnly', { permissions: list }) }];
}

function applyForm({ t }: Ctx, plan: CarriedPlan, typed?: FormState) {
  const state = typed ?? emptyForm();
  return editForm(
    { ...state, values: { ...state.values, plan: JSON.stringify(plan) } },
    {
      action: `${PLAN}/application`,
      submit: t('administration:rights.apply', { count: plan.roles.length + plan.accounts.length }),
      cancelHref: PLAN,
      hidden: ['plan'],
      fields: [
        {
          name: 'reason',
          label: t('administration:rights.reason'),
          hint: t('administration:rights.reasonHint'),
          required: true,
          maxlength: 200,
          wide: true,
        },
      ],
    },
  );
}

async function changeTables(ctx: Ctx, plan: CarriedPlan, words: RightsWords): Promise<Table[]> {
  const { t } = ctx;
  const accounts = ctx.can(USER_VIEW) ? await activeAccounts(ctx.read, ctx.actor, ctx.now) : [];
  const names = new Map(accounts.map((account) => [account.id, account]));
  const say = (ids: readonly string[]): string => ids.map((id) => permissionWords(id, t)).join(t('auth:role_join'));
  const table = (what: 'role' | 'account', rows: Table['rows']): Table => ({
    id: `planned-${what}`,
    caption: t(`administration:rights.planned.${what}`, { count: rows.length }),
    columns: [
      { key: 'subject', label: t(`administration:rights.who.${what}`), card: 'title' },
      { key: 'gains', label: t('administration:rights.gains'), card: 'full' },
      { key: 'loses', label: t('administration:rights.loses'), card: 'full' },
    ],
    rows: rows.slice(0, MOST_SHOWN),
  });
  const gained = (text: string): Cell => (text === '' ? null : { text: `+ ${text}`, tone: 'ok' });
  const lost = (text: string): Cell => (text === '' ? null : { text: `− ${text}`, tone: 'bad' });
  const roles = plan.roles.map(({ roleId, gains, loses }) => {
    const count = accounts.filter(({ grants }) => grants.some((grant) => grant.roleId === roleId)).length;
    const sub = ctx.can(USER_VIEW) ? { sub: t('administration:rights.usedBy', { count }) } : {};
    const cell: Cell = { text: words.role(roleId), href: `/administration/roles/${roleId}`, strong: true, ...sub };
    return { id: roleId, cells: [cell, gained(say(gains)), lost(say(loses))] };
  });
  const people = plan.accounts.map(({ userId, gains, loses }) => {
    const account = names.get(userId);
    const cell: Cell = {
      text: account?.name ?? `#${userId}`,
      sub: account?.login ?? '',
      href: `/administration/users/${userId}/rights`,
      strong: true,
    };
    return { id: userId, cells: [cell, gained(words.grants(gains)), lost(words.grants(loses))] };
  });
  return [
    ...(roles.length > 0 ? [table('role', roles)] : []),
    ...(people.length > 0 ? [table('account', people)] : []),
  ];
}

function problemTable({ t }: Ctx, problems: readonly RightsProblem[], words: RightsWords): Table {
  return {
    id: 'problems',
    caption: t('administration:rights.problemsTitle'),
    columns: [
      { key: 'line', label: t('administration:rights.line'), num: true, card: 'number' },
      { key: 'sheet', label: t('administration:rights.sheet'), card: 'number' },
      { key: 'place', label: t('administration:rights.place'), card: 'title' },
      { key: 'problem', label: t('administration:rights.problemTitle'), card: 'full' },
    ],
    rows: problems.slice(0, MOST_SHOWN).map(({ line, sheet, place, code, details = {} }, index) => {
      const { roleId, permission } = details;
      const said = {
        ...details,
        ...(typeof roleId === 'number' ? { role: words.role(roleId) } : {}),
        ...(typeof permission === 'string' ? { permission: permissionWords(permission, t) } : {}),
      };
      const cells: Cell[] = [
        line > 0 ? String(line) : null,
        sheet,
        place,
        t(`administration:rights.problem.${code}`, said),
      ];
      return { id: index, cells };
    }),
  };
}
