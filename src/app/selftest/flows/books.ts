import { verifyLedger } from '../../../ledger';
import { sealAudit, verifyAuditChain } from '../../../platform/audit';
import { modules } from '../../modules';
import { type SelfTestFlow, words } from '../bench';

export const books: SelfTestFlow = {
  id: 'books',
  run: async ({ services, expect }) => {
    const { checks } = await verifyLedger(
      services.database.read,
      modules.flatMap((one) => one.checks ?? []),
    );
    for (const { id, ok, findings } of checks)
      expect(id, words('step.invariant', { id }), ok || findings.slice(0, 3).join('; '), true);
    await sealAudit(services, { full: true });
    const { ok, unsealed } = await verifyAuditChain(services.database.read, services.keys);
    expect('audit', words('step.audit'), ok, true);
    expect('sealed', words('step.unsealed'), unsealed, 0);
  },
};
