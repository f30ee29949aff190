import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { chromiumFor } from '../support/browser';
import { filesWith } from '../support/setup-command';

const root = path.resolve(import.meta.dirname, '../..');
const PASSWORD = 'tangerine-Kettle-91';

describe('setup in a browser', function () {
  this.timeout(180_000);
  this.slow(60_000);
  let folder: string;
  let child: ChildProcess;
  let output = '';

  before(async function () {
    await chromiumFor(this);
  });
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'erp-browser-setup-'))));
  afterEach(() => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The address with the token, as the console shows it. */
  function start(): Promise<string> {
    child = spawn(
      process.execPath,
      ['--import', `${root}/node_modules/tsx/dist/loader.mjs`, `${root}/src/main.ts`, 'setup', '--browser'],
      { cwd: folder, stdio: 'pipe', env: { ...process.env, ERP_LOCALE: 'en' } },
    );
    return new Promise((resolve, reject) => {
      const collect = (chunk: Buffer): void => {
        output += chunk.toString();
        const [address] = /http:\/\/127\S+token=\S+/.exec(output) ?? [];
        if (address) resolve(address);
      };
      child.stdout?.on('data', collect);
      child.stderr?.on('data', collect);
      child.on('close', () => reject(new Error(output)));
    });
  }

  const next = async (page: Page, title: string): Promise<void> => {
    expect(await page.locator('h1').textContent()).to.equal(title);
    await page.getByRole('button', { name: 'Next' }).click();
  };

  it('lets one browser in, asks the same questions on a phone, shows progress and hands over', async function () {
    const address = await start();
    const stranger = await fetch(new URL('/', address));
    expect(stranger.status).to.equal(403);
    const context = await (await chromiumFor(this)).newContext({ viewport: { width: 360, height: 740 } });
    try {
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(address);
      expect((await fetch(address, { redirect: 'manual' })).status, 'the token works once').to.equal(403);
      await next(page, 'Language');
      await next(page, 'Package integrity');
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(360);
      // The machine of a test may be small: then the page asks.
      await page.getByRole('button', { name: 'Next' }).click();
      const accept = page.getByLabel('I know, go on');
      if ((await accept.count()) > 0) {
        await accept.check();
        await page.getByRole('button', { name: 'Next' }).click();
      }
      await next(page, 'Existing installation');
      await next(page, 'Edition');
      await page.getByRole('button', { name: 'Back' }).click();
      await next(page, 'Edition');
      await page.getByLabel('Installation folder').fill(path.join(folder, 'app'));
      await page.getByLabel('Data folder').fill(path.join(folder, 'data'));
      await next(page, 'Folders');
      for (const title of ['Database', 'Tables and reference data', 'Sample data']) await next(page, title);
      await next(page, 'Company and stores');
      expect(await page.locator('.fault-text').textContent()).to.include('Must be filled in');
      await page.getByLabel('Company name').fill('Test Phones');
      await next(page, 'Company and stores');
      await page.getByLabel('Entered now').check();
      await next(page, 'Administrator');
      await page.getByLabel('Password of the administrator').fill(PASSWORD);
      await next(page, 'Administrator');
      await next(page, 'Modules');
      await next(page, 'Parameters');
      await page.getByLabel('Name or address of the server').fill('localhost');
      await page.getByLabel('Address to listen on').fill('127.0.0.1');
      await page.getByLabel('Port', { exact: true }).fill('28492');
      await page.getByLabel('None, plain HTTP').check();
      await next(page, 'Server name, port and certificate');
      await next(page, 'Acceptance test');
      await page.getByRole('button', { name: 'Begin' }).click();
      await page.getByText('The setup is complete.').waitFor({ timeout: 90_000 });
      expect(await page.getByRole('link', { name: 'Open the product' }).getAttribute('href')).to.equal(
        'http://localhost:28492',
      );
      expect(faults).to.deep.equal([]);
    } finally {
      await context.close();
    }
    expect(existsSync(path.join(folder, 'app', 'config.yaml'))).to.equal(true);
    expect(output).to.not.include(PASSWORD);
    expect(filesWith(folder, PASSWORD)).to.deep.equal([]);
  });
});
