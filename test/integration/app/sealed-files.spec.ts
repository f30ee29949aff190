import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { keyStatus, retireKeys, rotateKeys, sealPlainText } from '../../../src/app/keys/keys';
import { openFileStore } from '../../../src/platform/attachments';
import { loadConfig } from '../../../src/platform/config';
import { openKeyRing } from '../../../src/platform/crypto';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { isSealed, readSealed, resealFile, sealedWith, writeSealed } from '../../../src/platform/sealed-files';
import { forEachDatabase } from '../../support/databases';
import { refusal } from '../../support/refusal';

const actor = systemActor('test');
const SECRET = Buffer.from('发票 138 1234 5678 '.repeat(50));

describe('files that are encrypted', function () {
  this.timeout(120_000);
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-files-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const keyFile = () => path.join(folder, 'secret.key');
  const failure = (work: Promise<unknown>) => work.then(() => 'none', String);

  it('come back byte for byte whatever their length, and say so when they were changed, cut or swapped', async () => {
    const keys = openKeyRing(keyFile());
    const frame = 64 * 1024;
    for (const length of [0, 1, 39, 40, 41, frame - 1, frame, frame + 1, 3 * frame, 3 * frame + 5]) {
      const content = randomBytes(length);
      const file = path.join(folder, `f${length}`);
      // In odd pieces, so that no piece is a frame.
      const pieces = function* () {
        for (let at = 0; at < length; at += 10_007) yield content.subarray(at, at + 10_007);
      };
      await writeSealed(file, pieces(), keys, 0o600);
      expect((await buffer(await readSealed(file, keys))).equals(content), String(length)).to.equal(true);
      expect(statSync(file).size).to.equal(40 + length + 16 * Math.max(1, Math.ceil(length / frame)));
    }
    const file = path.join(folder, 'file');
    await writeSealed(file, [Buffer.alloc(3 * frame, 7)], keys, 0o600);
    const whole = readFileSync(file);
    expect(isSealed(whole)).to.equal(true);
    expect(whole.includes(Buffer.alloc(20, 7))).to.equal(false);
    const read = async () => buffer(await readSealed(file, keys));
    for (const size of [41, 56, 40 + frame + 16, 40 + 2 * (frame + 16), whole.length - 1]) {
      writeFileSync(file, whole);
      truncateSync(file, size);
      expect(await failure(read()), `cut at ${size}`).to.not.equal('none');
    }
    for (const at of [30, 60, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file, changed);
      expect(await failure(read()), `changed at ${at}`).to.not.equal('none');
    }
    const one = whole.subarray(40, 40 + frame + 16);
    const two = whole.subarray(40 + frame + 16, 40 + 2 * (frame + 16));
    writeFileSync(file, Buffer.concat([whole.subarray(0, 40), two, one, whole.subarray(40 + 2 * (frame + 16))]));
    expect(await failure(read()), 'swapped').to.not.equal('none');
    writeFileSync(file, whole);
    expect(await failure(readSealed(file, openKeyRing(path.join(folder, 'other.key'))).then(buffer))).to.not.equal(
      'none',
    );
    expect(await failure(readSealed(file, undefined).then(buffer))).to.include('key file');
    expect(await failure(readSealed(path.join(folder, 'none'), keys))).to.include('ENOENT');
  });

  it('stream with flat memory', async function () {
    // On a busy machine the collector comes late: what the process has taken is looked at again then.
    this.retries(3);
    const keys = openKeyRing(keyFile());
    const file = path.join(folder, 'large');
    const piece = randomBytes(1024 * 1024);
    const pieces = function* () {
      for (let n = 0; n < 80; n += 1) yield piece;
    };
    await writeSealed(file, pieces(), keys, 0o600);
    const before = process.memoryUsage().rss;
    let most = 0;
    let bytes = 0;
    for await (const chunk of await readSealed(file, keys)) {
      bytes += (chunk as Buffer).length;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    await resealFile(file, keys);
    most = Math.max(most, process.memoryUsage().rss - before);
    expect(bytes).to.equal(80 * 1024 * 1024);
    expect(most).to.be.lessThan(70 * 1024 * 1024);
  });

  forEachDatabase((context) => {
    it('keep what an earlier version left readable, encrypt it, follow the change of the key, and let the old one go', async () => {
      const { database, uow } = await context.openUow({});
      const config = loadConfig({ env: { ERP_DATABASE_URL: 'sqlite:unused', ERP_DATA_DIR: folder } });
      const services = { config, database, uow, clock: Date.now, log: silentLogger() };
      const { keyFile: file } = config.security;
      const keys = openKeyRing(file);
      const store = openFileStore(folder, keys);
      const sha256 = createHash('sha256').update(SECRET).digest('hex');
      const place = path.join(folder, 'attachments', sha256.slice(0, 2), sha256);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, SECRET, { mode: 0o640 });
      mkdirSync(path.join(folder, 'imports'));
      writeFileSync(path.join(folder, 'imports', 'a'), SECRET);
      writeFileSync(path.join(folder, 'imports', 'b.part'), SECRET);
      const long = new Date(Date.now() - 10 * 24 * 3_600_000);
      utimesSync(place, long, long);
      utimesSync(path.join(folder, 'imports', 'b.part'), long, long);
      expect(await buffer(await store.read(sha256))).to.deep.equal(SECRET);
      expect(await keyStatus(services)).to.include({ plain: 2, waiting: 2 });

      await sealPlainText(services);
      expect(await keyStatus(services)).to.include({ plain: 0, waiting: 0 });
      expect(readdirSync(path.join(folder, 'imports'))).to.deep.equal(['a']);
      expect([await sealedWith(place), readFileSync(place).includes('138')]).to.deep.equal(['k1', false]);
      expect([statSync(place).mtimeMs, statSync(place).mode & 0o777]).to.deep.equal([long.getTime(), 0o640]);
      expect(await buffer(await store.read(sha256))).to.deep.equal(SECRET);
      expect(await store.put(SECRET)).to.equal(sha256);
      const other = await store.put(Buffer.from('another'));

      const reading = await store.read(sha256);
      const rotated = await rotateKeys(services, actor);
      expect((await rotated.over).result).to.deep.equal({ done: 3, unreadable: 0, key: 'k2' });
      expect(await sealedWith(place)).to.equal('k2');
      expect(await buffer(reading), 'begun before').to.deep.equal(SECRET);
      expect((await buffer(await store.read(other))).toString()).to.equal('another');
      const fresh = await store.put(Buffer.from('newer'));
      expect(await sealedWith(path.join(folder, 'attachments', fresh.slice(0, 2), fresh))).to.equal('k2');

      // One file is left under the old key: it must not go.
      const late = openFileStore(folder, { ...keys, fileKey: (salt: Buffer) => keys.fileKey(salt, 'k1') });
      await late.put(Buffer.from('late'));
      utimesSync(file, new Date(), new Date(Date.now() - 120_000));
      expect((await refusal(retireKeys(services, actor))).code).to.equal('keys:error.in_use');
      await sealPlainText(services);
      const again = await rotateKeys(services, actor);
      expect([again.begun, again.key]).to.deep.equal([false, 'k2']);
      expect((await again.over).result).to.deep.equal({ done: 1, unreadable: 0, key: 'k2' });
      utimesSync(file, new Date(), new Date(Date.now() - 120_000));
      expect(await retireKeys(services, actor)).to.deep.equal({ retired: ['k1'] });
      expect((await buffer(await store.read(sha256))).equals(SECRET)).to.equal(true);

      // A file that cannot be opened is counted and left alone.
      writeFileSync(place, Buffer.concat([readFileSync(place).subarray(0, 60)]));
      const next = await rotateKeys(services, actor);
      expect((await next.over).result).to.include({ unreadable: 1, key: 'k3' });
    });
  });
});
