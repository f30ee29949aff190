import type { Verdict } from '../domain/scan-check';
import type { ReceiptScanRow } from '../store/receipt.table';

/** What a logged scan keeps beside its reason; see `detailsOf`. */
interface LoggedDetails {
  number: string | null;
  details: Record<string, unknown>;
  link?: Verdict['link'];
  overridable?: boolean;
}

/** A row of receipt_scan as raw SQL gives it: `details` is text. */
export type LoggedScan = Pick<ReceiptScanRow, 'scanKey' | 'text' | 'outcome' | 'lineId' | 'reason'> & {
  details: string | null;
};

export function verdictOfRow(row: LoggedScan): Verdict {
  const logged = JSON.parse(row.details ?? '{}') as Partial<LoggedDetails>;
  return {
    key: row.scanKey,
    text: row.text,
    outcome: row.outcome,
    number: logged.number ?? null,
    lineId: row.lineId,
    reason: row.reason === null ? null : { code: row.reason, details: logged.details ?? {} },
    ...(logged.link ? { link: logged.link } : {}),
    ...(logged.overridable === undefined ? {} : { overridable: logged.overridable }),
  };
}

export function detailsOf(verdict: Verdict): Record<string, unknown> {
  const kept: LoggedDetails = {
    number: verdict.number,
    details: verdict.reason?.details ?? {},
    ...(verdict.link ? { link: verdict.link } : {}),
    ...(verdict.overridable === undefined ? {} : { overridable: verdict.overridable }),
  };
  return { ...kept };
}
