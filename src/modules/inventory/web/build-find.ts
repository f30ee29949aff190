import { normaliseCode } from '../../../kernel';
import type { SearchProvider } from '../../../platform/modules';
import { buildsByNumber, VIEW_BUILDS } from '../queries/build-list';
import { buildHref, buildState } from './build-words';

export const buildSearch: SearchProvider = {
  permission: VIEW_BUILDS,
  async find(ctx, text) {
    const code = normaliseCode(text).replace(/\s/g, '');
    if (!/^(ZZ|CF)[\dA-Z-]{2,}$/.test(code)) return [];
    return (await buildsByNumber(ctx.read, ctx.actor, code)).map(({ id, number, state, kind, skuName }) => ({
      kind: ctx.t(`inventory:build.kind.${kind}`),
      title: number,
      detail: [buildState(ctx, state).text, skuName].join(' · '),
      href: buildHref(id),
      exact: number === code,
    }));
  },
};
