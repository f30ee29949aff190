import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openTarget } from '../../../src/platform/backup-targets';
import type { BackupTargetConfig } from '../../../src/platform/config';
import { type S3Server, startS3Server } from '../../support/s3-server';
import { bodyOf, nameAt, targetContract } from '../../support/target-contract';
import { faultOf } from '../../support/target-faults';
import { freePort, openTcpProxy } from '../../support/tcp-proxy';

type S3Config = Extract<BackupTargetConfig, { kind: 's3' }>;
const PART = 16 * 1024 * 1024;

describe('backups in S3', () => {
  let server: S3Server;
  before(async () => (server = await startS3Server()));
  after(() => server?.close());
  afterEach(() => {
    server.objects.clear();
    Object.assign(server, { busy: 0, quotaBytes: Number.MAX_SAFE_INTEGER, clockErrorMs: 0 });
  });

  const open = (change: Partial<S3Config> = {}, { port = server.port, stallMs = 30_000 } = {}) => {
    const { bucket, accessKeyId, secretAccessKey } = server;
    const keys = { accessKeyId, secretAccessKey, region: 'cn-north-1', bucket };
    const base = { id: 'cloud', kind: 's3' as const, endpoint: `http://127.0.0.1:${port}`, pathStyle: true };
    return openTarget({ ...base, ...keys, prefix: 'nanjing/一店/', ...change }, { dataDir: '/nowhere', stallMs });
  };
  const testFault = (change: Partial<S3Config>) => faultOf(open(change).test());
  const zeros = () =>
    Readable.from(
      (function* () {
        for (let piece = 0; piece < 400; piece++) yield Buffer.alloc(65_536);
      })(),
    );

  describe('as every target', () => targetContract(() => Promise.resolve(open())));

  it('lie below the prefix, and nothing else there is taken for one', async () => {
    await open().put(nameAt(1), bodyOf(randomBytes(10)));
    expect([...server.objects.keys()]).to.deep.equal([`nanjing/一店/${nameAt(1)}`]);
    server.objects.set(`nanjing/一店/phone-erp-notes.txt`, { content: Buffer.alloc(1), at: 0 });
    server.objects.set(nameAt(2), { content: Buffer.alloc(1), at: 0 });
    expect((await open().list()).map(({ name }) => name)).to.deep.equal([nameAt(1)]);
    expect(await open({ prefix: undefined }).list()).to.have.length(1);
  });

  it('of exactly one part, and of one byte more, come back whole', async () => {
    for (const bytes of [PART, PART + 1]) {
      const content = randomBytes(bytes);
      await open().put(nameAt(1), bodyOf(content));
      expect(await buffer(await open().get(nameAt(1)))).to.satisfy((read: Buffer) => read.equals(content));
    }
  });

  it('try again when the server is busy, and say so when it stays so', async () => {
    server.busy = 2;
    await open().put(nameAt(1), bodyOf(randomBytes(10)));
    server.busy = 3;
    expect(await faultOf(open().list())).to.equal('refused');
  });

  it('say what is wrong with keys, bucket, clock, host and port', async () => {
    expect(await testFault({ secretAccessKey: 'wrong' })).to.equal('password');
    expect(await testFault({ accessKeyId: 'AKIAOTHER' })).to.equal('password');
    expect(await testFault({ bucket: 'another-bucket' })).to.equal('noBucket');
    expect(await testFault({ endpoint: 'http://no-such-host.invalid' })).to.equal('hostUnknown');
    expect(await testFault({ endpoint: `http://127.0.0.1:${await freePort()}` })).to.equal('unreachable');
    server.clockErrorMs = 3_600_000;
    expect(await testFault({})).to.equal('clock');
  });

  it('put the bucket before the host unless path style is asked for', async () => {
    // *.localhost need not be known to the name service; that the name was asked for is enough.
    const fault: unknown = await open({ pathStyle: false, endpoint: 'http://no-such-host.invalid' })
      .list()
      .catch((error: unknown) => error);
    expect((fault as { details: { detail: string } }).details.detail).to.contain('shop-backup.no-such-host.invalid');
  });

  it('say that the bucket is full, in one piece, in parts, and when it is told only at the end', async () => {
    server.quotaBytes = 1000;
    expect(await faultOf(open().put(nameAt(1), bodyOf(randomBytes(2000))))).to.equal('full');
    expect(await faultOf(open().put(nameAt(1), zeros()))).to.equal('full');
    server.quotaBytes = PART + 1000;
    expect(await faultOf(open().put(nameAt(1), zeros()))).to.equal('full');
    expect(server.objects.size).to.equal(0);
    expect(await open().leftovers()).to.deep.equal([]);
  });

  it('end with the line, and the next run cleans up', async () => {
    const proxy = await openTcpProxy(server.port);
    const target = open({}, { port: proxy.port });
    try {
      // From now on every connection is cut.
      const cutting = (bytes: number) => bytes > PART + 1_000_000 && proxy.cut();
      expect(await faultOf(target.put(nameAt(1), zeros(), { onBytes: cutting }))).to.equal('vanished');
      expect(await open().list()).to.deep.equal([]);
      await open().removeLeftovers(Date.now() + 60_000);
      expect(await open().leftovers()).to.deep.equal([]);
    } finally {
      await target.close();
      await proxy.close();
    }
  });

  it('give up on a server that hangs', async () => {
    const proxy = await openTcpProxy(server.port);
    const target = open({}, { port: proxy.port, stallMs: 500 });
    try {
      const hold = (bytes: number) => bytes > PART + 1_000_000 && proxy.hold();
      expect(await faultOf(target.put(nameAt(1), zeros(), { onBytes: hold }))).to.equal('stalled');
      expect(await open().list()).to.deep.equal([]);
    } finally {
      await target.close();
      await proxy.close();
    }
  });
});
