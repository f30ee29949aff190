import { z } from 'zod';
import { foundAdministrator, foundCompany, type FoundingStore, requireGoodPassword } from '../../src/app/founding';
import { firstFill } from '../../src/app/first-fill';
import { openProduct } from '../../src/app/product';
import { isDomainError } from '../../src/kernel';
import { type CheckOutcome, text } from '../../src/platform/checks';
import { silentLogger } from '../../src/platform/logging';
import type { Services } from '../../src/platform/services';
import { StepFault } from '../engine';
import { type Context, listed, said, type SetupStep } from './environment';
import { installedConfig, isNew } from './existing';

/** A database of ours that was found with a company in it keeps that company. */
export const isFresh = (context: Context): boolean => isNew(context) && context.facts['database.ours'] !== true;

export async function withProduct<T>(context: Context, work: (services: Services) => Promise<T>): Promise<T> {
  const { services, close } = await openProduct(installedConfig(context), silentLogger());
  try {
    return await work(services);
  } finally {
    await close();
  }
}

const SAMPLE = { tiny: 14, small: 90, medium: 180, large: 365 } as const;
type SampleSize = keyof typeof SAMPLE;

const hasSample = (context: Context): boolean => said(context, 'sample') in SAMPLE;

export const sampleStep: SetupStep = {
  id: 'sample',
  title: text('setup:sample.title'),
  say: text('setup:sample.say'),
  when: isFresh,
  questions: () => [
    {
      id: 'sample',
      kind: 'choice',
      label: text('setup:sample.question'),
      help: text('setup:sample.help'),
      default: () => 'none',
      choices: () => ['none', ...Object.keys(SAMPLE)].map((value) => ({ value, label: text(`setup:sample.${value}`) })),
    },
  ],
  fact: (context) => text(hasSample(context) ? 'setup:sample.yes' : 'setup:sample.no'),
  plan: (context) => (hasSample(context) ? [text('setup:sample.plan', { days: daysOf(context) })] : []),
  apply: async (context, onProgress) => {
    if (!hasSample(context)) return text('setup:sample.no');
    const outcome = await firstFill(installedConfig(context), {
      size: said(context, 'sample') as SampleSize,
      seed: 1,
      say: () => undefined,
      onDay: ({ done, total, date }) => {
        onProgress({ done, total, label: text('setup:verbatim', { text: date }) });
        return Promise.resolve();
      },
    });
    if (outcome === 'busy') throw new StepFault([text('setup:sample.busy')]);
    return text(outcome === 'filled' ? 'setup:sample.done' : 'setup:sample.used');
  },
};

const daysOf = (context: Context): number => SAMPLE[said(context, 'sample') as SampleSize];

const STORE_LINE = /^([A-Za-z0-9]{2,12})\s+(.{1,60}?)(?:\s+(store|warehouse|门店|仓库))?$/;

/** `NJ01 新街口店` or `CK01 中心仓 仓库`. */
export function readStore(line: string): FoundingStore | undefined {
  const [, code, name, kind] = STORE_LINE.exec(line.trim()) ?? [];
  if (code === undefined || name === undefined) return undefined;
  return { code: code.toUpperCase(), name, kind: kind === 'warehouse' || kind === '仓库' ? 'warehouse' : 'store' };
}

const storeLines = z
  .array(z.string())
  .refine((lines) => lines.every((line) => readStore(line) !== undefined), 'setup:error.stores')
  .refine(
    (lines) => new Set(lines.map((line) => readStore(line)?.code)).size === lines.length,
    'setup:error.storesTwice',
  );

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

