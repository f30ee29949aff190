import type { TransferVerdict } from '../domain/transfer-scan';
import type { TransferScanRow } from '../store/transfer.table';

export type LoggedScan = Pick<TransferScanRow, 'scanKey' | 'text' | 'outcome' | 'deviceId' | 'reason'> & {
  details: string;
};

/** A row of transfer_scan as raw SQL gives it: `details` is text. */
export function verdictOfScan(row: LoggedScan): TransferVerdict {
  const { number, link, ...details } = JSON.parse(row.details) as Record<string, unknown>;
  return {
    key: row.scanKey,
    text: row.text,
    outcome: row.outcome,
    number: (number as string | undefined) ?? null,
    deviceId: row.deviceId,
    reason: { code: row.reason, details: { ...details, number } },
    ...(link ? { link: link as NonNullable<TransferVerdict['link']> } : {}),
  };
}
