import {
  type BusinessDate,
  type FieldProblem,
  invalid,
  isBusinessDate,
  isDomainError,
  notFound,
  parseMoney,
} from '../../../kernel';
import { devicesFor, findByNumbers, placeOf, post } from '../../../ledger';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { boughtAnew } from '../domain/protection-coverage';
import { protectionPosting, type ProtectedDevice } from '../domain/protection-posting';
import { deviceLives } from '../queries/device-lives';
import { protectionDevicesOf, protectionLinesOf, replaceDevices, writeProtection } from '../store/protection.store';
import { protectionLine, type ProtectionDeviceRow, type ProtectionLineRow } from '../store/protection.table';
import { judgedRows } from './judged-rows';
import { auditProtection, lockForStep } from './save-protection';

export const AGREE_PROTECTIONS = 'purchasing.protection.agree';

export interface AgreeProtection {
  claimId: number;
  version: number;
  dueOn: string | null;
  /** What the supplier agreed to for a piece of each line. */
  lines: readonly { id: number; agreedUnitFen: number | null }[];
  /** Devices for which it agreed to another amount: a number and an amount on each line, 0 for a refused one. */
  exceptions: string;
}

/**
 * Books what the supplier agreed to. Each device is judged once more under its lock: one that was sold meanwhile corrects
 * the cost of sales instead of stock, one that is no longer covered gets nothing.
 */
export function agreeProtection(
  uow: UnitOfWork,
  actor: Actor,
  command: AgreeProtection,
  options?: RunOptions,
): Promise<{ id: number; covered: number; dropped: number; agreedFen: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockForStep(unit, actor, command, AGREE_PROTECTIONS, 'agree');
      authorise(actor, COST_PERMISSION, row.storeId);
      const lines = agreedLines(await protectionLinesOf(unit, row.id), command);
      const before = await protectionDevicesOf(unit, row.id);
      const exceptions = await readExceptions(unit, before, command.exceptions);
      const onBooks = await devicesFor(
        unit,
        before.flatMap(({ deviceId }) => deviceId ?? []),
      );
      const judged = await judgedRows(unit, row, before);
      const units = new Map(lines.map((line) => [line.id, line]));
      const agreed = judged.map((one) => {
        const agreedFen = one.coverage === 'none' ? 0 : (exceptions.get(one.mainNumber) ?? unitOf(units, one));
        return { ...one, agreedFen };
      });
      const lives = await deviceLives(unit, [...onBooks.keys()]);
      const cut = { ...row, effectiveOn: row.effectiveOn as BusinessDate };
      const protectedDevices = agreed.flatMap((one): ProtectedDevice[] => {
        const device = one.deviceId === null ? undefined : onBooks.get(one.deviceId);
        const line = one.lineId === null ? undefined : units.get(one.lineId);
        if (!device || !line || one.agreedFen === 0) return [];
        return [
          {
            deviceId: device.id,
            skuId: device.skuId,
            place: placeOf(device),
            costFen: device.costFen,
            agreedFen: one.agreedFen,
            taxRateBp: row.withTax ? line.taxRateBp : 0,
            anew: boughtAnew(lives.get(device.id) ?? [], cut),
            storeId: device.storeId ?? one.storeId ?? row.storeId,
            saleNumber: device.state === 'sold' ? one.saleNumber : null,
          },
        ];
      });
      if (protectedDevices.length === 0) throw invalid('purchasing:error.protection_agreed_nothing');
      const document = {
        type: 'purchasing.protection',
        id: row.id,
        number: row.number,
        businessDate: unit.today,
        storeId: row.storeId,
      };
      const { booked, sums, ...posting } = protectionPosting(document, row.supplierId, command.dueOn, protectedDevices);
      await post(unit, posting);
      const amounts = new Map(booked.map((one) => [one.deviceId, one]));
      const rows = agreed.map((one): ProtectionDeviceRow => {
        const { netFen = 0, stockFen = 0, costDropFen = 0 } = amounts.get(one.deviceId ?? 0) ?? {};
        return { ...one, netFen, stockFen, costDropFen };
      });
      for (const { id, version, agreedUnitFen } of lines)
        await unit.update(protectionLine, id, { agreedUnitFen }, version);
      await replaceDevices(unit, row.id, rows);
      await writeProtection(unit, row, rows, {
        ...sums,
        // What was asked for stays as it was sent.
        claimedFen: row.claimedFen,
        state: 'agreed',
        agreedAt: unit.now,
        businessDate: unit.today,
        dueOn: command.dueOn,
      });
      const covered = (list: readonly ProtectionDeviceRow[]): number =>
        list.filter(({ coverage }) => coverage !== 'none').length;
      const dropped = Math.max(0, covered(before) - covered(rows));
      await auditProtection(unit, row, 'agree', { count: protectedDevices.length, dropped });
      await unit.publish('purchasing.protection.agreed', { claimId: row.id, number: row.number, storeId: row.storeId });
      return { id: row.id, covered: protectedDevices.length, dropped, agreedFen: sums.agreedFen };
    },
    options,
  );
}

