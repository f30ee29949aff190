import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField, notFound, parseQuantity } from '../../../kernel';
import { attachmentsModel, attachmentsOf, mayReadContent, paperRoutes } from '../../../platform/attachments';
import {
  type Ctx,
  emptyForm,
  fields,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import { can } from '../../../platform/permissions';
import { deviceChecks, deviceGrades } from '../queries/device-grades';
import { devicePageData } from '../queries/device-page';
import { testView } from '../queries/device-tests';
import {
  attachToTest,
  detachFromTest,
  reverseTest,
  TEST_FILES,
  TEST_PERMISSION,
  testDevice,
  testFilesRule,
} from '../use-cases/test-device';
import { testFormPage, testHref, testPage } from './test.page';

const view = { permission: 'inventory.device.view' };
const edit = { permission: TEST_PERMISSION };
const DEVICE = '/inventory/devices/:id/tests';
const BASE = '/inventory/tests/:id';

export const testRoutes: readonly Route[] = [
  { method: 'get', path: `${DEVICE}/new`, access: edit, handler: (ctx) => showNew(ctx) },
  { method: 'post', path: DEVICE, access: edit, handler: create },
  { method: 'get', path: BASE, access: view, handler: (ctx) => show(ctx) },
  { method: 'get', path: `${BASE}/reversal`, access: edit, handler: askReversal },
  { method: 'post', path: `${BASE}/reversal`, access: edit, handler: reverse },
  ...paperRoutes({
    path: BASE,
    access: edit,
    number: async (ctx) => (await testView(ctx.read, ctx.actor, ctx.id())).number,
    attach: (ctx, id, files) => attachToTest(ctx.services, ctx.actor, { id, files }),
    detach: (ctx, { documentId: id, attachmentId }, operationKey) =>
      detachFromTest(ctx.uow, ctx.actor, { id, attachmentId }, { operationKey }),
    show: (ctx, status, title) => show(ctx, { ...emptyForm(), message: title }, status),
    confirm: (ctx, confirm) => page('inventory/confirm', confirm.verb, { ...confirm }),
  }),
];

async function showNew(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { device, sku, identifiers } = await devicePageData(ctx.read, ctx.actor, ctx.id(), ctx);
  if (device.storeId === null || !can(ctx.actor, TEST_PERMISSION, device.storeId))
    throw notFound('inventory.device', device.id);
  const grades = await deviceGrades(ctx.read);
  const checks = await deviceChecks(ctx.read);
  const before = {
    gradeId: String(grades.find(({ name }) => name === device.grade)?.id ?? ''),
    batteryHealth: device.batteryHealth === null ? '' : String(device.batteryHealth),
    ...Object.fromEntries(checks.map(({ id }) => [`outcome.${id}`, 'none'])),
  };
  const imei = identifiers.find(({ endedAt }) => endedAt === null)?.value ?? '';
  const model = testFormPage(ctx, { deviceId: device.id, name: sku.name, imei, grades, checks, form, before });
  return page('inventory/test-form', ctx.t('inventory:test.new'), model, { status });
}

const words = z.record(z.string(), z.string()).optional().default({});
const createSchema = z.object({
  operationKey: fields.operationKey,
  gradeId: fields.id,
  batteryHealth: fields.text,
  note: fields.text,
  outcome: z.union([words, z.array(z.string().optional())]),
  remark: z.union([words, z.array(z.string().optional())]),
});

function create(ctx: Ctx): Promise<Reply> {
  const deviceId = ctx.id();
  return submit(
    ctx,
    createSchema,
    async ({ operationKey, gradeId, batteryHealth, note, outcome, remark }) => {
      const remarks = new Map(Object.entries(remark));
      const results = new Map(
        Object.entries(outcome).map(([id, one]) => [Number(id), { outcome: one ?? '', remark: remarks.get(id) ?? '' }]),
      );
      const health = batteryHealth.trim() === '' ? null : percentOf(batteryHealth);
      const command = { deviceId, gradeId, batteryHealth: health, note, results };
      const { id } = await testDevice(ctx.uow, ctx.actor, command, { operationKey });
      return redirect(testHref(id), { kind: 'ok', text: ctx.t('inventory:test.saved') });
    },
    (form, status) => showNew(ctx, form, status),
  );
}

function percentOf(typed: string): number {
  try {
    return parseQuantity(typed.replace(/[%％]\s*$/, ''));
  } catch {
    throw invalidField('batteryHealth', 'errors:field.range', { min: 1, max: 100 });
  }
}

async function show(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const test = await testView(ctx.read, ctx.actor, ctx.id());
  const files = await attachmentsOf(ctx.read, TEST_FILES, test.id);
  const upload = test.works
    ? { action: `${testHref(test.id)}/attachments`, hint: ctx.t('inventory:test.filesHint') }
    : null;
  const attachments = attachmentsModel(ctx, files, upload, (file) =>
    mayReadContent(ctx.actor, testFilesRule, file, test.storeId),
  );
  const notices = form
    ? [{ tone: 'bad' as const, title: form.message ?? '', items: Object.values(form.problems) }]
    : [];
  return page('inventory/test', test.number, testPage(ctx, { test, attachments, notices }), { status });
}

async function askReversal(ctx: Ctx): Promise<Reply> {
  const test = await testView(ctx.read, ctx.actor, ctx.id());
  if (test.state !== 'posted') return redirect(testHref(test.id));
  const { t } = ctx;
  return page('inventory/confirm', t('common:action.reverse'), {
    title: t('inventory:change.ask.reversal', { number: test.number }),
    effects: [t('inventory:test.reversalEffect')],
    action: `${testHref(test.id)}/reversal`,
    verb: t('common:action.reverse'),
    danger: true,
    cancelHref: testHref(test.id),
    fields: { version: test.version, operationKey: randomUUID() },
  });
}

function reverse(ctx: Ctx): Promise<Reply> {
  const id = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey: fields.operationKey, version: fields.version }),
    async ({ operationKey, version }) => {
      const { number } = await reverseTest(ctx.uow, ctx.actor, { id, version }, { operationKey });
      return redirect(testHref(id), { kind: 'ok', text: ctx.t('inventory:change.done.reversed', { number }) });
    },
    (form, status) => show(ctx, form, status),
  );
}
