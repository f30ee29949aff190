import { isDomainError } from '../../../kernel';
import type { Job } from '../../../platform/modules';
import { startReplenishment } from '../use-cases/compute-replenishment';

/** Every night what stores need is computed anew, so that buyers find it in the morning. */
export const replenishmentJob: Job = {
  id: 'purchasing.propose-replenishment',
  schedule: '40 4 * * *',
  figures: true,
  run: async (services, actor) => {
    try {
      const { over } = await startReplenishment(services, actor);
      const row = await over;
      if (row.state === 'failed') throw new Error(row.failure ?? row.state);
    } catch (error) {
      // Somebody is computing it at this moment.
      if (!isDomainError(error) || error.status !== 409) throw error;
    }
  },
};
