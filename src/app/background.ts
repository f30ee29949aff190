import { writeRefusals } from '../platform/audit';
import { scheduleJobs } from '../platform/jobs';
import { startNotifier } from '../platform/notify';
import { startOutbox } from '../platform/outbox';
import type { Services } from '../platform/services';
import { startNodeReports } from './alarms';
import type { App } from './create-app';
import { senderOf } from './notifications';
import { sealPlainText } from './keys/keys';
import { endOldWayBack } from './upgrade/old-way-back';

/** Jobs by the clock, the delivery of events and messages, and the writing of refusals, while the server runs. */
export function startBackground(
  services: Services,
  { manifests, switches, refusals, translator, metrics }: App,
): { stop: () => Promise<void> } {
  const scheduler = scheduleJobs(services, manifests, (module) => switches.isOn(module));
  const outbox = startOutbox(services, () => switches.active());
  const notifier = startNotifier(senderOf(services, translator));
  const measuring = metrics.start();
  const reporting = startNodeReports(services, () => endOldWayBack(services.config, services.clock()));
  const writing = writeRefusals(refusals);
  // Of several servers that start at once, one does it.
  sealPlainText(services).catch((error: unknown) => services.log.warn({ err: error }, 'plain data was not encrypted'));
  return {
    stop: async () => {
      measuring.stop();
      await Promise.all([scheduler.stop(), outbox.stop(), notifier.stop(), writing.stop(), reporting.stop()]);
    },
  };
}
