import { type Ctx, documentHref } from '../../../platform/http';
import { type Link, type StatusLabel, stateLabel } from '../../../platform/views';
import type { ChangeAnswer } from '../domain/change-scan';
import type { ChangeState } from '../domain/change-state';

export const changeHref = (id: number): string => documentHref('inventory.change', id);

export const changeState = ({ t }: Pick<Ctx, 't'>, state: ChangeState, withIcon = false): StatusLabel =>
  stateLabel(t, state, withIcon);

/** A scan's answer in the reader's words. */
export function answerText({ t }: Pick<Ctx, 't'>, { reason: { code, details } }: ChangeAnswer): string {
  const status = details['status'];
  return t(code, { ...details, status: typeof status === 'string' ? t(`common:state.${status}`) : '' });
}

export function answerLink({ t, can }: Pick<Ctx, 't' | 'can'>, { outcome, deviceId }: ChangeAnswer): Link | undefined {
  if (outcome !== 'wrong' || deviceId === null || !can('inventory.device.view')) return undefined;
  return { href: documentHref('inventory.device', deviceId), label: t('inventory:change.seeDevice') };
}
