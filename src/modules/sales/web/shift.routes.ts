import { z } from 'zod';
import { DomainError, parseQuantity } from '../../../kernel';
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
import { readListQuery } from '../../../platform/lists';
import { TENDER_KINDS } from '../domain/sale';
import { SHIFTS_LIST, shiftsPage, shiftView } from '../queries/shifts';
import { registersFor } from '../queries/till-page';
import { closeShift, openShift } from '../use-cases/shifts';
import { closingModel, openTillModel, shiftPage, shiftsListPage } from './shift.page';

const VIEW = { permission: 'sales.shift.view' };
const OPEN = { permission: 'sales.shift.open' };
const CLOSE = { permission: 'sales.shift.close' };

async function showList(ctx: Ctx): Promise<Reply> {
  const query = readListQuery(SHIFTS_LIST, ctx.query);
  const found = await shiftsPage(ctx.read, ctx.actor, query, ctx.store?.id ?? null);
  return page('sales/list', ctx.t('sales:shift.list'), shiftsListPage(ctx, query, found));
}

const opening = z.object({ registerId: fields.id, openingFloat: fields.money, operationKey: fields.operationKey });

function open(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    opening,
    async ({ registerId, openingFloat, operationKey }) => {
      const { shiftNumber } = await openShift(
        ctx.uow,
        ctx.actor,
        { registerId, openingFloatFen: openingFloat },
        { operationKey },
      );
      return redirect(`/sales/till?register=${registerId}`, {
        kind: 'ok',
        text: ctx.t('sales:shift.openDone', { number: shiftNumber }),
      });
    },
    async (form, status) => {
      const registers = await registersFor(ctx.read, ctx.actor, null);
      const register = registers.find((one) => String(one.id) === form.values['registerId']);
      if (!register) return redirect('/sales/till');
      return page('sales/shift-open', ctx.t('sales:shift.open'), openTillModel(ctx, register, form), { status });
    },
  );
}

async function showShift(ctx: Ctx): Promise<Reply> {
  const view = await shiftView(ctx.read, ctx.actor, ctx.id());
  return page('sales/shift', view.shift.shiftNumber, shiftPage(ctx, view));
}

async function showClosing(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const view = await shiftView(ctx.read, ctx.actor, ctx.id());
  if (view.shift.state !== 'open')
    throw new DomainError('sales:error.shift_closed', { status: 409, details: { number: view.shift.shiftNumber } });
  const model = closingModel(ctx, view, form ?? emptyForm({ version: view.shift.version }));
  return page('sales/shift-closing', model.head.title, model, { status });
}

const others = TENDER_KINDS.filter((kind) => kind !== 'cash');
const closing = z.object({
  version: fields.version,
  // Names begin with a letter: fields with bare numbers would be read as a list.
  pieces: z.record(z.string().regex(/^f\d{1,6}$/), fields.text).default({}),
  counted: z
    .object(
      Object.fromEntries(others.map((kind) => [kind, fields.optionalMoney])) as Record<
        (typeof others)[number],
        typeof fields.optionalMoney
      >,
    )
    .optional(),
  note: fields.text,
  operationKey: fields.operationKey,
});

function close(ctx: Ctx): Promise<Reply> {
  return submit(
    ctx,
    closing,
    async ({ version, pieces, counted, note, operationKey }) => {
      const command = {
        shiftId: ctx.id(),
        version,
        pieces: Object.fromEntries(
          Object.entries(pieces)
            .filter(([, typed]) => typed.trim() !== '')
            .map(([fen, typed]) => [fen.slice(1), parseQuantity(typed)]),
        ),
        counted: Object.fromEntries(Object.entries(counted ?? {}).filter((entry) => entry[1] !== null)) as Record<
          string,
          number
        >,
        note,
      };
      const { shiftId, cashDifferenceFen } = await closeShift(ctx.uow, ctx.actor, command, { operationKey });
      const key = cashDifferenceFen === 0 ? 'right' : cashDifferenceFen > 0 ? 'over' : 'short';
      return redirect(`/sales/shifts/${shiftId}`, {
        kind: 'ok',
        text: ctx.t(`sales:shift.done_${key}`, { amount: ctx.f.moneyYuan(Math.abs(cashDifferenceFen)) }),
      });
    },
    (form, status) => showClosing(ctx, form, status),
  );
}

export const shiftRoutes: readonly Route[] = [
  { method: 'get', path: '/sales/shifts', access: VIEW, handler: showList },
  { method: 'post', path: '/sales/shifts', access: OPEN, handler: open },
  { method: 'get', path: '/sales/shifts/:id', access: VIEW, handler: showShift },
  { method: 'get', path: '/sales/shifts/:id/closing', access: CLOSE, handler: (ctx) => showClosing(ctx) },
  { method: 'post', path: '/sales/shifts/:id/closing', access: CLOSE, handler: close },
];
