import axe from 'axe-core';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { issueLink } from '../../src/platform/auth';
import { totpCode } from '../../src/platform/auth/totp';
import { systemActor } from '../../src/platform/permissions';
import { startWithAccounts } from '../support/accounts-app';
import { userWith } from '../support/auth';
import { chromiumFor } from '../support/browser';
import { databaseContext } from '../support/databases';

/** From the one-time link to a second factor and back in, by keyboard, as a new member of staff does it. */
describe('the way in, in the browser', function () {
  this.timeout(180_000);
  const context = databaseContext('sqlite');
  let browser: Browser;
  let server: Server | undefined;
  let release: (() => void) | undefined;
  before(async function () {
    browser = await chromiumFor(this);
  });
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    release?.();
  });

  for (const width of [1280, 360])
    it(`is accessible and within ${width} px at each step`, async () => {
      const { bench, services, web } = await startWithAccounts(context);
      release = bench.release;
      const userId = await userWith(services, 'ANNA', [{ role: 'administrator', storeId: null }]);
      const { token } = await issueLink(services.uow, systemActor('test'), { userId });
      server = createServer(web).listen(0, '127.0.0.1');
      await new Promise((resolve) => server?.once('listening', resolve));
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const tab = await browser.newPage({ viewport: { width, height: 780 } });
      const complaints: string[] = [];
      const look = async (where: string) => complaints.push(...(await faultsOf(tab, where, width)));
      const enter = async (values: Record<string, string>) => {
        for (const [name, value] of Object.entries(values)) await tab.fill(`[name="${name}"]`, value);
        await Promise.all([tab.waitForEvent('load'), tab.keyboard.press('Enter')]);
      };

      await tab.goto(`${base}/set-password/${token}`);
      await look('set password');
      await enter({ password: 'blue kettle 77', again: 'blue kettle 78' });
      await look('set password, refused');
      await enter({ password: 'blue kettle 77', again: 'blue kettle 77' });
      expect(tab.url()).to.equal(`${base}/sign-in?login=ANNA`);
      await look('sign in');
      await enter({ password: 'wrong' });
      await look('sign in, refused');
      expect(await tab.evaluate('document.activeElement.name')).to.equal('password');
      await enter({ password: 'blue kettle 77' });
      expect(tab.url()).to.equal(`${base}/`);

      await tab.goto(`${base}/account/second-factor/new`);
      await look('second factor');
      const secret = ((await tab.textContent('form .mono')) ?? '').replace(/\s/g, '');
      await enter({ code: totpCode(secret, services.clock()) });
      await look('recovery codes');
      await tab.context().clearCookies();
      bench.pass(60_000);
      await tab.goto(`${base}/sign-in?next=%2Faccount`);
      await enter({ login: 'ANNA', password: 'blue kettle 77' });
      await look('code');
      await enter({ code: totpCode(secret, services.clock()) });
      expect(tab.url()).to.equal(`${base}/account`);
      await look('account');
      await tab.goto(`${base}/administration/users/${userId}`);
      await look('one account');
      await tab.goto(`${base}/set-password/${token}`);
      await look('used link');
      await tab.goto(`${base}/sign-in/forgotten`);
      await look('forgotten');
      await tab.close();
      expect(complaints).to.deep.equal([]);
    });

  async function faultsOf(tab: Page, where: string, width: number): Promise<string[]> {
    const scrollWidth: number = await tab.evaluate('document.documentElement.scrollWidth');
    await tab.evaluate(axe.source);
    const found: { id: string; nodes: { html: string }[] }[] = await tab.evaluate(
      "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
    );
    return [
      ...(scrollWidth > width ? [`${where}: ${scrollWidth} px wide`] : []),
      ...found.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html.slice(0, 160)}`),
    ];
  }
});
