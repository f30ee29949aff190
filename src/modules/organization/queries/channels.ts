import { z } from 'zod';
import { invalidField } from '../../../kernel';
import { type NamedValues, readRecords } from '../../../platform/configuration';
import type { Reader } from '../../../platform/database';

export const CHANNELS = z.object({
  kind: z.enum(['online', 'wholesale', 'other']),
  sortOrder: z.int().min(0).max(9999).default(100),
});
export type SalesChannel = NamedValues<typeof CHANNELS>;

/**
 * Where sales come from, beside the stores' own: those have no channel. The sales module owns the set; it is read here, because
 * prices, which sales build on, are by channel too.
 */
export const listChannels = (read: Reader): Promise<SalesChannel[]> => readRecords(read, 'sales.channels', CHANNELS);

/** Throws 422 for a channel that is not there or was switched off. */
export async function requireChannel(read: Reader, id: number | null | undefined): Promise<number | null> {
  if (id === null || id === undefined) return null;
  const found = (await listChannels(read)).find((channel) => channel.id === id);
  if (!found?.active) throw invalidField('channelId', 'sales:error.channel');
  return id;
}
