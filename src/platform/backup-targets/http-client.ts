import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { rootCertificates } from 'node:tls';
import { pump, SourceError, StalledError } from './pump';
import type { PutOptions } from './target';

export interface HttpRequest extends Pick<PutOptions, 'signal' | 'bytesPerSecond' | 'onBytes'> {
  method: string;
  url: URL;
  headers?: OutgoingHttpHeaders;
  body?: Buffer | string | Readable | undefined;
}

export interface HttpClient {
  /** The answer, whatever its status; read its body, or the connection stays busy. */
  send: (request: HttpRequest) => Promise<IncomingMessage>;
  close: () => void;
}

const PIECE = 64 * 1024;
/** An answer that is read as a whole is never longer. */
const LONGEST_TEXT = 64 * 1024 * 1024;

/** Keeps connections open between requests. `caFile`: an authority of one's own, beside the usual ones. */
export function openHttp(stallMs: number, caFile: string | undefined): HttpClient {
  const plain = new http.Agent({ keepAlive: true });
  let secure: https.Agent | undefined;
  const agentFor = (url: URL): http.Agent => {
    if (url.protocol === 'http:') return plain;
    const authority = caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
    return (secure ??= new https.Agent({ keepAlive: true, ...authority }));
  };
  return {
    async send({ method, url, headers, body, signal, ...pace }) {
      signal?.throwIfAborted();
      const request = (url.protocol === 'http:' ? http : https).request(url, {
        method,
        agent: agentFor(url),
        ...(headers ? { headers } : {}),
        ...(signal ? { signal } : {}),
      });
      // Without a byte from or to the other side for so long.
      request.setTimeout(stallMs, () => request.destroy(new StalledError(Math.round(stallMs / 1000))));
      let early: IncomingMessage | undefined;
      const answer = new Promise<IncomingMessage>((resolve, reject) => {
        request.on('response', (response) => resolve((early = response)));
        request.on('error', reject);
        request.on('close', () =>
          reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })),
        );
      });
      if (body === undefined || typeof body === 'string') request.end(body);
      else {
        const source = Buffer.isBuffer(body) ? Readable.from(piecesOf(body)) : body;
        const sent = pump(source, request, { ...pace, signal, stallMs });
        // A server may refuse before it has read everything: what it says counts, not that it hung up.
        const refused = answer.then(({ statusCode = 0 }) => (statusCode < 300 ? sent : undefined));
        await Promise.race([sent, refused]).catch((error: unknown) => {
          answer.catch(() => undefined);
          if (!early || error instanceof SourceError) throw error;
        });
        sent.catch(() => undefined);
        refused.catch(() => undefined);
      }
      return answer;
    },
    close: () => {
      plain.destroy();
      secure?.destroy();
    },
  };
}

function* piecesOf(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += PIECE) yield content.subarray(at, at + PIECE);
}

/** The whole answer as text. */
export async function readText(answer: IncomingMessage): Promise<string> {
  if (Number(answer.headers['content-length'] ?? 0) > LONGEST_TEXT) {
    answer.destroy();
    throw new Error('the answer is too long');
  }
  return text(answer);
}

/** Frees the connection when nobody wants to know more. */
export const drain = (answer: IncomingMessage): void => void answer.resume();
