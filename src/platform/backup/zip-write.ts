import { crc32 } from 'node:zlib';
import { directoryEntry, endRecords, localHeader } from './zip-records';

export interface ZipEntry {
  name: string;
  content: Buffer;
}

/**
 * A ZIP archive (PKWARE APPNOTE 6.3.10) of stored entries as a stream: sizes and checks stand in front of each content, so that
 * it can be read from front to back. ZIP64 where it grows beyond what the old records hold. One entry is below 4 GiB.
 */
export async function* zipOf(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let offset = 0;
  for await (const { name, content } of entries) {
    const entry = { name: Buffer.from(name, 'utf8'), crc: crc32(content), size: content.length, offset };
    const header = localHeader(entry);
    directory.push(directoryEntry(entry));
    offset += header.length + content.length;
    yield header;
    yield content;
  }
  for (const record of directory) yield record;
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  yield endRecords({ entries: directory.length, size, offset });
}
