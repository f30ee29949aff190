import { isDomainError } from '../../../kernel';
import type { Job } from '../../../platform/modules';
import { startAnalysis } from '../use-cases/analyse-stock';

/** Every night, so that lists need not add up a year of movements. */
export const analysisJob: Job = {
  id: 'reporting.analyse-stock',
  schedule: '10 4 * * *',
  figures: true,
  run: async (services, actor) => {
    try {
      const { over } = await startAnalysis(services, actor);
      const row = await over;
      if (row.state === 'failed') throw new Error(row.failure ?? row.state);
    } catch (error) {
      // Somebody is computing it at this moment.
      if (!isDomainError(error) || error.status !== 409) throw error;
    }
  },
};
