import type { Request } from 'express';
import { fromInstant, notFound } from '../../kernel';
import { can } from '../permissions';
import { formattersFor } from '../views';
import { fieldsOf, filesOf } from './body';
import { stateOf } from './request-state';
import type { Ctx } from './route';
import type { WebAppOptions } from './web-app';

export function makeCtx(request: Request, options: WebAppOptions): Ctx {
  const { services } = options;
  const state = stateOf(request, options);
  const now = services.clock();
  const params = textsOf(request.params);
  return {
    request,
    services,
    uow: services.uow,
    read: services.database.read,
    actor: state.actor,
    locale: state.locale,
    t: state.t,
    wordsIn: options.translator,
    f: formattersFor(state.locale, services.timeZone),
    params: params as Record<string, string>,
    query: textsOf(request.query),
    body: fieldsOf(request),
    files: filesOf(request),
    store: state.store,
    stores: state.stores,
    today: fromInstant(now, services.timeZone),
    now,
    id: (name = 'id') => idOf(params[name], name),
    can: (permission, storeId) => can(state.actor, permission, storeId),
  };
}

function idOf(text: string | undefined, name: string): number {
  const id = /^[1-9]\d{0,15}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw notFound(name, (text ?? '').slice(0, 40));
  return id;
}

/** A parameter that is given several times counts once: its first value. */
function textsOf(values: Record<string, unknown>): Record<string, string | undefined> {
  const texts = Object.entries(values).map(([name, value]) => [
    name,
    Array.isArray(value) ? String(value[0]) : String(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}
