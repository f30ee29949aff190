import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { encrypt, type KeyPair, newKeyPair, type Sealing } from '../../../../src/platform/backup';
import { decrypt } from '../../../../src/platform/backup/encryption';
import { refusal } from '../../../support/refusal';
import { skipWithoutProgram } from '../../../support/skip';

const refusalOf = async (work: Promise<unknown>): Promise<string> => (await refusal(work)).code;
const PIECE = 64 * 1024;

async function* pieces(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}
const sealed = (content: Buffer, sealing: Sealing): Promise<Buffer> =>
  buffer(encrypt(pieces(content, 10_007), sealing));

describe('encryption of backups', function () {
  this.timeout(60_000);
  let keys: KeyPair;
  before(async () => void (keys = await newKeyPair()));
  const open = (content: Buffer, identities = [keys.identity], passphrases: string[] = []): Promise<Buffer> =>
    buffer(decrypt(pieces(content, 4099), { identities, passphrases }, () => 'here'));

  for (const size of [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 200_001])
    it(`gives ${size} bytes back`, async () => {
      const content = randomBytes(size);
      expect((await open(await sealed(content, { recipients: [keys.recipient] }))).equals(content)).to.equal(true);
    });

  it('is opened by each of several keys, and by no other', async () => {
    const [other, stranger] = [await newKeyPair(), await newKeyPair()];
    const file = await sealed(Buffer.from('账本'), { recipients: [keys.recipient, other.recipient] });
    expect((await open(file, [other.identity])).toString()).to.equal('账本');
    expect((await open(file, [stranger.identity, keys.identity])).toString()).to.equal('账本');
    expect(await refusalOf(open(file, [stranger.identity]))).to.equal('backup:error.wrong_key');
  });

  it('is opened by the passphrase, and by no other', async () => {
    const file = await sealed(Buffer.from('账本'), { recipients: [], passphrase: 'heron lantern 57' });
    expect((await open(file, [], ['plover kettle', 'heron lantern 57'])).toString()).to.equal('账本');
    expect(await refusalOf(open(file, [], ['plover kettle']))).to.equal('backup:error.wrong_key');
  });

  it('refuses what was changed anywhere or cut off', async () => {
    const file = await sealed(randomBytes(2 * PIECE + 500), { recipients: [keys.recipient] });
    const header = file.indexOf('\n--- ') + 50;
    for (const at of [30, header - 10, header + 10, header + 1000, header + PIECE + 100, file.length - 1]) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await refusalOf(open(changed)), `byte ${at}`).to.match(/^backup:error\.(damaged|wrong_key)$/);
    }
    const ends = [100, header, header + 16 + PIECE + 16, header + 16 + 2 * (PIECE + 16), file.length - 1];
    for (const end of ends)
      expect(await refusalOf(open(file.subarray(0, end))), `cut at ${end}`).to.equal('backup:error.damaged');
    expect(await refusalOf(open(Buffer.concat([file, Buffer.alloc(1)])))).to.equal('backup:error.damaged');
    expect(await refusalOf(open(Buffer.from('PK\x03\x04 something else')))).to.equal('backup:error.not_backup');
  });

  it('is the format of the program age, both ways', async function () {
    const age = skipWithoutProgram(this, ['age'], 'backups opened with age');
    const folder = mkdtempSync(path.join(tmpdir(), 'erp-age-'));
    try {
      const at = (name: string): string => path.join(folder, name);
      const content = randomBytes(3 * PIECE + 77);
      writeFileSync(at('identity'), `${keys.identity}\n`);
      writeFileSync(at('ours.age'), await sealed(content, { recipients: [keys.recipient] }));
      await promisify(execFile)(age, ['-d', '-i', at('identity'), '-o', at('plain'), at('ours.age')]);
      expect(readFileSync(at('plain')).equals(content)).to.equal(true);
      await promisify(execFile)(age, ['-r', keys.recipient, '-o', at('theirs.age'), at('plain')]);
      expect((await open(readFileSync(at('theirs.age')))).equals(content)).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
