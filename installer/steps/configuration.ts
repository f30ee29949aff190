import { existsSync, readFileSync } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { text } from '../../src/platform/checks';
import { loadConfig } from '../../src/platform/config';
import { writeWhole } from '../../src/platform/files';
import { backupSection } from './backups';
import { type Context, said, type SetupStep } from './environment';
import { configFileOf, isNew, isTechnical } from './existing';
import { databaseAddress, databasePassword, passwordFile } from './database-target';
import { dataFolder } from './paths';
import { publicUrl, tlsSection } from './server';

type Values = Record<string, unknown>;

const HEAD = `# Phone ERP: written by the setup. Every key is explained in config/example.yaml of the program.
# 手机零售 ERP：由安装向导写入。各项说明见程序的 config/example.yaml。
`;

/** The configuration that the answers describe; what an existing file says beyond that is kept. */
export function configText(context: Context): string {
  const file = configFileOf(context);
  const before = !isNew(context) && existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Values | null) : null;
  const tls = tlsSection(context);
  const backup = backupSection(context, without(before?.['backup']));
  const values: Values = {
    ...before,
    edition: said(context, 'edition'),
    locale: said(context, 'language'),
    ...(isNew(context) && { timeZone: said(context, 'company.timeZone') || 'Asia/Shanghai' }),
    dataDir: dataFolder(context),
    server: {
      ...without(before?.['server'], 'tls', 'publicUrl', 'trustProxy'),
      host: said(context, 'server.host'),
      port: Number(said(context, 'server.port')),
      publicUrl: publicUrl(context),
      ...(said(context, 'server.tls') === 'proxy' && { trustProxy: 1 }),
      ...(tls && { tls }),
    },
    database: {
      ...without(before?.['database'], 'url', 'password', 'passwordFile'),
      url: databaseAddress(context),
      ...(hasPassword(context) && { passwordFile: passwordFile(context) }),
    },
    ...(Object.keys(backup).length > 0 && { backup }),
  };
  return HEAD + stringify(values, { lineWidth: 0 });
}

function without(section: unknown, ...keys: string[]): Values {
  const values = typeof section === 'object' && section !== null ? (section as Values) : {};
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

const hasPassword = (context: Context): boolean =>
  !databaseAddress(context).startsWith('sqlite:') && databasePassword(context) !== undefined;

const backupOf = (file: string): string => `${file}.before-setup`;

export const configurationStep: SetupStep = {
  id: 'configuration',
  title: text('setup:configuration.title'),
  when: isTechnical,
  plan: (context) => [
    text('setup:configuration.plan', { file: configFileOf(context) }),
    ...(hasPassword(context) ? [text('setup:configuration.planSecret', { file: passwordFile(context) })] : []),
  ],
  apply: async (context) => {
    const file = configFileOf(context);
    // Made before anything is replaced: an existing file is read for it.
    const content = configText(context);
    const password = hasPassword(context) ? databasePassword(context) : undefined;
    if (isNew(context)) context.note('configuration.file', file);
    else if (existsSync(file) && !existsSync(backupOf(file))) await copyFile(file, backupOf(file));
    if (password !== undefined) {
      if (!existsSync(passwordFile(context))) context.note('configuration.secret', passwordFile(context));
      writeWhole(passwordFile(context), `${password}\n`);
    }
    writeWhole(file, content);
    // What cannot be read must not stay.
    loadConfig({ file, env: {} });
    return text('setup:configuration.done', { file });
  },
  undo: async (context) => {
    const file = configFileOf(context);
    if (context.facts['configuration.file'] === file) await rm(file, { force: true });
    else if (existsSync(backupOf(file))) await rename(backupOf(file), file);
    const secret = context.facts['configuration.secret'];
    if (typeof secret === 'string') await rm(secret, { force: true });
  },
};
