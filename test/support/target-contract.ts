import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BackupTarget } from '../../src/platform/backup-targets';
import { faultOf } from './target-faults';

const MEBIBYTE = 1024 * 1024;
/** The name of a backup begun so many seconds after midnight. */
export const nameAt = (second: number): string =>
  `phone-erp-NJ01-20261122T0000${String(second).padStart(2, '0')}Z-0017.zip.age`;

/** In pieces, as a file is read. */
export const bodyOf = (content: Buffer): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
    })(),
  );

/** What every target does in the same way, whatever it is made of. `open` gives a connection to an empty place. */
export function targetContract(open: () => Promise<BackupTarget>): void {
  let target: BackupTarget;
  before(async () => (target = await open()));
  after(() => target?.close());
  afterEach(async () => {
    for (const { name } of await target.list()) await target.remove(name);
    await target.removeLeftovers(Date.now() + 86_400_000);
  });

  const put = (name: string, content: Buffer) => target.put(name, bodyOf(content), { bytes: content.length });
  const names = async () => (await target.list()).map(({ name }) => name);

  for (const [what, bytes] of [
    ['nothing', 0],
    ['one byte', 1],
    ['a hundred thousand bytes', 100_000],
    ['37 MiB and a bit', 37 * MEBIBYTE + 12_345],
  ] as const)
    it(`gives back ${what} as it was put`, async () => {
      const content = randomBytes(bytes);
      const seen: number[] = [];
      const done = await target.put(nameAt(1), bodyOf(content), { bytes, onBytes: (count) => seen.push(count) });
      expect(done.bytes).to.equal(bytes);
      expect(await buffer(await target.get(nameAt(1)))).to.satisfy((read: Buffer) => read.equals(content));
      expect(seen.at(-1) ?? 0).to.equal(bytes);
      expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
      const [listed] = await target.list();
      expect(listed).to.include({ name: nameAt(1), bytes });
      expect(listed?.modifiedAt).to.be.closeTo(Date.now(), 120_000);
    });

  it('takes a body of unknown length', async () => {
    const content = randomBytes(200_000);
    await target.put(nameAt(1), bodyOf(content));
    expect(await buffer(await target.get(nameAt(1)))).to.satisfy((read: Buffer) => read.equals(content));
  });

  it('lists finished backups, oldest first, and removes them', async () => {
    await Promise.all([3, 1, 2].map((second) => put(nameAt(second), randomBytes(second))));
    expect(await names()).to.deep.equal([nameAt(1), nameAt(2), nameAt(3)]);
    await target.remove(nameAt(2));
    await target.remove(nameAt(2));
    expect(await names()).to.deep.equal([nameAt(1), nameAt(3)]);
  });

  it('has nothing of a body that breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        for (let piece = 0; piece < 320; piece++) yield randomBytes(65_536);
        throw new Error('the disk of the source broke');
      })(),
    );
    const error = await target.put(nameAt(1), broken).catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain('the disk of the source broke');
    expect(await names()).to.deep.equal([]);
    await target.removeLeftovers(Date.now() + 86_400_000);
    expect(await target.leftovers()).to.deep.equal([]);
  });

  it('stops when it is told to, with the reason that was given', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const endless = Readable.from(
      (function* () {
        for (;;) yield randomBytes(65_536);
      })(),
    );
    const onBytes = (bytes: number) => bytes > 2 * MEBIBYTE && stop.abort(reason);
    const error = await target
      .put(nameAt(1), endless, { signal: stop.signal, onBytes })
      .catch((thrown: unknown) => thrown);
    expect(error).to.equal(reason);
    expect(endless.destroyed).to.equal(true);
    expect(await names()).to.deep.equal([]);
    const early = await target
      .put(nameAt(1), bodyOf(randomBytes(10)), { signal: stop.signal, bytes: 10 })
      .catch((thrown: unknown) => thrown);
    expect(early).to.equal(reason);
    expect(await names()).to.deep.equal([]);
  });

  it('keeps to the bandwidth', async () => {
    const content = randomBytes(256 * 1024);
    const startedAt = performance.now();
    await target.put(nameAt(1), bodyOf(content), { bytes: content.length, bytesPerSecond: 512 * 1024 });
    expect(performance.now() - startedAt).to.be.greaterThan(450);
    expect((await target.list())[0]?.bytes).to.equal(content.length);
  });

  it('can be tested, and nothing of that stays', async () => {
    await target.test();
    expect(await names()).to.deep.equal([]);
    expect(await target.leftovers()).to.deep.equal([]);
  });

  it('says that a backup is not there, and takes no other name', async () => {
    expect(await faultOf(target.get(nameAt(9)))).to.equal('missing');
    for (const name of ['../etc/passwd', 'phone-erp.zip', `${nameAt(1)}/..`, `.${nameAt(1)}`]) {
      const error = await put(name, randomBytes(1)).catch((thrown: unknown) => thrown);
      expect(error, name).to.be.instanceOf(RangeError);
    }
  });
}
