import axe from 'axe-core';
import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { chromiumFor } from '../support/browser';
import { freePort } from '../support/free-port';
import { type BrowserSetup, startBrowserSetup } from '../support/setup-browser';
import { filesWith, programFromSource } from '../support/setup-command';
import { fillSetup, next, type SetupForms } from '../support/setup-pages';

/** Where to put pictures of the pages, to be looked at. */
const SHOTS = process.env['ERP_SHOTS'];
const PASSWORD = 'tangerine-Kettle-91';

describe('setup in a browser', function () {
  this.timeout(180_000);
  this.slow(60_000);
  let folder: string;
  let setup: BrowserSetup | undefined;
  let forms: SetupForms;

  before(async function () {
    await chromiumFor(this);
  });
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'erp-browser-setup-'));
    const [install, data] = [path.join(folder, 'app'), path.join(folder, 'data')];
    forms = { install, data, port: await freePort(), password: PASSWORD };
  });
  afterEach(() => {
    setup?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
    );
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }

  it('lets one browser in, fits a phone and a desk, is accessible, keeps its last page, and ends when that is closed', async function () {
    setup = await startBrowserSetup(programFromSource, { cwd: folder });
    const stranger = await fetch(new URL('/', setup.address));
    expect(stranger.status).to.equal(403);
    const context = await (await chromiumFor(this)).newContext({ viewport: { width: 360, height: 740 } });
    try {
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      const look = async (title: string): Promise<void> => {
        for (const width of [1280, 360]) {
          await page.setViewportSize({ width, height: 740 });
          expect(await page.evaluate('document.documentElement.scrollWidth'), title).to.be.at.most(width);
          if (SHOTS) await page.screenshot({ path: `${SHOTS}/${title}-${width}.png`, fullPage: true });
        }
        expect(await violations(page), title).to.deep.equal([]);
      };
      await page.goto(setup.address);
      expect((await fetch(setup.address, { redirect: 'manual' })).status, 'the token works once').to.equal(403);
      await fillSetup(page, forms, async (title) => {
        await look(title);
        if (title !== 'Company and stores') return;
        // Left empty it is asked for beside the field, and what was typed stays.
        await page.getByLabel('Company name').fill('');
        await next(page, title);
        expect(await page.locator('.fault-text').textContent()).to.include('Must be filled in');
        await page.getByLabel('Company name').fill('Test Phones');
        await page.getByRole('button', { name: 'Back' }).click();
        await next(page, 'Sample data');
        await page.getByLabel('Company name').fill('Test Phones');
      });
      await page.getByRole('button', { name: 'Begin' }).click();
      await page.getByText('The setup is complete.').waitFor({ timeout: 90_000 });
      await look('last page');
      const key = path.join(forms.install, 'recovery', 'backup.key');
      const [identity = ''] = /AGE-SECRET-KEY-\S+/.exec(readFileSync(key, 'utf8')) ?? [];
      const link = page.getByRole('link', { name: 'Download the recovery sheet' });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(readFileSync(await download.path(), 'utf8'))
        .to.include(identity.slice(-4))
        .and.include('<svg');
      const ending = page.getByLabel('Do you have the recovery sheet?');
      const remove = page.getByRole('button', { name: 'I have it, remove the private key' });
      await ending.fill('XXXX');
      await remove.click();
      expect(await page.locator('.fault-text').textContent()).to.include('nothing was removed');
      await look('last page, wrong ending');
      await ending.fill(identity.slice(-4));
      await remove.click();
      await page.getByText('Private key and sheet were removed').waitFor();
      expect(filesWith(folder, identity)).to.deep.equal([]);
      await page.goto(new URL('/', setup.address).href);
      const open = page.getByRole('link', { name: 'Open the product' });
      expect(await open.getAttribute('href')).to.equal(`http://localhost:${forms.port}`);
      expect(setup.output(), 'the console shows the same').to.include(`http://localhost:${forms.port}`);
      await page.getByRole('button', { name: 'Close the setup' }).click();
      await page.getByText('The setup is closed.').waitFor();
      expect(await setup.ended, setup.output()).to.equal(0);
      expect(faults).to.deep.equal([]);
    } finally {
      await context.close();
    }
    expect(existsSync(path.join(forms.install, 'config.yaml'))).to.equal(true);
    expect(setup.output()).to.not.include(PASSWORD);
    expect(filesWith(folder, PASSWORD)).to.deep.equal([]);
  });

  it('is reached from other machines by HTTPS when asked, and needs no script', async function () {
    setup = await startBrowserSetup(programFromSource, { cwd: folder, options: ['--listen', '0.0.0.0'] });
    const at = new URL(setup.address);
    expect(at.protocol).to.equal('https:');
    expect(setup.output()).to.match(/SHA-256 fingerprint before going on: ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
    const context = await (
      await chromiumFor(this)
    ).newContext({ viewport: { width: 1280, height: 800 }, javaScriptEnabled: false, ignoreHTTPSErrors: true });
    try {
      const stranger = await context.request.get(`https://127.0.0.1:${at.port}/`);
      expect(stranger.status()).to.equal(403);
      const page = await context.newPage();
      await page.goto(setup.address);
      const [cookie] = await context.cookies();
      expect(cookie).to.include({ httpOnly: true, secure: true });
      await fillSetup(page, forms);
      await page.getByRole('button', { name: 'Begin' }).click();
      // The page loads itself again without a script.
      await page.getByText('The setup is complete.').waitFor({ timeout: 90_000 });
      await page.getByRole('button', { name: 'Close the setup' }).click();
      expect(await setup.ended, setup.output()).to.equal(0);
    } finally {
      await context.close();
    }
  });
});
