import { z } from 'zod';
import { invalid } from '../../kernel';
import { type Reader, sql } from '../database';
import { parameter, writeParameter } from '../parameters';
import { type Actor, authoriseEverywhere } from '../permissions';
import type { Services } from '../services';
import type { RunOptions } from '../unit-of-work';

export const RULES_MANAGE = 'administration.sign-in-rules.manage';

const NAME = 'auth.signInRules';
/** How long another node may still go by the rules of before. */
const KEPT_MS = 5000;

/** How passwords are chosen, when an account is locked, and how long one stays signed in. */
export const signInRulesSchema = z.object({
  /** Characters. NIST SP 800-63B and ASVS 5.0 (6.2.1) ask for 8 at least. */
  passwordMinLength: z.int().min(8).max(64),
  /** 0: a password lasts until it is changed, as ASVS 5.0 (6.2.10) advises: who must change it often chooses worse ones. */
  passwordMaxAgeDays: z.int().min(0).max(730),
  /** So many earlier passwords are not taken again; 0: only the present one. */
  passwordsRemembered: z.int().min(0).max(10),
  /** Wrong tries before an account is locked. */
  lockoutAttempts: z.int().min(3).max(100),
  /** Length of the first lock; each further one is twice as long. */
  lockoutMinutes: z.int().min(1).max(1440),
  /** Signed out after so long without a request. */
  idleMinutes: z.int().min(1).max(10_080),
  /** Signed out so long after signing in, in any case. */
  absoluteHours: z.int().min(1).max(720),
  /** Who signs in on one device more is signed out on the one unused for longest; 0: as many as one likes. */
  sessionsPerUser: z.int().min(0).max(50),
});

export type SignInRules = z.output<typeof signInRulesSchema>;

type RuleServices = Pick<Services, 'database' | 'config' | 'clock'>;

const kept = new WeakMap<Reader, { at: number; rules: SignInRules }>();

/** The rules in force: what was saved over what the configuration file says. */
export async function signInRules({ database, config, clock }: RuleServices): Promise<SignInRules> {
  const now = clock();
  const known = kept.get(database.read);
  if (known && now - known.at < KEPT_MS && now >= known.at) return known.rules;
  const rules = (await storedRules(database.read, config)).rules;
  kept.set(database.read, { at: now, rules });
  return rules;
}

/** With the version that a form carries; 0: never saved. */
export async function storedRules(
  read: Reader,
  config: Services['config'],
): Promise<{ rules: SignInRules; version: number }> {
  const [row] = await read.find(parameter, { name: NAME });
  const defaults = defaultRules(config);
  const saved = signInRulesSchema.partial().safeParse(row?.value ?? {});
  return { rules: { ...defaults, ...(saved.success ? saved.data : {}) }, version: row?.version ?? 0 };
}

const defaultRules = ({ security, session }: Services['config']): SignInRules => ({
  passwordMinLength: security.passwordMinLength,
  passwordMaxAgeDays: 0,
  passwordsRemembered: 3,
  lockoutAttempts: security.lockoutAttempts,
  lockoutMinutes: security.lockoutMinutes,
  idleMinutes: session.idleMinutes,
  absoluteHours: session.absoluteHours,
  sessionsPerUser: 0,
});

/** Saves the rules and shortens the sessions that would last longer than they allow. 409 errors:stale for a stale version. */
export async function saveSignInRules(
  { uow, database, config }: Pick<Services, 'uow' | 'database' | 'config'>,
  actor: Actor,
  { rules, version }: { rules: SignInRules; version: number },
  options?: RunOptions,
): Promise<void> {
  authoriseEverywhere(actor, RULES_MANAGE);
  if (rules.idleMinutes > rules.absoluteHours * 60)
    throw invalid('errors:form', {}, [{ path: 'idleMinutes', code: 'auth:rules.idle_too_long' }]);
  await uow.run(
    actor,
    async (unit) => {
      const { rules: before } = await storedRules(unit, config);
      await writeParameter(unit, NAME, rules, version);
      const idle = rules.idleMinutes * 60_000;
      const absolute = rules.absoluteHours * 3_600_000;
      await unit.execute(
        sql`UPDATE session SET expires_at = seen_at + ${idle} WHERE user_id IS NOT NULL AND expires_at > seen_at + ${idle}`,
      );
      await unit.execute(
        sql`UPDATE session SET expires_at = created_at + ${absolute}
            WHERE user_id IS NOT NULL AND expires_at > created_at + ${absolute}`,
      );
      const changed = Object.entries(rules).filter(([key, value]) => before[key as keyof SignInRules] !== value);
      await unit.audit({
        action: 'auth.rules.change',
        detail: Object.fromEntries(
          changed.map(([key, value]) => [key, { from: before[key as keyof SignInRules], to: value }]),
        ),
      });
    },
    options,
  );
  kept.delete(database.read);
}
