import type { AlertSource } from '../../../platform/modules';
import { type AlertKind } from '../domain/stock-alerts';
import { alertCounts, VIEW_ALERTS } from '../queries/alert-list';

/** Old handsets, late transfers and exchanges stand on the home page already, each by its own module. */
const SHOWN = [
  ['below', 'package', 'bad'],
  ['above', 'packages', 'hold'],
  ['idle', 'player-pause', 'hold'],
  ['batch', 'box', 'bad'],
] as const satisfies readonly (readonly [AlertKind, string, string])[];

export const stockAlertSource: AlertSource = {
  permission: VIEW_ALERTS,
  async find({ read, actor, store, t }) {
    const counts = await alertCounts(read, {
      scope: actor.scope(VIEW_ALERTS),
      storeId: store?.id ?? null,
      text: '',
      brandId: null,
      categoryIds: null,
      on: null,
      kind: null,
      state: 'open',
    });
    return SHOWN.flatMap(([kind, icon, tone]) => {
      const count = counts.get(kind) ?? 0;
      if (count === 0) return [];
      return [
        {
          icon,
          tone,
          title: t(`reporting:alerts.home.${kind}`),
          detail: t('reporting:alerts.homeDetail'),
          count: String(count),
          href: `/reporting/alerts?kind=${kind}`,
        },
      ];
    });
  },
};
