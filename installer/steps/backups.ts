import { existsSync, statSync } from 'node:fs';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { openTargets, writeKeyFile, writeRecoverySheet } from '../../src/app/backup';
import { openTexts } from '../../src/app/texts';
import { isDomainError } from '../../src/kernel';
import { newKeyPair } from '../../src/platform/backup';
import { type CheckOutcome, type Text, text } from '../../src/platform/checks';
import { loadConfig } from '../../src/platform/config';
import { writeWhole } from '../../src/platform/files';
import { silentLogger } from '../../src/platform/logging';
import { StepFault } from '../engine';
import { type Context, listed, said, type SetupStep } from './environment';
import { defaultFolders, isNew, isTechnical } from './existing';
import { dataFolder, installFolder, secretsFolder } from './paths';

/** `keep`: an installation that is reconfigured keeps what it has. */
const PROTECTIONS = ['key', 'recipient', 'passphrase', 'none'] as const;
export type Protection = (typeof PROTECTIONS)[number] | 'keep';

/** Where the private key of a new pair goes, beside the recovery sheet. */
const KEY_PLACES = ['until-sheet', 'sheet-only', 'server'] as const;

const TARGET_ID = 'disk';
const absolute = z.string().refine((value) => path.isAbsolute(value), 'setup:error.absolute');

export const protection = (context: Context): Protection => said(context, 'backup.protection') as Protection;
export const hasNewKey = (context: Context): boolean => protection(context) === 'key';
export const hasFolder = (context: Context): boolean => said(context, 'backup.place') === 'folder';

/** In the installation folder, which the service's account cannot change: the running program never sees the private key. */
const recoveryFolder = (context: Context): string => path.join(installFolder(context), 'recovery');
const sheetFile = (context: Context): string => path.resolve(said(context, 'backup.sheet'));
const passphraseFile = (context: Context): string => path.join(secretsFolder(context), 'backup-passphrase');

/** The file of the private key; undefined where only the sheet holds it. */
export function keyFile(context: Context): string | undefined {
  switch (said(context, 'backup.privateKey')) {
    case 'server':
      return path.join(secretsFolder(context), 'backup.key');
    case 'until-sheet':
      return path.join(recoveryFolder(context), 'backup.key');
    default:
      return undefined;
  }
}

/** Disks that somebody has mounted for backups. */
const MOUNTED = ['/mnt/backup', '/media/backup', '/srv/backup', '/backup'];

/** A disk of its own where there is one, else a folder beside the data. */
function usualFolder(context: Context): string {
  const data = dataFolder(context);
  const mounted = MOUNTED.find((folder) => existsSync(folder) && deviceOf(folder) !== deviceOf(data));
  if (mounted !== undefined && context.env.administrator) return path.join(mounted, 'phone-erp');
  if (data === defaultFolders(context.env).data && context.env.facts.platform !== 'win32' && context.env.administrator)
    return '/var/backups/phone-erp';
  return path.dirname(data) === installFolder(context)
    ? path.join(installFolder(context), 'backups')
    : `${data}-backups`;
}

/** Number of the disk that the folder lies on, or will lie on. */
export function deviceOf(folder: string): number | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found) return found.dev;
    if (at === path.dirname(at)) return undefined;
  }
}

const storedPassphrase = (context: Context): boolean => existsSync(passphraseFile(context));

