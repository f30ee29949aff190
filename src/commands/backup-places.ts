import type { Command } from 'commander';
import type { CommandOptions } from './outcome';

/** What the commands about backups have in common: which places, and what opens a backup. */
export interface SourceOptions extends CommandOptions {
  config?: string;
  target?: string[];
  folder?: string;
  identity?: string;
  passphraseFile?: string;
}

export function withPlaces(command: Command, description: string): Command {
  return command
    .description(description)
    .option('--config <file>', 'configuration file')
    .option('--target <id...>', 'only these of the configured targets')
    .option('--folder <path>', 'a folder of this machine instead of the configured targets');
}

export function withKeys(command: Command): Command {
  return command
    .option('--identity <file>', 'private key that opens the backup, as backup key new writes it')
    .option('--passphrase-file <file>', 'file whose first line is the passphrase of the backup');
}

export const keyFiles = ({ identity, passphraseFile }: SourceOptions) => ({ identityFile: identity, passphraseFile });

/** Configuration, texts and targets of a command. Close the targets. */
export async function openPlaces({ config: file, target: ids, folder }: SourceOptions) {
  const { loadConfig } = await import('../platform/config');
  const { openTargets } = await import('../app/backup');
  const { terminalTexts } = await import('./words');
  const config = loadConfig({ file });
  const targets = openTargets(config, { ids, folder });
  return {
    t: terminalTexts(),
    config,
    targets,
    close: async () => void (await Promise.all(targets.map((target) => target.close()))),
  };
}
