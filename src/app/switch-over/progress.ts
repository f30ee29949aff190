import type { Translate } from '../../platform/i18n';
import type { SwitchState } from './state';

export interface SwitchProgress {
  steps: { id: string; label: string; tone: 'ok' | 'bad' | 'way' | 'gone'; state: string; detail: string }[];
  done: number;
  total: number;
}

const TONES = { waiting: 'gone', running: 'way', done: 'ok', failed: 'bad' } as const;

/** The steps in words. */
export function switchProgress(state: SwitchState | undefined, t: Translate): SwitchProgress {
  const steps = (state?.steps ?? []).map(({ id, state: is, found }) => ({
    id,
    label: t(`databases:step.${id}`),
    tone: TONES[is],
    state: t(`upgrade:state.${is}`),
    detail: found ? t(found.key, found.values) : '',
  }));
  return { steps, done: (state?.steps ?? []).filter(({ state: is }) => is === 'done').length, total: steps.length };
}
