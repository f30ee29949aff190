import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { text } from '../../src/platform/checks';
import { isPlainName, planCreation, probeDatabase, probeServer } from '../../src/platform/database/probe';
import { writeWhole } from '../../src/platform/files';
import { StepFault } from '../engine';
import { administratorTarget, chosenServer, databasePassword, isToBeCreated, passwordFile } from './database-target';
import { type Context, said, type SetupStep } from './environment';

const ADMINISTRATORS: Readonly<Record<string, string>> = { mssql: 'sa', oracle: 'system' };

function plan(context: Context, password: string) {
  const { database, user } = chosenServer(context);
  return planCreation(administratorTarget(context), { database, user, password });
}

/** Database and the product's own account, made with the rights of the server's administrator, whose password is kept nowhere. */
export const accountStep: SetupStep = {
  id: 'account',
  title: text('setup:account.title'),
  say: text('setup:account.say'),
  when: isToBeCreated,
  questions: () => [
    {
      id: 'database.adminUser',
      kind: 'text',
      label: text('setup:account.user'),
      schema: z.string().regex(/^[\w$.#-]{1,32}$/, 'setup:error.databaseUser'),
      default: (context) => ADMINISTRATORS[said(context, 'database.kind')] ?? 'root',
    },
    {
      id: 'database.adminPassword',
      kind: 'secret',
      label: text('setup:account.password'),
      // An administrator on a local socket may have none.
      optional: true,
    },
  ],
  check: async (context, onResult) => {
    const { database, user } = chosenServer(context);
    const odd = [database, user].find((name) => !isPlainName(name));
    if (odd !== undefined)
      return [
        {
          id: 'account.names',
          category: 'database',
          title: text('setup:account.title'),
          status: 'fail',
          found: text('checks:database.create.name', { name: odd }),
        },
      ];
    const { checks } = await probeServer(administratorTarget(context), { onResult });
    return checks;
  },
  plan: (context) => plan(context, 'x').shown.map((statement) => text('setup:verbatim', { text: statement })),
  apply: async (context) => {
    const password = databasePassword(context) ?? randomBytes(24).toString('base64url');
    const file = passwordFile(context);
    // Kept before the account exists: a run after an interruption must know the password that it was made with.
    writeWhole(file, `${password}\n`);
    await plan(context, password).run();
    const report = await probeDatabase(chosenServer(context));
    const failed = report.checks.filter(({ status }) => status === 'fail');
    if (failed.length > 0) throw new StepFault(failed.flatMap(({ found, remedy }) => [found, ...(remedy ?? [])]));
    const { user, database } = chosenServer(context);
    return text('setup:account.done', { user, database });
  },
  // Database, account and its password stay: empty ones harm nobody, and the server would not tell the password again.
  undo: () => Promise.resolve(),
};
