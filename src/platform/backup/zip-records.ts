export interface StoredEntry {
  name: Buffer;
  crc: number;
  size: number;
  /** Of its local header. */
  offset: number;
}

export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
export const END_64 = 0x06064b50;
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
/** The ZIP64 end record and its locator. */
export const END_64_BYTES = 56 + 20;

const VERSION = 20;
const VERSION_64 = 45;
const UTF8_NAMES = 0x0800;
const DAY_1980 = 0x0021;
const MOST_32 = 0xffff_ffff;
const MOST_16 = 0xffff;
/** Regular file, readable and writable by its owner alone, as unzip shall make it. */
const UNIX_FILE = 0o100600 << 16;

export function localHeader({ name, crc, size }: StoredEntry): Buffer {
  const header = Buffer.alloc(LOCAL_BYTES);
  header.writeUInt32LE(LOCAL, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(UTF8_NAMES, 6);
  header.writeUInt16LE(DAY_1980, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(size, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

export function directoryEntry({ name, crc, size, offset }: StoredEntry): Buffer {
  const far = offset >= MOST_32;
  const extra = Buffer.alloc(far ? 12 : 0);
  if (far) {
    extra.writeUInt16LE(0x0001, 0);
    extra.writeUInt16LE(8, 2);
    extra.writeBigUInt64LE(BigInt(offset), 4);
  }
  const entry = Buffer.alloc(CENTRAL_BYTES);
  entry.writeUInt32LE(CENTRAL, 0);
  entry.writeUInt16LE((3 << 8) | VERSION_64, 4);
  entry.writeUInt16LE(far ? VERSION_64 : VERSION, 6);
  entry.writeUInt16LE(UTF8_NAMES, 8);
  entry.writeUInt16LE(DAY_1980, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(size, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(UNIX_FILE >>> 0, 38);
  entry.writeUInt32LE(far ? MOST_32 : offset, 42);
  return Buffer.concat([entry, name, extra]);
}

export interface Directory {
  entries: number;
  size: number;
  offset: number;
}

export function endRecords({ entries, size, offset }: Directory): Buffer {
  const end = Buffer.alloc(END_BYTES);
  const far = entries >= MOST_16 || size >= MOST_32 || offset >= MOST_32;
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(far ? MOST_16 : entries, 8);
  end.writeUInt16LE(far ? MOST_16 : entries, 10);
  end.writeUInt32LE(far ? MOST_32 : size, 12);
  end.writeUInt32LE(far ? MOST_32 : offset, 16);
  return far ? Buffer.concat([end64({ entries, size, offset }), end]) : end;
}

function end64({ entries, size, offset }: Directory): Buffer {
  const record = Buffer.alloc(END_64_BYTES);
  record.writeUInt32LE(END_64, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE((3 << 8) | VERSION_64, 12);
  record.writeUInt16LE(VERSION_64, 14);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(offset + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