export const backupsStep: SetupStep = {
  id: 'backups',
  title: text('setup:backups.title'),
  say: text('setup:backups.say'),
  when: isTechnical,
  questions: () => [
    {
      id: 'backup.protection',
      kind: 'choice',
      label: text('setup:backups.protection'),
      help: text('setup:backups.protectionHelp'),
      default: (context) => (isNew(context) ? 'key' : 'keep'),
      choices: (context) =>
        [...(isNew(context) ? [] : (['keep'] as const)), ...PROTECTIONS].map((value) => ({
          value,
          label: text(`setup:backups.by.${value}`),
        })),
    },
    {
      id: 'backup.privateKey',
      kind: 'choice',
      label: text('setup:backups.privateKey'),
      help: text('setup:backups.privateKeyHelp'),
      when: hasNewKey,
      default: () => KEY_PLACES[0],
      choices: () => KEY_PLACES.map((value) => ({ value, label: text(`setup:backups.keyAt.${value}`) })),
    },
    {
      id: 'backup.sheet',
      kind: 'path',
      label: text('setup:backups.sheet'),
      help: text('setup:backups.sheetHelp'),
      when: hasNewKey,
      schema: absolute,
      default: (context) => path.join(recoveryFolder(context), 'recovery-sheet.html'),
    },
    {
      id: 'backup.recipients',
      kind: 'lines',
      label: text('setup:backups.recipients'),
      help: text('setup:backups.recipientsHelp'),
      when: (context) => protection(context) === 'recipient',
      schema: z.array(z.string().regex(/^age1[a-z0-9]{58,}$/, 'setup:error.recipient')),
    },
    {
      id: 'backup.passphrase',
      kind: 'secret',
      label: text('setup:backups.passphrase'),
      help: text('setup:backups.passphraseHelp'),
      when: (context) => protection(context) === 'passphrase',
      schema: z.string().min(12, 'setup:error.passphrase'),
      isNew: true,
      stored: storedPassphrase,
    },
    {
      id: 'backup.place',
      kind: 'choice',
      label: text('setup:backups.place'),
      help: text('setup:backups.placeHelp'),
      default: (context) => (isNew(context) ? 'folder' : 'later'),
      choices: (context) => [
        { value: 'folder', label: text('setup:backups.placeFolder') },
        { value: 'later', label: text(isNew(context) ? 'setup:backups.placeLater' : 'setup:backups.placeKeep') },
      ],
    },
    {
      id: 'backup.folder',
      kind: 'path',
      label: text('setup:backups.folder'),
      help: text('setup:backups.folderHelp'),
      when: hasFolder,
      schema: absolute,
      default: usualFolder,
    },
  ],
  check: (context, onResult) => {
    const outcomes = [openOutcome(context), sheetOutcome(context), folderOutcome(context)].filter(
      (outcome) => outcome !== undefined,
    );
    outcomes.forEach(onResult);
    return Promise.resolve(outcomes);
  },
  fact: (context) => text(`setup:backups.short.${protection(context) || 'keep'}`),
  plan: (context) => {
    const key = keyFile(context);
    return [
      ...(hasNewKey(context) ? [text('setup:backups.planSheet', { file: sheetFile(context) })] : []),
      ...(hasNewKey(context) && key !== undefined ? [text('setup:backups.planKey', { file: key })] : []),
      ...(hasFolder(context) ? [text('setup:backups.planFolder', { folder: said(context, 'backup.folder') })] : []),
    ];
  },
  apply: async (context) => {
    if (hasNewKey(context)) await makePair(context);
    if (protection(context) === 'passphrase') keepPassphrase(context);
    if (hasFolder(context)) await tryFolder(context);
    return text(`setup:backups.done.${protection(context)}`, { file: said(context, 'backup.sheet') });
  },
  undo: async (context) => {
    const { facts } = context;
    for (const name of ['backups.key', 'backups.sheet', 'backups.passphrase'])
      if (typeof facts[name] === 'string') await rm(facts[name], { force: true });
    for (const name of ['backups.key', 'backups.sheet', 'backups.recipient', 'backups.passphrase'])
      if (facts[name] !== undefined) context.note(name, null);
    await rmdir(recoveryFolder(context)).catch(() => undefined);
  },
};

/** What says who can read the backups. */
const SEALING = new Set(['recipients', 'passphrase', 'passphraseFile', 'identityFile', 'allowUnencrypted']);

/** What the answers say about backups, as the configuration writes it; beyond that an earlier section is kept. */
export function backupSection(context: Context, before: Record<string, unknown>): Record<string, unknown> {
  const { targets, ...others } = before;
  const isKept = protection(context) === 'keep';
  const sealed = isKept ? {} : sealedBy(context);
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => isKept || !SEALING.has(name)));
  const places = Array.isArray(targets) ? (targets as { id?: unknown; path?: unknown }[]) : [];
  const folder = said(context, 'backup.folder');
  const isKnown = places.some((one) => one.path === folder);
  const added = hasFolder(context) && !isKnown ? [{ id: freeId(places), kind: 'local', path: folder }] : [];
  const all = [...places, ...added];
  return { ...rest, ...sealed, ...(all.length > 0 && { targets: all }) };
}

