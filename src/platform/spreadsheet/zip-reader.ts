import { crc32, createInflateRaw } from 'node:zlib';
import { damaged, megabytes, refuse } from './read-error';

// ZIP as in PKWARE APPNOTE 6.3.10: the end-of-directory record (4.3.16), the directory (4.3.12), local headers (4.3.7).
// Only what a workbook needs: stored and deflated entries out of a buffer, with a bound on what comes out.

interface ZipEntry {
  name: string;
  method: number;
  crc: number;
  packedBytes: number;
  offset: number;
  encrypted: boolean;
}

const MAX_ENTRIES = 10_000;

export class ZipReader {
  private readonly entries = new Map<string, ZipEntry>();
  private unpacked = 0;

  /** `maxUnpacked`: bytes that all reads of this archive together may yield. Throws for what is no archive. */
  constructor(
    private readonly data: Buffer,
    private readonly maxUnpacked: number,
  ) {
    try {
      for (const entry of readDirectory(data)) this.entries.set(entry.name, entry);
    } catch (error) {
      throw damaged('zip', error);
    }
  }

  /** The same archive with the count of unpacked bytes at zero. */
  again(): ZipReader {
    return new ZipReader(this.data, this.maxUnpacked);
  }

  has(name: string): boolean {
    return this.entries.has(normalise(name));
  }

  names(): string[] {
    return [...this.entries.keys()];
  }

  anyEncrypted(): boolean {
    return [...this.entries.values()].some((entry) => entry.encrypted);
  }

  /** The unpacked bytes of an entry, piece by piece; ends early without harm when the reader stops. */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(normalise(name));
    if (!entry) throw damaged(name);
    if (entry.encrypted) throw refuse('encrypted');
    const packed = this.packedBytes(entry);
    let crc = 0;
    const count = (piece: Buffer): Buffer => {
      crc = crc32(piece, crc);
      this.unpacked += piece.length;
      if (this.unpacked > this.maxUnpacked) throw refuse('too_big_inside', { max: megabytes(this.maxUnpacked) });
      return piece;
    };
    if (entry.method === 0) {
      yield count(packed);
    } else if (entry.method === 8) {
      const inflate = createInflateRaw();
      inflate.end(packed);
      try {
        for await (const piece of inflate) yield count(piece as Buffer);
      } catch (error) {
        throw damaged(name, error);
      } finally {
        inflate.destroy();
      }
    } else {
      throw damaged(name, new Error(`compression method ${entry.method}`));
    }
    if (crc !== entry.crc) throw damaged(name, new Error('checksum differs'));
  }

  private packedBytes(entry: ZipEntry): Buffer {
    const { data } = this;
    if (entry.offset + 30 > data.length || data.readUInt32LE(entry.offset) !== 0x04034b50) throw damaged(entry.name);
    const start = entry.offset + 30 + data.readUInt16LE(entry.offset + 26) + data.readUInt16LE(entry.offset + 28);
    if (start + entry.packedBytes > data.length) throw damaged(entry.name);
    return data.subarray(start, start + entry.packedBytes);
  }
}

/** Names inside a workbook are compared without regard to case and leading slash (ECMA-376 part 2, 6.2.2.3). */
function normalise(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

function* readDirectory(data: Buffer): Generator<ZipEntry> {
  const { count, offset } = findDirectory(data);
  if (count > MAX_ENTRIES) throw damaged('zip');
  let at = offset;
  for (let index = 0; index < count; index += 1) {
    if (data.readUInt32LE(at) !== 0x02014b50) throw damaged('zip');
    const flags = data.readUInt16LE(at + 8);
    const nameLength = data.readUInt16LE(at + 28);
    const extraLength = data.readUInt16LE(at + 30);
    const name = data.toString('utf8', at + 46, at + 46 + nameLength);
    const wide = wideValues(data.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
    const narrow = (value: number): number => (value === 0xffffffff ? (wide.shift() ?? value) : value);
    narrow(data.readUInt32LE(at + 24)); // the unpacked size comes first in the 64-bit field; what is read is counted anyway
    yield {
      name: normalise(name),
      method: data.readUInt16LE(at + 10),
      crc: data.readUInt32LE(at + 16),
      packedBytes: narrow(data.readUInt32LE(at + 20)),
      offset: narrow(data.readUInt32LE(at + 42)),
      encrypted: (flags & 1) === 1,
    };
    at += 46 + nameLength + extraLength + data.readUInt16LE(at + 32);
  }
}

function findDirectory(data: Buffer): { count: number; offset: number } {
  const earliest = Math.max(0, data.length - 65_557);
  for (let at = data.length - 22; at >= earliest; at -= 1) {
    if (data.readUInt32LE(at) !== 0x06054b50) continue;
    const count = data.readUInt16LE(at + 10);
    const offset = data.readUInt32LE(at + 16);
    if (count !== 0xffff && offset !== 0xffffffff) return { count, offset };
    if (at < 20 || data.readUInt32LE(at - 20) !== 0x07064b50) return { count, offset };
    const wide = Number(data.readBigUInt64LE(at - 12));
    return { count: Number(data.readBigUInt64LE(wide + 32)), offset: Number(data.readBigUInt64LE(wide + 48)) };
  }
  throw damaged('zip');
}

/** The values of the ZIP64 extra field (4.5.3), in its order. */
function wideValues(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    return Array.from({ length: Math.floor(field.length / 8) }, (_, index) => Number(field.readBigUInt64LE(index * 8)));
  }
  return [];
}
