import { statSync } from 'node:fs';
import path from 'node:path';
import { type Check, type CheckResult, text } from '../../platform/checks';
import type { Config } from '../../platform/config';
import { healthOf, recentRuns } from '../backup/backup-health';
import { sealedBy } from '../backup/sealing';
import type { ProductContext } from './product-context';

const LOOKED_AT = 12;
const skipped: CheckResult = { status: 'skipped', found: text('backups:check.configured.none') };
const of = (id: string, run: Check<ProductContext>['run']): Check<ProductContext> => ({
  id: `backup.${id}`,
  category: 'backup',
  title: text(`backups:check.${id}.title`),
  required: text(`backups:check.${id}.required`),
  run,
});
const remedy = (id: string): Pick<CheckResult, 'remedy'> => ({ remedy: [text(`backups:check.${id}.remedy`)] });

const configured = of('configured', ({ config }): CheckResult => {
  const targets = config.backup.targets.map(({ id }) => id).join(', ');
  if (targets === '') return { status: 'warn', found: text('backups:check.configured.none'), ...remedy('configured') };
  if (sealedBy(config) === undefined)
    return { status: 'fail', found: text('backups:check.configured.noKey', { targets }), ...remedy('configured') };
  return { status: 'ok', found: text('backups:check.configured.found', { targets }) };
});

const recent = of('recent', async ({ config, database, now, schemaIsCurrent }): Promise<CheckResult> => {
  if (!schemaIsCurrent) return { status: 'skipped', found: text('checks:schema.skipped') };
  if (config.backup.targets.length === 0) return skipped;
  const { lastGood, late } = healthOf(await recentRuns(database.read, LOOKED_AT), now);
  if (!lastGood) return { status: 'warn', found: text('backups:check.recent.never'), ...remedy('recent') };
  const found = text('backups:check.recent.found', { hours: Math.round((now - lastGood.startedAt) / 3_600_000) });
  return late ? { status: 'fail', found, ...remedy('recent') } : { status: 'ok', found };
});

const offsite = of('offsite', ({ config }): CheckResult => {
  if (config.backup.targets.length === 0) return skipped;
  const outside = config.backup.targets.filter((target) => isOutside(target, config.dataDir)).map(({ id }) => id);
  return outside.length > 0
    ? { status: 'ok', found: text('backups:check.offsite.found', { targets: outside.join(', ') }) }
    : { status: 'warn', found: text('backups:check.offsite.none'), ...remedy('offsite') };
});

const encrypted = of('encrypted', ({ config }): CheckResult => {
  const by = sealedBy(config);
  if (config.backup.targets.length === 0 || by === undefined) return skipped;
  return by === 'nobody'
    ? { status: 'warn', found: text('backups:check.encrypted.open'), ...remedy('encrypted') }
    : { status: 'ok', found: text(`backups:check.encrypted.${by}`) };
});

function isOutside(target: Config['backup']['targets'][number], dataDir: string): boolean {
  if (target.kind === 'local') return diskOf(target.path) !== diskOf(dataDir);
  const host =
    target.kind === 'sftp' ? target.host : new URL(target.kind === 's3' ? target.endpoint : target.url).hostname;
  return !/^(localhost|127\..*|\[?::1\]?)$/.test(host);
}

/** Number of the disk that the folder lies on, or will lie on. */
function diskOf(folder: string): number | undefined {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = statSync(at, { throwIfNoEntry: false });
    if (found) return found.dev;
    if (at === path.dirname(at)) return undefined;
  }
}

export const backupChecks: readonly Check<ProductContext>[] = [configured, recent, offsite, encrypted];
