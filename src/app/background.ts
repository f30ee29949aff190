import { scheduleJobs } from '../platform/jobs';
import { startOutbox } from '../platform/outbox';
import type { Services } from '../platform/services';
import type { App } from './create-app';

/** Jobs by the clock and the delivery of events, while the server runs. */
export function startBackground(services: Services, { manifests, switches }: App): { stop: () => Promise<void> } {
  const scheduler = scheduleJobs(services, manifests, (module) => switches.isOn(module));
  const outbox = startOutbox(services, () => switches.active());
  return { stop: async () => void (await Promise.all([scheduler.stop(), outbox.stop()])) };
}
