import { type Check, type CheckResult, text } from '../../platform/checks';
import { healthOf, recentRuns } from '../backup/backup-health';
import { isOutside } from '../backup/offsite';
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

export const backupChecks: readonly Check<ProductContext>[] = [configured, recent, offsite, encrypted];