function sealedBy(context: Context): Record<string, unknown> {
  switch (protection(context)) {
    case 'key':
      return {
        recipients: [String(context.facts['backups.recipient'] ?? '')],
        ...(said(context, 'backup.privateKey') === 'server' && { identityFile: keyFile(context) }),
      };
    case 'recipient':
      return { recipients: listed(context, 'backup.recipients') };
    case 'passphrase':
      return { passphraseFile: passphraseFile(context) };
    default:
      return { allowUnencrypted: true };
  }
}

const freeId = (places: readonly { id?: unknown }[]): string => {
  const taken = new Set(places.map(({ id }) => id));
  for (let number = 1; ; number++) {
    const id = number === 1 ? TARGET_ID : `${TARGET_ID}-${number}`;
    if (!taken.has(id)) return id;
  }
};

async function makePair(context: Context): Promise<void> {
  const pair = await newKeyPair();
  const [sheet, key] = [sheetFile(context), keyFile(context)];
  for (const file of [sheet, ...(key === undefined ? [] : [key])]) {
    if (existsSync(file)) throw new StepFault([text('backup:key.exists', { file })]);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  }
  // Noted first: an interruption leaves no key behind that nobody knows of.
  context.note('backups.sheet', sheet);
  const locale = said(context, 'language') === 'en' ? 'en' : 'zh-CN';
  writeRecoverySheet(sheet, openTexts(silentLogger())(locale), locale, pair);
  if (key !== undefined) {
    context.note('backups.key', key);
    writeKeyFile(key, pair);
  }
  context.note('backups.recipient', pair.recipient);
}

function keepPassphrase(context: Context): void {
  const file = passphraseFile(context);
  const typed = said(context, 'backup.passphrase');
  if (typed === '' && storedPassphrase(context)) return;
  if (!existsSync(file)) context.note('backups.passphrase', file);
  writeWhole(file, `${typed}\n`);
}

/** Writes, reads and removes a few bytes, as a backup will. */
async function tryFolder(context: Context): Promise<void> {
  const config = loadConfig({ env: { ERP_DATA_DIR: dataFolder(context) } });
  const folder = said(context, 'backup.folder');
  const targets = openTargets(
    { ...config, backup: { ...config.backup, targets: [{ id: TARGET_ID, kind: 'local', path: folder }] } },
    {},
  );
  try {
    for (const target of targets) await target.test();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    throw new StepFault([text(error.code, error.details as Text['values'] & object)]);
  } finally {
    await Promise.all(targets.map((target) => target.close()));
  }
}

const outcomeOf = (id: string, status: CheckOutcome['status'], found: Text, remedy: string): CheckOutcome => ({
  id: `backups.${id}`,
  category: 'backup',
  title: text('setup:backups.title'),
  status,
  found,
  remedy: [text(remedy)],
});

function openOutcome(context: Context): CheckOutcome | undefined {
  if (protection(context) !== 'none') return undefined;
  return outcomeOf('open', 'warn', text('setup:backups.open'), 'setup:backups.openRemedy');
}

function sheetOutcome(context: Context): CheckOutcome | undefined {
  // What this setup has made itself is in nobody's way.
  if (!hasNewKey(context) || typeof context.facts['backups.recipient'] === 'string') return undefined;
  const file = [sheetFile(context), keyFile(context)].find((one) => one !== undefined && existsSync(one));
  if (file === undefined) return undefined;
  return outcomeOf('sheet', 'fail', text('backup:key.exists', { file }), 'setup:backups.sheetRemedy');
}

/** Copies beside the database are lost with it. */
function folderOutcome(context: Context): CheckOutcome | undefined {
  if (!hasFolder(context)) return undefined;
  const folder = path.resolve(said(context, 'backup.folder'));
  const below = path.relative(dataFolder(context), folder);
  if (below !== '' && (below.startsWith('..') || path.isAbsolute(below))) return undefined;
  return outcomeOf('folder', 'fail', text('setup:backups.inside', { folder }), 'setup:backups.insideRemedy');
}
