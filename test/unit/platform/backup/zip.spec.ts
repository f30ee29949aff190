import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { zipOf } from '../../../../src/platform/backup';
import { directoryEntry, endRecords } from '../../../../src/platform/backup/zip-records';
import { entriesOf } from '../../../../src/platform/backup/zip-read';
import { isDomainError } from '../../../../src/kernel';
import { skipWithoutProgram } from '../../../support/skip';

interface Entry {
  name: string;
  content: Buffer;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item;
}
const write = (entries: readonly Entry[]): Promise<Buffer> => buffer(zipOf(each(entries)));

async function read(zip: Buffer, size = 1000): Promise<Entry[]> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < zip.length; at += size) yield zip.subarray(at, at + size);
  }
  const found: Entry[] = [];
  for await (const { name, content } of entriesOf(pieces(), { part: 'the beginning' }))
    found.push({ name, content: Buffer.from(content) });
  return found;
}

/** The part that is told, or what else happened. */
const damage = (zip: Buffer): Promise<string> =>
  read(zip).then(
    () => 'nothing wrong',
    (error: unknown) => (isDomainError(error) ? `${error.code} ${String(error.details.part)}` : String(error)),
  );

describe('the archive of a backup', () => {
  const entries = ['a.json', 'tables/销售/000001', 'empty', 'z'].map((name, index) => ({
    name,
    content: name === 'empty' ? Buffer.alloc(0) : randomBytes(500 + 1500 * index),
  }));

  it('is read from front to back in pieces of any size', async () => {
    const zip = await write(entries);
    for (const size of [1, 7, 4096, zip.length]) expect(await read(zip, size)).to.deep.equal(entries);
  });

  it('names the entry in which a byte was changed', async () => {
    const zip = await write(entries);
    for (const { name, content } of entries.filter(({ content: { length } }) => length > 0)) {
      const at = zip.indexOf(content) + (content.length >> 1);
      const changed = Buffer.from(zip);
      changed[at] = (changed[at] ?? 0) ^ 64;
      expect(await damage(changed)).to.equal(`backup:error.damaged ${name}`);
    }
  });

  it('notices wherever it was cut off, and what stands behind it', async () => {
    const zip = await write(entries);
    for (let end = 0; end < zip.length; end += 97)
      expect(await damage(zip.subarray(0, end)), String(end)).to.match(/damaged/);
    expect(await damage(Buffer.concat([zip, Buffer.from('x')]))).to.match(/damaged/);
    const changed = Buffer.from(zip);
    changed[zip.length - 30] = (changed[zip.length - 30] ?? 0) ^ 1;
    expect(await damage(changed)).to.match(/damaged the directory/);
    expect(await damage(Buffer.from('no archive at all'))).to.match(/not_backup/);
  });

  it('uses ZIP64 where the old records end', () => {
    const name = Buffer.from('n');
    const near = directoryEntry({ name, crc: 1, size: 5, offset: 0xffff_fffe });
    const far = directoryEntry({ name, crc: 1, size: 5, offset: 5_000_000_000 });
    expect(near.readUInt32LE(42)).to.equal(0xffff_fffe);
    expect(far.readUInt32LE(42)).to.equal(0xffff_ffff);
    expect(Number(far.readBigUInt64LE(far.length - 8))).to.equal(5_000_000_000);
    expect(endRecords({ entries: 65_534, size: 1, offset: 1 })).to.have.length(22);
    expect(endRecords({ entries: 65_535, size: 1, offset: 1 })).to.have.length(98);
  });

  it('is unpacked by unzip, with 70,000 entries too', async function () {
    this.timeout(60_000);
    const unzip = skipWithoutProgram(this, ['unzip'], 'backups opened with unzip');
    const folder = mkdtempSync(path.join(tmpdir(), 'erp-zip-'));
    try {
      const many = Array.from({ length: 70_000 }, (_, index) => ({
        name: `f${index}`,
        content: Buffer.from(`${index}`),
      }));
      for (const [name, list] of [
        ['few.zip', entries],
        ['many.zip', many],
      ] as const) {
        writeFileSync(path.join(folder, name), await write(list));
        const { stdout } = await promisify(execFile)(unzip, ['-tq', path.join(folder, name)]);
        expect(stdout).to.match(/No errors detected/);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
