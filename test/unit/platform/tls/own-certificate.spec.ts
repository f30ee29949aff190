import type { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { silentLogger } from '../../../../src/platform/logging';
import {
  covers,
  daysLeft,
  keyFits,
  machineNames,
  namesOf,
  openLiveCertificate,
  readChain,
} from '../../../../src/platform/tls';
import { issueServerCertificate } from '../../../../src/platform/tls/issue';
import { isPrivateAddress } from '../../../../src/platform/tls/name-constraints';
import { certificateFolders } from '../../../support/certificates';

const DAY_MS = 86_400_000;
const read = (file: string): string => readFileSync(file, 'utf8');
const certificateIn = (file: string): X509Certificate => readChain(read(file))[0];

describe('own certificate', function () {
  this.timeout(20_000);
  const { folder, make } = certificateFolders();

  it('is signed by an own authority, for the names asked for, in files of the owner alone', async () => {
    const made = await make(folder(), {
      names: { dns: ['erp.shop.example', 'localhost'], addresses: ['192.168.1.10', '::1'] },
    });
    expect(made).to.include({ authorityMade: true, certificateMade: true });
    const [authority, server] = [certificateIn(made.authorityFile), certificateIn(made.certFile)];
    expect(authority.ca).to.equal(true);
    expect(server.ca).to.equal(false);
    expect(server.checkIssued(authority) && server.verify(authority.publicKey)).to.equal(true);
    expect(keyFits(server, read(made.keyFile))).to.equal(true);
    expect(namesOf(server)).to.include.members(['erp.shop.example', 'localhost', '192.168.1.10']);
    expect(covers(server, '::1')).to.equal(true);
    expect(covers(server, 'other.example')).to.equal(false);
    for (const file of [made.authorityFile, made.authorityKeyFile, made.certFile, made.keyFile])
      expect(statSync(file).mode & 0o777, file).to.equal(0o600);
  });

  it('is valid for at most 825 days, and never longer than its authority', async () => {
    const now = Date.UTC(2026, 10, 22);
    const at = folder();
    const made = await make(at, { now });
    const server = certificateIn(made.certFile);
    expect((server.validToDate.getTime() - server.validFromDate.getTime()) / DAY_MS).to.equal(825);
    const late = certificateIn(made.authorityFile).validToDate.getTime() - 100 * DAY_MS;
    const renewed = await make(at, { now: late });
    expect(renewed).to.include({ authorityMade: false, certificateMade: true });
    expect(certificateIn(made.certFile).validTo).to.equal(certificateIn(made.authorityFile).validTo);
    expect(await make(at, { now: late + 80 * DAY_MS })).to.include({ certificateMade: false });
  });

  it('is left alone while it fits, and renewed thirty days before its end under the same authority', async () => {
    const now = Date.UTC(2026, 10, 22);
    const at = folder();
    const made = await make(at, { now });
    const [authority, first] = [read(made.authorityFile), read(made.certFile)];
    expect(await make(at, { now: now + 700 * DAY_MS })).to.include({ authorityMade: false, certificateMade: false });
    expect(await make(at, { now: now + 796 * DAY_MS })).to.include({ authorityMade: false, certificateMade: true });
    expect(read(made.authorityFile)).to.equal(authority);
    expect(read(made.certFile)).not.to.equal(first);
    expect(daysLeft(certificateIn(made.certFile), now + 796 * DAY_MS)).to.equal(824);
  });

  it('is renewed for a new private address, and leaves out a public name the authority may not vouch for', async () => {
    const at = folder();
    const made = await make(at);
    const names = { dns: ['localhost', 'erp.shop.lan', 'bank.example'], addresses: ['10.1.2.3', '203.0.113.9'] };
    const again = await make(at, { names });
    expect(again.leftOut).to.deep.equal(['bank.example', '203.0.113.9']);
    expect(namesOf(certificateIn(made.certFile))).to.deep.equal(['localhost', 'erp.shop.lan', '10.1.2.3']);
    const anew = await make(at, { names, newAuthority: true });
    expect(anew).to.include({ authorityMade: true }).and.to.have.deep.property('leftOut', []);
    expect(covers(certificateIn(made.certFile), 'bank.example')).to.equal(true);
  });

  it('is made again when a file is damaged, missing or of another pair', async () => {
    const at = folder();
    const made = await make(at);
    const authority = read(made.authorityFile);
    writeFileSync(made.certFile, 'nothing');
    expect(await make(at)).to.include({ authorityMade: false, certificateMade: true });
    const other = await make(folder());
    writeFileSync(made.keyFile, read(other.keyFile));
    expect(await make(at)).to.include({ authorityMade: false, certificateMade: true });
    expect(read(made.authorityFile)).to.equal(authority);
    writeFileSync(made.authorityKeyFile, read(other.authorityKeyFile));
    expect(await make(at)).to.include({ authorityMade: true, certificateMade: true });
    chmodSync(made.keyFile, 0o600);
  });

  it('cannot vouch for a public name even with the key of the authority: clients refuse it', async () => {
    const made = await make(folder());
    const authority = { cert: read(made.authorityFile), key: read(made.authorityKeyFile) };
    const names = { dns: ['bank.example'], addresses: ['127.0.0.1'] };
    const forged = await issueServerCertificate(authority, names, Date.now());
    expect(await handshake(forged, authority.cert, 'bank.example')).to.equal('permitted subtree violation');
    const honest = { cert: read(made.certFile), key: read(made.keyFile) };
    expect(await handshake(honest, authority.cert, 'localhost')).to.equal('accepted');
  });
});

/** Connects as a till that trusts the authority: 'accepted', or why it refuses. */
async function handshake(pair: { cert: string; key: string }, ca: string, servername: string): Promise<string> {
  const server = createServer(pair, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', ca, servername }, () => resolve('accepted'));
      socket.on('error', (error) => resolve(error.message));
      socket.on('close', () => socket.destroy());
    });
  } finally {
    server.close();
  }
}

