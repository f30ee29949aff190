import { z } from 'zod';
import {
  type CheckOutcome,
  hostChecks,
  networkChecks,
  type Requirements,
  runChecks,
  storageChecks,
  text,
} from '../../src/platform/checks';
import { loadConfig } from '../../src/platform/config';
import { type Context, said, type SetupStep } from './environment';
import { defaultFolders, findExisting, isTechnical } from './existing';

export const languageStep: SetupStep = {
  id: 'language',
  title: text('setup:language.title'),
  questions: () => [
    {
      id: 'language',
      kind: 'choice',
      label: text('setup:language.question'),
      default: ({ env }) => env.locale,
      choices: () => [
        { value: 'zh-CN', label: text('setup:language.zh-CN') },
        { value: 'en', label: text('setup:language.en') },
      ],
    },
  ],
  fact: (context) => text(`setup:language.${said(context, 'language') === 'en' ? 'en' : 'zh-CN'}`),
};

const FEW = 8;

/** The program that is running, compared with what was packaged and signed. */
export const packageStep: SetupStep = {
  id: 'package',
  title: text('setup:package.title'),
  say: text('setup:package.say'),
  check: ({ env, options, note }) => {
    const payload = env.program.payload();
    const { signature, findings, files } = payload;
    const one = (id: string, outcome: Omit<CheckOutcome, 'id' | 'category' | 'title'>): CheckOutcome => ({
      id: `package.${id}`,
      category: 'storage',
      title: text(`setup:package.${id}`),
      ...outcome,
    });
    if (payload.kind === 'source')
      return Promise.resolve([one('files', { status: 'skipped', found: text('release:source') })]);
    const signed = signature.state === 'release' || signature.state === 'development';
    // What somebody lets through is a warning, and stands in the audit log at the end.
    const bad = options.allowUnsigned ? ('warn' as const) : ('fail' as const);
    note('package.unsignedAllowed', options.allowUnsigned && (findings.length > 0 || !signed));
    return Promise.resolve([
      one('files', {
        status: findings.length === 0 ? 'ok' : bad,
        found: text(findings.length === 0 ? 'setup:package.whole' : 'setup:package.broken', {
          count: findings.length === 0 ? files : findings.length,
        }),
        ...(findings.length > 0 && {
          evidence: findings
            .slice(0, FEW)
            .map(({ file, problem }) => `${problem}: ${file}`)
            .join('; '),
          remedy: [text('setup:package.remedy')],
        }),
      }),
      one('signature', {
        status: signature.state === 'release' ? 'ok' : signature.state === 'development' ? 'warn' : bad,
        found: text(`release:signature.${signature.state}`, { keyId: signature.keyId ?? '' }),
        ...(!signed && { remedy: [text('setup:package.remedy')] }),
      }),
    ]);
  },
};

/** Thresholds of the existing configuration, else the built-in ones. */
export function requirementsOf(context: Context): Requirements {
  const config = findExisting(context)?.config ?? loadConfig({ env: {} });
  return config.requirements;
}

export const hardwareStep: SetupStep = {
  id: 'hardware',
  title: text('setup:hardware.title'),
  say: text('setup:hardware.say'),
  check: async (context, onResult) => {
    const { env } = context;
    const given = said({ answers: context.given }, 'paths.data');
    const dataDir = given || (findExisting(context)?.config?.dataDir ?? defaultFolders(env).data);
    const host = { facts: env.facts, requirements: requirementsOf(context), dataDir };
    // Port and firewall belong to the step that asks for the port.
    const names = networkChecks.filter(({ id }) => id === 'network.names');
    const reports = [
      await runChecks(hostChecks, host, { onResult }),
      await runChecks(names, { facts: env.facts, host: '127.0.0.1', port: 0 }, { onResult }),
    ];
    return reports.flatMap(({ checks }) => checks);
  },
};

export const EDITIONS = ['on-premise', 'cloud', 'hybrid'] as const;

export const editionStep: SetupStep = {
  id: 'edition',
  title: text('setup:edition.title'),
  say: text('setup:edition.say'),
  when: isTechnical,
  questions: () => [
    {
      id: 'edition',
      kind: 'choice',
      label: text('setup:edition.question'),
      help: text('setup:edition.help'),
      schema: z.enum(EDITIONS),
      default: (context) => findExisting(context)?.config?.edition ?? 'on-premise',
      choices: () => EDITIONS.map((value) => ({ value, label: text(`setup:edition.${value}`) })),
    },
  ],
  fact: (context) => text(`common:edition.${said(context, 'edition')}`),
};

/** Looks at the folders as the checks of the host do, with the folder that was chosen. */
export async function checkFolders(
  context: Context,
  dataDir: string,
  onResult: (outcome: CheckOutcome) => void,
): Promise<readonly CheckOutcome[]> {
  const host = { facts: context.env.facts, requirements: requirementsOf(context), dataDir };
  const { checks } = await runChecks(storageChecks, host, { onResult });
  return checks;
}
