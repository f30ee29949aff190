import compression from 'compression';
import express, { type Express } from 'express';
import type { Store } from 'express-session';
import type { Refusal } from '../audit';
import type { Locale, Translate } from '../i18n';
import { requestLogger } from '../logging';
import type { Services } from '../services';
import { sendsHsts } from '../tls';
import { assetRoutes, type ViewRenderer } from '../views';
import type { CsrfGuard } from './csrf';
import { errorHandler } from './error-handler';
import { type Health, mountHealth } from './health';
import { mountMetrics, timeAnswers } from './measure';
import { mountRoutes, PREFERENCES } from './mount-routes';
import { preferenceRoutes } from './preferences';
import { prepareState } from './request-state';
import { securityHeaders } from './security-headers';
import { sessionMiddleware } from './session';
import type { Identity, Site } from './site';

export interface WebAppOptions {
  services: Services;
  identity: Identity;
  site: Site;
  translator: (locale: Locale) => Translate;
  render: ViewRenderer;
  publicFolder: string;
  assetVersion: string;
  /** For signing cookies; the same on all nodes. */
  secret: string;
  csrf: CsrfGuard;
  sessionStore: Store;
  health: Health;
  /** Failed sign-ins from one address in five minutes. */
  signInAttempts: number;
  /** Told of each answer but those of files: the route's pattern, the status and how long it took. */
  onAnswer?: (method: string, path: string | undefined, status: number, ms: number) => void;
  /** The page of /metrics for who knows the word; without one there is no such page. */
  metrics?: { token: string; text: () => Promise<string> } | undefined;
  /** Told of each request of somebody signed in that was refused for lack of a permission. */
  onRefusal?: (refusal: Refusal) => void;
}

/** The HTTP side of the product. Order: what needs no session first, then who is asking, then routes, then failures. */
export function createWebApp(options: WebAppOptions): Express {
  const { services, health } = options;
  const { server } = services.config;
  const publicHttps = server.publicUrl?.startsWith('https:') ?? false;
  const https = server.tls !== undefined || (publicHttps && server.trustProxy !== false);
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', server.trustProxy);
  app.set('query parser', 'simple');
  app.set('etag', false);

  app.use(requestLogger(services.log));
  app.use((_request, response, next) => {
    if (health.draining) response.set('Connection', 'close');
    next();
  });
  app.use(...securityHeaders({ https: https || publicHttps, hsts: sendsHsts(server) }));
  mountHealth(app, health, options.site.notReady);
  if (options.metrics) mountMetrics(app, options.metrics);
  app.use(compression());
  app.use(assetRoutes(options.publicFolder, options.assetVersion));
  if (options.onAnswer) app.use(timeAnswers(options.onAnswer));
  app.use(sessionMiddleware({ secret: options.secret, store: options.sessionStore, https }));
  app.use(async (request, response, next) => {
    await prepareState(request, response, options);
    next();
  });
  const preferences = preferenceRoutes(options.identity).map((route) => ({ module: PREFERENCES, route }));
  mountRoutes(app, { ...options, site: { ...options.site, routes: [...preferences, ...options.site.routes] } });
  app.use(errorHandler(options));
  return app;
}
