import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { type CertificateContext, certificateChecks, describeReport, runChecks } from '../../../../src/platform/checks';
import type { TlsConfig } from '../../../../src/platform/config';
import { createTranslator } from '../../../../src/platform/i18n';
import { resourcePath } from '../../../../src/platform/resources';
import { isPubliclyTrusted, readChain, sendsHsts } from '../../../../src/platform/tls';
import { certificateFolders } from '../../../support/certificates';

const DAY_MS = 86_400_000;
const names = { dns: ['localhost'], addresses: ['127.0.0.1'] };

describe('checks of the certificate', function () {
  this.timeout(20_000);
  const { folder, make } = certificateFolders();

  const given = (at: string): TlsConfig => ({
    mode: 'given',
    certFile: path.join(at, 'server.crt'),
    keyFile: path.join(at, 'server.key'),
    folder: at,
    names: [],
  });
  const own = (at: string): TlsConfig => ({ ...given(at), mode: 'own' });
  const contextOf = (tls: TlsConfig | undefined, more: Partial<CertificateContext> = {}): CertificateContext => ({
    tls,
    host: '0.0.0.0',
    names,
    now: Date.now(),
    ...more,
  });
  const translate = createTranslator({
    folder: resourcePath('locales'),
    onMissing: (_locale, key) => {
      throw new Error(`no text for ${key}`);
    },
  });
  const statuses = async (context: CertificateContext, fix = false): Promise<Record<string, string>> => {
    const report = await runChecks(certificateChecks, context, { fix });
    // Every text that is shown exists.
    describeReport(report, translate('zh-CN'));
    describeReport(report, translate('en'));
    return Object.fromEntries(report.checks.map(({ id, status }) => [id.replace('certificates.', ''), status]));
  };
  const allOk = { https: 'ok', key: 'ok', expiry: 'ok', names: 'ok', permissions: 'ok' };

  it('find nothing to say about a fresh own certificate', async () => {
    const at = folder();
    await make(at);
    expect(await statuses(contextOf(own(at)))).to.deep.equal(allOk);
  });

  it('warn without HTTPS in the network, and not on this machine alone or behind a proxy', async () => {
    const off = { key: 'skipped', expiry: 'skipped', names: 'skipped', permissions: 'skipped' };
    expect(await statuses(contextOf(undefined))).to.deep.equal({ https: 'warn', ...off });
    expect(await statuses(contextOf(undefined, { host: '127.0.0.1' }))).to.deep.equal({ https: 'ok', ...off });
    const behindProxy = contextOf(undefined, { publicUrl: 'https://erp.example.com' });
    expect(await statuses(behindProxy)).to.deep.equal({ https: 'ok', ...off });
  });

  it('see the end coming, the end, and a clock that is wrong', async () => {
    const at = folder();
    const made = await make(at);
    const end = readChain(readFileSync(made.certFile, 'utf8'))[0].validToDate.getTime();
    const expiry = async (now: number) => (await statuses(contextOf(given(at), { now })))['expiry'];
    expect(await expiry(end - 31 * DAY_MS)).to.equal('ok');
    expect(await expiry(end - 29 * DAY_MS)).to.equal('warn');
    expect(await expiry(end + DAY_MS)).to.equal('fail');
    expect(await expiry(end - 900 * DAY_MS)).to.equal('fail');
  });

  it('warn a year before the own authority ends', async () => {
    const at = folder();
    const made = await make(at);
    const end = readChain(readFileSync(made.authorityFile, 'utf8'))[0].validToDate.getTime();
    await make(at, { now: end - 400 * DAY_MS });
    const expiry = async (now: number) => (await statuses(contextOf(own(at), { now })))['expiry'];
    expect(await expiry(end - 370 * DAY_MS)).to.equal('ok');
    expect(await expiry(end - 360 * DAY_MS)).to.equal('warn');
  });

  it('fail when the public name is not on it, and warn for another name of the machine', async () => {
    const at = folder();
    await make(at);
    const publicUrl = 'https://erp.example.com';
    expect((await statuses(contextOf(given(at), { publicUrl })))['names']).to.equal('fail');
    const moved = { dns: ['localhost'], addresses: ['10.0.0.8'] };
    expect((await statuses(contextOf(own(at), { names: moved })))['names']).to.equal('warn');
    expect((await statuses(contextOf(given(at), { names: moved })))['names']).to.equal('ok');
  });

  it('find a key of another pair and a missing file; the own one is mended by --fix', async () => {
    const [at, other] = [folder(), folder()];
    await make(at);
    const stranger = await make(other);
    writeFileSync(path.join(at, 'server.key'), readFileSync(stranger.keyFile));
    expect((await statuses(contextOf(given(at))))['key']).to.equal('fail');
    expect(await statuses(contextOf(own(at)), true)).to.deep.equal(allOk);
    rmSync(path.join(at, 'server.key'));
    expect((await statuses(contextOf(given(at))))['key']).to.equal('fail');
  });

  it('find key files that everybody may read and take the right back', async () => {
    const at = folder();
    const made = await make(at);
    chmodSync(made.authorityKeyFile, 0o644);
    expect((await statuses(contextOf(own(at))))['permissions']).to.equal('fail');
    expect(await statuses(contextOf(own(at)), true)).to.deep.equal(allOk);
    expect(statSync(made.authorityKeyFile).mode & 0o777).to.equal(0o640);
  });

  it('browsers are told to insist on HTTPS only with a certificate that all of them believe', async () => {
    const at = folder();
    await make(at);
    const server = { host: '0.0.0.0', port: 8443, trustProxy: false };
    expect(sendsHsts({ ...server, tls: own(at) })).to.equal(false);
    expect(sendsHsts({ ...server, tls: given(at) })).to.equal(false);
    expect(sendsHsts(server)).to.equal(false);
    expect(sendsHsts({ ...server, publicUrl: 'https://erp.example.com' })).to.equal(true);
    const tls = await import('node:tls');
    expect(isPubliclyTrusted(readChain(tls.rootCertificates[0] ?? ''))).to.equal(true);
  });
});
