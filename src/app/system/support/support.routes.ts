import { Readable } from 'node:stream';
import { notFound } from '../../../kernel';
import { examine } from '../../checks';
import { bundleFiles, bundleName, bundleZip, SUPPORT_BUNDLE, SUPPORT_DIAGNOSE } from '../../support';
import type { CheckReport } from '../../../platform/checks';
import { type Ctx, file, page, type Reply, type Route } from '../../../platform/http';
import type { Metrics } from '../../../platform/metrics';
import type { SystemPages } from '../system-pages';
import { contactRoutes } from './contacts.routes';
import { guidePage, guideText } from './guide.page';
import { type Guide, GUIDE_PATH, GUIDES } from './guides';
import { SUPPORT, supportPage } from './support.page';

const diagnose = { permission: SUPPORT_DIAGNOSE };

export const supportRoutes = ({ metrics }: SystemPages): Route[] => [
  {
    method: 'get',
    path: SUPPORT,
    access: 'signed-in',
    handler: async (ctx) => page('system/support', ctx.t('support:title'), await supportPage(ctx)),
  },
  ...contactRoutes,
  {
    method: 'get',
    path: `${GUIDE_PATH}/:guide`,
    access: diagnose,
    handler: async (ctx) => {
      const guide = guideOf(ctx);
      const model = guidePage(ctx, guide, await look(ctx, metrics, guide));
      return page('system/guide', model.head.title, model);
    },
  },
  {
    method: 'get',
    path: `${GUIDE_PATH}/:guide/export`,
    access: diagnose,
    handler: async (ctx) => {
      const guide = guideOf(ctx);
      const text = guideText(ctx, guide, await look(ctx, metrics, guide));
      return file(`phone-erp-${guide.id}.txt`, 'text/plain; charset=utf-8', Buffer.from(text));
    },
  },
  {
    method: 'post',
    path: '/administration/support-bundle',
    access: { permission: SUPPORT_BUNDLE },
    handler: (ctx) => bundle(ctx, metrics),
  },
];

function guideOf(ctx: Ctx): Guide {
  const id = ctx.params['guide'] ?? '';
  const guide = GUIDES.find((one) => one.id === id);
  if (!guide) throw notFound('system.guide', id.slice(0, 40));
  return guide;
}

/** The checks of the doctor, with what only this running server knows. The port is held by whoever answers this request. */
function look({ services }: Ctx, metrics: Metrics, { wanted }: Pick<Guide, 'wanted'>): Promise<CheckReport> {
  return examine(services.config, {
    isOurs: () => Promise.resolve(true),
    live: { metrics, database: services.database },
    wanted,
  });
}

async function bundle(ctx: Ctx, metrics: Metrics): Promise<Reply> {
  const { services, actor, uow, t, now } = ctx;
  const { config, database, keys } = services;
  const doctor = await look(ctx, metrics, { wanted: () => true });
  const files = await bundleFiles({ config, t, now, doctor, database, keys, metrics });
  const name = bundleName(now);
  await uow.run(actor, (unit) =>
    unit.audit({ action: 'system.support.bundle', detail: { name, files: files.length } }),
  );
  return file(name, 'application/zip', Readable.from(bundleZip(files)));
}
