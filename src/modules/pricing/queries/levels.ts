import { z } from 'zod';
import { type NamedValues, readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';

export const LEVELS = z.object({ sortOrder: z.int().min(0).max(9999).default(100) });
export type MemberLevel = NamedValues<typeof LEVELS>;

/** Levels that customers have and price lists are for, in their order. */
export const listLevels = (read: Reader): Promise<MemberLevel[]> => readRecords(read, 'pricing.levels', LEVELS);
