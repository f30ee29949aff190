import type { Migration } from '../src/platform/database/portable';
import platform from './0001-platform';

/** Every migration, in order. A new one is added at the end; released ones are never changed. */
export const migrations: readonly Migration[] = [platform];
