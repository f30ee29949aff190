import { type CheckReport, runChecks, type CheckOutcome } from '../../checks';
import { type ExistingTables, factsOf, type ProbeContext } from './probe-check';
import { probeChecks, serverChecks } from './probe-checks';
import type { ServerTarget } from './target';

export { type ConnectionFault, connectionFault } from './connection-fault';
export { type CreationPlan, planCreation, type WantedDatabase } from './create-account';
export { createScratchDatabase, type ScratchDatabase } from './scratch-database';
export { type ExistingTables } from './probe-check';
export { DEFAULT_PORTS, isPlainName, type ServerDialect, serverTarget, type ServerTarget } from './target';

export interface ProbeReport extends CheckReport {
  /** Known only when the server was reached. */
  existing?: ExistingTables;
}

/**
 * Looks at a database server step by step, from its name to what lies in the database; each step is reported as it ends. What
 * it writes to try the account's rights is gone afterwards.
 */
export async function probeDatabase(
  target: ServerTarget,
  { onResult }: { onResult?: (outcome: CheckOutcome) => void } = {},
): Promise<ProbeReport> {
  const context: ProbeContext = { target, facts: factsOf[target.dialect] };
  try {
    const report = await runChecks(probeChecks, context, onResult ? { onResult } : {});
    return { ...report, ...(context.existing ? { existing: context.existing } : {}) };
  } finally {
    await context.session?.close().catch(() => undefined);
  }
}

/** The same for an administrator's account on a server where the database is still to be created. */
export async function probeServer(
  administrator: ServerTarget,
  { onResult }: { onResult?: (outcome: CheckOutcome) => void } = {},
): Promise<CheckReport> {
  const facts = factsOf[administrator.dialect];
  const context: ProbeContext = { target: administrator, facts: { ...facts, open: facts.openServer } };
  try {
    return await runChecks(serverChecks, context, onResult ? { onResult } : {});
  } finally {
    await context.session?.close().catch(() => undefined);
  }
}
