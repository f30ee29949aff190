import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Locked, takeLock } from '../../../installer/engine';

describe('the lock of the setup', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-lock-'));
    file = path.join(folder, 'setup.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const holder = (): { pid: number; startedAtTick: string | null } =>
    JSON.parse(readFileSync(file, 'utf8')) as { pid: number; startedAtTick: string | null };

  it('is held by one, names who holds it, and is free when it was given back', () => {
    const { release } = takeLock(file);
    expect(() => takeLock(file))
      .to.throw(Locked)
      .with.nested.property('holder.pid', process.pid);
    release();
    expect(readdirSync(folder)).to.deep.equal([]);
    takeLock(file).release();
  });

  it('is refused while another process holds it, and taken over when that one is gone', async () => {
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' });
    const ended = new Promise((resolve) => other.once('exit', resolve));
    await new Promise((resolve) => other.once('spawn', resolve));
    writeFileSync(file, JSON.stringify({ pid: other.pid, startedAtTick: null, since: 'x' }));
    expect(() => takeLock(file)).to.throw(Locked, String(other.pid));
    other.stdin.end();
    await ended;
    const { release } = takeLock(file);
    expect(holder().pid).to.equal(process.pid);
    release();
  });

  it('is taken over when its number belongs to a later process, or nothing can be read of it', function () {
    if (!existsSync('/proc/self/stat')) this.skip();
    for (const stale of [JSON.stringify({ pid: process.ppid, startedAtTick: '1', since: 'x' }), '{"pid":', '']) {
      writeFileSync(file, stale);
      const { release } = takeLock(file);
      expect(holder().startedAtTick).to.match(/^\d+$/);
      release();
      expect(readdirSync(folder)).to.deep.equal([]);
    }
  });

  it('of somebody else is not taken away when it is given back', () => {
    const { release } = takeLock(file);
    const theirs = JSON.stringify({ pid: 1, startedAtTick: null, since: 'x' });
    writeFileSync(file, theirs);
    release();
    expect(readFileSync(file, 'utf8')).to.equal(theirs);
  });
});
