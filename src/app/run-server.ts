import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Config } from '../platform/config';
import type { Logger } from '../platform/logging';
import type { App } from './create-app';

/** How long requests that are under way may take when the server stops. */
const DRAIN_MS = 10_000;
/** A receipt with pictures over a slow line; slower than this is an attack or a broken line. */
const REQUEST_MS = 120_000;

export interface RunningServer {
  /** The address for people: the configured public one, or where the server listens. */
  url: string;
  port: number;
  /** No new work, finish what is under way, close. */
  stop: () => Promise<void>;
}

/** Listens as configured. Errors of listening (port in use, not allowed) pass through. */
export async function runServer(app: App, config: Config, log: Logger): Promise<RunningServer> {
  const { tls, host, port, publicUrl } = config.server;
  const server = tls
    ? https.createServer({ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) }, app.web)
    : http.createServer(app.web);
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error) => log.error({ err: error }, 'the server reports an error'));
  const address = server.address() as AddressInfo;
  const local = `${tls ? 'https' : 'http'}://${nameOf(address)}:${address.port}`;
  log.info({ url: local }, 'listening');
  return { url: publicUrl ?? local, port: address.port, stop: () => drain(server, app) };
}

function nameOf({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return family === 'IPv6' ? `[${address}]` : address;
}

async function drain(server: http.Server, { health }: App): Promise<void> {
  health.draining = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const giveUp = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(giveUp);
}
