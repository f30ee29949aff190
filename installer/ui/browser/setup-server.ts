import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureOwnCertificate, machineNames } from '../../../src/platform/tls';

export interface SetupServer {
  /** `http://127.0.0.1:41234`; the usual one first, further ones of a machine with several networks after it. */
  addresses: readonly string[];
  /** Of the certificate, as browsers show it: it was made for this one setup, so no browser knows it. null: plain HTTP. */
  fingerprint: string | null;
  close: () => Promise<void>;
}

const LAST_ANSWERS_MS = 2000;

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/**
 * Listens for the browser. Beyond this machine with HTTPS only: passwords are typed into these pages. Errors of listening
 * pass through.
 */
export async function listenForSetup(app: RequestListener, host: string, port: number): Promise<SetupServer> {
  const secret = isLoopback(host) ? undefined : await passingCertificate(host);
  const server: Server = secret
    ? https.createServer({ ...secret, minVersion: 'TLSv1.2' }, app)
    : http.createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const at = (server.address() as AddressInfo).port;
  const scheme = secret ? 'https' : 'http';
  return {
    addresses: namesFor(host).map((name) => `${scheme}://${name.includes(':') ? `[${name}]` : name}:${at}`),
    fingerprint: secret ? new X509Certificate(secret.cert).fingerprint256 : null,
    close: () => close(server),
  };
}

/** Listening everywhere, it is reached by every address of the machine in its networks. */
function namesFor(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const { addresses } = machineNames();
  const outside = addresses.filter((address) => !isLoopback(address));
  const usual = outside.filter((address) => isIP(address) === 4);
  const all = host === '::' ? [...usual, ...outside.filter((address) => isIP(address) === 6)] : usual;
  return all.length > 0 ? all : ['127.0.0.1'];
}

/** Kept in memory alone. */
async function passingCertificate(host: string): Promise<{ cert: string; key: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'phone-erp-setup-tls-'));
  try {
    const { certFile, keyFile } = await ensureOwnCertificate(folder, { names: machineNames({ names: [host] }) });
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS).unref();
  });
}
