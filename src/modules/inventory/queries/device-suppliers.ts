import { type Reader, sql } from '../../../platform/database';

interface DeviceSupplier {
  id: number;
  name: string;
}

/** Whom devices may have been bought from, by name. */
export const deviceSuppliers = (read: Reader): Promise<DeviceSupplier[]> =>
  read.all<DeviceSupplier>(sql`SELECT s.id, s.name FROM supplier s ORDER BY s.name, s.id`);
