import { expect } from 'chai';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Check,
  type CheckResult,
  describeReport,
  hostChecks,
  type HostContext,
  type HostFacts,
  hostFacts,
  type NetworkContext,
  networkChecks,
  runChecks,
  storageChecks,
  text,
} from '../../../src/platform/checks';
import { mountOf } from '../../../src/platform/checks/host/storage-checks';
import { listeningInodes, windowsPid } from '../../../src/platform/checks/network/port-holder';

const GB = 1024 ** 3;
const roomy: HostFacts = {
  platform: 'linux',
  cores: () => 8,
  memoryBytes: () => 31 * GB,
  disk: () => Promise.resolve({ totalBytes: 900 * GB, freeBytes: 400 * GB }),
  mounts: () => Promise.resolve([]),
  openFiles: () => 65_536,
  nowMs: () => Date.UTC(2026, 10, 22),
  readText: () => undefined,
  output: () => Promise.resolve(undefined),
};
const requirements = { cores: 4, memoryGb: 16, diskGb: 500 };

describe('checks of the machine', () => {
  let dataDir: string;
  before(() => (dataDir = mkdtempSync(path.join(tmpdir(), 'erp-checks-'))));
  after(() => rmSync(dataDir, { recursive: true }));

  async function run<C>(checks: readonly Check<C>[], id: string, context: C): Promise<CheckResult> {
    const report = await runChecks(
      checks.filter((check) => check.id === id),
      context,
    );
    expect(report.checks, id).to.have.length(1);
    return report.checks[0] as CheckResult;
  }
  const host = (id: string, facts: Partial<HostFacts>) =>
    run<HostContext>([...hostChecks, ...storageChecks], id, { facts: { ...roomy, ...facts }, requirements, dataDir });
  const network = (id: string, context: Partial<NetworkContext>) =>
    run(networkChecks, id, { facts: roomy, host: '127.0.0.1', port: 0, ...context });

  it('warns below the minimum and says what to do, and accepts what makers call 16 GB', async () => {
    expect((await host('host.cores', { cores: () => 2 })).status).to.equal('warn');
    expect((await host('host.cores', { cores: () => 4 })).status).to.equal('ok');
    const small = await host('host.memory', { memoryBytes: () => 8 * GB });
    expect(small.status).to.equal('warn');
    expect(small.remedy).to.have.length(1);
    expect((await host('host.memory', { memoryBytes: () => 15.6 * GB })).status).to.equal('ok');
  });

  it('stops at a full disk and warns of a small one', async () => {
    const disk = (total: number, free: number) => () =>
      Promise.resolve({ totalBytes: total * GB, freeBytes: free * GB });
    expect((await host('host.disk', { disk: disk(465, 300) })).status).to.equal('ok');
    expect((await host('host.disk', { disk: disk(200, 100) })).status).to.equal('warn');
    expect((await host('host.disk', { disk: disk(900, 1) })).status).to.equal('fail');
  });

  it('sees a clock that was never set, and one that nobody keeps', async () => {
    expect((await host('host.clock', { nowMs: () => 0 })).status).to.equal('fail');
    expect((await host('host.clock', { output: () => Promise.resolve('no\n') })).status).to.equal('warn');
    expect((await host('host.clock', {})).status).to.equal('ok');
  });

  it('warns of the system partition when another has more room', async () => {
    const mounts = [
      { at: '/', device: '/dev/a1', totalBytes: 50 * GB, freeBytes: 20 * GB },
      { at: '/srv', device: '/dev/b1', totalBytes: 900 * GB, freeBytes: 800 * GB },
    ];
    const found = await host('storage.partition', { mounts: () => Promise.resolve(mounts) });
    expect(found.status).to.equal('warn');
    expect(found.remedy?.[0]?.values).to.deep.equal({ at: '/srv', free: '800' });
    expect(mountOf('/srv/erp', mounts)?.at).to.equal('/srv');
    expect(mountOf('/srvx', mounts)?.at).to.equal('/');
  });

  it('writes to the folder, and leaves nothing behind', async () => {
    expect((await host('storage.writable', {})).status).to.equal('ok');
    expect(readdirSync(dataDir)).to.deep.equal([]);
  });

  it('names a folder that may not be written to', async function () {
    if (process.getuid?.() === 0) {
      // The administrator may write everywhere: a file in the place of a folder stops them as well.
      const found = await run<HostContext>(storageChecks, 'storage.writable', {
        facts: roomy,
        requirements,
        dataDir: '/proc/erp',
      });
      expect(found.status).to.equal('fail');
      expect(found.evidence).to.be.a('string');
      return;
    }
    const closed = path.join(dataDir, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    const found = await run<HostContext>(storageChecks, 'storage.writable', {
      facts: roomy,
      requirements,
      dataDir: closed,
    });
    rmSync(closed, { recursive: true });
    expect(found.remedy?.[0]?.key).to.equal('checks:storage.writable.EACCES');
  });

  describe('port', () => {
    let server: Server;
    let port: number;
    before((done) => {
      server = createServer();
      server.listen(0, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port;
        done();
      });
    });
    after((done) => void server.close(() => done()));

    it('is free, or held by a process that is named', async function () {
      expect((await network('network.port', {})).status).to.equal('ok');
      const held = await network('network.port', { port, facts: hostFacts });
      expect(held.status).to.equal('fail');
      if (process.platform === 'linux') expect(held.found.values).to.include({ pid: process.pid, port });
    });

    it('is no fault when the product itself holds it', async () => {
      const held = (ours: boolean) => network('network.port', { port, isOurs: () => Promise.resolve(ours) });
      expect((await held(true)).status).to.equal('ok');
      expect((await held(false)).status).to.equal('fail');
    });

    it('cannot be an address of another machine', async () => {
      const found = await network('network.port', { host: '192.0.2.1' });
      expect(found.found.key).to.equal('checks:network.port.EADDRNOTAVAIL');
    });

    it('reads the tables of the systems', () => {
      const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2120 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11223 1 0
   1: 0100007F:2120 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 99999 1 0`;
      expect(listeningInodes(table, 8480)).to.deep.equal(['11223']);
      expect(windowsPid('  TCP    0.0.0.0:8480    0.0.0.0:0    LISTENING    4711\r\n', 8480)).to.equal(4711);
      expect(windowsPid('  TCP    0.0.0.0:8480    10.0.0.2:80  ESTABLISHED  4711\r\n', 8480)).to.equal(undefined);
    });
  });

  it('hints at the firewall of the machine with its own command', async () => {
    const firewall = (facts: Partial<HostFacts>) =>
      network('network.firewall', { host: '0.0.0.0', port: 8480, facts: { ...roomy, ...facts } });
    expect((await firewall({})).status).to.equal('ok');
    const ufw = await firewall({ readText: (file) => (file.endsWith('ufw.conf') ? 'ENABLED=yes\n' : undefined) });
    expect(ufw.remedy?.[0]).to.deep.equal(text('checks:network.firewall.ufw', { port: 8480 }));
    const output: HostFacts['output'] = (program, args) =>
      Promise.resolve(
        program === 'firewall-cmd' ? (args[0] === '--state' ? 'running\n' : '22/tcp 8480/tcp\n') : undefined,
      );
    expect((await firewall({ output })).found.key).to.equal('checks:network.firewall.open');
    expect((await firewall({ platform: 'win32' })).remedy?.[0]?.key).to.equal('checks:network.firewall.windows');
  });

  it('hints at a virus scanner', async () => {
    const scanner = (facts: Partial<HostFacts>) =>
      run(hostChecks, 'host.antivirus', { facts: { ...roomy, ...facts }, requirements, dataDir: 'C:\\ERP' });
    expect((await scanner({})).status).to.equal('ok');
    expect((await scanner({ output: () => Promise.resolve('bash\nclamonacc\n') })).status).to.equal('warn');
    const windows = (excluded: string) => scanner({ platform: 'win32', output: () => Promise.resolve(excluded) });
    expect((await windows('c:\\erp')).status).to.equal('ok');
    expect((await windows('')).remedy?.[0]?.key).to.equal('checks:host.antivirus.defender');
  });

  it('a check that throws or hangs is a failed check, and the others go on', async () => {
    const check = (id: string, run: () => Promise<CheckResult>): Check<null> => ({
      id,
      category: 'host',
      title: text('checks:broken'),
      run,
    });
    const report = await runChecks(
      [
        check('throws', () => Promise.reject(new Error('no'))),
        check('hangs', () => new Promise(() => undefined)),
        check('works', () => Promise.resolve({ status: 'ok', found: text('checks:broken') })),
      ],
      null,
      { timeoutMs: 20 },
    );
    expect(report.ok).to.equal(false);
    expect(report.checks.map(({ status }) => status)).to.deep.equal(['fail', 'fail', 'ok']);
    const { checks } = describeReport(report, (key) => key);
    expect(checks[0]).to.deep.include({
      id: 'throws',
      evidence: 'no',
      found: 'checks:broken',
      required: null,
      remedy: ['checks:brokenRemedy'],
    });
  });

  it('a fix is tried once and what it brought is looked at', async () => {
    let mended = false;
    const check: Check<null> = {
      id: 'x',
      category: 'storage',
      title: text('checks:broken'),
      run: () => ({ status: mended ? 'ok' : 'fail', found: text('checks:broken') }),
      fix: () => {
        mended = true;
        return Promise.resolve(text('checks:status.ok'));
      },
    };
    expect((await runChecks([check], null)).ok).to.equal(false);
    const report = await runChecks([check], null, { fix: true });
    expect(report.checks[0]).to.deep.include({ status: 'ok', fixed: text('checks:status.ok') });
  });
});
