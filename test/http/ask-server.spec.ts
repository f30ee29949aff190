import { expect } from 'chai';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import { examine } from '../../src/app/checks';
import { openProduct } from '../../src/app/product';
import { runServer } from '../../src/app/run-server';
import { answersAsPhoneErp, askServer } from '../../src/app/ask-server';
import { type Config, loadConfig } from '../../src/platform/config';
import { silentLogger } from '../../src/platform/logging';
import { certificateFolders } from '../support/certificates';

describe('a command that asks the server', function () {
  this.timeout(60_000);
  const { folder, make } = certificateFolders();
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return (server.address() as AddressInfo).port;
  }

  const secureConfig = (dataDir: string, host: string, port: number): Config =>
    loadConfig({
      env: {
        ERP_DATA_DIR: dataDir,
        ERP_SERVER_HOST: host,
        ERP_SERVER_PORT: String(port),
        ERP_SERVER_TLS_MODE: 'own',
      },
    });

  const says =
    (body: string): RequestListener =>
    (_request, response) =>
      void response.setHeader('content-type', 'application/json').end(body);

  it('reaches its own HTTPS with the self-made certificate, and the doctor finds the port its own', async () => {
    const dataDir = folder();
    const config = secureConfig(dataDir, '0.0.0.0', 0);
    const product = await openProduct(config, silentLogger());
    const running = await runServer(product.app, config, silentLogger());
    try {
      const { server } = secureConfig(dataDir, '0.0.0.0', running.port);
      expect(await answersAsPhoneErp(server)).to.equal(true);
      expect((await askServer(server, '/readyz')).status).to.equal(200);
      const report = await examine({ ...config, server }, { isOurs: () => answersAsPhoneErp(server) });
      const port = report.checks.find(({ id }) => id === 'network.port');
      expect([port?.status, port?.found.key]).to.deep.equal(['ok', 'checks:network.port.own']);
    } finally {
      await running.stop();
      await product.close();
    }
  });

  it('takes nobody else for it: another certificate, another product, nobody at all', async () => {
    const dataDir = folder();
    await make(path.join(dataDir, 'tls'));
    const strangers = folder();
    await make(strangers);
    const pair = { cert: readFileSync(`${strangers}/server.crt`), key: readFileSync(`${strangers}/server.key`) };
    const ours = '{"ok":true,"product":"phone-erp"}';
    const stranger = await listen(createServer(pair, says(ours)));
    expect(await answersAsPhoneErp(secureConfig(dataDir, '127.0.0.1', stranger).server)).to.equal(false);

    const plainConfig = (port: number) =>
      loadConfig({ env: { ERP_SERVER_HOST: '127.0.0.1', ERP_SERVER_PORT: String(port) } }).server;
    const other = await listen(createHttpServer(says('{"ok":true}')));
    expect(await answersAsPhoneErp(plainConfig(other))).to.equal(false);
    const same = await listen(createHttpServer(says(ours)));
    expect(await answersAsPhoneErp(plainConfig(same))).to.equal(true);
    // A certificate that is not on the disk is none to compare with.
    expect(await answersAsPhoneErp(secureConfig(folder(), '127.0.0.1', stranger).server)).to.equal(false);
  });
});
