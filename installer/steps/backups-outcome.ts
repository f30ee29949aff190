import { discardKey } from '../../src/app/backup';
import { type Text, text } from '../../src/platform/checks';
import { deviceOf, hasFolder, hasNewKey, keyFile, type Protection, protection } from './backups';
import { type Context, said } from './environment';
import { findExisting, isTechnical } from './existing';
import { dataFolder } from './paths';

/** How the setup left the backups, for its last page. */
export interface BackupOutcome {
  protection: Protection | null;
  /** The file with the private key as text and QR code. */
  sheet: string | null;
  /** The private key that stays until somebody confirms that they have the sheet. */
  key: string | null;
  folder: string | null;
  /** What is still to be done, the most pressing first. */
  next: { id: 'sheet' | 'key' | 'open' | 'place' | 'same-disk'; text: Text }[];
}

export function backupOutcome(context: Context): BackupOutcome {
  const { facts } = context;
  if (!isTechnical(context)) return { protection: null, sheet: null, key: null, folder: null, next: [] };
  const sheet = typeof facts['backups.sheet'] === 'string' ? facts['backups.sheet'] : null;
  const folder = hasFolder(context) ? said(context, 'backup.folder') : null;
  const isUntilSheet = hasNewKey(context) && said(context, 'backup.privateKey') === 'until-sheet';
  const key = isUntilSheet ? (keyFile(context) ?? null) : null;
  const places = findExisting(context)?.config?.backup.targets.length ?? 0;
  const sameDisk = folder !== null && deviceOf(folder) === deviceOf(dataFolder(context));
  return {
    protection: protection(context),
    sheet,
    key,
    folder,
    next: [
      ...todo(sheet !== null, 'sheet', text('setup:backups.next.sheet', { file: sheet ?? '' })),
      ...todo(key !== null, 'key', text('setup:backups.next.key', { file: key ?? '' })),
      ...todo(protection(context) === 'none', 'open', text('setup:backups.open')),
      ...todo(folder === null && places === 0, 'place', text('setup:backups.next.place')),
      ...todo(sameDisk, 'same-disk', text('setup:backups.next.sameDisk', { folder: folder ?? '' })),
    ],
  };
}

const todo = (is: boolean, id: BackupOutcome['next'][number]['id'], words: Text): BackupOutcome['next'] =>
  is ? [{ id, text: words }] : [];

/** Somebody has shown that the printed sheet lies before them: key and sheet go from this machine. Throws DomainErrors. */
export function confirmSheet(outcome: BackupOutcome, ending: string): BackupOutcome {
  if (outcome.key === null) return outcome;
  discardKey(outcome.key, ending, outcome.sheet ?? undefined);
  const next = outcome.next.filter(({ id }) => id !== 'sheet' && id !== 'key');
  return { ...outcome, key: null, sheet: null, next };
}
