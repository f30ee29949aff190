import { z } from 'zod';
import type { Reader } from '../../../platform/database';
import { readParameters as readModuleParameters } from '../../../platform/parameters';

const days = z.int().min(1).max(3650);

/** Settings of the module; what is not set has its default. */
export const administrationParameters = z.object({
  /** Uploaded files of imports, and the lists of what was wrong in them. */
  keepImportFilesDays: days.default(30),
  /** Attachments that were taken off their record. */
  keepRemovedFilesDays: days.default(90),
  /** Without a sign-in for so long, an account counts as unused in the rights check. */
  unusedAccountDays: days.default(90),
});

export const readParameters = (read: Reader): Promise<z.output<typeof administrationParameters>> =>
  readModuleParameters(read, 'administration', administrationParameters);
