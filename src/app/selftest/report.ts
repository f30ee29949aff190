import os from 'node:os';
import type { Translate } from '../../platform/i18n';
import { version } from '../../platform/version';
import { say, type Words, words } from './bench';

export interface SelfTestStep {
  id: string;
  title: Words;
  ok: boolean;
  expected: string;
  found: string;
  ms: number;
}

export interface SelfTestFlowReport {
  id: string;
  ok: boolean;
  steps: SelfTestStep[];
}

export interface SelfTestReport {
  ok: boolean;
  version: string;
  /** Product and version of the database that it ran on, and where that was. */
  database: { kind: string; place: 'beside' | 'embedded'; say: Words };
  machine: string;
  /** The account of the operating system that ran it. */
  by: string;
  /** Epoch milliseconds. */
  startedAt: number;
  ms: number;
  flows: SelfTestFlowReport[];
}

/** Who ran it where, for whoever reads the report later. */
export function whoAndWhere(): Pick<SelfTestReport, 'version' | 'machine' | 'by'> {
  let by = String(process.getuid?.() ?? '');
  try {
    by = os.userInfo().username;
  } catch {
    // An account without an entry, as in containers.
  }
  return { version, machine: `${os.hostname()} (${os.platform()} ${os.release()}, ${os.arch()})`, by };
}

export const flowTitle = (t: Translate, id: string): string => say(t, words(`flow.${id}`));

/** For scripts: `{ok, flows: [{id, ok, steps}]}` and what a report names besides, with texts in one language. */
export function describeSelfTest(report: SelfTestReport, t: Translate): object {
  const { ok, database, startedAt, flows, ...rest } = report;
  return {
    ok,
    ...rest,
    startedAt: new Date(startedAt).toISOString(),
    database: { ...database, say: say(t, database.say) },
    flows: flows.map(({ steps, ...flow }) => ({
      ...flow,
      title: flowTitle(t, flow.id),
      steps: steps.map((step) => ({ ...step, title: say(t, step.title) })),
    })),
  };
}