const unitOf = (lines: ReadonlyMap<number, ProtectionLineRow>, { lineId }: Pick<ProtectionDeviceRow, 'lineId'>) =>
  lines.get(lineId ?? 0)?.agreedUnitFen ?? 0;

/** The lines with what was agreed; problems stand at `lines.<index>.agreed` and `dueOn`. */
function agreedLines(
  lines: readonly ProtectionLineRow[],
  command: Pick<AgreeProtection, 'lines' | 'dueOn'>,
): ProtectionLineRow[] {
  const fields: FieldProblem[] = [];
  const { dueOn } = command;
  if (dueOn !== null && !isBusinessDate(dueOn)) fields.push({ path: 'dueOn', code: 'purchasing:error.date' });
  const agreed = new Map<number, number>();
  command.lines.forEach(({ id, agreedUnitFen }, index) => {
    if (!lines.some((line) => line.id === id)) throw notFound('purchasing.protection_line', id);
    if (agreedUnitFen === null || agreedUnitFen < 0 || agreedUnitFen > MOST_FEN)
      fields.push({ path: `lines.${index}.agreed`, code: 'purchasing:error.price' });
    else agreed.set(id, agreedUnitFen);
  });
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  // A line that the form did not send is agreed as it was claimed.
  return lines.map((line) => ({ ...line, agreedUnitFen: agreed.get(line.id) ?? line.unitFen }));
}

const MOST_FEN = 100_000_000;

/** Number → amount, of what was pasted; every line that cannot be read is a problem at `exceptions`. */
async function readExceptions(
  unit: Unit,
  devices: readonly ProtectionDeviceRow[],
  text: string,
): Promise<Map<string, number>> {
  const wanted = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => ({ line, match: /^([^\s,，;；]+)[\s,，;；]+(\S+)$/.exec(line) }));
  const found = await findByNumbers(
    unit,
    wanted.flatMap(({ match }) => match?.[1] ?? []),
  );
  const byNumber = new Map(found.toReversed().map(({ number, deviceId }) => [number, deviceId]));
  const byDevice = new Map(devices.map((one) => [one.deviceId, one.mainNumber]));
  const amounts = new Map<string, number>();
  const fields: FieldProblem[] = [];
  for (const { line, match } of wanted) {
    const number = byDevice.get(byNumber.get(match?.[1]?.toUpperCase() ?? '') ?? 0);
    const amount = amountOf(match?.[2]);
    if (number === undefined || amount === null)
      fields.push({
        path: 'exceptions',
        code: number === undefined ? 'purchasing:error.exception_number' : 'purchasing:error.exception_amount',
        details: { line: line.slice(0, 60) },
      });
    else amounts.set(number, amount);
  }
  if (fields.length > 0) throw invalid('errors:form', {}, fields);
  return amounts;
}

function amountOf(text: string | undefined): number | null {
  try {
    const amount = parseMoney(text ?? '');
    return amount < 0 || amount > MOST_FEN ? null : amount;
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}
