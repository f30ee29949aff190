import { rightsReport } from '../../modules/administration';
import { type Check, type CheckResult, text } from '../../platform/checks';
import { sql } from '../../platform/database';
import { systemActor } from '../../platform/permissions';
import type { ProductContext } from './product-context';

const skipped: CheckResult = { status: 'skipped', found: text('checks:schema.skipped') };

/** Logins named in the evidence; all are in the browser. */
const MOST_NAMED = 20;

interface Administrator {
  login: string;
  hasPassword: number;
  hasSecondFactor: number;
}

/** Those without an end: somebody must be able to put things right after it. */
function administrators({ database, now }: ProductContext): Promise<Administrator[]> {
  return database.read.all<Administrator>(sql`
    SELECT u.login, MAX(CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END) AS has_password,
           MAX(CASE WHEN u.totp_secret IS NULL THEN 0 ELSE 1 END) AS has_second_factor
    FROM user_account u
    JOIN user_role r ON r.user_id = u.id
    JOIN role o ON o.id = r.role_id
    WHERE u.active = ${true} AND o.code = ${'administrator'}
      AND (r.starts_at IS NULL OR r.starts_at <= ${now}) AND (r.ends_at IS NULL OR r.ends_at > ${now})
    GROUP BY u.login
    ORDER BY u.login`);
}

const administrator: Check<ProductContext> = {
  id: 'permissions.administrator',
  category: 'permissions',
  title: text('checks:permissions.administrator.title'),
  required: text('checks:permissions.administrator.required'),
  run: async (context): Promise<CheckResult> => {
    if (!context.schemaIsCurrent) return skipped;
    const able = (await administrators(context)).filter(({ hasPassword }) => Number(hasPassword) === 1);
    if (able.length > 0)
      return { status: 'ok', found: text('checks:permissions.administrator.found', { count: able.length }) };
    return {
      status: 'fail',
      found: text('checks:permissions.administrator.none'),
      remedy: [text('checks:permissions.administrator.remedy')],
    };
  },
};

const secondFactor: Check<ProductContext> = {
  id: 'permissions.second-factor',
  category: 'permissions',
  title: text('checks:permissions.secondFactor.title'),
  required: text('checks:permissions.secondFactor.required'),
  run: async (context): Promise<CheckResult> => {
    if (!context.schemaIsCurrent) return skipped;
    const without = (await administrators(context)).filter(
      ({ hasPassword, hasSecondFactor }) => Number(hasPassword) === 1 && Number(hasSecondFactor) === 0,
    );
    if (without.length === 0) return { status: 'ok', found: text('checks:permissions.secondFactor.all') };
    return {
      status: 'warn',
      found: text('checks:permissions.secondFactor.without', { logins: without.map(({ login }) => login).join(', ') }),
      remedy: [text('checks:permissions.secondFactor.remedy')],
    };
  },
};

/** The rights check of the browser, without what ready-made roles bring with them and what has a check of its own. */
const rights: Check<ProductContext> = {
  id: 'permissions.findings',
  category: 'permissions',
  title: text('checks:permissions.findings.title'),
  required: text('checks:permissions.findings.required'),
  run: async ({ schemaIsCurrent, database, now }): Promise<CheckResult> => {
    if (!schemaIsCurrent) return skipped;
    const { findings, accounts } = await rightsReport(database.read, systemActor('doctor'), now);
    const open = findings.filter(({ kind, tone }) => tone !== 'way' && kind !== 'secondFactor');
    if (open.length === 0) return { status: 'ok', found: text('checks:permissions.findings.none') };
    const logins = open.flatMap(({ subject }) =>
      subject.type === 'account' ? (accounts.get(subject.id)?.login ?? []) : [],
    );
    return {
      status: 'warn',
      found: text('checks:permissions.findings.found', { count: open.length }),
      evidence: [...new Set(logins)].slice(0, MOST_NAMED).join(', '),
      remedy: [text('checks:permissions.findings.remedy')],
    };
  },
};

export const peopleChecks: readonly Check<ProductContext>[] = [administrator, secondFactor, rights];
