import { page, type Route } from '../../platform/http';
import type { SystemPages } from './system.module';

export function moduleRoutes({ modules, switches }: SystemPages): Route[] {
  return [
    {
      method: 'get',
      path: '/settings/modules',
      access: { permission: 'system.module.switch' },
      handler: async ({ t }) => {
        const active = new Set((await switches().active()).map(({ name }) => name));
        const rows = modules.map(({ name, core, needs }) => ({
          name,
          label: t(`${name}:module`),
          on: active.has(name),
          core: core === true,
          needs: needs.map((need) => t(`${need}:module`)),
        }));
        return page('system/modules', t('system:modules.title'), { rows });
      },
    },
  ];
}
