import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { openProduct } from '../../../src/app/product';
import { loadConfig } from '../../../src/platform/config';
import { silentLogger } from '../../../src/platform/logging';
import { auditLog } from '../../../src/platform/unit-of-work';
import { openArchive } from '../../support/unzip';

describe('phone-erp support bundle', function () {
  this.timeout(120_000);
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-bundle-'));
    env = { ...process.env, ERP_DATA_DIR: folder, ERP_LOCALE: 'en', ERP_LOGGING_STDOUT: 'false', ERP_SERVER_PORT: '0' };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'support', ...args], { env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
    child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  };

  it('writes one file that only its owner reads, notes it, and never writes over another', async () => {
    const config = loadConfig({ env });
    const product = await openProduct(config, silentLogger());
    try {
      const file = path.join(folder, 'bundle.zip');
      const { code, stdout } = await run('bundle', '-o', file, '--json');
      expect(code).to.equal(0);
      const result = JSON.parse(stdout) as { ok: boolean; bytes: number; files: string[]; audited: boolean };
      expect(result).to.include({ ok: true, audited: true, bytes: statSync(file).size });
      if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).to.equal(0);
      const archive = openArchive(readFileSync(file));
      expect(Object.keys(archive)).to.eql(result.files);
      expect(JSON.parse(archive['schema.json'] ?? '{}')).to.have.nested.property('state.state', 'current');
      const noted = await product.services.database.read.find(auditLog, { action: 'system.support.bundle' });
      expect(noted.map(({ actorName }) => actorName)).to.eql(['command line']);
      expect((await run('bundle', '-o', file)).code, 'a file that is there').to.equal(3);
    } finally {
      await product.close();
    }
  });

  it('holds the rest when there is no database, makes none, and wants to know where to', async () => {
    const file = path.join(folder, 'bundle.zip');
    const { code, stdout } = await run('bundle', '-o', file);
    expect(code).to.equal(0);
    expect(stdout).to.include('The database could not be opened');
    const archive = openArchive(readFileSync(file));
    expect(archive['schema.json']).to.include('the database does not answer');
    expect(archive['doctor.json']).to.include('schema.state');
    expect(() => statSync(path.join(folder, 'phone-erp.sqlite'))).to.throw('ENOENT');
    expect(() => statSync(path.join(folder, 'secret.key'))).to.throw('ENOENT');
    expect((await run('bundle')).code).to.equal(2);
    expect((await run('bundle', '--help')).stdout).to.include('--out <file>');
  });
});
