import type { Identity, SignedIn } from '../http';
import type { Locale, Translate } from '../i18n';
import { systemActor } from '../permissions';
import type { Services } from '../services';
import { actorOf, loadActor } from './load-actor';
import { ENROLMENT_PATH } from './second-factor';
import { takeOwner } from './session-store';
import { userAccount } from './tables';

/** The words of a role: ready-made ones have them in the locale files, others carry their name. */
export function roleName(role: { code: string; name: string | null; readyMade: boolean }, t: Translate): string {
  return role.readyMade ? t(`auth:role.${role.code}`) : (role.name ?? role.code);
}

/** How the web layer turns a session's user into an actor; `translator` gives the words of the roles in the top bar. */
export function createIdentity(
  { database, uow, clock }: Pick<Services, 'database' | 'uow' | 'clock'>,
  translator: (locale: Locale) => Translate,
): Identity {
  return {
    async load(userId, origin, session): Promise<SignedIn | null> {
      const owner = takeOwner(session);
      const loaded =
        owner?.userId === userId
          ? await actorOf(database.read, userId, owner.assignments, origin)
          : await loadActor(database.read, userId, clock(), origin);
      if (!loaded) return null;
      const t = translator(loaded.actor.locale);
      return {
        actor: loaded.actor,
        ...(loaded.secondFactorDue ? { detourHref: ENROLMENT_PATH } : {}),
        roleNames: loaded.roles.map((role) => roleName(role, t)).join(t('auth:role_join')),
      };
    },
    async saveLocale(userId, locale) {
      await uow.run(systemActor('preferences'), (unit) => unit.update(userAccount, userId, { locale }));
    },
  };
}
