import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import type { Config } from '../platform/config';

const ANSWER_MS = 5000;

export interface ServerAnswer {
  status: number;
  body: string;
}

/** Where a program of the same machine reaches the configured server: one that listens everywhere is asked on the loopback. */
export function localAddress({ host, port, tls }: Pick<Config['server'], 'host' | 'port' | 'tls'>): string {
  const bare = host.replace(/^\[|\]$/g, '');
  const name = bare === '0.0.0.0' || bare === '::' ? '127.0.0.1' : bare.includes(':') ? `[${bare}]` : bare;
  return `${tls ? 'https' : 'http'}://${name}:${port}`;
}

/**
 * Asks the configured server on this machine for a path such as /readyz. Fails when nothing answers within five seconds, or
 * when what answers shows another certificate than the configured one.
 */
export async function askServer(server: Config['server'], path: string): Promise<ServerAnswer> {
  const url = localAddress(server) + path;
  if (server.tls) return askPinned(url, server.tls.certFile);
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  return { status: response.status, body: await response.text() };
}

/** Whether what answers at the configured address is this product: only it answers /healthz this way. */
export async function answersAsPhoneErp(server: Config['server']): Promise<boolean> {
  try {
    const { status, body } = await askServer(server, '/healthz');
    return status === 200 && body.includes('"product":"phone-erp"');
  } catch {
    return false;
  }
}

/** An own certificate is known to no authority of this machine: the one on the disk must be the one that is shown. */
async function askPinned(url: string, certFile: string): Promise<ServerAnswer> {
  const { request } = await import('node:https');
  const { readChain } = await import('../platform/tls');
  const expected = readChain(readFileSync(certFile, 'utf8'))[0].fingerprint256;
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, signal: AbortSignal.timeout(ANSWER_MS), agent: false } as const;
    const asked = request(url, options, (response) => {
      const shown = (response.socket as TLSSocket).getPeerCertificate().fingerprint256;
      response.on('error', reject);
      if (shown !== expected) return void response.destroy(new Error('another certificate than the configured one'));
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
