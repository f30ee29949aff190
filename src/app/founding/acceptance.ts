import { verifyLedger } from '../../ledger';
import type { Config } from '../../platform/config';
import { silentLogger } from '../../platform/logging';
import { askServer } from '../ask-server';
import { modules } from '../modules';
import { openProduct } from '../product';
import { runServer } from '../run-server';

export interface AcceptanceFinding {
  /** 'ready', 'sign-in' or the id of an invariant of the books. */
  id: string;
  ok: boolean;
  evidence: string;
}

/**
 * Serves the product as it was set up, on a free port of this machine, looks at it as a browser would, and verifies the
 * books. Nothing is written. `running`: the installed service serves already, and is looked at where it listens. `neutralised`: a
 * copy, which nothing leaves.
 */
export async function acceptProduct(
  config: Config,
  { running: serves = false, neutralised = false }: { running?: boolean; neutralised?: boolean } = {},
): Promise<AcceptanceFinding[]> {
  const log = silentLogger();
  const { publicUrl: _publicUrl, tls: _tls, ...server } = config.server;
  const own: Config = { ...config, server: { ...server, host: '127.0.0.1', port: 0 } };
  const product = await openProduct(own, log, { neutralised });
  try {
    const running = serves ? undefined : await runServer(product.app, own, log);
    const at = running ? { ...own.server, port: running.port } : config.server;
    const findings: AcceptanceFinding[] = [];
    try {
      findings.push(await look('ready', at, '/readyz'), await look('sign-in', at, '/sign-in'));
    } finally {
      await running?.stop();
    }
    const { checks } = await verifyLedger(
      product.services.database.read,
      modules.flatMap((one) => one.checks ?? []),
    );
    findings.push(...checks.map(({ id, ok, findings: found }) => ({ id, ok, evidence: found.slice(0, 3).join('; ') })));
    return findings;
  } finally {
    await product.close();
  }
}

async function look(id: string, server: Config['server'], path: string): Promise<AcceptanceFinding> {
  try {
    const { status } = await askServer(server, path);
    return { id, ok: status === 200, evidence: `HTTP ${status}` };
  } catch (error) {
    return { id, ok: false, evidence: error instanceof Error ? error.message : String(error) };
  }
}
