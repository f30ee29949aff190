import { chunked, type Reader, type Sql, sql } from '../../../platform/database';

const COLUMNS = ['imei1', 'imei2', 'meid', 'sn'] as const;

/** Each of these numbers that a device of this receipt has, with the device's place in it. */
export async function numbersInReceipt(
  read: Reader,
  receiptId: number,
  numbers: readonly string[],
): Promise<Map<string, { seq: number }>> {
  const found = new Map<string, { seq: number }>();
  for (const chunk of chunked(numbers)) {
    const rows = await read.all<{ value: string; seq: number }>(
      eachColumn(
        (column) => sql`SELECT d.${column} AS value, d.seq FROM receipt_device d
          WHERE d.receipt_id = ${receiptId} AND d.${column} IN (${sql.list(chunk)})`,
      ),
    );
    for (const { value, seq } of rows) found.set(value, { seq });
  }
  return found;
}

/** Each of these numbers that stands in another receipt not posted yet. */
export async function numbersInDrafts(
  read: Reader,
  receiptId: number,
  numbers: readonly string[],
): Promise<Map<string, { receiptId: number; number: string }>> {
  const found = new Map<string, { receiptId: number; number: string }>();
  for (const chunk of chunked(numbers)) {
    const rows = await read.all<{ value: string; receiptId: number; number: string }>(
      eachColumn(
        (column) => sql`SELECT d.${column} AS value, r.id AS receipt_id, r.number
          FROM receipt_device d JOIN receipt r ON r.id = d.receipt_id
          WHERE d.${column} IN (${sql.list(chunk)}) AND r.state = 'draft' AND r.id <> ${receiptId}`,
      ),
    );
    for (const { value, receiptId: id, number } of rows) found.set(value, { receiptId: id, number });
  }
  return found;
}

/** One statement; each part uses its column's own index. */
function eachColumn(select: (column: Sql) => Sql): Sql {
  return sql.join(
    COLUMNS.map((column) => select(sql.identifier(column))),
    ' UNION ALL ',
  );
}
