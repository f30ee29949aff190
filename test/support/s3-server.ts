import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface S3Server {
  port: number;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  objects: Map<string, { content: Buffer; at: number }>;
  /** Larger ones are refused as the quota of the bucket. */
  quotaBytes: number;
  /** So many of the next requests are answered with "SlowDown". */
  busy: number;
  /** Milliseconds that its clock is wrong. */
  clockErrorMs: number;
  /** What the last page of a list holds at most. */
  pageSize: number;
  close: () => Promise<void>;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/** As much of S3 as backups use, in memory and path style; every signature is computed anew from what came over the line. */
export async function startS3Server(): Promise<S3Server> {
  const uploads = new Map<string, { key: string; at: number; parts: Map<number, Buffer> }>();
  const state: Omit<S3Server, 'port' | 'close'> = {
    bucket: 'shop-backup',
    accessKeyId: 'AKIATEST',
    secretAccessKey: randomBytes(20).toString('base64'),
    objects: new Map(),
    quotaBytes: Number.MAX_SAFE_INTEGER,
    busy: 0,
    clockErrorMs: 0,
    pageSize: 2,
  };
  const md5 = (content: Buffer): string => `"${createHash('md5').update(content).digest('hex')}"`;
  const iso = (at: number): string => new Date(at).toISOString();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    if (state.busy > 0) {
      state.busy--;
      throw new Refusal(503, 'SlowDown');
    }
    checkSignature(request, body, state);
    const [rawPath = '', rawQuery = ''] = (request.url ?? '').split('?');
    const [, bucket, ...rest] = rawPath.split('/').map(decodeURIComponent);
    if (bucket !== state.bucket) throw new Refusal(404, 'NoSuchBucket');
    const key = rest.join('/');
    const query = new URLSearchParams(rawQuery);
    const upload = uploads.get(query.get('uploadId') ?? '');
    const xml = (text: string, headers: Record<string, string> = {}): void =>
      void response
        .writeHead(200, { 'content-type': 'application/xml', ...headers })
        .end(`<?xml version="1.0"?>\n${text}`);
    const done = (status: number, headers: Record<string, string> = {}): void =>
      void response.writeHead(status, headers).end();
    if (body.length > state.quotaBytes) throw new Refusal(403, 'QuotaExceeded');
    const prefix = query.get('prefix') ?? '';
    switch (`${request.method} ${key === '' ? 'bucket' : 'object'}`) {
      case 'GET bucket': {
        if (query.has('uploads')) {
          const open = [...uploads].filter(([, { key: of }]) => of.startsWith(prefix));
          const rows = open.map(
            ([id, { key: of, at }]) =>
              `<Upload><Key>${of}</Key><UploadId>${id}</UploadId><Initiated>${iso(at)}</Initiated></Upload>`,
          );
          return xml(`<ListMultipartUploadsResult>${rows.join('')}</ListMultipartUploadsResult>`);
        }
        const all = [...state.objects].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
        const from = Number(query.get('continuation-token') ?? 0);
        const page = all.slice(from, from + state.pageSize);
        const next = from + state.pageSize;
        const more = next < all.length ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
        const rows = page.map(
          ([name, { content, at }]) =>
            `<Contents><Key>${name}</Key><LastModified>${iso(at)}</LastModified><Size>${content.length}</Size></Contents>`,
        );
        return xml(
          `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${more}${rows.join('')}</ListBucketResult>`,
        );
      }
      case 'PUT object':
        if (!query.has('partNumber')) {
          state.objects.set(key, { content: body, at: Date.now() });
          return done(200, { etag: md5(body) });
        }
        if (!upload) throw new Refusal(404, 'NoSuchUpload');
        upload.parts.set(Number(query.get('partNumber')), body);
        return done(200, { etag: md5(body) });
      case 'POST object': {
        if (query.has('uploads')) {
          const id = randomBytes(8).toString('hex');
          uploads.set(id, { key, at: Date.now(), parts: new Map() });
          return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
        }
        if (!upload) throw new Refusal(404, 'NoSuchUpload');
        const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/g)];
        const parts = named.map(([, number, tag]) => {
          const part = upload.parts.get(Number(number));
          if (!part || md5(part) !== tag) throw new Refusal(400, 'InvalidPart');
          return part;
        });
        if (parts.slice(0, -1).some(({ length }) => length < 5 * 1024 * 1024)) throw new Refusal(400, 'EntityTooSmall');
        const content = Buffer.concat(parts);
        uploads.delete(query.get('uploadId') ?? '');
        // As the real one: too late for another status.
        if (content.length > state.quotaBytes) return xml('<Error><Code>QuotaExceeded</Code></Error>');
        state.objects.set(key, { content, at: Date.now() });
        return xml('<CompleteMultipartUploadResult/>');
      }
      case 'GET object': {
        const found = state.objects.get(key);
        if (!found) throw new Refusal(404, 'NoSuchKey');
        return void response.writeHead(200, { 'content-length': found.content.length }).end(found.content);
      }
      case 'DELETE object':
        if (query.has('uploadId') && !uploads.delete(query.get('uploadId') ?? ''))
          throw new Refusal(404, 'NoSuchUpload');
        else if (!query.has('uploadId')) state.objects.delete(key);
        return done(204);
      default:
        throw new Refusal(405, 'MethodNotAllowed');
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, code } = error instanceof Refusal ? error : { status: 500, code: 'InternalError' };
      if (!response.headersSent) response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>${String(error)}</Message></Error>`);
    });
  });
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

/** Written from AWS's description, with nothing of the program in it: from the raw request line and the headers named. */
function checkSignature(request: IncomingMessage, body: Buffer, state: Omit<S3Server, 'port' | 'close'>): void {
  const header = request.headers.authorization ?? '';
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!match) throw new Refusal(403, 'AccessDenied');
  const [, id, day = '', region = '', names = '', signature] = match;
  if (id !== state.accessKeyId) throw new Refusal(403, 'InvalidAccessKeyId');
  if (!names.split(';').includes('host') || !names.split(';').includes('x-amz-date'))
    throw new Refusal(403, 'AccessDenied');
  const stamp = String(request.headers['x-amz-date']);
  const [, year, month, date, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? [];
  const sentAt = Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute), Number(second));
  if (Math.abs(sentAt - Date.now() - state.clockErrorMs) > 15 * 60_000) throw new Refusal(403, 'RequestTimeTooSkewed');
  const hash = createHash('sha256').update(body).digest('hex');
  if (hash !== request.headers['x-amz-content-sha256']) throw new Refusal(400, 'XAmzContentSHA256Mismatch');
  const [rawPath = '', rawQuery = ''] = (request.url ?? '').split('?');
  const query = rawQuery === '' ? [] : rawQuery.split('&').map((pair) => (pair.includes('=') ? pair : `${pair}=`));
  const lines = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = `${request.method}\n${rawPath}\n${query.sort().join('&')}\n${lines.join('')}\n${names}\n${hash}`;
  const digest = createHash('sha256').update(canonical).digest('hex');
  const sign = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  let key: string | Buffer = `AWS4${state.secretAccessKey}`;
  for (const part of [day, region, 's3', 'aws4_request']) key = sign(key, part);
  const expected = sign(key, `AWS4-HMAC-SHA256\n${stamp}\n${day}/${region}/s3/aws4_request\n${digest}`).toString('hex');
  if (expected !== signature) throw new Refusal(403, 'SignatureDoesNotMatch');
}
