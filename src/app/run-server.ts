import http, { type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Config } from '../platform/config';
import type { Logger } from '../platform/logging';
import { createRedirectServer, type LiveCertificate, openLiveCertificate } from '../platform/tls';
import type { Health } from '../platform/http';

/** How long requests that are under way may take when the server stops. */
const DRAIN_MS = 10_000;
/** A receipt with pictures over a slow line; slower than this is an attack or a broken line. */
const REQUEST_MS = 120_000;
/** A till that does not trust the certificate yet must be able to fetch it: the page, the file and what the page looks like. */
const OPEN_WITHOUT_HTTPS = /^\/(certificate(\/authority\.crt)?|assets\/[^?#]+|healthz|readyz)$/;

export interface RunningServer {
  /** The address for people: the configured public one, or where the server listens. */
  url: string;
  port: number;
  /** Where plain HTTP leads on to HTTPS. */
  redirectPort?: number;
  /** Absent without HTTPS. */
  certificate?: LiveCertificate;
  /** From now on somebody else answers; requests that are under way are finished by who began them. */
  switchTo: (web: RequestListener) => void;
  /** When no request is under way any more that came in before the switch, or after so long. */
  idle: (mostMs: number) => Promise<void>;
  /** No new work, finish what is under way, close. */
  stop: () => Promise<void>;
}

/** What is served: the product, or the page that says why it is not. */
export interface Served {
  web: RequestListener;
  health: Health;
}

/** Listens as configured. Errors of listening (port in use, not allowed) pass through. */
export async function runServer(served: Served, config: Config, log: Logger): Promise<RunningServer> {
  const door = createDoor(served.web);
  const app: Served = { web: door.answer, health: served.health };
  const { tls, host, port, publicUrl } = config.server;
  const secure = tls ? await secureServer(app, config, log) : undefined;
  const server = secure?.server ?? http.createServer(app.web);
  const redirect: Server[] = [];
  try {
    const at = await listen(server, port, host, log);
    if (tls?.redirectPort !== undefined) {
      const plain = createRedirectServer({ httpsPort: at.port, publicUrl, app: app.web, open: OPEN_WITHOUT_HTTPS });
      redirect.push(plain);
      await listen(plain, tls.redirectPort, host, log);
    }
    const local = `${tls ? 'https' : 'http'}://${nameOf(at)}:${at.port}`;
    log.info({ url: local, ...(tls && { redirectPort: tls.redirectPort }) }, 'listening');
    return {
      url: publicUrl ?? local,
      port: at.port,
      ...(tls?.redirectPort === undefined ? {} : { redirectPort: tls.redirectPort }),
      ...(secure && { certificate: secure.certificate }),
      switchTo: door.switchTo,
      idle: door.idle,
      stop: () => {
        secure?.certificate.stop();
        return drain([server, ...redirect], app);
      },
    };
  } catch (error) {
    secure?.certificate.stop();
    [server, ...redirect].forEach((one) => one.close());
    throw error;
  }
}

const IDLE_LOOK_MS = 20;

/** Counts what is under way, so that a database is closed only when nobody reads from it. */
function createDoor(first: RequestListener): Pick<RunningServer, 'switchTo' | 'idle'> & { answer: RequestListener } {
  let current = { web: first, busy: 0 };
  let before = current;
  return {
    answer: (request, response) => {
      const at = current;
      at.busy++;
      response.once('close', () => at.busy--);
      at.web(request, response);
    },
    switchTo: (web) => {
      before = current;
      current = { web, busy: 0 };
    },
    idle: async (mostMs) => {
      for (const until = Date.now() + mostMs; before.busy > 0 && Date.now() < until;)
        await new Promise((resolve) => setTimeout(resolve, IDLE_LOOK_MS));
    },
  };
}

async function secureServer(
  app: Served,
  { server: { tls, publicUrl } }: Config,
  log: Logger,
): Promise<{ server: https.Server; certificate: LiveCertificate }> {
  if (!tls) throw new Error('HTTPS is not configured');
  const certificate = await openLiveCertificate(tls, {
    publicUrl,
    log,
    onChange: (secret) => server.setSecureContext({ ...secret, minVersion: 'TLSv1.2' }),
  });
  const server = https.createServer({ ...certificate.current(), minVersion: 'TLSv1.2' }, app.web);
  return { server, certificate };
}

async function listen(server: Server, port: number, host: string, log: Logger): Promise<AddressInfo> {
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
  return server.address() as AddressInfo;
}

function nameOf({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return family === 'IPv6' ? `[${address}]` : address;
}

async function drain(servers: readonly Server[], { health }: Served): Promise<void> {
  health.draining = true;
  const closed = Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  servers.forEach((server) => server.closeIdleConnections());
  const giveUp = setTimeout(() => servers.forEach((server) => server.closeAllConnections()), DRAIN_MS);
  await closed;
  clearTimeout(giveUp);
}
