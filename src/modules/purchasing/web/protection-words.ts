import { type Ctx, documentHref } from '../../../platform/http';
import type { IconName, StatusLabel, Tone } from '../../../platform/views';
import type { Coverage } from '../domain/protection-coverage';
import type { ProtectionState } from '../domain/protection-state';

export const PROTECTION_STATES = ['draft', 'submitted', 'agreed', 'credited', 'refused', 'reversed'] as const;

const LOOKS: Readonly<Record<ProtectionState, { tone: Tone; icon: IconName }>> = {
  draft: { tone: 'hold', icon: 'pencil' },
  submitted: { tone: 'hold', icon: 'hourglass' },
  agreed: { tone: 'way', icon: 'check' },
  credited: { tone: 'gone', icon: 'circle-check' },
  refused: { tone: 'bad', icon: 'x' },
  reversed: { tone: 'gone', icon: 'arrow-back-up' },
};

export function protectionState({ t }: Pick<Ctx, 't'>, state: ProtectionState, withIcon = false): StatusLabel {
  const { tone, icon } = LOOKS[state];
  return { tone, text: t(`purchasing:protection.state.${state}`), ...(withIcon ? { icon } : {}) };
}

const COVERAGE_TONES: Readonly<Record<Coverage, Tone>> = { held: 'ok', in_transit: 'way', sold: 'gone', none: 'bad' };

export const coverageLabel = ({ t }: Pick<Ctx, 't'>, coverage: Coverage): StatusLabel => ({
  tone: COVERAGE_TONES[coverage],
  text: t(`purchasing:protection.coverage.${coverage}`),
});

export const protectionHref = (id: number): string => documentHref('purchasing.protection', id);

export const protectionCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:protection.title'), href: '/purchasing/protections' },
];
