import { DomainError, emptyToNull, invalidField, normaliseName, notFound } from '../../../kernel';
import { devicesFor, post, reverse } from '../../../ledger';
import { getAttachment, removeAttachment, saveAttachment } from '../../../platform/attachments';
import type { AttachmentRule } from '../../../platform/modules';
import { type Actor, authorise } from '../../../platform/permissions';
import type { Services } from '../../../platform/services';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { getStore } from '../../organization';
import { TEST_OUTCOMES, type TestOutcome, testPosting } from '../domain/device-test';
import { deviceChecks, deviceGrades } from '../queries/device-grades';
import { deviceTest, deviceTestResult, type DeviceTestRow } from '../store/device-test.table';

export const TEST_PERMISSION = 'inventory.test.edit';
export const TEST_FILES = 'inventory.test';

export interface TestDevice {
  deviceId: number;
  /** Record of the configuration. */
  gradeId: number;
  batteryHealth: number | null;
  note: string;
  /** By the record of each check. */
  results: ReadonlyMap<number, { outcome: string; remark: string }>;
}

/** Tests a device and gives it its grade: at once in the books, the test sheet kept as it was filled in. */
export function testDevice(
  uow: UnitOfWork,
  actor: Actor,
  command: TestDevice,
  options?: RunOptions,
): Promise<{ id: number; number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const { deviceId, batteryHealth } = command;
      const row = (await devicesFor(unit, [deviceId])).get(deviceId);
      if (!row || row.state === 'void' || row.storeId === null) throw notFound('inventory.device', deviceId);
      authorise(actor, TEST_PERMISSION, row.storeId);
      const grade = (await deviceGrades(unit)).find(({ id, active }) => id === command.gradeId && active);
      if (!grade) throw invalidField('gradeId', 'errors:field.invalid');
      if (batteryHealth !== null && (batteryHealth < 1 || batteryHealth > 100))
        throw invalidField('batteryHealth', 'errors:field.range', { min: 1, max: 100 });
      const note = emptyToNull(normaliseName(command.note));
      if (note && [...note].length > 400) throw invalidField('note', 'errors:field.too_long', { max: 400 });
      const results = await readResults(unit, command.results);
      const failed = results.filter(({ outcome }) => outcome === 'fail').length;
      const store = await getStore(unit, row.storeId);
      const id = unit.takeIds(deviceTest);
      const number = unit.documentNumber('JC', store.code, unit.today);
      const head: DeviceTestRow = {
        id,
        number,
        deviceId,
        storeId: row.storeId,
        businessDate: unit.today,
        grade: grade.name,
        batteryHealth,
        note,
        state: 'posted',
        failed,
        reversalNumber: null,
        createdAt: unit.now,
        createdBy: actor.userId,
        createdByName: actor.name,
        version: 1,
      };
      await unit.insert(deviceTest, [head]);
      const firstId = unit.takeIds(deviceTestResult, results.length);
      await unit.insert(
        deviceTestResult,
        results.map((one, index) => ({ id: firstId + index, testId: id, lineNo: index + 1, ...one })),
      );
      const document = { type: TEST_FILES, id, number, businessDate: unit.today, storeId: row.storeId };
      await post(unit, testPosting(document, row, { grade: grade.name, batteryHealth, failed }));
      await auditTest(unit, head, 'post', { grade: grade.name, batteryHealth, failed });
      return { id, number };
    },
    options,
  );
}

async function readResults(
  unit: Unit,
  given: TestDevice['results'],
): Promise<{ name: string; outcome: TestOutcome; remark: string | null }[]> {
  return (await deviceChecks(unit)).map(({ id, name }) => {
    const { outcome, remark } = given.get(id) ?? { outcome: 'none', remark: '' };
    const said = emptyToNull(normaliseName(remark));
    if (said && [...said].length > 100) throw invalidField(`remark.${id}`, 'errors:field.too_long', { max: 100 });
    return { name, outcome: TEST_OUTCOMES.find((one) => one === outcome) ?? 'none', remark: said };
  });
}

/** Puts grade and battery back as they were before, while nothing later happened to the device. */
export function reverseTest(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: { id: number; version: number },
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      await unit.lock(deviceTest, [id]);
      const row = await unit.get(deviceTest, id);
      if (!row) throw notFound('inventory.test', id);
      authorise(actor, TEST_PERMISSION, row.storeId);
      if (row.state !== 'posted')
        throw new DomainError('inventory:error.change_state', { status: 409, details: { number: row.number } });
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber('JC', store.code, unit.today);
      const document = { type: TEST_FILES, id, storeId: row.storeId };
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(deviceTest, id, { state: 'reversed', reversalNumber: number }, version);
      await auditTest(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}

const auditTest = (
  unit: Unit,
  { id, number, storeId }: DeviceTestRow,
  what: string,
  detail: Record<string, unknown>,
): Promise<void> =>
  unit.audit({
    action: `inventory.test.${what}`,
    subjectType: TEST_FILES,
    subjectId: id,
    storeId,
    detail: { number, ...detail },
  });

/** Photographs of the device as it was tested. Throws errors:form at `file`. */
export async function attachToTest(
  services: Pick<Services, 'uow' | 'config' | 'keys'>,
  actor: Actor,
  { id, files }: { id: number; files: readonly { name: string; content: Buffer }[] },
): Promise<void> {
  const row = await services.uow.database.read.get(deviceTest, id);
  if (!row) throw notFound('inventory.test', id);
  authorise(actor, TEST_PERMISSION, row.storeId);
  for (const { name, content } of files)
    await saveAttachment(services, actor, { subjectType: TEST_FILES, subjectId: row.id, name, content });
}

export function detachFromTest(
  uow: UnitOfWork,
  actor: Actor,
  { id, attachmentId }: { id: number; attachmentId: number },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await unit.get(deviceTest, id);
      if (!row) throw notFound('inventory.test', id);
      authorise(actor, TEST_PERMISSION, row.storeId);
      const file = await getAttachment(unit, attachmentId);
      if (file.subjectType !== TEST_FILES || file.subjectId !== row.id) throw notFound('attachment', attachmentId);
      await removeAttachment(unit, attachmentId);
    },
    options,
  );
}

export const testFilesRule: AttachmentRule = {
  permission: 'inventory.device.view',
  storeOf: async (read, id) => (await read.get(deviceTest, id))?.storeId,
};
