import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

export interface RedirectOptions {
  /** Where HTTPS is served. */
  httpsPort: number;
  publicUrl?: string | undefined;
  /** Answers what must be reachable before a browser trusts the certificate. */
  app: RequestListener;
  /** Paths of those pages, and of what they load. */
  open: RegExp;
}

/** Answers plain HTTP: the open pages as they are, everything else by leading on to HTTPS under the name that was asked for. */
export function createRedirectServer({ httpsPort, publicUrl, app, open }: RedirectOptions): http.Server {
  return http.createServer((request, response) => {
    const path = request.url?.startsWith('/') ? request.url : '/';
    if (open.test(path.split('?')[0] ?? '')) return app(request, response);
    if (!isReading(request)) return refuse(response, 403);
    const base = publicUrl?.startsWith('https:') ? publicUrl.replace(/\/$/, '') : secureAddress(request, httpsPort);
    if (base === undefined) return refuse(response, 400);
    response.writeHead(308, { Location: `${base}${path}`, 'Cache-Control': 'no-store' }).end();
  });
}

/** What a form sends has already crossed the network in clear; leading it on would hide that. */
const isReading = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const refuse = (response: ServerResponse, status: number): void =>
  void response.writeHead(status, { 'Content-Type': 'text/plain' }).end('HTTPS\n');

/** The name comes from the request, so it is taken only when it is a name or an address and nothing more. */
function secureAddress({ headers }: IncomingMessage, port: number): string | undefined {
  const [, name] = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i.exec(headers.host ?? '') ?? [];
  if (name === undefined) return undefined;
  return `https://${name}${port === 443 ? '' : `:${port}`}`;
}
