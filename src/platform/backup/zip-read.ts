import { crc32 } from 'node:zlib';
import { DomainError } from '../../kernel';
import { ByteReader, type Bytes } from './bytes';
import { damaged, NOT_A_BACKUP } from './errors';
import { CENTRAL, directoryEntry, endRecords, LOCAL, LOCAL_BYTES, type StoredEntry } from './zip-records';
import type { ZipEntry } from './zip-write';

/** No entry of a backup is larger: a part of a table is less than a MB, an attachment at most 20. */
const MOST_BYTES = 256 * 1024 * 1024;
const DIRECTORY = 'the directory at the end';

/** Where a reading stands, for whoever has to tell that the stream broke. */
export interface Place {
  /** Name of the entry that is being read. */
  part: string;
}

/**
 * Reads what `zipOf` wrote from front to back, and compares the directory at its end byte by byte. Throws
 * 'backup:error.not_backup' for what is no zip, 'backup:error.damaged' with the entry's name.
 */
export async function* entriesOf(zip: Bytes, place: Place): AsyncGenerator<ZipEntry> {
  const reader = new ByteReader(zip);
  const seen: StoredEntry[] = [];
  let offset = 0;
  try {
    for (;;) {
      const signature = await reader.take(4);
      if (signature?.readUInt32LE(0) === CENTRAL && seen.length > 0) break;
      if (signature?.readUInt32LE(0) !== LOCAL)
        throw seen.length === 0 && signature ? new DomainError(NOT_A_BACKUP) : damaged(after(place, seen));
      const { entry, content, bytes } = await readEntry(reader, place, offset, () => damaged(after(place, seen)));
      if (crc32(content) !== entry.crc) throw damaged(place.part);
      seen.push(entry);
      offset += bytes;
      yield { name: place.part, content };
    }
    place.part = DIRECTORY;
    await compareDirectory(reader, seen, offset);
  } finally {
    await reader.close();
  }
}

const after = ({ part }: Place, seen: readonly StoredEntry[]): string =>
  seen.length === 0 ? part : `${part} / what follows it`;

async function readEntry(
  reader: ByteReader,
  place: Place,
  offset: number,
  broken: () => Error,
): Promise<{ entry: StoredEntry; content: Buffer; bytes: number }> {
  const rest = await reader.take(LOCAL_BYTES - 4);
  if (!rest) throw broken();
  const [flags, method, crc, packed, size] = [
    rest.readUInt16LE(2),
    rest.readUInt16LE(4),
    rest.readUInt32LE(10),
    rest.readUInt32LE(14),
    rest.readUInt32LE(18),
  ];
  const plain = method === 0 && (flags & 0x0009) === 0 && packed === size && size <= MOST_BYTES;
  const nameLength = rest.readUInt16LE(22);
  const name = plain && nameLength > 0 && rest.readUInt16LE(24) === 0 ? await reader.take(nameLength) : undefined;
  if (!name) throw broken();
  place.part = name.toString('utf8');
  const content = await reader.take(size);
  if (!content) throw damaged(place.part);
  return { entry: { name: Buffer.from(name), crc, size, offset }, content, bytes: LOCAL_BYTES + nameLength + size };
}

async function compareDirectory(reader: ByteReader, seen: readonly StoredEntry[], offset: number): Promise<void> {
  let size = 0;
  for (const [index, entry] of seen.entries()) {
    const expected = directoryEntry(entry);
    // The first signature has been taken already.
    const skip = index === 0 ? 4 : 0;
    const found = await reader.take(expected.length - skip);
    if (!found?.equals(expected.subarray(skip))) throw damaged(DIRECTORY);
    size += expected.length;
  }
  const expected = endRecords({ entries: seen.length, size, offset });
  const found = await reader.take(expected.length);
  if (!found?.equals(expected) || !(await reader.ended())) throw damaged(DIRECTORY);
}
