import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { ensureReadyRoles } from '../../src/platform/auth';
import { chromiumFor } from '../support/browser';
import { freshSqlite } from '../support/databases';
import { startTestApp } from '../support/http';
import { type Listening, listen } from '../support/listen';

interface AxeViolation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

const WAYS = [
  { name: 'on a desk', width: 1280, height: 800, locale: 'zh-CN' as const },
  { name: 'on a phone, in English', width: 360, height: 780, locale: 'en' as const },
];

/** Every page without parameters of every module, as an administrator of an empty company sees it. */
describe('every page in the browser', function () {
  this.timeout(300_000);
  let browser: Browser;
  let server: Listening;
  let base: string;
  let close: () => Promise<void>;
  let paths: string[];
  const signIn: Record<string, string> = {};

  before(async function () {
    browser = await chromiumFor(this);
    const fresh = await freshSqlite();
    const started = await startTestApp(fresh.url);
    close = async () => {
      await started.close();
      await fresh.release();
    };
    // As at every start: the matrix of rights is as wide as there are roles.
    await ensureReadyRoles(started.app.uow, started.app.app.manifests);
    for (const { locale } of WAYS) signIn[locale] = `/test/sign-in/${(await started.app.as({ locale })).actor.userId}`;
    paths = started.app.app.manifests
      .flatMap(({ routes }) => routes)
      .filter(({ method, path, access }) => method === 'get' && !path.includes(':') && access !== 'public')
      .map(({ path }) => path);
    server = await listen(started.app.app.web);
    base = server.url;
  });

  after(async () => {
    await server?.close();
    await close?.();
  });

  for (const { name, width, height, locale } of WAYS)
    it(`${name}: accessible, within the width, silent, nothing from outside`, async () => {
      const context = await browser.newContext({ viewport: { width, height } });
      const tab = await context.newPage();
      const complaints: string[] = [];
      const complain = (text: string) => complaints.push(`${new URL(tab.url()).pathname}: ${text}`);
      tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && complain(message.text()));
      tab.on('pageerror', (error) => complain(error.message));
      tab.on(
        'request',
        (request) => !/^data:|^blob:/.test(request.url()) && !request.url().startsWith(base) && complain(request.url()),
      );
      await tab.goto(base + signIn[locale]);
      for (const path of paths) await look(tab, path, width, complain);
      await context.close();
      expect(complaints).to.eql([]);
      expect(paths.length).to.be.greaterThan(5);
    });

  async function look(tab: Page, path: string, width: number, complain: (text: string) => void): Promise<void> {
    // What is saved or answers to programs is no page.
    const { headers } = await tab.request.head(base + path).then((response) => ({ headers: response.headers() }));
    if (headers['content-disposition']?.startsWith('attachment') || !headers['content-type']?.startsWith('text/html'))
      return;
    const response = await tab.goto(base + path, { waitUntil: 'load' });
    if ((response?.status() ?? 500) >= 400) complain(`answered ${response?.status()}`);
    const scrollWidth: number = await tab.evaluate('document.documentElement.scrollWidth');
    // Paper has its own width.
    if (scrollWidth > width && !(await tab.evaluate("document.body.classList.contains('paper')")))
      complain(`is ${scrollWidth} px wide instead of ${width}`);
    // Evaluated by the debugger protocol: the page's own policy allows no foreign script.
    await tab.evaluate(axe.source);
    const found: AxeViolation[] = await tab.evaluate(
      "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
    );
    for (const { id, nodes } of found)
      for (const node of nodes) complain(`${id}: ${node.html.slice(0, 160)} — ${node.failureSummary ?? ''}`);
  }
});
