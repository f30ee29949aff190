import type { BackupOutcome, RunOptions, RunProgress } from '../app/backup';
import type { Translate } from '../platform/i18n';
import { registerKeys } from './backup-keys';
import { keyFiles, openPlaces, type SourceOptions, withKeys, withPlaces } from './backup-places';
import { RefusedError, runCommand, type CommandOutput } from './outcome';
import type { CommandModule } from './program';
import { refusal } from './serve';

const LINES = { lines: true };

export const register: CommandModule['register'] = (program) => {
  const backup = program.command('backup').description('backups: make, list, check, try, and the keys that open them');
  withPlaces(backup.command('run'), 'make a backup now and read it back from every target; people go on working')
    .option('--json', 'one JSON object per line: progress, then the result')
    .action((options: SourceOptions) => runCommand(options, (out) => run(options, out), LINES));
  withPlaces(backup.command('list'), 'what lies on the targets; exit code 1 when one does not answer')
    .option('--json', 'print {ok, backups: [{name, target, bytes, createdAt}], failed}')
    .action((options: SourceOptions) => runCommand(options, (out) => list(options, out)));
  withKeys(
    withPlaces(backup.command('verify'), 'read a whole backup and check every part; exit code 1 for a damaged one'),
  )
    .argument('[backup]', 'file, or name on a target; without it the newest')
    .option('--json', 'one JSON object per line: progress, then the result')
    .action((name: string | undefined, options: SourceOptions) =>
      runCommand(options, (out) => verify(name, options, out), LINES),
    );
  withKeys(withPlaces(backup.command('inspect'), 'what is in a backup: version, time, tables with their rows'))
    .argument('[backup]', 'file, or name on a target; without it the newest')
    .option('--json', 'print {ok, name, head, tables, attachments, books}')
    .action((name: string | undefined, options: SourceOptions) =>
      runCommand(options, (out) => inspect(name, options, out)),
    );
  withKeys(withPlaces(backup.command('drill'), 'restore a backup into a scratch database, check everything, remove it'))
    .argument('[backup]', 'file, or name on a target; without it the newest')
    .option('--json', 'one JSON object per line: progress, then the report')
    .action((name: string | undefined, options: SourceOptions) =>
      runCommand(options, (out) => tryOut(name, options, out), LINES),
    );
  registerKeys(backup);
};

