import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { version } from '../../src/platform/version';
import {
  canPackage,
  packageRelease,
  type Release,
  run,
  scratchFolder,
  sharedRelease,
  tamperedCopy,
} from '../support/packaged';
import { skipUnless } from '../support/skip';

const MOST_BYTES = 150_000_000;
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('the packaged program', function () {
  this.timeout(300_000);
  let release: Release;
  let empty: string;

  before(async function () {
    skipUnless(this, canPackage, 'binaries are made on Linux on x64');
    release = await sharedRelease();
    empty = scratchFolder('empty');
  });

  const program = (...args: string[]) => run(release.binary, args, { cwd: empty });

  it('is one file of less than 150 MB that says its version', async () => {
    expect(statSync(release.binary).size).to.be.lessThan(MOST_BYTES);
    expect(await program('--version')).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('does not listen to NODE_OPTIONS', async () => {
    const env = { NODE_OPTIONS: '--require /nowhere/to/be/found.js' };
    expect((await run(release.binary, ['--version'], { cwd: empty, env })).stdout).to.equal(`${version}\n`);
  });

  it('finds itself and its release as published', async () => {
    const own = await program('verify', '--json');
    expect(own.code).to.equal(0);
    const report = JSON.parse(own.stdout) as { ok: boolean; program: { kind: string; files: number } };
    expect(report.ok).to.equal(true);
    expect(report.program.kind).to.equal('packaged');
    expect(report.program.files).to.be.greaterThan(100);
    expect((await program('verify', release.folder, release.binary)).code).to.equal(0);
  });

  it('carries the licences of what is inside, and leaves nothing in the folder it runs in', () => {
    expect(readFileSync(path.join(release.folder, 'THIRD-PARTY-LICENCES.txt'), 'utf8')).to.include('express ');
    expect(readdirSync(empty)).to.deep.equal([]);
  });

  it('names a file of its payload that was changed', async () => {
    const folder = scratchFolder('tampered');
    const found = await run(tamperedCopy(release, folder), ['verify'], { cwd: folder });
    expect(found.code).to.equal(1);
    expect(found.stdout).to.include('changed: locales/en/errors.json');
  });

  it('names a file of the release that was changed, and install.sh does not start it', async () => {
    const folder = scratchFolder('tampered');
    for (const file of readdirSync(release.folder))
      copyFileSync(path.join(release.folder, file), path.join(folder, file));
    const binary = path.join(folder, path.basename(release.binary));
    const bytes = readFileSync(binary);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(binary, bytes);
    const found = await program('verify', folder);
    expect(found.code).to.equal(1);
    expect(found.stdout).to.include(`changed: ${path.basename(release.binary)}`);
    const installed = await run('sh', [path.join(folder, 'install.sh'), '--help'], { cwd: empty });
    expect(installed.code).to.equal(1);
    expect(installed.stderr).to.include('not as it was published');
  });

  it('is the same to the byte when made twice', async () => {
    const again = await packageRelease();
    expect(sha256(again.binary)).to.equal(sha256(release.binary));
    const list = 'CHECKSUMS.sha256.sig';
    expect(readFileSync(path.join(again.folder, list), 'utf8')).to.equal(
      readFileSync(path.join(release.folder, list), 'utf8'),
    );
  });
});
