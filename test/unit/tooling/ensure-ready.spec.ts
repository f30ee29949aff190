import { expect } from 'chai';
import { execFile, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resourcePath } from '../../../src/platform/resources';

// Stands in for npm: notes that it was called, takes a moment, and leaves what npm leaves behind.
const FAKE_NPM = `
const fs = require('node:fs');
fs.appendFileSync('calls.txt', process.argv[2] + '\\n');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
if (fs.existsSync('fail-' + process.argv[2])) process.exit(1);
fs.mkdirSync('node_modules', { recursive: true });
fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
`;

describe('ensure-ready', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(path.join(tmpdir(), 'erp-ready-'));
    mkdirSync(path.join(project, 'scripts'));
    copyFileSync(resourcePath('scripts', 'ensure-ready.mjs'), path.join(project, 'scripts', 'ensure-ready.mjs'));
    write('fake-npm.cjs', FAKE_NPM);
    lock('package-lock.json', { express: '5.3.0' }, { 'only-for-windows': '1.0.0' });
  });
  afterEach(() => rmSync(project, { recursive: true }));

  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), text);
  };
  const lock = (name: string, packages: Record<string, string>, optional: Record<string, string> = {}) => {
    const entry = (isOptional: boolean) => (pair: [string, string]) =>
      [`node_modules/${pair[0]}`, { version: pair[1], ...(isOptional ? { optional: true } : {}) }] as const;
    const entries = [...Object.entries(packages).map(entry(false)), ...Object.entries(optional).map(entry(true))];
    write(name, JSON.stringify({ packages: { '': {}, ...Object.fromEntries(entries) } }));
  };
  const calls = () =>
    existsSync(path.join(project, 'calls.txt'))
      ? readFileSync(path.join(project, 'calls.txt'), 'utf8').trim().split('\n')
      : [];
  const run = (): Promise<{ code: number; output: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, npm_execpath: path.join(project, 'fake-npm.cjs') };
      execFile(
        process.execPath,
        [path.join(project, 'scripts', 'ensure-ready.mjs')],
        { env },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
    });

  it('is quiet and does nothing when all is there', async () => {
    lock('node_modules/.package-lock.json', { express: '5.3.0' });
    expect(await run()).to.deep.equal({ code: 0, output: '' });
    expect(calls()).to.deep.equal([]);
  });

  it('installs what is missing, once', async () => {
    expect((await run()).code).to.equal(0);
    expect((await run()).output).to.equal('');
    expect(calls()).to.deep.equal(['ci']);
  });

  it('installs again when a version has changed', async () => {
    lock('node_modules/.package-lock.json', { express: '5.2.0' });
    await run();
    expect(calls()).to.deep.equal(['ci']);
  });

  it('installs once when several run at the same time', async () => {
    const outcomes = await Promise.all([run(), run(), run(), run()]);
    expect(outcomes.map(({ code }) => code)).to.deep.equal([0, 0, 0, 0]);
    expect(calls()).to.deep.equal(['ci']);
    expect(existsSync(path.join(project, 'out', 'install.lock'))).to.equal(false);
  });

  it('takes over from a process that died while installing', async () => {
    write('out/install.lock', String(spawnSync(process.execPath, ['--version']).pid));
    expect((await run()).code).to.equal(0);
    expect(calls()).to.deep.equal(['ci']);
  });

  it('falls back to npm install, and fails with a sentence when that does not work either', async () => {
    write('fail-ci', '');
    expect((await run()).code).to.equal(0);
    expect(calls()).to.deep.equal(['ci', 'install']);
    rmSync(path.join(project, 'node_modules'), { recursive: true });
    write('fail-install', '');
    const { code, output } = await run();
    expect(code).to.equal(1);
    expect(output).to.contain('could not be installed');
  });

  it('never installs into linked packages', async () => {
    mkdirSync(path.join(project, 'shared'));
    symlinkSync(path.join(project, 'shared'), path.join(project, 'node_modules'));
    const { code, output } = await run();
    expect(code).to.equal(0);
    expect(output).to.contain('is a link');
    expect(calls()).to.deep.equal([]);
  });
});
