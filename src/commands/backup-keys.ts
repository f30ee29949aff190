import type { Command } from 'commander';
import type { KeyPair } from '../platform/backup';
import type { Translate } from '../platform/i18n';
import { RefusedError, runCommand, type CommandOptions, type CommandOutput, UsageError } from './outcome';

interface KeyOptions extends CommandOptions {
  out?: string;
  sheet?: string;
}

interface DiscardOptions extends CommandOptions {
  ending?: string;
  sheet?: string;
}

/** `backup key …`: the keys that open backups, made and printed here and kept elsewhere. */
export function registerKeys(backup: Command): void {
  const key = backup.command('key').description('keys of backups');
  key
    .command('show')
    .description('the public key of a private one, for backup.recipients')
    .argument('<file>', 'file of the private key')
    .option('--json', 'print {ok, recipients}')
    .action((file: string, options: CommandOptions) => runCommand(options, (out) => showKey(file, out)));
  key
    .command('new')
    .description('make a key pair: the public key goes into backup.recipients, the private one away from the server')
    .option('--out <file>', 'write the private key to this file instead of the screen')
    .option(
      '--sheet <file>',
      'write a recovery sheet to print: the private key as text and QR code, and how to restore',
    )
    .option('--json', 'print {ok, recipient, identity | file, sheet?}')
    .action((options: KeyOptions) => runCommand(options, (out) => newKey(options, out)));
  key
    .command('sheet')
    .description('a recovery sheet to print for a private key that is there already')
    .argument('<file>', 'file of the private key')
    .argument('<sheet>', 'the sheet, an HTML file')
    .option('--json', 'print {ok, recipient, sheet}')
    .action((file: string, sheet: string, options: CommandOptions) =>
      runCommand(options, (out) => printKey(file, sheet, out)),
    );
  key
    .command('discard')
    .description('remove a private key from this machine once its recovery sheet is printed and locked away')
    .argument('<file>', 'file of the private key')
    .option('--ending <characters>', 'the last four characters of the private key, as the sheet shows them')
    .option('--sheet <file>', 'the file of the sheet, removed as well')
    .option('--json', 'print {ok, file, sheet?}')
    .action((file: string, options: DiscardOptions) => runCommand(options, (out) => discard(file, options, out)));
}

async function newKey({ out: file, sheet }: KeyOptions, out: CommandOutput): Promise<object> {
  const { newKeyPair } = await import('../platform/backup');
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  const { identity, recipient } = await newKeyPair();
  out.say(t('backup:key.recipient', { recipient }));
  if (file === undefined) out.say(t('backup:key.identity', { identity }));
  else {
    const { writeKeyFile } = await import('../app/backup/key-files');
    writeKeyFile(file, { recipient, identity });
    out.say(t('backup:key.written', { file }));
  }
  if (sheet !== undefined) await writeSheet({ recipient, identity }, sheet, out);
  out.say(t('backup:key.new'));
  return {
    ok: true,
    recipient,
    ...(file === undefined ? { identity } : { file }),
    ...(sheet === undefined ? {} : { sheet }),
  };
}

async function writeSheet(key: KeyPair, file: string, out: CommandOutput): Promise<void> {
  const { writeRecoverySheet } = await import('../app/backup/key-files');
  const { terminalLocale, terminalTexts } = await import('./words');
  const t = terminalTexts();
  writeRecoverySheet(file, t, terminalLocale(process.env), key);
  out.say(t('backup:sheet.written', { file }));
}

async function printKey(file: string, sheet: string, out: CommandOutput): Promise<object> {
  const { readIdentities } = await import('../app/backup');
  const { recipientOf } = await import('../platform/backup');
  const { terminalTexts } = await import('./words');
  const [identity, ...others] = readIdentities(file);
  if (identity === undefined || others.length > 0) throw new RefusedError(terminalTexts()('backup:sheet.oneKey'));
  const recipient = await recipientOf(identity);
  await writeSheet({ recipient, identity }, sheet, out);
  return { ok: true, recipient, sheet };
}

async function discard(file: string, { ending, sheet }: DiscardOptions, out: CommandOutput): Promise<object> {
  const { discardKey } = await import('../app/backup/key-files');
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  discardKey(file, ending ?? (await askEnding(t)), sheet);
  out.say(t('backup:key.discarded', { file }));
  return { ok: true, file, ...(sheet === undefined ? {} : { sheet }) };
}

async function askEnding(t: Translate): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError(t('backup:key.needsEnding'));
  const { input } = await import('@inquirer/prompts');
  return input({ message: t('backup:key.ending') });
}

async function showKey(file: string, out: CommandOutput): Promise<object> {
  const { readIdentities } = await import('../app/backup');
  const { recipientOf } = await import('../platform/backup');
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  const recipients = await Promise.all(readIdentities(file).map(recipientOf));
  for (const recipient of recipients) out.say(t('backup:key.recipient', { recipient }));
  return { ok: true, recipients };
}
