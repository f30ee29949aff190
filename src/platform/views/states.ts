import type { StatusLabel, Tone } from './components';
import type { IconName } from './icon-names';

/** Colour and icon of every state a reader meets. Colour means state and is used for nothing else. */
export const STATES = {
  sellable: { tone: 'ok', icon: 'circle-check' },
  passed: { tone: 'ok', icon: 'circle-check' },
  correct: { tone: 'ok', icon: 'circle-check' },
  active: { tone: 'ok', icon: 'circle-check' },
  reserved: { tone: 'hold', icon: 'bookmark' },
  open: { tone: 'hold', icon: 'hourglass' },
  draft: { tone: 'hold', icon: 'pencil' },
  double: { tone: 'hold', icon: 'copy-check' },
  warning: { tone: 'hold', icon: 'alert-triangle' },
  inTransit: { tone: 'way', icon: 'truck-delivery' },
  partial: { tone: 'way', icon: 'truck-loading' },
  sold: { tone: 'gone', icon: 'receipt' },
  posted: { tone: 'gone', icon: 'receipt' },
  returned: { tone: 'gone', icon: 'truck-return' },
  reversed: { tone: 'gone', icon: 'arrow-back-up' },
  lent: { tone: 'way', icon: 'transfer' },
  atPartner: { tone: 'way', icon: 'building-store' },
  submitted: { tone: 'hold', icon: 'hourglass' },
  approved: { tone: 'ok', icon: 'circle-check' },
  issued: { tone: 'gone', icon: 'truck-delivery' },
  scrapped: { tone: 'gone', icon: 'x' },
  cancelled: { tone: 'gone', icon: 'x' },
  inactive: { tone: 'gone', icon: 'player-pause' },
  quarantine: { tone: 'hold', icon: 'hourglass' },
  defective: { tone: 'bad', icon: 'alert-triangle' },
  failed: { tone: 'bad', icon: 'circle-x' },
  wrong: { tone: 'bad', icon: 'circle-x' },
  missing: { tone: 'bad', icon: 'alert-triangle' },
  demo: { tone: 'demo', icon: 'eye' },
  repair: { tone: 'repair', icon: 'tool' },
} as const satisfies Record<string, { tone: Tone; icon: IconName }>;

export type StateName = keyof typeof STATES;

/** The label of a state in the reader's words. `withIcon` for page heads and checks; lists show a dot. */
export function stateLabel(t: (key: string) => string, state: StateName, withIcon = false): StatusLabel {
  const { tone, icon } = STATES[state];
  return { tone, text: t(`common:state.${state}`), ...(withIcon ? { icon } : {}) };
}
