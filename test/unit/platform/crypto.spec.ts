import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import {
  addKey,
  createKeyRing,
  dropKey,
  maskPhone,
  mergeKeys,
  openKeyRing,
  readKeyFile,
  useKey,
} from '../../../src/platform/crypto';

describe('key ring', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-keys-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = () => path.join(folder, 'deeper', 'secret.key');

  it('makes its file once, for the service account alone, and reads it again', () => {
    const sealed = openKeyRing(file()).encrypt('13812345678', 'crm.phone');
    expect(statSync(file()).mode & 0o777).to.equal(0o600);
    const before = readFileSync(file(), 'utf8');
    expect(openKeyRing(file()).decrypt(sealed, 'crm.phone')).to.equal('13812345678');
    expect(readFileSync(file(), 'utf8')).to.equal(before);
  });

  it('refuses a file that everybody may read and one that is damaged', () => {
    openKeyRing(file());
    chmodSync(file(), 0o644);
    expect(() => openKeyRing(file())).to.throw(/chmod 600/);
    chmodSync(file(), 0o600);
    writeFileSync(file(), '{"current":"k1","keys":{}}');
    expect(() => openKeyRing(file())).to.throw(/damaged/);
    writeFileSync(file(), 'nonsense');
    expect(() => openKeyRing(file())).to.throw(/damaged/);
  });

  it('encrypts differently each time and notices every change', () => {
    const keys = openKeyRing(file());
    const text = '张三 👩‍👩‍👧 13812345678';
    const sealed = keys.encrypt(text, 'a');
    expect(keys.encrypt(text, 'a')).not.to.equal(sealed);
    expect(keys.decrypt(sealed, 'a')).to.equal(text);
    expect(() => keys.decrypt(sealed, 'b')).to.throw();
    const [version, id, content = ''] = sealed.split('.');
    const bytes = Buffer.from(content, 'base64url');
    for (const at of [0, 12, 28, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => keys.decrypt(`${version}.${id}.${changed.toString('base64url')}`, 'a'), `byte ${at}`).to.throw();
    }
    expect(() => keys.decrypt(`${version}.k9.${content}`, 'a')).to.throw(/k9/);
  });

  it('decrypts with older keys after a new one is current, and hashes stay', () => {
    const first = Buffer.alloc(32, 1);
    const old = createKeyRing({ current: 'k1', keys: new Map([['k1', first]]) });
    const both = createKeyRing({
      current: 'k2',
      keys: new Map([
        ['k1', first],
        ['k2', Buffer.alloc(32, 2)],
      ]),
    });
    expect(both.decrypt(old.encrypt('x', 'p'), 'p')).to.equal('x');
    expect(both.encrypt('x', 'p')).to.match(/^e1\.k2\./);
    expect(both.hash('13812345678', 'phone')).to.equal(old.hash('13812345678', 'phone'));
    expect(both.hash('13812345678', 'login')).not.to.equal(both.hash('13812345678', 'phone'));
  });
});

describe('the key file after a rotation', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-keys-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes a retired key back from an older backup of the same installation, and from no other', () => {
    const file = path.join(folder, 'secret.key');
    const before = openKeyRing(file);
    const sealed = before.encrypt('13812345678', 'p');
    const older = readFileSync(file, 'utf8');
    useKey(file, addKey(file, 1_795_000_000_000).id);
    expect(() => dropKey(file, 'k2'), 'the current one').to.throw();
    dropKey(file, 'k1');
    expect(() => openKeyRing(file).decrypt(sealed, 'p')).to.throw(/k1/);
    expect(openKeyRing(file).hash('x', 'y')).to.equal(before.hash('x', 'y'));
    const other = path.join(folder, 'other.key');
    openKeyRing(other);
    expect(mergeKeys(file, readFileSync(other, 'utf8'))).to.equal(false);
    expect(mergeKeys(file, 'nonsense')).to.equal(false);
    expect(mergeKeys(file, older)).to.equal(true);
    expect(openKeyRing(file).decrypt(sealed, 'p')).to.equal('13812345678');
    expect(readKeyFile(file).current).to.equal('k2');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });
});

describe('maskPhone', () => {
  it('keeps head and tail only', () => {
    expect(maskPhone('13812345678')).to.equal('138****5678');
    expect(maskPhone('10086')).to.equal('****86');
  });
});
