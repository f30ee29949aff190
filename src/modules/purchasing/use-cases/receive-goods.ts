import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { readScan } from '../domain/read-scans';
import { checkScans } from '../domain/scan-check';
import { knownNumbers } from '../queries/known-numbers';
import { getReceipt, writeTotals } from '../store/receipt.store';
import { insertLines, type NewLine } from './add-receipt-lines';
import { addReceipt, type CreateReceipt } from './create-receipt';
import { PasteRefused } from './paste-into-receipt';
import { postDraft, type ReceiptPosted } from './post-receipt';
import { writeChecked } from './scan-into-receipt';

export interface ReceivedLine extends NewLine {
  /** The numbers of each device as scanned: one or two IMEIs, MEID, SN ("352099001761481 SN: ABC123"). */
  devices?: readonly string[];
}

export interface ReceiveGoods extends Omit<CreateReceipt, 'locationId'> {
  locationId: number;
  lines: readonly ReceivedLine[];
}

/** A whole receipt in one step: header, lines, devices, posting. Nothing is written when anything is wrong. */
export function receiveGoods(
  uow: UnitOfWork,
  actor: Actor,
  command: ReceiveGoods,
  options?: RunOptions,
): Promise<ReceiptPosted> {
  for (const action of ['create', 'edit', 'post']) authorise(actor, `purchasing.receipt.${action}`, command.storeId);
  return uow.run(actor, (unit) => receive(unit, command), options);
}

/** For a larger unit of work; the caller has authorised it. Throws PasteRefused when numbers are wrong. */
export async function receive(unit: Unit, command: ReceiveGoods): Promise<ReceiptPosted> {
  const created = await addReceipt(unit, command);
  const lines = await insertLines(unit, created, [], command.lines);
  await writeTotals(unit, created, lines);
  const scans = command.lines.flatMap(({ devices = [] }, index) =>
    devices.map((text, place) => readScan(`${index}-${place}`, text, lines[index]?.id ?? null)),
  );
  if (scans.length > 0) {
    const row = await getReceipt(unit, created.id);
    const check = checkScans(scans, await knownNumbers(unit, unit.actor, row, lines, scans, 1));
    if (check.verdicts.some(({ outcome }) => outcome !== 'right')) throw new PasteRefused(check.verdicts);
    await writeChecked(unit, row, lines, check);
  }
  return postDraft(unit, await getReceipt(unit, created.id));
}
