import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { securityHeaders } from '../../src/platform/http/security-headers';
import { assetRoutes, assetVersionOf } from '../../src/platform/views/assets';
import type { Locale, Theme } from '../../src/platform/views/page';
import { createRenderer } from '../../src/platform/views/render';
import { isStylePage, publicFolder, sampleStylePage, viewsFolder } from './style-guide-page';

export interface ScanRequest {
  scans: { key: string; code: string }[];
}

export interface StyleGuideServer {
  url: string;
  /** What the scan field has sent, request by request. */
  scanRequests: ScanRequest[];
  /** While true the scan address fails as if the server were down. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

/** Serves the style guide on a free port of 127.0.0.1: /style-guide/<page>?locale=en&theme=dark&flash=ok. */
export async function startStyleGuide(): Promise<StyleGuideServer> {
  const assetVersion = assetVersionOf(publicFolder);
  const render = createRenderer({ viewsFolder, watch: true });
  const scanRequests: ScanRequest[] = [];
  let down = false;
  const app = express();
  app.use(securityHeaders({ https: false }));
  app.use(assetRoutes(publicFolder, assetVersion));
  const seen = new Set<string>();
  app.post('/style-guide/scans', express.json(), (request, response) => {
    if (down) return void response.status(503).end();
    const body = request.body as ScanRequest;
    scanRequests.push(body);
    const results = body.scans.map(({ code }) => {
      if (!/^\d{15}$/.test(code)) return { outcome: 'wrong', text: 'not fifteen digits' };
      if (seen.has(code)) return { outcome: 'double', text: 'scanned before' };
      seen.add(code);
      return { outcome: 'right', text: 'bound' };
    });
    response.json({ results, tally: { right: seen.size }, progress: { done: seen.size, total: 60 } });
  });
  // The page "being maintained" asks when the work is over; here it never is, so the question stays open.
  app.get('/readyz', () => undefined);
  app.get('/style-guide/:name', (request, response) => {
    const { name } = request.params;
    if (!isStylePage(name)) return void response.status(404).end();
    const locale: Locale = request.query['locale'] === 'en' ? 'en' : 'zh-CN';
    const theme: Theme = request.query['theme'] === 'dark' ? 'dark' : 'light';
    const { view, layout, page } = sampleStylePage(name, { locale, theme, assetVersion });
    const flash = request.query['flash'] ? { kind: 'ok' as const, text: page.t('style-guide:message.ok') } : null;
    response.type('html').send(render(view, { ...page, flash }, layout));
  });
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    scanRequests,
    setDown: (value) => {
      down = value;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
