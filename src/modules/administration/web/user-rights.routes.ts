import { type Ctx, page, permissionWords, type Reply, type Route } from '../../../platform/http';
import type { Facts, List, Message } from '../../../platform/views';
import { HIDDEN_WITHOUT, type Reach, reachOf } from '../domain/rights';
import { type UserRights, userRights } from '../queries/rights';
import { allPermissions } from '../queries/role-page';
import { USER_VIEW } from '../queries/user-list';
import { type RightsWords, rightsWords } from './rights-words';
import { USERS } from './users.page';

export const userRightsRoutes: readonly Route[] = [
  { method: 'get', path: `${USERS}/:id/rights`, access: { permission: USER_VIEW }, handler: show },
];

/** What this person sees and may do, and which of their roles is the reason. */
async function show(ctx: Ctx): Promise<Reply> {
  const { t } = ctx;
  const rights = await userRights(ctx.read, ctx.actor, ctx.id(), ctx.now);
  const [groups, words] = await Promise.all([allPermissions(ctx.read), rightsWords(ctx)]);
  const { user } = rights;
  const title = t('administration:rights.ofUser', { name: user.name });
  const reach = (permission: string): Reach => reachOf(rights.grants, rights.permissions, permission);
  const model = {
    head: {
      title,
      crumbs: [
        { href: USERS, label: t('administration:user.title') },
        { href: `${USERS}/${user.id}`, label: user.name },
      ],
      say: words.grants(rights.grants) || t('administration:rights.noRole'),
    },
    messages: [...obstacles(ctx, rights), ...temporary(ctx, rights, words)],
    hidden: hiddenFields(ctx, reach, words),
    groups: [...groups].map(([module, ids]) => ({
      label: t(`${module}:module`),
      list: permissionList(ctx, module, ids, reach, words),
    })),
  };
  return page('administration/user-rights', title, model);
}

/** Why somebody can do nothing at all at present, whatever their roles say. */
function obstacles({ t }: Ctx, { user, grants, roles }: UserRights): Message[] {
  const say = (key: string): Message => ({
    tone: 'hold',
    title: t(`administration:rights.obstacle.${key}`),
    text: t(`administration:rights.obstacle.${key}Do`),
  });
  const asked = roles.some(({ id, needsSecondFactor }) => needsSecondFactor && grants.some((one) => one.roleId === id));
  return [
    ...(user.active ? [] : [say('inactive')]),
    ...(user.active && user.passwordHash === null ? [say('noPassword')] : []),
    ...(user.active && asked && user.totpSecret === null ? [say('secondFactor')] : []),
    ...(grants.length === 0 ? [say('noRole')] : []),
  ];
}

/** Which of the rights below end by themselves, and which are still to come. */
function temporary({ t }: Ctx, { grants, later }: UserRights, words: RightsWords): Message[] {
  const ending = grants.filter(({ endsAt }) => endsAt !== undefined);
  const say = (key: string, which: UserRights['grants']): Message[] =>
    which.length === 0
      ? []
      : [{ tone: 'way', title: t(`administration:rights.temporary.${key}`), text: words.grants(which) }];
  return [...say('ending', ending), ...say('later', later)];
}

function hiddenFields({ t }: Ctx, reach: (permission: string) => Reach, words: RightsWords): Facts['facts'] {
  return HIDDEN_WITHOUT.map(({ field, permission }) => {
    const found = reach(permission);
    const label = t(`administration:rights.field.${field}`);
    if (found.from.length === 0)
      return { label, value: t('administration:rights.hiddenEverywhere'), tone: 'gone' as const };
    if (found.everywhere) return { label, value: t('administration:rights.shownEverywhere') };
    return { label, value: t('administration:rights.shownIn', { stores: words.stores(found) }) };
  });
}

function permissionList(
  { t }: Ctx,
  module: string,
  ids: readonly string[],
  reach: (permission: string) => Reach,
  words: RightsWords,
): List {
  return {
    table: {
      id: `rights-${module}`,
      caption: t(`${module}:module`),
      columns: [
        { key: 'permission', label: t('administration:rights.permission'), card: 'title' },
        { key: 'stores', label: t('administration:rights.where'), card: 'number' },
        { key: 'from', label: t('administration:rights.from'), card: 'full' },
      ],
      rows: ids.map((id) => {
        const found = reach(id);
        const may = found.from.length > 0;
        return {
          id,
          cells: [
            { text: permissionWords(id, t), ...(may ? {} : { muted: true }) },
            may ? words.stores(found) : { text: t('administration:rights.no'), muted: true },
            may ? words.grants(found.from) : null,
          ],
        };
      }),
    },
    empty: { title: t('administration:rights.no') },
  };
}
