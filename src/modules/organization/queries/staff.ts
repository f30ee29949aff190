import { chunked, decodeRow, type Reader, sql } from '../../../platform/database';
import { department, type DepartmentRow, staff, type StaffRow } from '../store/organization.table';

export type { DepartmentRow, StaffRow };

export async function staffByIds(read: Reader, ids: readonly number[]): Promise<Map<number, StaffRow>> {
  const found = new Map<number, StaffRow>();
  for (const chunk of chunked([...new Set(ids)])) {
    const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM staff WHERE id IN (${sql.list(chunk)})`);
    for (const row of rows.map((raw) => decodeRow(staff, raw))) found.set(row.id, row);
  }
  return found;
}

/** Active staff by code; of one store when given. */
export async function listStaff(read: Reader, options: { storeId?: number } = {}): Promise<StaffRow[]> {
  const condition = options.storeId === undefined ? sql.empty : sql`AND store_id = ${options.storeId}`;
  const rows = await read.all<Record<string, unknown>>(
    sql`SELECT * FROM staff WHERE active = ${1} ${condition} ORDER BY code`,
  );
  return rows.map((row) => decodeRow(staff, row));
}

export async function listDepartments(read: Reader): Promise<DepartmentRow[]> {
  const rows = await read.all<Record<string, unknown>>(sql`SELECT * FROM department ORDER BY name, id`);
  return rows.map((row) => decodeRow(department, row));
}
