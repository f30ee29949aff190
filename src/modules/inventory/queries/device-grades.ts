import { z } from 'zod';
import { readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';

/** Grades and checks are words in the order of the company. */
export const ORDERED_WORDS = z.object({ sortOrder: z.int().min(0).max(9999).default(0) });

export type OrderedWord = z.output<typeof ORDERED_WORDS> & { id: number; name: string; active: boolean };

const inOrder = (words: readonly OrderedWord[]): OrderedWord[] =>
  words.toSorted((a, b) => a.sortOrder - b.sortOrder || a.id - b.id);

/** Grades of used devices, the best first; those switched off among them. */
export const deviceGrades = async (read: Reader): Promise<OrderedWord[]> =>
  inOrder(await readRecords(read, 'inventory.deviceGrades', ORDERED_WORDS));

/** What is looked at when a used device is tested, in this order; those switched off left out. */
export const deviceChecks = async (read: Reader): Promise<OrderedWord[]> =>
  inOrder(await readRecords(read, 'inventory.deviceChecks', ORDERED_WORDS)).filter(({ active }) => active);
