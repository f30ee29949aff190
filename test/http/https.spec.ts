import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { type RunningServer, runServer } from '../../src/app/run-server';
import { openProduct, type Product } from '../../src/app/product';
import { type Config, loadConfig } from '../../src/platform/config';
import { silentLogger } from '../../src/platform/logging';
import { ensureOwnCertificate, machineNames } from '../../src/platform/tls';
import { freePort } from '../support/free-port';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** SHA-256 fingerprint that the server showed. */
  shown?: string;
}

describe('HTTPS', function () {
  this.timeout(60_000);
  let folder: string;
  let config: Config;
  let product: Product;
  let server: RunningServer;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-https-'));
    config = loadConfig({
      env: {
        ERP_DATA_DIR: folder,
        ERP_SERVER_PORT: '0',
        ERP_SERVER_TLS_MODE: 'own',
        ERP_SERVER_TLS_NAMES: 'erp.shop.lan',
        ERP_SERVER_TLS_REDIRECT_PORT: String(await freePort()),
      },
    });
    product = await openProduct(config, silentLogger());
    server = await runServer(product.app, config, silentLogger());
  });
  after(async () => {
    await server.stop();
    await product.close();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string): string => readFileSync(path.join(folder, 'tls', name), 'utf8');
  const secure = (target: string, servername = 'localhost', headers = {}) =>
    ask(https.request, `https://127.0.0.1:${server.port}${target}`, {
      ca: file('authority.crt'),
      servername,
      agent: false,
      headers,
    });
  const plain = (target: string, options: http.RequestOptions = {}) =>
    ask(http.request, `http://127.0.0.1:${server.redirectPort}${target}`, { agent: false, ...options });

  it('is served with a certificate that clients of the own authority accept, without HSTS', async () => {
    const answer = await secure('/sign-in');
    expect(answer.status).to.equal(200);
    expect(answer.headers).not.to.have.property('strict-transport-security');
    expect((await secure('/healthz', 'erp.shop.lan')).status).to.equal(200);
    expect(server.url).to.match(/^https:/);
  });

  it('leads plain HTTP on under the name that was asked for, and refuses forms and odd hosts', async () => {
    const led = await plain('/sales?x=1', { headers: { host: `erp.shop.lan:${server.redirectPort}` } });
    expect([led.status, led.headers.location]).to.deep.equal([308, `https://erp.shop.lan:${server.port}/sales?x=1`]);
    const v6 = await plain('/', { headers: { host: '[fd00::1]:80' } });
    expect(v6.headers.location).to.equal(`https://[fd00::1]:${server.port}/`);
    expect((await plain('/sign-in', { method: 'POST' })).status).to.equal(403);
    for (const host of ['a/b', 'a@b', 'a b']) {
      const odd = await plain('/', { headers: { host } });
      expect([odd.status, odd.headers.location], host).to.deep.equal([400, undefined]);
    }
    expect((await plain('//elsewhere.example/x')).headers.location).to.equal(
      `https://127.0.0.1:${server.port}//elsewhere.example/x`,
    );
  });

  it('offers the authority by plain HTTP, with its fingerprint and a way for each system, in both languages', async () => {
    const { fingerprint256 } = new X509Certificate(file('authority.crt'));
    // It may be broken across lines after each pair.
    const read = ({ body }: Answer): string => String(body).replaceAll('<wbr>', '');
    const chinese = read(await plain('/certificate'));
    expect(chinese).to.contain(fingerprint256).and.contain('下载证书文件').and.contain('certutil -addstore');
    const english = read(await plain('/certificate?lang=en'));
    expect(english)
      .to.contain('<html lang="en"')
      .and.contain('Phone Retail ERP')
      .and.contain('/certificate?lang=zh-CN');
    expect(english).not.to.contain('<form');
    for (const word of ['Windows', 'Android', 'iPhone and iPad', 'Mac', fingerprint256])
      expect(english).to.contain(word);
    const onTelephone = String((await plain('/certificate', { headers: { 'user-agent': 'Linux; Android 15' } })).body);
    expect(onTelephone.split('<details').find((part) => part.includes('安卓'))).to.match(/^ class="fold" open/);
    const { status, headers, body } = await plain('/certificate/authority.crt');
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('application/x-x509-ca-cert');
    expect(new X509Certificate(body).fingerprint256).to.equal(fingerprint256);
    expect(read(await secure('/certificate'))).to.contain(fingerprint256);
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(chinese)?.[1] ?? '';
    expect((await plain(style)).status).to.equal(200);
  });

  it('never gives the keys away', async () => {
    for (const target of ['/certificate/authority.key', '/certificate/server.key', '/certificate/../tls/server.key'])
      expect((await secure(target)).status, target).to.equal(404);
  });

  it('takes up a renewed certificate without a restart', async () => {
    const before = (await secure('/healthz')).shown;
    expect(await server.certificate?.refresh()).to.equal(false);
    const tls = config.server.tls;
    await ensureOwnCertificate(tls?.folder ?? '', { names: machineNames({ names: tls?.names }), renew: true });
    expect(await server.certificate?.refresh()).to.equal(true);
    const after = (await secure('/healthz')).shown;
    expect(after).not.to.equal(before);
    expect(after).to.equal(new X509Certificate(file('server.crt')).fingerprint256);
  });
});

function ask(
  request: typeof http.request | typeof https.request,
  url: string,
  options: https.RequestOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // A path as it is given: fetch and URL would tidy it up.
    const { protocol, hostname, port } = new URL(url);
    const asked = request(
      { protocol, hostname, port, path: url.replace(/^https?:\/\/[^/]+/, ''), ...options },
      (response) => {
        const parts: Buffer[] = [];
        const socket = response.socket as { getPeerCertificate?: () => { fingerprint256: string } };
        const shown = socket.getPeerCertificate?.().fingerprint256;
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts),
            ...(shown === undefined ? {} : { shown }),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}
