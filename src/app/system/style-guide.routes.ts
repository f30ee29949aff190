import { notFound } from '../../kernel';
import { json, page, redirect, type Route } from '../../platform/http';
import { isStylePage, stylePage } from '../../platform/views/style-guide-model';
import type { SystemPages } from './system-pages';

const access = { permission: 'system.style-guide.view' };

/** The living style page, filled with sample data; its scan field answers from the digits alone. */
export function styleGuideRoutes({ assetVersion }: SystemPages): Route[] {
  return [
    { method: 'get', path: '/style-guide', access, handler: async () => redirect('/style-guide/parts') },
    {
      method: 'get',
      path: '/style-guide/:page',
      access,
      handler: async ({ params, t, f }) => {
        const name = params['page'] ?? '';
        if (!isStylePage(name)) throw notFound('style-guide', name.slice(0, 40));
        const { view, layout, title, model } = stylePage(name, {
          t,
          f,
          assetVersion,
        });
        return page(view, title, model, { layout, styles: ['style-guide'] });
      },
    },
    {
      method: 'post',
      path: '/style-guide/scans',
      access,
      json: true,
      handler: async ({ body, t }) => {
        const scans = Array.isArray(body['scans']) ? (body['scans'] as unknown[]).slice(0, 500) : [];
        const results = scans.map((scan) => {
          const right = /^\d{15}$/.test(String((scan as { code?: unknown } | null)?.code ?? ''));
          return { outcome: right ? 'right' : 'wrong', text: t(right ? 'common:scan.right' : 'common:scan.wrong') };
        });
        return json({ results, tally: { right: results.filter(({ outcome }) => outcome === 'right').length } });
      },
    },
  ];
}
