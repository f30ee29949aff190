import { clockText } from '../../../kernel';
import { type Ctx, documentHref } from '../../../platform/http';
import type { Link, StatusLabel, Tone } from '../../../platform/views';
import type { CountAnswer } from '../domain/check-count-scans';
import type { StocktakeState } from '../domain/stocktake-state';

const TONES: Readonly<Record<StocktakeState, Tone>> = {
  planned: 'hold',
  counting: 'way',
  checking: 'hold',
  submitted: 'hold',
  approved: 'ok',
  posted: 'gone',
  reversed: 'gone',
  cancelled: 'gone',
};

export const stocktakeHref = (id: number): string => documentHref('inventory.stocktake', id);

export const stocktakeState = ({ t }: Pick<Ctx, 't'>, state: StocktakeState): StatusLabel => ({
  tone: TONES[state],
  text: t(`inventory:stocktake.state.${state}`),
});

/** A scan's answer in the reader's words. */
export function countText(ctx: Pick<Ctx, 't' | 'services'>, { reason }: CountAnswer): string {
  const { at, ...details } = reason.details;
  const time = typeof at === 'number' ? clockText(at, ctx.services.timeZone) : '';
  return ctx.t(reason.code, { ...details, time });
}

export function countLink({ t, can }: Pick<Ctx, 't' | 'can'>, { outcome, deviceId }: CountAnswer): Link | undefined {
  if (outcome !== 'wrong' || deviceId === null || !can('inventory.device.view')) return undefined;
  return { href: documentHref('inventory.device', deviceId), label: t('inventory:stocktake.seeDevice') };
}
