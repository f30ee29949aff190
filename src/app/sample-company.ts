import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resourcePath } from '../platform/resources';
import type { Services } from '../platform/services';

export type SayProgress = (text: string) => void;

/** What src/app/demo exports: fills an empty database with the sample company. */
export interface Demo {
  fillDemo: (
    services: Services,
    options: { scale: 'small' | 'medium' | 'large'; seed: number; say: SayProgress },
  ) => Promise<unknown>;
}

/** Fills an empty database with the sample company of the first run; false when this build has none. */
export async function fillSampleCompany(services: Services, say: SayProgress): Promise<boolean> {
  const file = resourcePath('src', 'app', 'demo', 'index.ts');
  if (!existsSync(file)) return false;
  const { fillDemo } = (await import(pathToFileURL(file).href)) as Demo;
  await fillDemo(services, { scale: 'small', seed: 1, say });
  return true;
}
