import { z } from 'zod';

const text = z.string().min(1);
/** Names a target on the command line, in the history and in environment variables. */
const id = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, 'small letters, digits and "-", at most 30, a letter first');
const port = z.int().min(1).max(65_535);
/** Where files lie on the target; "/" at its end may be left out. */
const folder = z.string().regex(/^[^\0\\]+$/, 'a folder, written with "/"');
/** An authority of one's own, PEM, beside those that every computer knows. */
const caFile = text.optional();

const address = z.url({ protocol: /^https?$/ }).refine((url) => {
  const { username, password, search, hash } = new URL(url);
  return !username && !password && !search && !hash;
}, 'an address without user, password, "?" and "#"');

const local = z.strictObject({ id, kind: z.literal('local'), path: text });

const sftp = z.strictObject({
  id,
  kind: z.literal('sftp'),
  host: text,
  port: port.optional(),
  user: text,
  password: text.optional(),
  /** The key itself, OpenSSH or PEM; written in the file that `privateKeyFile` names. */
  privateKey: text.optional(),
  keyPassphrase: text.optional(),
  /** SHA256:… of the host's key. Without it the key is agreed to once, by a person. */
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and 43 characters, as ssh-keygen -l prints it')
    .optional(),
  path: folder,
});

const s3 = z.strictObject({
  id,
  kind: z.literal('s3'),
  endpoint: address,
  region: z.string().regex(/^[A-Za-z0-9-]+$/, 'letters, digits and "-"'),
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket'),
  prefix: folder.optional(),
  accessKeyId: text,
  secretAccessKey: text.optional(),
  /** https://HOST/BUCKET/… instead of https://BUCKET.HOST/… */
  pathStyle: z.boolean().optional(),
  caFile,
});

const webdav = z.strictObject({
  id,
  kind: z.literal('webdav'),
  url: address,
  user: text.optional(),
  password: text.optional(),
  caFile,
});

const target = z.discriminatedUnion('kind', [local, sftp, s3, webdav]).superRefine((value, { addIssue }) => {
  const issue = (key: string, message: string): void => addIssue({ code: 'custom', path: [key], message });
  if (value.kind === 'sftp' && value.password === undefined && value.privateKey === undefined)
    issue('password', 'give passwordFile or privateKeyFile');
  if (value.kind === 's3' && value.secretAccessKey === undefined) issue('secretAccessKey', 'give secretAccessKeyFile');
  if (value.kind === 'webdav' && value.user !== undefined && value.password === undefined)
    issue('password', 'give passwordFile');
});

export type BackupTargetConfig = z.infer<typeof target>;

/** Keys of a target that are secrets; each may be given as `…File` or as ERP_BACKUP_TARGETS_<ID>_<KEY>. */
export const targetSecrets: Readonly<Record<BackupTargetConfig['kind'], readonly string[]>> = {
  local: [],
  sftp: ['password', 'privateKey', 'keyPassphrase'],
  s3: ['secretAccessKey'],
  webdav: ['password'],
};

export const backupSchema = z.strictObject({
  targets: z.array(target).superRefine((targets, { addIssue }) => {
    targets.forEach(({ id: own }, at) => {
      if (targets.findIndex((other) => other.id === own) < at)
        addIssue({ code: 'custom', path: [at, 'id'], message: 'two targets have this id' });
    });
  }),
  /** Public age keys: whoever has the private one can read the backups. */
  recipients: z.array(z.string().regex(/^age1[a-z0-9]{58,}$/, 'a public key: age1…')),
  passphrase: z.string().min(12).optional(),
  /** Private key that opens the backups, where it may lie on this machine: for verifying and drills. */
  identityFile: text.optional(),
  /** Without a key and a passphrase there is no backup unless this says that everybody may read it. */
  allowUnencrypted: z.boolean(),
  /** How many days, weeks and months keep their last backup; the newest of all always stays. */
  keep: z.strictObject({
    daily: z.int().min(0).max(366),
    weekly: z.int().min(0).max(260),
    monthly: z.int().min(0).max(240),
  }),
  /** Time of day in the company's time zone. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 02:30'),
  /** Of each target. */
  bytesPerSecond: z.int().min(1024).optional(),
  /** Where a backup grows before it is sent; left out: backup-spool in dataDir. */
  spoolDir: text.optional(),
});
