import { modules } from '../src/app/modules';
import { verifyLedger } from '../src/ledger';
import { openDatabase } from '../src/platform/database';

/** Figures of a server that loses or doubles something are worth nothing: throws unless every invariant holds. */
export async function verifyBooks(databaseUrl: string): Promise<void> {
  const database = await openDatabase(databaseUrl, { poolSize: 1 });
  try {
    const { ok, checks } = await verifyLedger(
      database.read,
      modules.flatMap((module) => module.checks ?? []),
    );
    if (ok) return;
    const wrong = checks.filter((check) => !check.ok).map(({ id, findings }) => `${id}: ${findings.join('; ')}`);
    throw new Error(`the books do not hold after the load: ${wrong.join(', ')}`);
  } finally {
    await database.close();
  }
}