async function run(options: SourceOptions, out: CommandOutput): Promise<object> {
  const { terminalTexts } = await import('./words');
  const t = terminalTexts();
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort(new RefusedError('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const outcome = await (options.folder === undefined ? runToTargets : runToFolder)(options, {
      signal: interrupted.signal,
      onProgress: (progress) => out.step({ ...progress }, () => tellStep(t, progress)),
    }).catch((error: unknown) => {
      throw refusal(error) ?? error;
    });
    if (!outcome) throw new RefusedError(t('backup:run.elsewhere'));
    tellOutcome(t, outcome, out);
    return outcome;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

type Watch = Required<Pick<RunOptions, 'signal' | 'onProgress'>>;

async function runToTargets({ config: file, target: targetIds }: SourceOptions, watch: Watch) {
  const { loadConfig } = await import('../platform/config');
  const { backupByCommand } = await import('../app/backup');
  return backupByCommand(loadConfig({ file }), { targetIds, ...watch });
}

/** A copy beside the ordinary ones: nothing is noted of it, and nothing removed for it. */
async function runToFolder(options: SourceOptions, watch: Watch) {
  const { runBackup } = await import('../app/backup');
  const { openToLook } = await import('../app/open-to-look');
  const { config, targets, close } = await openPlaces(options);
  try {
    const database = await openToLook(config.database.url);
    try {
      return await runBackup({ config, database, clock: Date.now }, { targets, ...watch });
    } finally {
      await database.close();
    }
  } finally {
    await close();
  }
}

function tellOutcome(t: Translate, outcome: BackupOutcome, out: CommandOutput): void {
  const { name, rows, attachments, bytes, bookFindings } = outcome;
  out.say(t('backup:run.made', { name, rows, files: attachments.files, mb: megabytes(bytes) }));
  for (const { ok, target, place, error } of outcome.targets)
    out.say(
      ok
        ? t('backup:run.sent', { target, place })
        : t('backup:run.notSent', { target, reason: error ? t(error.code, error.details) : '' }),
    );
  if (attachments.missing.length > 0) out.say(t('backup:run.missing', { count: attachments.missing.length }));
  if (bookFindings > 0) out.say(t('backup:run.findings', { count: bookFindings }));
  if (!outcome.ok) out.fail();
}

function tellStep(t: Translate, progress: RunProgress): string {
  if (progress.step === 'write') return t('backup:run.writing', { part: progress.part, rows: progress.rows });
  const { step, target, bytes, totalBytes } = progress;
  const percent = Math.floor((100 * bytes) / Math.max(1, totalBytes));
  return t(step === 'send' ? 'backup:run.sending' : 'backup:run.readBack', { target, percent });
}

async function list(options: SourceOptions, out: CommandOutput): Promise<object> {
  const { listBackups } = await import('../app/backup');
  const { DomainError } = await import('../kernel');
  const { t, targets, close } = await openPlaces(options);
  try {
    if (targets.length === 0) throw new DomainError('backup:error.no_targets');
    const { backups, failed } = await listBackups(targets);
    for (const { name, target, bytes, createdAt } of backups)
      out.say(t('backup:list.line', { time: new Date(createdAt).toISOString(), mb: megabytes(bytes), target, name }));
    if (backups.length === 0) out.say(t('backup:list.none'));
    for (const { target, code, details } of failed)
      out.say(t('backup:list.failed', { target, reason: t(code, details) }));
    if (failed.length > 0) out.fail();
    return { ok: failed.length === 0, backups, failed };
  } finally {
    await close();
  }
}

async function verify(name: string | undefined, options: SourceOptions, out: CommandOutput): Promise<object> {
  const { findBackup, openingOf, verifyBackup } = await import('../app/backup');
  const { t, config, targets, close } = await openPlaces(options);
  try {
    const opening = openingOf(config, keyFiles(options));
    const report = await verifyBackup(await findBackup(targets, name), opening, (part, rows) =>
      out.step({ step: 'verify', part, rows }, () => t('backup:run.writing', { part, rows })),
    );
    out.say(t(report.ok ? 'backup:verify.ok' : 'backup:verify.bad', { ...report }));
    if (!report.ok) out.fail();
    return report;
  } finally {
    await close();
  }
}

async function inspect(name: string | undefined, options: SourceOptions, out: CommandOutput): Promise<object> {
  const { findBackup, openingOf } = await import('../app/backup');
  const { readBackup } = await import('../platform/backup');
  const { t, config, targets, close } = await openPlaces(options);
  try {
    const found = await findBackup(targets, name);
    const opening = openingOf(config, keyFiles(options));
    const { head, manifest, encrypted, bytes } = await readBackup(await found.open(), { opening, unpackRows: false });
    const { program, schema, createdAt, dialect, company, secretKeys } = head;
    out.say(
      t('backup:inspect.head', {
        company: company ?? '-',
        time: createdAt,
        program,
        schema: schema.version,
        dialect,
      }),
    );
    for (const [table, { rows }] of Object.entries(manifest.tables))
      if (rows > 0) out.say(t('backup:inspect.table', { table, rows: String(rows).padStart(10) }));
    const { attachments, books, tables } = manifest;
    out.say(t('backup:inspect.attachments', { files: attachments.files, mb: megabytes(attachments.bytes) }));
    if (secretKeys && secretKeys.length > 0) out.say(t('backup:inspect.keys', { keys: secretKeys.join(', ') }));
    const told = { program, schema: schema.version, createdAt, dialect, company, secretKeys };
    return { ok: true, name: found.name, bytes, encrypted, head: told, tables, attachments, books };
  } finally {
    await close();
  }
}

async function tryOut(name: string | undefined, options: SourceOptions, out: CommandOutput): Promise<object> {
  const { drillByCommand, findBackup, openingOf } = await import('../app/backup');
  const { tellRestore } = await import('./restore');
  const { t, config, targets, close } = await openPlaces(options);
  // An interruption ends through exit, where the scratch folder is removed.
  const interrupted = (): void => process.exit(130);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const found = await findBackup(targets, name);
    const report = await drillByCommand(config, found, openingOf(config, keyFiles(options)), (progress) =>
      out.step({ ...progress }, () => tellRestore(t, progress)),
    );
    out.say(
      report.ok ? t('backup:drill.done', { ...report }) : t('backup:drill.bad', { count: report.audit?.count ?? 0 }),
    );
    if (!report.ok) out.fail();
    return report;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await close();
  }
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
