import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isDomainError } from '../../kernel';
import type { BackupTargetConfig } from '../config';
import { answerChallenge, type Challenge, readChallenge } from './http-auth';
import { drain, type HttpRequest, openHttp, readText } from './http-client';
import { networkFault } from './network-faults';
import { putFailure } from './pump';
import {
  backupName,
  type BackupTarget,
  isBackupName,
  isLeftover,
  partName,
  type StoredBackup,
  targetError,
  type TargetFault,
  type TargetContext,
} from './target';
import { tryTarget } from './try-target';
import { elements, parseXml, textOf } from './xml';

type WebdavConfig = Readonly<Extract<BackupTargetConfig, { kind: 'webdav' }>>;
type DavRequest = Omit<HttpRequest, 'url'> & { name?: string };

const BY_STATUS: Readonly<Record<number, TargetFault>> = {
  401: 'password',
  403: 'denied',
  404: 'missing',
  409: 'noFolder',
  413: 'full',
  423: 'denied',
  507: 'full',
};
const PROPERTIES =
  '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/><getlastmodified/><resourcetype/></prop></propfind>';

export function openWebdav(config: WebdavConfig, { stallMs }: TargetContext): BackupTarget {
  const base = new URL(config.url.endsWith('/') ? config.url : `${config.url}/`);
  const identity = { id: config.id, place: `${base.host}${base.pathname}` };
  const http = openHttp(stallMs, config.caFile);
  const { user, password = '' } = config;
  let challenge: Challenge | undefined;
  let count = 0;
  const urlOf = (name = ''): URL => new URL(name === '' ? base : `${base.href}${encodeURIComponent(name)}`);

  const sendOnce = ({ name, ...request }: DavRequest, url = urlOf(name)): Promise<IncomingMessage> => {
    const path = `${url.pathname}${url.search}`;
    const signed =
      user !== undefined && challenge
        ? {
            authorization: answerChallenge(
              challenge,
              { user, password },
              { method: request.method, path, count: ++count },
            ),
          }
        : {};
    return http.send({ ...request, url, headers: { ...request.headers, ...signed } });
  };
  /** Asked once what the server wants to know, or again when it has forgotten; a body can be sent only once. */
  const send = async (request: DavRequest, url?: URL): Promise<IncomingMessage> => {
    try {
      const answer = await sendOnce(request, url);
      if (answer.statusCode !== 401 || user === undefined || isStream(request.body)) return answer;
      const asked = readChallenge(answer.headers['www-authenticate']);
      const forgotten = asked?.scheme === 'digest' && /^true$/i.test(asked.stale ?? '');
      if (!asked || (challenge && !forgotten)) return answer;
      drain(answer);
      [challenge, count] = [asked, 0];
      return await sendOnce(request, url);
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason;
      throw error;
    }
  };
  /** A good answer; anything else is thrown as a fault. */
  const good = async (request: DavRequest, url?: URL): Promise<IncomingMessage> => {
    const answer = await send(request, url);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const said = (await readText(answer).catch(() => '')).replace(/<[^>]*>|\s+/g, ' ').trim();
    const where = answer.headers.location ? `→ ${answer.headers.location}` : '';
    const detail = [`HTTP ${status}`, where, said].filter(Boolean).join(' ').slice(0, 300);
    throw targetError(identity, BY_STATUS[status] ?? 'refused', { detail });
  };
  const fault = (error: unknown): unknown =>
    isDomainError(error) || error instanceof RangeError ? error : networkFault(identity, error, 'vanished');
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw fault(error);
    }
  };

  const properties = async (name: string, depth: '0' | '1'): Promise<string | undefined> => {
    const headers = { depth, 'content-type': 'application/xml; charset=utf-8' };
    const answer = await send({ method: 'PROPFIND', name, headers, body: PROPERTIES });
    if (answer.statusCode === 207) return readText(answer);
    drain(answer);
    if (answer.statusCode === 404) return undefined;
    const fault = BY_STATUS[answer.statusCode ?? 0] ?? 'refused';
    throw targetError(identity, fault, { detail: `HTTP ${answer.statusCode} ${answer.headers.location ?? ''}`.trim() });
  };
  /** The folder and those above it, as far as they are not there. */
  const makeFolder = async (url = base): Promise<void> => {
    if (url === base && (await properties('', '0')) !== undefined) return;
    const answer = await send({ method: 'MKCOL' }, url);
    drain(answer);
    if (answer.statusCode === 409 && url.pathname !== '/') {
      await makeFolder(new URL('..', url));
      drain(await good({ method: 'MKCOL' }, url));
      // 405: it is there already.
    } else if ((answer.statusCode ?? 0) >= 300 && answer.statusCode !== 405)
      throw targetError(identity, BY_STATUS[answer.statusCode ?? 0] ?? 'noFolder', {
        detail: `HTTP ${answer.statusCode}`,
      });
  };
  const files = (wanted: (name: string) => boolean): Promise<StoredBackup[]> =>
    guarded(async () => {
      const listing = await properties('', '1');
      return listing === undefined
        ? []
        : readListing(listing, base)
            .filter(({ name }) => wanted(name))
            .sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  const remove = async (name: string): Promise<void> => {
    const answer = await send({ method: 'DELETE', name });
    if (answer.statusCode === 404) drain(answer);
    else if ((answer.statusCode ?? 0) >= 300)
      throw targetError(identity, BY_STATUS[answer.statusCode ?? 0] ?? 'refused', {
        detail: `HTTP ${answer.statusCode}`,
      });
    else drain(answer);
  };

  const target: BackupTarget = {
    ...identity,
    kind: 'webdav',
    async put(name, body, options = {}) {
      backupName(name);
      const { signal, bytes: expected, bytesPerSecond, onBytes } = options;
      const temporary = partName(name, randomBytes(6).toString('hex'));
      let begun = false;
      try {
        signal?.throwIfAborted();
        await makeFolder();
        begun = true;
        let bytes = 0;
        const seen = (count: number): void => ((bytes = count), onBytes?.(count));
        const length = expected === undefined ? {} : { 'content-length': expected };
        const headers = { 'content-type': 'application/octet-stream', ...length };
        drain(await good({ method: 'PUT', name: temporary, headers, body, signal, bytesPerSecond, onBytes: seen }));
        const written = readListing((await properties(temporary, '0')) ?? '<none/>', base)[0];
        if (written?.bytes !== bytes) throw targetError(identity, 'differs');
        signal?.throwIfAborted();
        const destination = { destination: urlOf(name).href, overwrite: 'T' };
        drain(await good({ method: 'MOVE', name: temporary, headers: destination }));
        return { bytes };
      } catch (error) {
        body.destroy();
        if (begun) await remove(temporary).catch(() => undefined);
        throw putFailure(error, signal, fault);
      }
    },
    async get(name, { signal } = {}) {
      backupName(name);
      return guarded(() => good({ method: 'GET', name, signal }));
    },
    list: () => files(isBackupName),
    leftovers: async () => (await files(isLeftover)).map(({ name }) => name),
    async removeLeftovers(instant) {
      const old = (await files(isLeftover)).filter(({ modifiedAt }) => modifiedAt < instant);
      for (const { name } of old) await guarded(() => remove(name));
      return old.map(({ name }) => name);
    },
    remove: (name) => guarded(() => remove(backupName(name))),
    test: () => tryTarget(target),
    close: () => Promise.resolve(http.close()),
  };
  return target;
}

const isStream = (body: HttpRequest['body']): boolean =>
  body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);

/** The files of an answer to PROPFIND; folders, the folder itself among them, are left out. */
function readListing(listing: string, base: URL): StoredBackup[] {
  return elements(parseXml(listing), 'response').flatMap((response) => {
    if (elements(response, 'collection').length > 0) return [];
    const { pathname } = new URL(textOf(response, 'href'), base);
    const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
    const bytes = Number(textOf(response, 'getcontentlength') || '0');
    return [{ name, bytes, modifiedAt: Date.parse(textOf(response, 'getlastmodified')) || 0 }];
  });
}
