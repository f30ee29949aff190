import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { clearLeftovers, makeScratch } from '../../support/scratch-folder';

describe('folders of tests', () => {
  let base: string;
  let server: ChildProcess | undefined;
  beforeEach(() => (base = makeScratch('unit')));
  afterEach(() => {
    server?.kill('SIGKILL');
    rmSync(base, { recursive: true, force: true });
  });

  it('of a process that is gone are cleared away with the server that outlived it, all others stay', async function () {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const [left, copy] = [`erp-mariadb-${gone}-abc123`, `erp-upgrade-${gone}-abc123-copy`];
    const others = [`erp-mariadb-${process.pid}-abc123`, 'erp-mariadb-abc123', `other-${gone}-abc123`];
    for (const name of [left, copy, ...others]) mkdirSync(path.join(base, name));
    const started = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', path.join(base, left, 'data')]);
    server = started;
    writeFileSync(path.join(base, left, 'pid'), String(started.pid));
    // A number that another program has by now: not ours to end.
    writeFileSync(path.join(base, copy, 'pid'), String(process.pid));
    await new Promise((resolve) => started.once('spawn', resolve));

    const ended = new Promise((resolve) => started.once('exit', (_code, signal) => resolve(signal)));
    expect(clearLeftovers(base).sort()).to.eql([left, copy]);
    expect(readdirSync(base).sort()).to.eql(others.sort());
    if (process.platform === 'linux') expect(await ended).to.equal('SIGKILL');
  });
});
