import { addAbortSignal, type Readable } from 'node:stream';
import { isDomainError } from '../../kernel';
import { openHttp } from './http-client';
import { networkFault } from './network-faults';
import { putFailure, SourceError } from './pump';
import { s3Client, type S3Config } from './s3-client';
import {
  backupName,
  type BackupTarget,
  isBackupName,
  isLeftover,
  type PutOptions,
  type StoredBackup,
  type TargetContext,
} from './target';
import { tryTarget } from './try-target';
import { elements, escapeXml, textOf } from './xml';

/** 10,000 parts are the most there can be: 160 GB. The memory that a transfer needs. */
const PART_BYTES = 16 * 1024 * 1024;

/** An object is there as a whole or not at all: the temporary name is an unfinished upload in parts. */
export function openS3(config: S3Config, { stallMs }: TargetContext): BackupTarget {
  const prefix = config.prefix === undefined ? '' : `${config.prefix.replace(/^\/+|\/+$/g, '')}/`;
  const identity = { id: config.id, place: `${new URL(config.endpoint).host}/${config.bucket}/${prefix}` };
  const http = openHttp(stallMs, config.caFile);
  const s3 = s3Client(config, identity, http);
  const keyOf = (name: string): string => `${prefix}${backupName(name)}`;
  const fault = (error: unknown): unknown =>
    isDomainError(error) || error instanceof RangeError ? error : networkFault(identity, error, 'vanished');

  /** Whole objects below the prefix; other folders in it are not ours. */
  const objects = async (wanted: (name: string) => boolean): Promise<StoredBackup[]> => {
    const found: StoredBackup[] = [];
    for (let token = ''; ;) {
      const query = {
        'list-type': '2',
        prefix: `${prefix}phone-erp-`,
        ...(token ? { 'continuation-token': token } : {}),
      };
      const { xml } = await s3.ask({ method: 'GET', query });
      for (const content of elements(xml, 'Contents'))
        found.push({
          name: textOf(content, 'Key').slice(prefix.length),
          bytes: Number(textOf(content, 'Size')),
          modifiedAt: Date.parse(textOf(content, 'LastModified')),
        });
      token = textOf(xml, 'NextContinuationToken');
      if (!token) return found.filter(({ name }) => wanted(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
    }
  };

  const uploads = async (): Promise<{ name: string; id: string; begunAt: number }[]> => {
    const { xml } = await s3.ask({ method: 'GET', query: { uploads: '', prefix: `${prefix}phone-erp-` } });
    return elements(xml, 'Upload').map((upload) => ({
      name: textOf(upload, 'Key').slice(prefix.length),
      id: textOf(upload, 'UploadId'),
      begunAt: Date.parse(textOf(upload, 'Initiated')),
    }));
  };
  const abandon = (name: string, uploadId: string): Promise<unknown> =>
    s3.ask({ method: 'DELETE', key: `${prefix}${name}`, query: { uploadId } });

  const inParts = async (
    key: string,
    parts: AsyncGenerator<Buffer>,
    first: Buffer,
    options: PutOptions,
  ): Promise<number> => {
    const { signal, bytesPerSecond, onBytes } = options;
    const { xml } = await s3.ask({ method: 'POST', key, query: { uploads: '' }, signal });
    const uploadId = textOf(xml, 'UploadId');
    try {
      const tags: string[] = [];
      let bytes = 0;
      for (let part: Buffer | undefined = first; part; part = (await parts.next()).value as Buffer | undefined) {
        const before = bytes;
        const query = { partNumber: String(tags.length + 1), uploadId };
        const { answer } = await s3.ask({
          method: 'PUT',
          key,
          query,
          body: part,
          signal,
          bytesPerSecond,
          onBytes: (sent) => onBytes?.(before + sent),
        });
        tags.push(answer.headers.etag ?? '');
        bytes += part.length;
      }
      const listed = tags.map(
        (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escapeXml(tag)}</ETag></Part>`,
      );
      const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`;
      signal?.throwIfAborted();
      await s3.ask({ method: 'POST', key, query: { uploadId }, body });
      return bytes;
    } catch (error) {
      await abandon(key.slice(prefix.length), uploadId).catch(() => undefined);
      throw error;
    }
  };

  const target: BackupTarget = {
    ...identity,
    kind: 's3',
    async put(name, body, options = {}) {
      const key = keyOf(name);
      const { signal, bytesPerSecond, onBytes } = options;
      try {
        signal?.throwIfAborted();
        const parts = partsOf(signal ? addAbortSignal(signal, body) : body);
        const first = await parts.next();
        const content = first.done ? Buffer.alloc(0) : first.value;
        if (content.length === PART_BYTES) return { bytes: await inParts(key, parts, content, options) };
        await s3.ask({ method: 'PUT', key, body: content, signal, bytesPerSecond, onBytes });
        return { bytes: content.length };
      } catch (error) {
        body.destroy();
        throw putFailure(error, signal, fault);
      }
    },
    async get(name, { signal } = {}) {
      const key = keyOf(name);
      try {
        return await s3.send({ method: 'GET', key, signal });
      } catch (error) {
        throw putFailure(error, signal, fault);
      }
    },
    list: () => objects(isBackupName),
    leftovers: async () => [...(await uploads()), ...(await objects(isLeftover))].map(({ name }) => name),
    async removeLeftovers(instant) {
      const begun = (await uploads()).filter(({ begunAt }) => begunAt < instant);
      for (const { name, id } of begun) await abandon(name, id);
      const old = (await objects(isLeftover)).filter(({ modifiedAt }) => modifiedAt < instant);
      for (const { name } of old) await s3.ask({ method: 'DELETE', key: keyOf(name) });
      return [...begun, ...old].map(({ name }) => name);
    },
    async remove(name) {
      await s3.ask({ method: 'DELETE', key: keyOf(name) });
    },
    test: () => tryTarget(target),
    close: () => Promise.resolve(http.close()),
  };
  return target;
}

/** The body in parts of one size, the last one as long as it is. */
async function* partsOf(body: Readable): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const source = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await source.next().catch((error: unknown) => {
        throw new SourceError(error);
      });
      if (next.done) break;
      pieces.push(next.value as Buffer);
      bytes += (next.value as Buffer).length;
      while (bytes >= PART_BYTES) {
        const all = Buffer.concat(pieces);
        yield all.subarray(0, PART_BYTES);
        pieces = [all.subarray(PART_BYTES)];
        bytes -= PART_BYTES;
      }
    }
  } finally {
    body.destroy();
  }
  if (bytes > 0) yield Buffer.concat(pieces);
}
