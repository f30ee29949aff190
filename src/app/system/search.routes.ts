import { json, page, redirect, type Route } from '../../platform/http';
import { onlyExactHit, search, searchText } from '../search';
import type { SystemPages } from './system-pages';

const MOST_SUGGESTIONS = 8;

export function searchRoutes({ switches }: SystemPages): Route[] {
  return [
    {
      method: 'get',
      path: '/search',
      access: 'signed-in',
      handler: async (ctx) => {
        const text = searchText(ctx.query['q']);
        const hits = await search(await switches().active(), ctx, text);
        if (ctx.request.accepts(['html', 'json']) === 'json') return json({ hits: hits.slice(0, MOST_SUGGESTIONS) });
        const only = onlyExactHit(hits);
        if (only) return redirect(only.href);
        return page('system/search', ctx.t('system:search.title'), { text, hits });
      },
    },
  ];
}
