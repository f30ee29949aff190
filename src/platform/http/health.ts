import type { Express } from 'express';

export interface Health {
  /** Set when the server is about to stop: no new work should be sent here. */
  draining: boolean;
}

/** /healthz: the process answers. /readyz: it can serve pages, with the reasons when it cannot. */
export function mountHealth(app: Express, health: Health, notReady: () => Promise<string[]>): void {
  app.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ ok: true, product: 'phone-erp' });
  });
  app.get('/readyz', async (_request, response) => {
    const reasons = health.draining ? ['shutting down'] : await notReady();
    response
      .status(reasons.length > 0 ? 503 : 200)
      .set('Cache-Control', 'no-store')
      .json({ ok: reasons.length === 0, reasons });
  });
}
