import { DomainError, invalid, notFound } from '../../../kernel';
import { post } from '../../../ledger';
import { duplicateKey } from '../../../platform/database';
import { type Actor, authorise } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { SHIFT_DOCUMENT, type TenderKind } from '../domain/sale';
import {
  countedCashFen,
  DENOMINATIONS_FEN,
  expectedSums,
  shiftPosting,
  sumsDifference,
  type TenderSums,
} from '../domain/shift';
import { register, shift } from '../store/register.table';
import { takenInShift } from '../store/shift-takings';

type Options = { operationKey?: string | undefined };

/** Opens a till with the money that lies in it. 409 sales:error.shift_open when it is open already. */
export function openShift(
  uow: UnitOfWork,
  actor: Actor,
  { registerId, openingFloatFen }: { registerId: number; openingFloatFen: number },
  options: Options = {},
): Promise<{ shiftId: number; shiftNumber: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const till = await unit.get(register, registerId);
      if (!till) throw notFound('sales.register', registerId);
      authorise(actor, 'sales.shift.open', till.storeId);
      if (!till.active) throw invalid('sales:error.register_inactive', { name: till.name });
      if (!Number.isSafeInteger(openingFloatFen) || openingFloatFen < 0)
        throw invalid('errors:form', {}, [{ path: 'openingFloat', code: 'sales:error.float' }]);
      const store = await getStore(unit, till.storeId);
      const shiftId = unit.takeIds(shift);
      const shiftNumber = unit.documentNumber('JB', store.code, unit.today);
      try {
        await unit.insert(shift, [
          {
            id: shiftId,
            shiftNumber,
            registerId,
            storeId: till.storeId,
            state: 'open',
            openRegisterId: registerId,
            businessDate: unit.today,
            openedById: actor.userId,
            openedByName: actor.name,
            openedAt: unit.now,
            openingFloatFen,
            version: 1,
            saleCount: 0,
            saleGrossFen: 0,
          },
        ]);
      } catch (error) {
        if (duplicateKey(error))
          throw new DomainError('sales:error.shift_open', { status: 409, details: { name: till.name } });
        throw error;
      }
      await unit.audit({
        action: 'sales.shift.open',
        subjectType: SHIFT_DOCUMENT,
        subjectId: shiftId,
        storeId: till.storeId,
        detail: { number: shiftNumber, openingFloatFen },
      });
      return { shiftId, shiftNumber };
    },
    options,
  );
}

export interface CloseShiftCommand {
  shiftId: number;
  version: number;
  /** Pieces per denomination, keys are fen. */
  pieces: Readonly<Record<string, number>>;
  /** Other tenders as the slips or the phone say; those left out are taken as expected. */
  counted: Partial<Record<Exclude<TenderKind, 'cash'>, number>>;
  note?: string | null | undefined;
}

export interface ShiftClosed {
  shiftId: number;
  cashDifferenceFen: number;
}

/** Counts and closes. The cash difference is booked as till over or short (长短款); other tenders are only recorded. */
export async function closeShift(
  uow: UnitOfWork,
  actor: Actor,
  command: CloseShiftCommand,
  options: Options = {},
): Promise<ShiftClosed> {
  checkPieces(command.pieces);
  return uow.run(
    actor,
    async (unit) => {
      await unit.lock(shift, [command.shiftId]);
      const row = await unit.get(shift, command.shiftId);
      if (!row) throw notFound('sales.shift', command.shiftId);
      authorise(actor, 'sales.shift.close', row.storeId);
      if (row.state !== 'open')
        throw new DomainError('sales:error.shift_closed', { status: 409, details: { number: row.shiftNumber } });
      const expected = expectedSums(row.openingFloatFen, await takenInShift(unit, row.id));
      // One click on an empty form is not a count: it would book the whole drawer as short.
      if (Object.keys(command.pieces).length === 0 && (expected.cash ?? 0) !== 0)
        throw invalid('errors:form', {}, [
          { path: `pieces.f${DENOMINATIONS_FEN[0]}`, code: 'sales:error.count_first' },
        ]);
      const counted: TenderSums = { ...expected, ...command.counted, cash: countedCashFen(command.pieces) };
      const difference = sumsDifference(expected, counted);
      const cashDifferenceFen = difference.cash ?? 0;
      const posting = shiftPosting(
        { type: SHIFT_DOCUMENT, id: row.id, number: row.shiftNumber, businessDate: unit.today, storeId: row.storeId },
        cashDifferenceFen,
      );
      if (posting) await post(unit, posting);
      await unit.update(
        shift,
        row.id,
        {
          state: 'closed',
          openRegisterId: null,
          closedById: actor.userId,
          closedByName: actor.name,
          closedAt: unit.now,
          expected,
          counted,
          difference,
          denominations: { ...command.pieces },
          differenceFen: cashDifferenceFen,
          note: command.note?.trim() || null,
        },
        command.version,
      );
      await unit.audit({
        action: 'sales.shift.close',
        subjectType: SHIFT_DOCUMENT,
        subjectId: row.id,
        storeId: row.storeId,
        detail: { number: row.shiftNumber, expected, counted, cashDifferenceFen },
      });
      return { shiftId: row.id, cashDifferenceFen };
    },
    options,
  );
}

function checkPieces(pieces: Readonly<Record<string, number>>): void {
  const known = new Set(DENOMINATIONS_FEN.map(String));
  for (const [key, count] of Object.entries(pieces))
    if (!known.has(key) || !Number.isSafeInteger(count) || count < 0 || count > 100_000)
      throw invalid('errors:form', {}, [{ path: `pieces.f${key}`, code: 'sales:error.pieces' }]);
}
