import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../platform/config';
import { silentLogger } from '../../platform/logging';
import { openProduct } from '../product';
import { flows, type SelfTestFlow, type Shop } from './flows';

export interface SelfTestStep {
  /** In English, as identifiers of scripts are. */
  title: string;
  ok: boolean;
  expected: string;
  found: string;
  ms: number;
}

export interface SelfTestReport {
  ok: boolean;
  flows: { id: string; ok: boolean; steps: SelfTestStep[] }[];
}

/**
 * Runs the flows through the real use cases on a scratch database of the embedded kind, compares figures with expected ones,
 * and leaves nothing behind. A flow that throws is a failed step, and ends the run: the later ones build on it.
 */
export async function selfTest(toRun: readonly SelfTestFlow[] = flows): Promise<SelfTestReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'phone-erp-selftest-'));
  // However the process ends.
  const tidy = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', tidy);
  try {
    const product = await openProduct(loadConfig({ env: { ERP_DATA_DIR: folder } }), silentLogger());
    try {
      const shop: Partial<Shop> = {};
      const done: SelfTestReport['flows'] = [];
      for (const flow of toRun) {
        const steps: SelfTestStep[] = [];
        let at = performance.now();
        const expect = (title: string, found: unknown, expected: unknown): void => {
          const now = performance.now();
          const [shown, wanted] = [String(found), String(expected)];
          steps.push({ title, ok: shown === wanted, expected: wanted, found: shown, ms: Math.round(now - at) });
          at = now;
        };
        let broken = false;
        try {
          await flow.run({ services: product.services, shop, expect });
        } catch (error) {
          broken = true;
          expect(`${flow.id} goes through`, error instanceof Error ? error.message : String(error), 'no error');
        }
        done.push({ id: flow.id, ok: steps.every(({ ok }) => ok), steps });
        if (broken) break;
      }
      return { ok: done.length === toRun.length && done.every(({ ok }) => ok), flows: done };
    } finally {
      await product.close();
    }
  } finally {
    process.off('exit', tidy);
    tidy();
  }
}
