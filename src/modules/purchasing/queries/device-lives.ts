import { decodeRow, type Reader, chunked, sql } from '../../../platform/database';
import { deviceEvent } from '../../../ledger';
import type { LifeStep } from '../domain/protection-coverage';

/** The lives of devices, oldest event first; a few columns of many devices. */
export async function deviceLives(read: Reader, deviceIds: readonly number[]): Promise<Map<number, LifeStep[]>> {
  const lives = new Map<number, LifeStep[]>();
  for (const chunk of chunked([...new Set(deviceIds)])) {
    const rows = await read.all<Record<string, unknown>>(
      sql`SELECT e.id, e.device_id, e.seq, e.at, e.business_date, e.event, e.to_state, e.to_store_id, e.to_bucket,
          e.to_ownership, e.cost_change_fen, e.changes, p.document_type, p.document_id, p.document_number
        FROM device_event e JOIN posting p ON p.id = e.posting_id
        WHERE e.device_id IN (${sql.list(chunk)}) ORDER BY e.device_id, e.seq`,
    );
    for (const raw of rows) {
      const step: LifeStep = {
        ...decodeRow(deviceEvent, raw),
        documentType: raw['documentType'] as string,
        documentId: Number(raw['documentId']),
        documentNumber: raw['documentNumber'] as string,
      };
      const deviceId = Number(raw['deviceId']);
      const life = lives.get(deviceId);
      if (life) life.push(step);
      else lives.set(deviceId, [step]);
    }
  }
  return lives;
}
