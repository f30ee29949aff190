import { DomainError } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, UnitOfWork } from '../../../platform/unit-of-work';
import type { ScanOnLine } from '../domain/read-scans';
import { checkScans, type Verdict } from '../domain/scan-check';
import { knownNumbers } from '../queries/known-numbers';
import { assertDraft, linesOf, lockReceipt } from '../store/receipt.store';
import { lastSeq, logVerdicts, writeChecked } from './scan-into-receipt';

export interface PasteCommand {
  receiptId: number;
  /** Of a paste or a file, read by the domain. */
  scans: readonly ScanOnLine[];
  /**
   * `all`: when a line is wrong nothing is written and PasteRefused tells which; `right`: what is right is taken, the wrong
   * lines are kept with the receipt for correction.
   */
  keep: 'all' | 'right';
}

export interface PasteResult {
  added: number;
  doubles: number;
  wrong: number;
}

/** Nothing was written; `verdicts` in the order of the lines. */
export class PasteRefused extends DomainError {
  constructor(readonly verdicts: readonly Verdict[]) {
    const wrong = verdicts.filter(({ outcome }) => outcome === 'wrong').length;
    super('purchasing:error.numbers', { details: { count: verdicts.length, wrong } });
    this.name = 'PasteRefused';
  }
}

/** Takes a whole list of numbers into a draft after all of them were checked against each other, the receipt and the books. */
export function pasteIntoReceipt(
  uow: UnitOfWork,
  actor: Actor,
  command: PasteCommand,
  options?: RunOptions,
): Promise<PasteResult> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockReceipt(unit, command.receiptId);
      authorise(actor, 'purchasing.receipt.edit', row.storeId);
      assertDraft(row);
      const lines = await linesOf(unit, row.id);
      const nextSeq = (await lastSeq(unit, row.id)) + 1;
      const check = checkScans(command.scans, await knownNumbers(unit, actor, row, lines, command.scans, nextSeq));
      const of = (outcome: string): Verdict[] => check.verdicts.filter((verdict) => verdict.outcome === outcome);
      const wrong = of('wrong');
      if (wrong.length > 0 && command.keep === 'all') throw new PasteRefused(check.verdicts);
      const added = await writeChecked(unit, row, lines, check);
      // Keys of a list are its lines; those of scans are the browser's. The last id makes them unique.
      const series = await unit.one<{ last: number | null }>(
        sql`SELECT MAX(id) AS last FROM receipt_scan WHERE receipt_id = ${row.id}`,
      );
      const prefix = `list${Number(series?.last ?? 0)}`;
      await logVerdicts(
        unit,
        row,
        wrong.map((verdict) => ({ ...verdict, key: `${prefix}:${verdict.key}` })),
      );
      return { added, doubles: of('double').length, wrong: wrong.length };
    },
    options,
  );
}
