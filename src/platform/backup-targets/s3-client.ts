import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { BackupTargetConfig } from '../config';
import { drain, type HttpClient, type HttpRequest, readText } from './http-client';
import { networkFault } from './network-faults';
import { amzDate, authorization, sha256, uriEncode } from './sigv4';
import { targetError, type TargetFault, type TargetIdentity } from './target';
import { parseXml, textOf, type XmlElement } from './xml';

export type S3Config = Readonly<Extract<BackupTargetConfig, { kind: 's3' }>>;

interface S3Request extends Pick<HttpRequest, 'method' | 'signal' | 'bytesPerSecond' | 'onBytes'> {
  /** None: the bucket itself. */
  key?: string;
  query?: Record<string, string>;
  body?: Buffer | string;
}

export interface S3Client {
  /** A good answer; anything else is thrown as a fault. */
  send: (request: S3Request) => Promise<IncomingMessage>;
  /** The same with the answer read: an empty one is an empty element. */
  ask: (request: S3Request) => Promise<{ answer: IncomingMessage; xml: XmlElement }>;
}

const BY_CODE: Readonly<Record<string, TargetFault>> = {
  InvalidAccessKeyId: 'password',
  SignatureDoesNotMatch: 'password',
  InvalidSecurity: 'password',
  AccessDenied: 'denied',
  AllAccessDisabled: 'denied',
  NoSuchBucket: 'noBucket',
  NoSuchKey: 'missing',
  NoSuchUpload: 'missing',
  RequestTimeTooSkewed: 'clock',
  QuotaExceeded: 'full',
  InsufficientCapacity: 'full',
  XMinioStorageFull: 'full',
  XMinioAdminBucketQuotaExceeded: 'full',
};
const BY_STATUS: Readonly<Record<number, TargetFault>> = {
  401: 'password',
  403: 'denied',
  404: 'missing',
  507: 'full',
};

const TRIES = 3;
const FIRST_PAUSE_MS = 500;

export function s3Client(config: S3Config, identity: TargetIdentity, http: HttpClient): S3Client {
  const { accessKeyId, secretAccessKey = '', region } = config;
  const urlOf = ({ key = '', query = {} }: S3Request): URL => {
    const url = new URL(config.endpoint);
    const root = url.pathname.replace(/\/$/, '');
    if (config.pathStyle !== true) url.hostname = `${config.bucket}.${url.hostname}`;
    const bucket = config.pathStyle === true ? `/${config.bucket}` : '';
    url.pathname = `${root}${bucket}/${key.split('/').map(uriEncode).join('/')}`;
    url.search = Object.entries(query)
      .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
      .join('&');
    return url;
  };

  const sendOnce = async (request: S3Request): Promise<IncomingMessage> => {
    const { method, body, signal, bytesPerSecond, onBytes } = request;
    const url = urlOf(request);
    const at = Date.now();
    const payloadHash = sha256(body ?? '');
    const headers = { 'x-amz-content-sha256': payloadHash, 'x-amz-date': amzDate(at) };
    const signature = authorization({
      method,
      url,
      headers,
      payloadHash,
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
      at,
    });
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    return http.send({
      method,
      url,
      body,
      signal,
      bytesPerSecond,
      onBytes,
      headers: { ...headers, ...length, authorization: signature },
    });
  };

  /** What can be sent again is, when the server is busy or the line broke: every request here may be repeated. */
  const send = async (request: S3Request): Promise<IncomingMessage> => {
    for (let left = TRIES - 1, waitMs = FIRST_PAUSE_MS; ; left--, waitMs *= 2) {
      let busy: unknown;
      try {
        const answer = await sendOnce(request);
        const status = answer.statusCode ?? 0;
        if (status < 300) return answer;
        const fault = refusal(identity, status, await readText(answer));
        if (status < 500 || status === 507) throw fault;
        busy = fault;
      } catch (error) {
        if (request.signal?.aborted) throw request.signal.reason;
        busy = networkFault(identity, error, 'vanished');
        if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw busy;
      }
      if (left === 0) throw busy;
      await pause(waitMs, undefined, request.signal ? { signal: request.signal } : {});
    }
  };

  return {
    send,
    async ask(request) {
      const answer = await send(request);
      const body = await readText(answer);
      // Completing an upload may fail after it has said 200.
      const xml = body.trim() === '' ? { name: '', text: '', children: [] } : parsed(identity, body);
      if (xml.children[0]?.name === 'Error') throw refusal(identity, 200, body);
      drain(answer);
      return { answer, xml };
    },
  };
}

function parsed(identity: TargetIdentity, body: string): XmlElement {
  try {
    return parseXml(body);
  } catch (error) {
    throw targetError(identity, 'refused', { detail: body.slice(0, 200) }, error);
  }
}

function refusal(identity: TargetIdentity, status: number, body: string): Error {
  let code = '';
  let message = '';
  try {
    const xml = parseXml(body);
    [code, message] = [textOf(xml, 'Code'), textOf(xml, 'Message')];
  } catch {
    message = body.replace(/<[^>]*>|\s+/g, ' ').trim();
  }
  const detail = [`HTTP ${status}`, code, message].filter(Boolean).join(' ').slice(0, 300);
  return targetError(identity, BY_CODE[code] ?? BY_STATUS[status] ?? 'refused', { detail });
}
