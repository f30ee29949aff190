import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface WebdavServer {
  port: number;
  user: string;
  password: string;
  /** By path below the root. */
  files: Map<string, { content: Buffer; at: number }>;
  folders: Set<string>;
  /** More than this is "507 Insufficient Storage". */
  quotaBytes: number;
  /** As servers behind some proxies: a body needs its length. */
  wantsLength: boolean;
  /** A nonce holds for so many requests. */
  nonceUses: number;
  close: () => Promise<void>;
}

export interface WebdavOptions {
  scheme: 'basic' | 'digest';
  tls?: { key: string; cert: string };
}

/** WebDAV as backups use it (RFC 4918), in memory. */
export async function startWebdavServer({ scheme, tls }: WebdavOptions): Promise<WebdavServer> {
  const state: Omit<WebdavServer, 'port' | 'close'> = {
    user: '备份 user',
    password: 'p"ass:wörd',
    files: new Map(),
    folders: new Set(['/']),
    quotaBytes: Number.MAX_SAFE_INTEGER,
    wantsLength: false,
    nonceUses: 1000,
  };
  const nonces = new Map<string, number>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const end = (status: number, headers: Record<string, string> = {}, body = ''): void =>
      void response.writeHead(status, headers).end(body);
    const allowed = scheme === 'basic' ? isBasic(request, state) : isDigest(request, state, nonces);
    if (allowed !== true) {
      request.resume();
      if (scheme === 'basic') return end(401, { 'www-authenticate': 'Basic realm="test", charset="UTF-8"' });
      const nonce = randomBytes(8).toString('hex');
      nonces.set(nonce, state.nonceUses);
      const stale = allowed === 'stale' ? ', stale=true' : '';
      const digest = `Digest realm="te\\"st", qop="auth,auth-int", algorithm=SHA-256, nonce="${nonce}", opaque="x"${stale}`;
      return end(401, { 'www-authenticate': `${digest}, Basic realm="test"` });
    }
    const file = decodeURIComponent(request.url ?? '/');
    const parent = `${file.replace(/\/$/, '').split('/').slice(0, -1).join('/')}/`;
    switch (request.method) {
      case 'MKCOL':
        if (state.folders.has(file)) return end(405);
        if (!state.folders.has(parent)) return end(409);
        state.folders.add(file);
        return end(201);
      case 'PUT': {
        if (state.wantsLength && request.headers['content-length'] === undefined) return end(411);
        if (!state.folders.has(parent)) return end(409);
        const pieces: Buffer[] = [];
        let bytes = 0;
        for await (const piece of request as AsyncIterable<Buffer>) {
          pieces.push(piece);
          if ((bytes += piece.length) > state.quotaBytes) return end(507, { connection: 'close' });
          // What has come is there, as on a disk.
          state.files.set(file, { content: Buffer.concat(pieces.slice(-1)), at: Date.now() });
        }
        state.files.set(file, { content: Buffer.concat(pieces), at: Date.now() });
        return end(201);
      }
      case 'GET': {
        const found = state.files.get(file);
        if (!found) return end(404);
        return void response.writeHead(200, { 'content-length': found.content.length }).end(found.content);
      }
      case 'DELETE':
        return end(state.files.delete(file) ? 204 : 404);
      case 'MOVE': {
        const found = state.files.get(file);
        const to = decodeURIComponent(new URL(String(request.headers.destination)).pathname);
        if (!found) return end(404);
        if (state.files.has(to) && request.headers.overwrite === 'F') return end(412);
        state.files.delete(file);
        state.files.set(to, found);
        return end(201);
      }
      case 'PROPFIND': {
        request.resume();
        const isFolder = state.folders.has(file);
        if (!isFolder && !state.files.has(file)) return end(404);
        const below = [...state.files].filter(([name]) =>
          isFolder
            ? request.headers.depth === '1' && name.startsWith(file) && !name.slice(file.length).includes('/')
            : name === file,
        );
        const own = isFolder ? folderRow(file) : '';
        const rows = below.map(([name, { content, at }]) => fileRow(name, content.length, at));
        const body = `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">${own}${rows.join('')}</D:multistatus>`;
        return end(207, { 'content-type': 'application/xml' }, body);
      }
      default:
        return end(405);
    }
  };

  const listener: RequestListener = (request, response) => {
    answer(request, response).catch(() => response.destroy());
  };
  const server = tls ? createSecure(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

const folderRow = (name: string): string =>
  `<D:response><D:href>${encodeURI(name)}</D:href><D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop></D:propstat></D:response>`;
const fileRow = (name: string, bytes: number, at: number): string =>
  `<D:response><D:href>${encodeURI(name)}</D:href><D:propstat><D:prop><D:resourcetype/><D:getcontentlength>${bytes}</D:getcontentlength>` +
  `<D:getlastmodified>${new Date(at).toUTCString()}</D:getlastmodified></D:prop></D:propstat></D:response>`;

type Login = Pick<WebdavServer, 'user' | 'password'>;

function isBasic(request: IncomingMessage, { user, password }: Login): boolean {
  const [, code = ''] = (request.headers.authorization ?? '').split(' ');
  return Buffer.from(code, 'base64').toString('utf8') === `${user}:${password}`;
}

function isDigest(request: IncomingMessage, { user, password }: Login, nonces: Map<string, number>): boolean | 'stale' {
  const header = Buffer.from(request.headers.authorization ?? '', 'latin1').toString('utf8');
  const values: Record<string, string> = {};
  for (const [, name = '', quoted, plain] of header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
    values[name] = (quoted ?? plain ?? '').replace(/\\(.)/g, '$1');
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
  const { nonce = '', nc = '', cnonce = '' } = values;
  const first = sha(`${user}:te"st:${password}`);
  const second = sha(`${request.method}:${request.url}`);
  if (values.uri !== request.url || values.response !== sha(`${first}:${nonce}:${nc}:${cnonce}:auth:${second}`))
    return false;
  const left = nonces.get(nonce) ?? 0;
  nonces.set(nonce, left - 1);
  return left > 0 ? true : 'stale';
}
