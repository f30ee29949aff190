import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { acceptHostKey, openTarget } from '../../../src/platform/backup-targets';
import type { BackupTargetConfig } from '../../../src/platform/config';
import { isDomainError } from '../../../src/kernel';
import { mountSmallDisk } from '../../support/small-disk';
import { skipWithoutProgram } from '../../support/skip';
import { type SshServer, startSshd } from '../../support/sshd';
import { bodyOf, nameAt, targetContract } from '../../support/target-contract';
import { faultOf } from '../../support/target-faults';
import { freePort, openTcpProxy } from '../../support/tcp-proxy';

type SftpConfig = Extract<BackupTargetConfig, { kind: 'sftp' }>;

describe('backups over SFTP', () => {
  let server: SshServer;
  let dataDir: string;
  before(async function () {
    skipWithoutProgram(this, ['sshd'], 'the server that backups over SFTP are tested with');
    dataDir = mkdtempSync(path.join(tmpdir(), 'erp-target-'));
    server = await startSshd();
  });
  after(async () => {
    await server?.stop();
    if (dataDir) rmSync(dataDir, { recursive: true });
  });

  const open = (change: Partial<SftpConfig> = {}, stallMs?: number) => {
    const { port, user, privateKey, folder, fingerprint } = server;
    const base = { id: 'offsite', kind: 'sftp' as const, host: '127.0.0.1', hostKey: fingerprint };
    return openTarget(
      { ...base, port, user, privateKey, path: `${folder}/of/the shop`, ...change },
      { dataDir, ...(stallMs ? { stallMs } : {}) },
    );
  };
  const ended = async <T>(target: ReturnType<typeof open>, work: (target: ReturnType<typeof open>) => Promise<T>) => {
    try {
      return await work(target);
    } finally {
      await target.close();
    }
  };
  const testFault = (change: Partial<SftpConfig>) => ended(open(change), (target) => faultOf(target.test()));
  const endless = () =>
    Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(65_536);
      })(),
    );

  describe('as every target', () => targetContract(() => Promise.resolve(open())));

  it('show the key of the host at the first contact, and go on once somebody has agreed to it', async () => {
    const first: unknown = await ended(open({ hostKey: undefined }), (target) =>
      target.test().catch((error: unknown) => error),
    );
    expect(isDomainError(first) && first.code).to.equal('backup-targets:hostKeyUnknown.found');
    expect(isDomainError(first) && first.details.fingerprint).to.equal(server.fingerprint);
    await acceptHostKey(dataDir, 'offsite', server.fingerprint);
    await ended(open({ hostKey: undefined }), (target) => target.test());
  });

  it('are signed in with a locked key and its passphrase', async () => {
    const locked = { privateKey: server.lockedKey };
    await ended(open({ ...locked, keyPassphrase: 'locked key' }), (target) => target.test());
    expect(await testFault({ ...locked, keyPassphrase: 'another' })).to.equal('password');
    expect(await testFault(locked)).to.equal('password');
  });

  it('say what is wrong with user, password, key, host, port and folder', async () => {
    expect(await testFault({ privateKey: server.strangerKey })).to.equal('password');
    expect(await testFault({ privateKey: undefined, password: 'wrong' })).to.equal('password');
    expect(await testFault({ privateKey: 'no key at all' })).to.equal('password');
    expect(await testFault({ host: 'no-such-host.invalid' })).to.equal('hostUnknown');
    expect(await testFault({ port: await freePort() })).to.equal('unreachable');
    expect(await testFault({ path: '/proc/no' })).to.be.oneOf(['denied', 'missing', 'refused']);
  });

  it('end with the line, leave nothing that looks finished, and the next run cleans up', async () => {
    const proxy = await openTcpProxy(server.port);
    try {
      const target = open({ port: proxy.port });
      const onBytes = (bytes: number) => bytes > 1_000_000 && proxy.cut();
      expect(await faultOf(target.put(nameAt(1), endless(), { onBytes }))).to.equal('vanished');
      // The same target connects again.
      expect(await target.list()).to.deep.equal([]);
      expect(await target.removeLeftovers(Date.now() + 60_000)).to.have.length(1);
      await target.put(nameAt(1), bodyOf(Buffer.alloc(10)));
      expect(await target.list()).to.have.length(1);
      await target.remove(nameAt(1));
      await target.close();
    } finally {
      await proxy.close();
    }
  });

  it('give up on a host that hangs', async () => {
    const proxy = await openTcpProxy(server.port);
    try {
      const target = open({ port: proxy.port }, 600);
      const onBytes = (bytes: number) => bytes > 1_000_000 && proxy.hold();
      expect(await faultOf(target.put(nameAt(1), endless(), { onBytes }))).to.be.oneOf(['stalled', 'vanished']);
      await target.close();
    } finally {
      await proxy.close();
    }
    await ended(open(), async (target) => {
      expect(await target.list()).to.deep.equal([]);
      await target.removeLeftovers(Date.now() + 60_000);
    });
  });

  it('say that the disk there is full', async function () {
    const unmount = mountSmallDisk(this, path.join(server.folder, 'small'));
    const target = open({ path: path.join(server.folder, 'small') });
    try {
      expect(await faultOf(target.put(nameAt(1), endless()))).to.equal('full');
      expect(await target.list()).to.deep.equal([]);
      expect(await target.leftovers()).to.deep.equal([]);
    } finally {
      await target.close();
      unmount();
    }
  });

  // After the suites above: the key stays changed.
  describe('when the host has another key', () => {
    it('are not sent', async () => {
      await server.changeHostKey();
      expect(await testFault({})).to.equal('hostKeyChanged');
      expect(await testFault({ hostKey: undefined })).to.equal('hostKeyChanged');
    });
  });
});
