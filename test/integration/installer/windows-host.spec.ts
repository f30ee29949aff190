import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { windowsHostSource } from '../../../installer/service/windows-host';
import { skipWithoutProgram } from '../../support/skip';

/** The host is a program for Windows; Mono runs it here, and stands in for the service control manager. */
describe('host of the Windows service', function () {
  this.timeout(120_000);
  let folder: string;
  let compiler: string;
  let manager: string;
  let child: ChildProcess | undefined;

  before(function () {
    compiler = skipWithoutProgram(this, ['mcs'], 'compiles the host');
    manager = skipWithoutProgram(this, ['mono-service'], 'runs the host');
  });
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-host-'))));
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const trace = (): string => (existsSync(`${folder}/trace`) ? readFileSync(`${folder}/trace`, 'utf8') : '');

  /** Compiles the host for a program that is this shell script, and starts it as a service. */
  function startService(script: string): Promise<number | null> {
    const program = path.join(folder, 'program.sh');
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    const settings = {
      program: [program] as const,
      configFile: `${folder}/a config.yaml`,
      dataDir: folder,
      logDir: folder,
      secretFiles: [],
      writableFolders: [],
      ports: [],
      database: 'sqlite',
      account: '',
    };
    writeFileSync(`${folder}/host.cs`, windowsHostSource(settings));
    const options = ['-langversion:5', '-warnaserror', '-target:winexe', '-r:System.ServiceProcess.dll'];
    execFileSync(compiler, [...options, `-out:${folder}/host.exe`, `${folder}/host.cs`], { stdio: 'pipe' });
    child = spawn(manager, [`-l:${folder}/lock`, '-m:erp', '--no-daemon', `${folder}/host.exe`], {
      cwd: folder,
      stdio: 'ignore',
    });
    return new Promise((resolve) => child?.on('exit', (code) => resolve(code)));
  }

  function traceHolds(text: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!trace().includes(text)) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(folder, look);
      look();
    });
  }

  it('starts the program with its arguments and ends it by closing its standard input', async () => {
    const ended = startService('echo "$@" > trace; cat > /dev/null; echo ended >> trace');
    await traceHolds('--config');
    expect(trace()).to.equal(`serve --until-stdin-ends --config ${folder}/a config.yaml\n`);
    process.kill(Number(readFileSync(`${folder}/lock`, 'utf8')), 'SIGTERM');
    await traceHolds('ended');
    await ended;
  });

  it('ends without a report when the program has crashed, so that it is started again', async () => {
    expect(await startService('echo crashed > trace; exit 7')).to.equal(7);
    expect(trace()).to.equal('crashed\n');
  });
});
