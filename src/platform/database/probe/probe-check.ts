import { type Check, type CheckResult, text } from '../../checks';
import { type ConnectionFault, connectionFault } from './connection-fault';
import { mssqlFacts } from './mssql-facts';
import { mysqlFacts } from './mysql-facts';
import { oracleFacts } from './oracle-facts';
import type { Finding, ProbeSession, ServerFacts } from './server-facts';
import type { ServerDialect, ServerTarget } from './target';

export const factsOf: Readonly<Record<ServerDialect, ServerFacts>> = {
  mysql: mysqlFacts,
  mssql: mssqlFacts,
  oracle: oracleFacts,
};

/** What lies in the database already. `ours`: tables of this product. */
export interface ExistingTables {
  kind: 'empty' | 'ours' | 'foreign';
  count: number;
  /** A few names, for the message. */
  examples: string[];
}

/** One probing of one server: the checks hand the connection on, and stop asking once a step before has failed. */
export interface ProbeContext {
  target: ServerTarget;
  facts: ServerFacts;
  session?: ProbeSession;
  reached?: boolean;
  existing?: ExistingTables;
}

export const MIB = 1024 * 1024;
export const MOST_CLOCK_DIFFERENCE_MS = 5_000;
export const LEAST_PACKET_BYTES = 16 * 1024 * 1024;
export const LEAST_FREE_BYTES = 5 * 1024 ** 3;
export const LEAST_MBIT = 100;
export const SLOW_ROUND_TRIP_MS = 5;

/** Numbers that stand in the sentence of what is wanted. */
const WANTED: Readonly<Record<string, Record<string, number>>> = {
  clock: { seconds: MOST_CLOCK_DIFFERENCE_MS / 1000 },
  packet: { size: LEAST_PACKET_BYTES / MIB },
  space: { size: LEAST_FREE_BYTES / 1024 ** 3 },
  roundtrip: { ms: SLOW_ROUND_TRIP_MS },
  throughput: { mbit: LEAST_MBIT },
};

const notReached: CheckResult = { status: 'skipped', found: text('checks:database.notReached') };

/** A step of the way to the server: throws what the driver throws. */
export function way(id: string, run: (context: ProbeContext) => Promise<CheckResult>): Check<ProbeContext> {
  return {
    id: `database.${id}`,
    category: 'database',
    title: text(`checks:database.${id}.title`),
    required: text(`checks:database.${id}.required`, WANTED[id]),
    run: async (context) => {
      if (context.reached === false) return notReached;
      try {
        return await run(context);
      } catch (error) {
        context.reached = false;
        return faultResult(context.target, connectionFault(context.target.dialect, error), error);
      }
    },
  };
}

/** A question to a server that is reached. */
export function question(
  id: string,
  run: (context: ProbeContext, session: ProbeSession) => Promise<CheckResult>,
): Check<ProbeContext> {
  return {
    id: `database.${id}`,
    category: 'database',
    title: text(`checks:database.${id}.title`),
    required: text(`checks:database.${id}.required`, WANTED[id]),
    run: async (context) => {
      if (!context.session) return notReached;
      try {
        return await run(context, context.session);
      } catch (error) {
        return faultResult(context.target, connectionFault(context.target.dialect, error), error);
      }
    },
  };
}

function faultResult(
  { host, port, user, database }: ServerTarget,
  fault: ConnectionFault,
  error: unknown,
): CheckResult {
  const values = { host, port, user, database };
  return {
    status: 'fail',
    found: text(`checks:database.fault.${fault}.found`, values),
    evidence: evidenceOf(error),
    remedy: [text(`checks:database.fault.${fault}.remedy`, values)],
  };
}

/** The driver's own words; of an error that holds several (one per address), the first. */
export function evidenceOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return evidenceOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

export function verdict(id: string, { ok, found, required }: Finding, bad: 'warn' | 'fail'): CheckResult {
  return {
    status: ok ? 'ok' : bad,
    found: text('checks:database.value', { value: found }),
    ...(required ? { required: text('checks:database.value', { value: required }) } : {}),
    ...(ok ? {} : { remedy: [text(`checks:database.${id}.remedy`)] }),
  };
}