export const companyStep: SetupStep = {
  id: 'company',
  title: text('setup:company.title'),
  say: text('setup:company.say'),
  when: isFresh,
  questions: () => [
    {
      id: 'company.name',
      kind: 'text',
      label: text('setup:company.name'),
      schema: z.string().max(100, 'setup:error.long'),
      default: (context) => (hasSample(context) ? '江苏示例通讯连锁有限公司' : undefined),
    },
    {
      id: 'company.taxNumber',
      kind: 'text',
      label: text('setup:company.taxNumber'),
      optional: true,
      schema: z.string().regex(/^[0-9A-Za-z]{15,20}$/, 'setup:error.taxNumber'),
    },
    {
      id: 'company.phone',
      kind: 'text',
      label: text('setup:company.phone'),
      optional: true,
      schema: z.string().regex(/^\+?[\d -]{7,20}$/, 'setup:error.phone'),
    },
    {
      id: 'company.address',
      kind: 'text',
      label: text('setup:company.address'),
      optional: true,
      schema: z.string().max(200, 'setup:error.long'),
    },
    {
      id: 'company.timeZone',
      kind: 'text',
      label: text('setup:company.timeZone'),
      schema: z.string().refine(isTimeZone, 'setup:error.timeZone'),
      default: () => 'Asia/Shanghai',
    },
    {
      id: 'stores',
      kind: 'lines',
      label: text('setup:company.stores'),
      help: text('setup:company.storesHelp'),
      schema: storeLines,
      // The sample company brings its own.
      optional: true,
      default: (context) => (hasSample(context) ? undefined : ['MD01 总店']),
    },
  ],
  fact: (context) => text('setup:verbatim', { text: said(context, 'company.name') }),
  plan: (context) => [
    text('setup:company.plan', { name: said(context, 'company.name'), count: listed(context, 'stores').length }),
  ],
  apply: async (context) => {
    const stores = listed(context, 'stores').flatMap((line) => readStore(line) ?? []);
    const optional = (id: string): string | null => said(context, id) || null;
    const opened = await withProduct(context, (services) =>
      foundCompany(services, {
        name: said(context, 'company.name'),
        taxNumber: optional('company.taxNumber'),
        phone: optional('company.phone'),
        address: optional('company.address'),
        timeZone: said(context, 'company.timeZone'),
        stores,
      }),
    );
    return text('setup:company.done', { name: said(context, 'company.name'), count: opened });
  },
};

const chosePassword = (context: Context): boolean => said(context, 'administrator.way') === 'password';

export const administratorStep: SetupStep = {
  id: 'administrator',
  title: text('setup:administrator.title'),
  say: text('setup:administrator.say'),
  when: isFresh,
  questions: () => [
    {
      id: 'administrator.login',
      kind: 'text',
      label: text('setup:administrator.login'),
      schema: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{1,39}$/u, 'setup:error.login'),
      default: () => 'admin',
    },
    {
      id: 'administrator.name',
      kind: 'text',
      label: text('setup:administrator.name'),
      schema: z.string().max(40, 'setup:error.long'),
      default: (context) => (said(context, 'language') === 'en' ? 'Administrator' : '管理员'),
    },
    {
      id: 'administrator.way',
      kind: 'choice',
      label: text('setup:administrator.way'),
      default: () => 'link',
      choices: () => [
        { value: 'link', label: text('setup:administrator.link') },
        { value: 'password', label: text('setup:administrator.choose') },
      ],
    },
    {
      id: 'administrator.password',
      kind: 'secret',
      label: text('setup:administrator.password'),
      help: text('setup:administrator.passwordHelp'),
      isNew: true,
      when: chosePassword,
    },
  ],
  check: (context) => Promise.resolve(chosePassword(context) ? passwordOutcomes(context) : []),
  fact: (context) => text('setup:verbatim', { text: said(context, 'administrator.login') }),
  plan: (context) => [text('setup:administrator.plan', { login: said(context, 'administrator.login') })],
  apply: async (context) => {
    const login = said(context, 'administrator.login');
    await withProduct(context, (services) =>
      foundAdministrator(services, {
        login,
        name: said(context, 'administrator.name'),
        locale: said(context, 'language') === 'en' ? 'en' : 'zh-CN',
        password: chosePassword(context) ? said(context, 'administrator.password') : null,
      }),
    );
    return text('setup:administrator.done', { login });
  },
};

const LEAST_CHARACTERS = 10;

/** The rules of the product, before anything is written. */
function passwordOutcomes(context: Context): CheckOutcome[] {
  try {
    requireGoodPassword(
      said(context, 'administrator.password'),
      said(context, 'administrator.login'),
      LEAST_CHARACTERS,
    );
    return [];
  } catch (error) {
    if (!isDomainError(error)) throw error;
    const [field] = error.fields;
    return [
      {
        id: 'administrator.password',
        category: 'permissions',
        title: text('setup:administrator.password'),
        status: 'fail',
        found: text(field?.code ?? error.code, field?.details as Record<string, string | number> | undefined),
      },
    ];
  }
}
