import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { openTarget } from '../../../src/platform/backup-targets';
import { answerChallenge, readChallenge } from '../../../src/platform/backup-targets/http-auth';
import type { BackupTargetConfig } from '../../../src/platform/config';
import { ensureOwnCertificate } from '../../../src/platform/tls';
import { startRcloneWebdav } from '../../support/rclone';
import { findProgram, skipUnlessOutside } from '../../support/skip';
import { bodyOf, nameAt, targetContract } from '../../support/target-contract';
import { faultOf } from '../../support/target-faults';
import { freePort, openTcpProxy } from '../../support/tcp-proxy';
import { startWebdavServer, type WebdavServer } from '../../support/webdav-server';

type WebdavConfig = Extract<BackupTargetConfig, { kind: 'webdav' }>;

const openAt = (url: string, change: Partial<WebdavConfig>, stallMs = 30_000) =>
  openTarget({ id: 'nas', kind: 'webdav', url, ...change }, { dataDir: '/nowhere', stallMs });
const zeros = () =>
  Readable.from(
    (function* () {
      for (let piece = 0; piece < 400; piece++) yield Buffer.alloc(65_536);
    })(),
  );

describe('backups over WebDAV', () => {
  for (const scheme of ['basic', 'digest'] as const)
    describe(`with ${scheme} authentication`, () => {
      let server: WebdavServer;
      before(async () => (server = await startWebdavServer({ scheme })));
      after(() => server?.close());
      const { open } = openerOf(() => server);

      targetContract(() => Promise.resolve(open()));
    });

  describe('on a server that goes wrong', () => {
    let server: WebdavServer;
    beforeEach(async () => (server = await startWebdavServer({ scheme: 'digest' })));
    afterEach(() => server.close());
    const { open } = openerOf(() => server);
    const testFault = (change: Partial<WebdavConfig>) => faultOf(open(change).test());

    it('make the folders they need', async () => {
      await open().put(nameAt(1), bodyOf(randomBytes(10)));
      expect([...server.files.keys()]).to.deep.equal([`/dav/商店 1/${nameAt(1)}`]);
    });

    it('sign in again when the server has forgotten them', async () => {
      server.nonceUses = 3;
      const target = open();
      for (const second of [1, 2, 3]) await target.put(nameAt(second), bodyOf(randomBytes(10))).catch(() => undefined);
      expect(await target.list()).to.have.length.greaterThan(0);
    });

    it('tell their length where it is wanted', async () => {
      server.wantsLength = true;
      await open().put(nameAt(1), bodyOf(randomBytes(10)), { bytes: 10 });
      expect(await faultOf(open().put(nameAt(2), bodyOf(randomBytes(10))))).to.equal('refused');
      expect(await open().leftovers()).to.deep.equal([]);
    });

    it('say what is wrong with user, password, host and port', async () => {
      expect(await testFault({ password: 'wrong' })).to.equal('password');
      expect(await testFault({ user: undefined, password: undefined })).to.equal('password');
      expect(await testFault({ url: 'http://no-such-host.invalid/' })).to.equal('hostUnknown');
      expect(await testFault({ url: `http://127.0.0.1:${await freePort()}/` })).to.equal('unreachable');
      expect(await testFault({ url: `https://127.0.0.1:${server.port}/` })).to.equal('refused');
    });

    it('say that the disk there is full, and nothing of them stays', async () => {
      server.quotaBytes = 1_000_000;
      expect(await faultOf(open().put(nameAt(1), zeros()))).to.equal('full');
      expect([...server.files.keys()]).to.deep.equal([]);
    });

    it('end with the line, and the next run cleans up', async () => {
      const proxy = await openTcpProxy(server.port);
      const target = open({ url: `http://127.0.0.1:${proxy.port}/dav` });
      try {
        const cut = (bytes: number) => bytes > 1_000_000 && proxy.cut();
        expect(await faultOf(target.put(nameAt(1), zeros(), { onBytes: cut }))).to.equal('vanished');
        expect(await target.list()).to.deep.equal([]);
        await target.removeLeftovers(Date.now() + 60_000);
        expect([...server.files.keys()]).to.deep.equal([]);
      } finally {
        await target.close();
        await proxy.close();
      }
    });

    it('give up on a server that hangs', async () => {
      const proxy = await openTcpProxy(server.port);
      const target = open({ url: `http://127.0.0.1:${proxy.port}/dav` }, 500);
      try {
        const hold = (bytes: number) => bytes > 1_000_000 && proxy.hold();
        expect(await faultOf(target.put(nameAt(1), zeros(), { onBytes: hold }))).to.equal('stalled');
      } finally {
        await target.close();
        await proxy.close();
      }
      expect(await open().list()).to.deep.equal([]);
    });
  });

  describe('over HTTPS', () => {
    let server: WebdavServer;
    let folder: string;
    let caFile: string;
    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'erp-webdav-'));
      await ensureOwnCertificate(folder, { names: { dns: ['localhost'], addresses: ['127.0.0.1'] } });
      const [key, cert] = ['server.key', 'server.crt'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
      caFile = path.join(folder, 'authority.crt');
      server = await startWebdavServer({ scheme: 'basic', tls: { key: key ?? '', cert: cert ?? '' } });
    });
    after(async () => {
      await server?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const { open } = openerOf(() => server);

    it('trust the authority that is named, and no other', async () => {
      const url = `https://127.0.0.1:${server.port}/dav`;
      await open({ url, caFile }).test();
      expect(await faultOf(open({ url }).test())).to.equal('certificate');
      expect(await faultOf(open({ url, caFile: `${caFile}.none` }).test())).to.equal('certificate');
    });
  });

  describe('on rclone', () => {
    let server: Awaited<ReturnType<typeof startRcloneWebdav>>;
    before(async function () {
      skipUnlessOutside(this, findProgram('rclone'), 'rclone is not installed (another WebDAV server to try)');
      server = await startRcloneWebdav();
    });
    after(() => server?.stop());

    targetContract(() =>
      Promise.resolve(openAt(`${server.url}/shop`, { user: server.user, password: server.password })),
    );
  });

  it('answer a challenge as RFC 7616 shows', () => {
    for (const [algorithm, response] of [
      ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
      ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ]) {
      const challenge = readChallenge(
        `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
          'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
      );
      const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
      const login = { user: 'Mufasa', password: 'Circle of Life' };
      const header =
        challenge && answerChallenge(challenge, login, { method: 'GET', path: '/dir/index.html', count: 1, cnonce });
      expect(header).to.contain(`response="${response}"`).and.contain('nc=00000001');
    }
    expect(readChallenge('Negotiate, Basic realm="x"')).to.deep.equal({ scheme: 'basic' });
    expect(readChallenge('Bearer')).to.equal(undefined);
  });
});

function openerOf(server: () => WebdavServer) {
  return {
    open: (change: Partial<WebdavConfig> = {}, stallMs?: number) => {
      const { port, user, password } = server();
      const { url = `http://127.0.0.1:${port}/dav/%E5%95%86%E5%BA%97%201`, ...others } = change;
      return openAt(url, { user, password, ...others }, stallMs);
    },
  };
}
