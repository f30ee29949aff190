import type { StatusLabel } from '../components';
import { stateLabel } from '../states';
import type { Say } from './say';

export interface SampleChecks {
  steps: { label: string; fact?: string; state: 'done' | 'now' | 'later' }[];
  checks: { title: string; sub?: string; required: string; found: string; verdict: StatusLabel; remedy?: string }[];
}

/** The step of the setup that checks the machine. */
export function sampleChecks({ say, t }: Say): SampleChecks {
  const labels = ['package', 'edition', 'paths', 'checks', 'server', 'database', 'schema', 'administrator', 'company'];
  return {
    steps: labels.map((label, index) => ({
      label: say(`wizard.${label}`),
      state: index < 3 ? 'done' : index === 3 ? 'now' : 'later',
    })),
    checks: [
      {
        title: say('wizard.port'),
        sub: say('wizard.portSub'),
        required: '8443',
        found: say('wizard.portFound'),
        verdict: stateLabel(t, 'failed', true),
        remedy: say('wizard.portRemedy'),
      },
      {
        title: say('wizard.memory'),
        required: '16 GB',
        found: '12 GB',
        verdict: stateLabel(t, 'warning', true),
        remedy: say('wizard.memoryRemedy'),
      },
      { title: say('wizard.processor'), required: '4', found: '8', verdict: stateLabel(t, 'passed', true) },
      { title: say('wizard.disk'), sub: '/data/phone-erp', required: '500 GB', found: '812 GB', verdict: stateLabel(t, 'passed', true) },
    ],
  };
}
