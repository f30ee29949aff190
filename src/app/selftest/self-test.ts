import { loadConfig } from '../../platform/config';
import { silentLogger } from '../../platform/logging';
import { openProduct } from '../product';
import { openTexts } from '../texts';
import { type Bench, type SelfTestFlow, type Shop, words } from './bench';
import { flows } from './flows';
import { makeScratch, type Scratch } from './scratch';
import { type SelfTestFlowReport, type SelfTestReport, type SelfTestStep, whoAndWhere } from './report';

export interface SelfTestOptions {
  /** Address of the configured database: the test runs beside it. Without one, and with an embedded one, on a scratch file. */
  url?: string | undefined;
  /** Ends the run at the next step; what was made is removed before `selfTest` rejects with its reason. */
  signal?: AbortSignal;
  onScratch?: (database: SelfTestReport['database']) => void;
  onFlow?: (flow: SelfTestFlowReport) => void;
  flows?: readonly SelfTestFlow[];
}

/**
 * Runs the flows through the real use cases on a scratch database, compares figures with expected ones, and leaves nothing
 * behind. A flow that throws is a failed step, and ends the run: the later ones build on it.
 */
export async function selfTest(options: SelfTestOptions = {}): Promise<SelfTestReport> {
  const startedAt = Date.now();
  const { url, signal, onScratch } = options;
  const scratch = await makeScratch(url, () => signal?.throwIfAborted());
  try {
    const { kind, place, say } = scratch;
    const database = { kind, place, say };
    onScratch?.(database);
    const done = await runOn(scratch, options);
    const ok = done.length === (options.flows ?? flows).length && done.every((flow) => flow.ok);
    return { ok, ...whoAndWhere(), database, startedAt, ms: Date.now() - startedAt, flows: done };
  } finally {
    await scratch.remove();
  }
}

async function runOn({ url, folder }: Scratch, options: SelfTestOptions): Promise<SelfTestFlowReport[]> {
  const log = silentLogger();
  const config = loadConfig({ env: { ERP_DATA_DIR: folder, ERP_DATABASE_URL: url } });
  const { services, close } = await openProduct(config, log);
  try {
    const shop = {} as Shop;
    const done: SelfTestFlowReport[] = [];
    for (const flow of options.flows ?? flows) {
      const { report, broken } = await runFlow(flow, { services, t: openTexts(log)('zh-CN'), folder, shop }, options);
      done.push(report);
      options.onFlow?.(report);
      if (broken) break;
    }
    return done;
  } finally {
    await close();
  }
}

async function runFlow(
  { id, run }: SelfTestFlow,
  bench: Omit<Bench, 'expect'>,
  { signal }: SelfTestOptions,
): Promise<{ report: SelfTestFlowReport; broken: boolean }> {
  const steps: SelfTestStep[] = [];
  let at = performance.now();
  const expect: Bench['expect'] = (step, title, found, expected) => {
    signal?.throwIfAborted();
    const now = performance.now();
    const [shown, wanted] = [String(found), String(expected)];
    steps.push({ id: step, title, ok: shown === wanted, expected: wanted, found: shown, ms: Math.round(now - at) });
    at = now;
  };
  let broken = false;
  try {
    await run({ ...bench, expect });
  } catch (error) {
    signal?.throwIfAborted();
    broken = true;
    expect('goes-through', words('step.goesThrough'), error instanceof Error ? error.message : String(error), '–');
  }
  return { report: { id, ok: steps.every(({ ok }) => ok), steps }, broken };
}
