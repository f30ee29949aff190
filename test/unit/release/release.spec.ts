import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withoutAuthenticode } from '../../../scripts/package/authenticode';
import { developmentKey, openSigner, publicHalf } from '../../../scripts/package/signing-key';
import {
  formatChecksums,
  parseChecksums,
  releaseKeys,
  signatureOf,
  verifyRelease,
} from '../../../src/platform/release';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('release', () => {
  let folder: string;
  const files = { 'phone-erp-1-linux-x64': 'program', 'sub/notes.txt': '说明' };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-release-'));
    mkdirSync(path.join(folder, 'sub'));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    const list = (sum: (text: string) => string) =>
      formatChecksums(Object.entries(files).map(([file, text]) => ({ file, sum: sum(text) })));
    writeFileSync(path.join(folder, 'CHECKSUMS.sha256'), list(sha256));
    writeFileSync(path.join(folder, 'CHECKSUMS.md5'), list(md5));
    writeFileSync(path.join(folder, 'CHECKSUMS.sha256.sig'), openSigner(undefined).sign(Buffer.from(list(sha256))));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('accepts a folder and a package that are as published', async () => {
    const whole = await verifyRelease(folder);
    expect(whole).to.deep.include({
      files: 2,
      findings: [],
      signature: { state: 'development', keyId: 'development' },
    });
    const one = await verifyRelease(path.join(folder, 'phone-erp-1-linux-x64'));
    expect(one).to.deep.include({ files: 1, findings: [] });
  });

  it('names what is changed, missing and extra', async () => {
    writeFileSync(path.join(folder, 'phone-erp-1-linux-x64'), 'progrom');
    rmSync(path.join(folder, 'sub', 'notes.txt'));
    writeFileSync(path.join(folder, 'sub', 'more.txt'), '');
    const { findings } = await verifyRelease(folder);
    expect(findings).to.deep.equal([
      { file: 'phone-erp-1-linux-x64', problem: 'changed' },
      { file: 'sub/notes.txt', problem: 'missing' },
      { file: 'sub/more.txt', problem: 'extra' },
    ]);
  });

  it('sees a list that was changed after signing, and one without signature', async () => {
    writeFileSync(path.join(folder, 'phone-erp-1-linux-x64'), 'other');
    const list = formatChecksums([{ file: 'phone-erp-1-linux-x64', sum: sha256('other') }]);
    writeFileSync(path.join(folder, 'CHECKSUMS.sha256'), list);
    expect((await verifyRelease(path.join(folder, 'phone-erp-1-linux-x64'))).signature.state).to.equal('unknown');
    rmSync(path.join(folder, 'CHECKSUMS.sha256.sig'));
    expect((await verifyRelease(folder)).signature.state).to.equal('unsigned');
  });

  it('says when there is no list, when it cannot be read, and when the package is not in it', async () => {
    const unlisted = path.join(folder, 'unlisted');
    writeFileSync(unlisted, '');
    expect((await verifyRelease(unlisted)).findings).to.deep.equal([{ file: 'unlisted', problem: 'unlisted' }]);
    writeFileSync(path.join(folder, 'CHECKSUMS.sha256'), 'nonsense\n');
    expect((await verifyRelease(folder)).findings.map(({ problem }) => problem)).to.include('bad-list');
    rmSync(path.join(folder, 'CHECKSUMS.sha256'));
    expect((await verifyRelease(folder)).findings.map(({ problem }) => problem)).to.deep.equal(['no-list']);
  });

  it('refuses a list that leads out of its folder', () => {
    expect(() => parseChecksums(`${sha256('')}  ../etc/passwd\n`)).to.throw('line 1');
    expect(() => parseChecksums(`${sha256('')}  /etc/passwd\n`)).to.throw('line 1');
  });

  it('makes the same list in whatever order the files come', () => {
    const entries = [
      { file: 'b', sum: sha256('b') },
      { file: 'a', sum: sha256('a') },
    ];
    expect(formatChecksums(entries)).to.equal(formatChecksums(entries.toReversed()));
  });

  it('knows the development key, and no other signature', () => {
    expect(releaseKeys.map(({ publicKey }) => publicKey)).to.include(publicHalf(developmentKey()));
    const signature = openSigner(undefined).sign(Buffer.from('list'));
    expect(signatureOf(Buffer.from('list'), signature).state).to.equal('development');
    expect(signatureOf(Buffer.from('list!'), signature).state).to.equal('unknown');
    expect(signatureOf(Buffer.from('list'), 'AAAA').state).to.equal('unknown');
    expect(signatureOf(Buffer.from('list'), undefined).state).to.equal('unsigned');
  });

  it('takes the signature off a Windows program', () => {
    const program = Buffer.alloc(600);
    program.writeUInt32LE(64, 0x3c);
    program.write('PE\0\0', 64, 'latin1');
    program.writeUInt16LE(0x20b, 64 + 24);
    const entry = 64 + 24 + 112 + 4 * 8;
    program.writeUInt32LE(500, entry);
    program.writeUInt32LE(100, entry + 4);
    const bare = withoutAuthenticode(program);
    expect(bare.length).to.equal(500);
    expect(bare.readBigUInt64LE(entry)).to.equal(0n);
    expect(withoutAuthenticode(bare)).to.equal(bare);
    expect(() => withoutAuthenticode(Buffer.alloc(600))).to.throw('not a 64-bit Windows program');
  });
});
