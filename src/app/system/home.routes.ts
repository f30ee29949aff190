import { DASHBOARD_PERMISSION, dashboardPage } from '../../modules/reporting';
import { page, type Route } from '../../platform/http';
import { findAlerts } from '../alerts';
import { firstSteps } from '../first-steps';
import type { SystemPages } from './system-pages';

/** The dashboard for who may see it, a greeting with the reader's places for everybody else. */
export function homeRoutes({ switches }: SystemPages): Route[] {
  return [
    {
      method: 'get',
      path: '/',
      access: 'signed-in',
      handler: async (ctx) => {
        const active = await switches().active();
        const steps = await firstSteps(ctx, new Set(active.map(({ name }) => name)));
        if (steps.length > 0)
          return page('system/first-steps', ctx.t('system:first.title'), { name: ctx.actor.name, steps });
        const alerts = await findAlerts(active, ctx);
        if ((await switches().isOn('reporting')) && ctx.can(DASHBOARD_PERMISSION))
          return page('reporting/dashboard', ctx.t('reporting:home'), await dashboardPage(ctx, alerts));
        const places = active
          .flatMap(({ name, menu }) => menu.map((entry) => ({ ...entry, label: ctx.t(`${name}:menu.${entry.key}`) })))
          .filter((entry) => entry.under === undefined && ctx.can(entry.permission))
          .sort((a, b) => a.order - b.order)
          .map(({ label, href, icon }) => ({ label, href, icon }));
        return page('system/home', ctx.t('system:home.title'), { name: ctx.actor.name, places, alerts });
      },
    },
    {
      method: 'get',
      path: '/alerts',
      access: 'signed-in',
      handler: async (ctx) =>
        page('system/alerts', ctx.t('system:alerts.title'), {
          alerts: await findAlerts(await switches().active(), ctx),
        }),
    },
  ];
}
