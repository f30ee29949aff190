import { createHash, timingSafeEqual } from 'node:crypto';
import type { Express, Request, RequestHandler } from 'express';
import type { WebAppOptions } from './web-app';

/** From here to the end of the answer. The pattern of the route is known only then. */
export function timeAnswers(note: NonNullable<WebAppOptions['onAnswer']>): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now();
    response.once('finish', () => {
      const { path } = (request.route ?? {}) as { path?: unknown };
      note(request.method, typeof path === 'string' ? path : undefined, response.statusCode, performance.now() - begun);
    });
    next();
  };
}

/** Behind a proxy everybody comes from this machine, so the sender's address proves nothing: the word decides. */
export function mountMetrics(app: Express, { token, text }: NonNullable<WebAppOptions['metrics']>): void {
  const wanted = digest(token);
  const knowsIt = (request: Request): boolean => {
    const [scheme = '', word = ''] = (request.get('authorization') ?? '').split(' ');
    return scheme.toLowerCase() === 'bearer' && timingSafeEqual(digest(word), wanted);
  };
  app.get('/metrics', async (request, response) => {
    response.set('Cache-Control', 'no-store');
    if (knowsIt(request)) response.type('text/plain; version=0.0.4; charset=utf-8').send(await text());
    else response.status(401).set('WWW-Authenticate', 'Bearer').type('text/plain').send('a token is needed\n');
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
