import { verifyLedger } from '../../ledger';
import { verifyAuditChain } from '../../platform/audit';
import { type Check, type CheckResult, text } from '../../platform/checks';
import { openKeyRing } from '../../platform/crypto';
import { modules } from '../modules';
import type { ProductContext } from './product-context';

const SHOWN = 5;
const skipped: CheckResult = { status: 'skipped', found: text('checks:schema.skipped') };

const invariants: Check<ProductContext> = {
  id: 'ledger.invariants',
  category: 'ledger',
  title: text('checks:ledger.invariants.title'),
  required: text('checks:ledger.invariants.required'),
  run: async ({ database, schemaIsCurrent }): Promise<CheckResult> => {
    if (!schemaIsCurrent) return skipped;
    const { ok, checks } = await verifyLedger(
      database.read,
      modules.flatMap((one) => one.checks ?? []),
    );
    if (ok) return { status: 'ok', found: text('checks:ledger.invariants.ok', { count: checks.length }) };
    const broken = checks.filter((one) => !one.ok);
    return {
      status: 'fail',
      found: text('checks:ledger.invariants.broken', { ids: broken.map(({ id }) => id).join(', ') }),
      evidence: broken
        .flatMap(({ findings }) => findings)
        .slice(0, SHOWN)
        .join('; '),
      remedy: [text('checks:ledger.invariants.remedy')],
    };
  },
};

const auditChain: Check<ProductContext> = {
  id: 'ledger.audit',
  category: 'ledger',
  title: text('checks:ledger.audit.title'),
  required: text('checks:ledger.audit.required'),
  run: async ({ database, config, facts, schemaIsCurrent }): Promise<CheckResult> => {
    // Opening the keys would make a new file; that it is missing is said by another check.
    if (!schemaIsCurrent || facts.readText(config.security.keyFile) === undefined) return skipped;
    const report = await verifyAuditChain(database.read, openKeyRing(config.security.keyFile));
    if (report.ok)
      return {
        status: 'ok',
        found: text('checks:ledger.audit.ok', { sealed: report.sealed, unsealed: report.unsealed }),
      };
    return {
      status: 'fail',
      found: text('checks:ledger.audit.broken', { count: report.count }),
      evidence: report.findings
        .slice(0, SHOWN)
        .map(({ kind, seq }) => `${kind}: ${seq}`)
        .join('; '),
      remedy: [text('checks:ledger.audit.remedy')],
    };
  },
};

export const bookChecks: readonly Check<ProductContext>[] = [invariants, auditChain];
