import type { ModuleManifest } from '../modules';
import { drainOutbox, type OutboxServices } from './drain-outbox';

const EVERY_MS = 1000;

export interface Dispatcher {
  /** Waits for the pass that runs. */
  stop: () => Promise<void>;
}

/** Delivers events for as long as the server runs; `active` gives the manifests of the modules that are on. */
export function startOutbox(
  services: OutboxServices,
  active: () => Promise<readonly Pick<ModuleManifest, 'events'>[]>,
): Dispatcher {
  let pass: Promise<void> | null = null;
  const timer = setInterval(() => {
    pass ??= active()
      .then((manifests) => drainOutbox(services, manifests))
      .then(
        () => undefined,
        (error: unknown) => services.log.error({ err: error }, 'events could not be delivered'),
      )
      .finally(() => (pass = null));
  }, EVERY_MS);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await pass;
    },
  };
}
