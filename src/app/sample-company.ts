import type { Services } from '../platform/services';

export type SayProgress = (text: string) => void;

/** Fills an empty database with the sample company of the first run. Loaded only then: a server that runs needs none of it. */
export async function fillSampleCompany(services: Services, say: SayProgress): Promise<boolean> {
  const { fillDemo } = await import('./demo');
  await fillDemo(services, { scale: 'small', seed: 1, say });
  return true;
}
