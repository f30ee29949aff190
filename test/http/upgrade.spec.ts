import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { programUpgrade } from '../../src/app/maintenance';
import { version } from '../../src/platform/version';
import { type TestApp, testApps } from '../support/http';

const PAGE = '/settings/upgrade';

describe('the pages of upgrades', () => {
  const start = testApps();
  /** As the setup leaves it, with a program that does nothing. */
  const installed = async (): Promise<{ app: TestApp; folder: string }> => {
    const found = { folder: '' };
    const app = await start({
      installation: (dataDir) => {
        found.folder = path.join(dataDir, 'app');
        const place = path.join(found.folder, 'current');
        mkdirSync(place, { recursive: true });
        mkdirSync(path.join(found.folder, 'versions'));
        writeFileSync(path.join(place, 'phone-erp'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
        return path.join(found.folder, 'config.yaml');
      },
    });
    return { app, folder: found.folder };
  };

  it('say so where there is nothing to upgrade', async () => {
    const app = await start();
    const page = (await app.get(PAGE).expect(200)).text;
    expect(page).to.include('这里没有可以升级的安装').and.not.include('name="file"');
    expect((await app.post(`${PAGE}/runs`, { file: '/tmp/x' })).status).to.equal(404);
    expect((await app.get(`${PAGE}/progress`).expect(200)).body).to.include({ state: 'finished' });
  });

  it('take a package with its lists into a folder that nobody else reads, and fill it in', async () => {
    const { app } = await installed();
    const sent = await app.upload(`${PAGE}/packages`, [
      { field: 'files', name: 'phone-erp-9.9.9-linux-x64', content: 'program' },
      { field: 'files', name: 'CHECKSUMS.sha256', content: 'sum  file\n' },
      { field: 'files', name: 'CHECKSUMS.sha256.sig', content: 'c2ln\n' },
    ]);
    expect(sent.status).to.equal(303);
    const folder = path.join(app.services.config.dataDir, 'upgrade', 'incoming');
    expect(readdirSync(folder)).to.eql(['package']);
    const file = path.join(folder, 'package', 'phone-erp-9.9.9-linux-x64');
    expect(existsSync(file)).to.equal(true);
    expect((await app.get(PAGE)).text).to.include(`value="${file}"`);
    const typed = await app.post(`${PAGE}/runs`, { file: 'relative' });
    expect(typed.status).to.equal(422);
    expect(typed.text).to.include('value="relative"').and.include('完整路径');
  });

  it('are for who has the right', async () => {
    const { app } = await installed();
    const clerk = await app.as({ permissions: ['sales.till.use'] });
    await clerk.get(PAGE).expect(403);
    await clerk.get(`${PAGE}/progress`).expect(403);
    expect((await clerk.post(`${PAGE}/runs`, { file: '/tmp/x' })).status).to.equal(403);
    expect((await clerk.post(`${PAGE}/rollback`)).status).to.equal(403);
    const sent = await clerk.upload(`${PAGE}/packages`, [{ field: 'files', name: 'x', content: 'x' }]);
    expect(sent.status).to.equal(403);
  });

  it('tell everybody once what an upgrade brought, and always on the page about the product', async () => {
    const app = await start();
    const clerk = await app.as({ permissions: ['sales.till.use'] });
    expect((await clerk.get('/alerts')).text).to.not.include('news-seen');
    const other = await start();
    await other.uow.run(other.actor, (unit) =>
      unit.insert(programUpgrade, [
        {
          id: unit.takeIds(programUpgrade),
          fromVersion: '0.0.9',
          toVersion: version,
          finishedAt: unit.now,
          byName: '周敏',
        },
      ]),
    );
    const reader = await other.as({ permissions: ['sales.till.use'], locale: 'en' });
    expect((await reader.get('/alerts')).text).to.include(`Upgraded to version ${version}.`);
    expect((await reader.post('/about/news-seen', { to: 'about' })).headers['location']).to.equal('/about');
    expect((await reader.get('/alerts')).text).to.not.include('news-seen');
    expect((await other.get('/alerts')).text).to.include('news-seen');
    const about = (await reader.get('/about').expect(200)).text;
    expect(about).to.include(version).and.include('0.0.9 → ').and.include('every handset with both IMEIs');
    expect((await other.get('/about')).text).to.include('按串号收货');
    await other.signedOut().get('/about').expect(303);
  });
});
