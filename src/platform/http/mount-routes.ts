import express, { type Express, type RequestHandler, type Router } from 'express';
import { type Actor, authorise } from '../permissions';
import { readBody } from './body';
import { makeCtx } from './context';
import { refuseForeignOrigin } from './csrf';
import { HttpFault } from './faults';
import { signInLimit } from './rate-limit';
import { stateOf } from './request-state';
import type { Route } from './route';
import { sendReply } from './send-reply';
import type { MountedRoute } from './site';
import type { WebAppOptions } from './web-app';

/** The routes of the frame itself belong to no module. */
export const PREFERENCES = '';

const offModules = new WeakMap<object, string>();

/**
 * Mounts the routes of all modules. The order of the checks matters: module on → signed in → permission → sender → only then
 * the body is read → token → handler. A route of a module that is off is passed over: another may answer its address.
 */
export function mountRoutes(app: Express, options: WebAppOptions): void {
  const limit = signInLimit(options.signInAttempts);
  const routers = new Map<string, Router>();
  for (const mounted of options.site.routes) {
    const before = mounted.route.method === 'post' && mounted.route.access === 'public' ? [limit] : [];
    const place = firstPart(mounted.route.path);
    let router = routers.get(place);
    if (!router) routers.set(place, (router = express.Router()));
    router[mounted.route.method](
      mounted.route.path,
      onlyWhenOn(mounted, options),
      ...before,
      handlerOf(mounted.route, options),
    );
  }
  app.use((request, response, next) => {
    const router = routers.get(firstPart(request.path));
    if (router) router(request, response, next);
    else next();
  });
  app.use((request) => {
    const module = offModules.get(request);
    if (module !== undefined && stateOf(request, options).signedIn) throw new HttpFault(404, 'module-off', { module });
    throw new HttpFault(404, 'not-found');
  });
}

/** `/sales/till/:id` → `sales`, which is never a parameter: a request tries the routes of one module and not the hundreds of all. */
function firstPart(path: string): string {
  const end = path.indexOf('/', 1);
  return path.slice(1, end < 0 ? undefined : end).toLowerCase();
}

function onlyWhenOn({ module }: MountedRoute, { site }: WebAppOptions): RequestHandler {
  return async (request, _response, next) => {
    if (module === PREFERENCES || (await site.isOn(module))) return next();
    offModules.set(request, module);
    next('route');
  };
}

function handlerOf(route: Route, options: WebAppOptions): RequestHandler {
  return async (request, response) => {
    const state = stateOf(request, options);
    await checkOpen(route, state.actor, options);
    checkAccess(route, state);
    if (route.method === 'post') {
      refuseForeignOrigin(request, options.services.config.server.publicUrl);
      await readBody(route, request, response, options.services.config);
      options.csrf.check(request, response);
    }
    await sendReply(request, response, await route.handler(makeCtx(request, options)), options);
  };
}

/** A browser and a proxy ask again after this time. */
const CLOSED_RETRY_S = 60;

/** Ways in and out stay open, so that who may work meanwhile can sign in. */
async function checkOpen({ access, onDetour }: Route, actor: Actor, { site }: WebAppOptions): Promise<void> {
  if (access === 'public' || onDetour) return;
  const closed = await site.closedTo(actor);
  if (!closed) return;
  const { note, since } = closed;
  throw new HttpFault(503, 'closed', { seconds: CLOSED_RETRY_S, since, ...(note !== null && { note }) });
}

function checkAccess({ access, onDetour }: Route, { signedIn, actor }: ReturnType<typeof stateOf>): void {
  if (access === 'public') return;
  if (!signedIn) throw new HttpFault(401, 'sign-in');
  if (signedIn.detourHref !== undefined && !onDetour) throw new HttpFault(403, 'detour');
  if (access !== 'signed-in') authorise(actor, access.permission);
}
