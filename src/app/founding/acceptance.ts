import { verifyLedger } from '../../ledger';
import type { Config } from '../../platform/config';
import { silentLogger } from '../../platform/logging';
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
 * books. Nothing is written.
 */
export async function acceptProduct(config: Config): Promise<AcceptanceFinding[]> {
  const log = silentLogger();
  const { publicUrl: _publicUrl, tls: _tls, ...server } = config.server;
  const own: Config = { ...config, server: { ...server, host: '127.0.0.1', port: 0 } };
  const product = await openProduct(own, log);
  try {
    const running = await runServer(product.app, own, log);
    const findings: AcceptanceFinding[] = [];
    try {
      findings.push(await look('ready', `${running.url}/readyz`), await look('sign-in', `${running.url}/sign-in`));
    } finally {
      await running.stop();
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

async function look(id: string, address: string): Promise<AcceptanceFinding> {
  const response = await fetch(address, { signal: AbortSignal.timeout(20_000) });
  await response.arrayBuffer();
  return { id, ok: response.ok, evidence: `HTTP ${response.status}` };
}