describe('certificate of a running server', function () {
  this.timeout(20_000);
  const { folder, make } = certificateFolders();

  it('follows the given files, and stays with the old one while they do not belong together', async () => {
    const [at, other] = [folder(), folder()];
    const first = await make(at);
    const second = await make(other);
    const served: string[] = [];
    const tls = { mode: 'given' as const, certFile: first.certFile, keyFile: first.keyFile, folder: at, names: [] };
    const onChange = ({ cert }: { cert: string }): void => void served.push(cert);
    const live = await openLiveCertificate(tls, { log: silentLogger(), onChange });
    try {
      const old = live.current();
      expect(await live.refresh()).to.equal(false);
      // The company's tool writes one file, then the other.
      writeFileSync(first.certFile, read(second.certFile));
      expect(await live.refresh()).to.equal(false);
      expect(live.current()).to.deep.equal(old);
      writeFileSync(first.keyFile, read(second.keyFile));
      expect(await live.refresh()).to.equal(true);
      expect(served).to.deep.equal([read(second.certFile)]);
    } finally {
      live.stop();
    }
  });

  it('is refused at the start when key and certificate do not belong together', async () => {
    const [first, second] = [await make(folder()), await make(folder())];
    const tls = { mode: 'given' as const, certFile: first.certFile, keyFile: second.keyFile, folder: '', names: [] };
    const opened = openLiveCertificate(tls, { log: silentLogger(), onChange: () => undefined });
    expect(
      await opened.then(
        () => '',
        (error: Error) => error.message,
      ),
    ).to.contain('does not belong to');
  });
});

describe('names of the machine', () => {
  const inet = (address: string, internal = false): never =>
    ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as never;

  it('holds configured names, the host and its addresses, each once, and no address of one cable', () => {
    const names = machineNames({
      names: ['ERP.example.com', '192.168.1.10'],
      publicUrl: 'https://erp.example.com:8443',
      hostname: 'shop-1',
      interfaces: { lo: [inet('127.0.0.1', true)], eth0: [inet('192.168.1.10'), inet('fe80::1'), inet('169.254.3.3')] },
    });
    expect(names.dns).to.deep.equal(['erp.example.com', 'shop-1', 'localhost']);
    expect(names.addresses).to.deep.equal(['192.168.1.10', '127.0.0.1', '::1']);
  });

  it('leaves out a host name that no browser can visit', () => {
    expect(machineNames({ hostname: 'POS_1 店', interfaces: {} }).dns).to.deep.equal(['localhost']);
  });

  it('knows private addresses', () => {
    for (const address of ['10.9.8.7', '172.31.255.1', '192.168.0.1', '127.0.0.1', '::1', 'fd12:3456::1', 'fe80::9'])
      expect(isPrivateAddress(address), address).to.equal(true);
    for (const address of ['11.0.0.1', '172.32.0.1', '192.169.0.1', '8.8.8.8', '2001:db8::1', '::2'])
      expect(isPrivateAddress(address), address).to.equal(false);
  });
});
