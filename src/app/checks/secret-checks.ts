import { existsSync } from 'node:fs';
import { chmod, stat } from 'node:fs/promises';
import { type Check, type CheckResult, text } from '../../platform/checks';
import type { Config } from '../../platform/config';

export interface SecretContext {
  config: Config;
  /** The configuration file, when there is one: it may hold a password. */
  configFile?: string;
}

const OTHERS = 0o077;

/** A file that only the program's account may read. Windows has no such bits; there the folder's list of rights counts. */
function ownerOnly(
  id: string,
  words: string,
  fileOf: (context: SecretContext) => string | undefined,
): Check<SecretContext> {
  return {
    id,
    category: 'storage',
    title: text(`checks:secrets.${words}.title`),
    required: text('checks:secrets.required'),
    run: async (context): Promise<CheckResult> => {
      const file = fileOf(context);
      if (file === undefined) return { status: 'ok', found: text('checks:secrets.noFile') };
      if (!existsSync(file))
        return {
          status: 'fail',
          found: text('checks:secrets.missing', { file }),
          remedy: [text(`checks:secrets.${words}.missing`, { file })],
        };
      if (process.platform === 'win32') return { status: 'ok', found: text('checks:secrets.there', { file }) };
      const { mode } = await stat(file);
      if ((mode & OTHERS) === 0) return { status: 'ok', found: text('checks:secrets.ownerOnly', { file }) };
      return {
        status: 'warn',
        found: text('checks:secrets.open', { file, mode: (mode & 0o777).toString(8) }),
        remedy: [text('checks:secrets.remedy', { file })],
      };
    },
    fix: async (context) => {
      const file = fileOf(context);
      if (file === undefined || !existsSync(file)) throw new Error('there is no file to mend');
      await chmod(file, 0o600);
      return text('checks:secrets.fixed', { file });
    },
  };
}

export const secretChecks: readonly Check<SecretContext>[] = [
  ownerOnly('storage.key-file', 'key', ({ config }) => config.security.keyFile),
  ownerOnly('storage.config-file', 'config', ({ configFile }) => configFile),
];
