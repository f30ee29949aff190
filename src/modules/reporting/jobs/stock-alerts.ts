import { fromInstant, isDomainError } from '../../../kernel';
import type { Job } from '../../../platform/modules';
import { startAlerts } from '../use-cases/compute-alerts';
import { sendAlertDigest } from '../use-cases/send-alert-digest';

/** Every morning, after the analysis and the replenishment of the night: what wants attention, and one message of it. */
export const alertsJob: Job = {
  id: 'reporting.find-alerts',
  schedule: '20 7 * * *',
  figures: true,
  run: async (services, actor) => {
    try {
      const { over } = await startAlerts(services, actor);
      const row = await over;
      if (row.state === 'failed') throw new Error(row.failure ?? row.state);
    } catch (error) {
      // Somebody is computing them at this moment; what is there already is told.
      if (!isDomainError(error) || error.status !== 409) throw error;
    }
    await sendAlertDigest(services, actor, fromInstant(services.clock(), services.timeZone));
  },
};
