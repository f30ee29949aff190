import { crc32, createDeflateRaw } from 'node:zlib';
import { refuse } from './read-error';

/** A file of an archive; its content may come piece by piece. */
export interface ZipSource {
  name: string;
  content: Iterable<string> | AsyncIterable<string>;
}

const DOS_DAY_1980 = 0x0021;
const UTF8_NAMES_AND_DESCRIPTOR = 0x0808;
const DEFLATE = 8;
const MAX_BYTES = 0xffff_ffff;

/**
 * A ZIP archive as a stream (PKWARE APPNOTE 6.3.10): sizes follow each file in a data descriptor, so that nothing is
 * held back. The same content gives the same bytes. Throws for a file beyond 4 GB.
 */
export async function* zipStream(sources: Iterable<ZipSource>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const source of sources) {
    const name = Buffer.from(source.name, 'utf8');
    const header = Buffer.concat([localHeader(name.length), name]);
    const start = offset;
    yield header;
    offset += header.length;
    const tally = { crc: 0, bytes: 0, packed: 0 };
    for await (const piece of deflate(source.content, tally)) {
      yield piece;
      offset += piece.length;
    }
    if (offset > MAX_BYTES || tally.bytes > MAX_BYTES) throw refuse('export_too_large');
    const descriptor = words(0x08074b50, tally.crc, tally.packed, tally.bytes);
    yield descriptor;
    offset += descriptor.length;
    directory.push(directoryEntry(name, tally, start));
  }
  const bytes = Buffer.concat(directory);
  yield bytes;
  yield endRecord(directory.length, bytes.length, offset);
}

interface Tally {
  crc: number;
  bytes: number;
  packed: number;
}

async function* deflate(content: ZipSource['content'], tally: Tally): AsyncGenerator<Buffer> {
  const packer = createDeflateRaw({ level: 6 });
  // Fed beside the reading; a failure of the content must reach the reader, hence destroy(error).
  const feeding = (async () => {
    try {
      for await (const text of content) {
        const bytes = Buffer.from(text, 'utf8');
        tally.crc = crc32(bytes, tally.crc);
        tally.bytes += bytes.length;
        if (packer.destroyed) return;
        if (!packer.write(bytes)) await drained(packer);
      }
      packer.end();
    } catch (error) {
      packer.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  try {
    for await (const piece of packer) {
      tally.packed += (piece as Buffer).length;
      yield piece as Buffer;
    }
  } finally {
    packer.destroy();
    await feeding;
  }
}

function drained(packer: ReturnType<typeof createDeflateRaw>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      packer.off('drain', done);
      packer.off('close', done);
      resolve();
    };
    packer.on('drain', done);
    packer.on('close', done);
  });
}

function localHeader(nameLength: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(UTF8_NAMES_AND_DESCRIPTOR, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(DOS_DAY_1980, 12);
  header.writeUInt16LE(nameLength, 26);
  return header;
}

function directoryEntry(name: Buffer, { crc, bytes, packed }: Tally, offset: number): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(20, 4);
  entry.writeUInt16LE(20, 6);
  entry.writeUInt16LE(UTF8_NAMES_AND_DESCRIPTOR, 8);
  entry.writeUInt16LE(DEFLATE, 10);
  entry.writeUInt16LE(DOS_DAY_1980, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(packed, 20);
  entry.writeUInt32LE(bytes, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, name]);
}

function endRecord(count: number, bytes: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(bytes, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32LE(value, index * 4));
  return buffer;
}
