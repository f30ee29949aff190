import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { auditLog } from '../../src/platform/unit-of-work';
import { chromiumFor } from '../support/browser';
import { freshSqlite } from '../support/databases';
import { startTestApp, type TestApp } from '../support/http';
import { type Listening, listen } from '../support/listen';

describe('measuring the line in the browser', function () {
  this.timeout(180_000);
  let browser: Browser;
  let server: Listening;
  let base: string;
  let app: TestApp;
  let close: () => Promise<void>;

  before(async function () {
    browser = await chromiumFor(this);
    const fresh = await freshSqlite();
    const started = await startTestApp(fresh.url);
    app = started.app;
    close = async () => {
      await started.close();
      await fresh.release();
    };
    server = await listen(app.app.web);
    base = server.url;
  });
  after(async () => {
    await server?.close();
    await close?.();
  });

  for (const { width, locale, good } of [
    { width: 1280, locale: 'zh-CN' as const, good: '线路符合要求' },
    { width: 360, locale: 'en' as const, good: 'The connection is good enough' },
  ])
    it(`shows round trip and both speeds with their verdict at ${width} px`, async () => {
      const { actor } = await app.as({ locale });
      const context = await browser.newContext({ viewport: { width, height: 780 } });
      const tab = await context.newPage();
      const complaints: string[] = [];
      tab.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
      tab.on('pageerror', (error) => void complaints.push(error.message));
      await tab.goto(`${base}/test/sign-in/${actor.userId}`);
      await tab.goto(`${base}/administration/connection`);
      await tab.click('[data-start]');
      await tab.waitForSelector('[data-outcome] .msg-ok, [data-outcome] .msg-bad', { timeout: 60_000 });
      expect(await tab.textContent('[data-outcome]')).to.contain(good);
      const figures = await tab.locator('[data-figure]').allTextContents();
      expect(figures.map((text) => Number(text.replace(/,/g, '')) > 0)).to.deep.equal([true, true, true]);
      const verdicts = await tab.locator('[data-verdict]').allTextContents();
      expect(verdicts.every((text) => text.startsWith('✓'))).to.equal(true);
      expect(await tab.evaluate('document.documentElement.scrollWidth')).to.be.at.most(width);
      await tab.evaluate(axe.source);
      const violations = await tab.evaluate(
        'axe.run({ resultTypes: ["violations"] }).then((found) => found.violations)',
      );
      expect(violations).to.deep.equal([]);
      const kept = await app.database.read.find(auditLog, { action: 'administration.connection.measure' });
      expect(kept.filter(({ actorId }) => actorId === actor.userId)).to.have.length(1);

      // The server goes away in the middle: it says so, and can be tried again.
      await context.setOffline(true);
      await tab.click('[data-start]');
      await tab.waitForSelector('[data-outcome] .msg-bad', { timeout: 30_000 });
      await context.setOffline(false);
      expect(await tab.isEnabled('[data-start]')).to.equal(true);
      expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).to.deep.equal([]);
      await context.close();
    });
});
