import { verifyLedger } from '../../ledger';
import type { Job, ModuleManifest } from '../../platform/modules';

export const VERIFY_BOOKS = 'system.verify-books';

const SHOWN = 5;

/** Every night: do stock, journal and open items still agree? What does not is the reason of the job's failure. */
export const verifyBooksJob = (modules: readonly Pick<ModuleManifest, 'checks'>[]): Job => ({
  id: VERIFY_BOOKS,
  schedule: '10 4 * * *',
  run: async ({ database }) => {
    const { ok, checks } = await verifyLedger(
      database.read,
      modules.flatMap((one) => one.checks ?? []),
    );
    if (ok) return;
    const broken = checks.filter((one) => !one.ok);
    const findings = broken.flatMap((one) => one.findings.map((finding) => `${one.id}: ${finding}`));
    throw new Error(findings.slice(0, SHOWN).join('; ') || broken.map(({ id }) => id).join(', '));
  },
});
