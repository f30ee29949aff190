import { z } from 'zod';
import { invalid, normalisePhone, parseId } from '../../../kernel';
import { type Ctx, json, page, redirect, type Reply, type Route } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import { levelOfCustomer } from '../../crm';
import { listChannels, listStaff } from '../../organization';
import { listLevels } from '../../pricing';
import { TENDER_KINDS } from '../domain/sale';
import { priceAgain, type ScanAnswer, scanCodes, type ScanPlace, suggestProducts } from '../queries/scan-codes';
import { registerView } from '../queries/shifts';
import { channelsAt, heldSalesOf, openDraft, registersFor, shiftTotalOf, tillState } from '../queries/till-page';
import { approverOf } from '../use-cases/approve-discount';
import { findTillCustomer, findTillCustomers } from '../use-cases/find-till-customer';
import { holdSale, keepDraft, takeHeldSale } from '../use-cases/hold-sale';
import { postSale } from '../use-cases/post-sale';
import { openTillModel } from './shift.page';
import { tillModel } from './till.page';

const CREATE = { permission: 'sales.sale.create' };

/** Parses a JSON body; the till's own scripts never send a wrong one, so one message is enough. */
function parse<S extends z.ZodType>(ctx: Ctx, schema: S): z.output<S> {
  const parsed = schema.safeParse(ctx.body);
  if (!parsed.success)
    throw invalid(
      'errors:form',
      {},
      parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), code: 'errors:field.invalid' })),
    );
  return parsed.data;
}

const id = z.number().int().positive();
const fen = z.number().int().min(0).max(1_000_000_000_000);
const operationKey = z.string().regex(/^[\w.:-]{8,100}$/);
const draft = z.record(z.string(), z.unknown());
const summary = {
  label: z.string().max(60).nullable().default(null),
  quantity: z.number().int().min(0),
  amountFen: fen,
};

const scans = z.object({
  scans: z
    .array(z.object({ key: z.string().max(60), code: z.string().max(200) }))
    .min(1)
    .max(50),
});
const sale = z.object({
  operationKey,
  customerId: id.nullable(),
  salespersonId: id.nullable(),
  channelId: id.nullable().default(null),
  expectedFen: fen,
  lines: z
    .array(z.object({ skuId: id, deviceId: id.nullable(), quantity: z.number().int(), discountFen: fen }))
    .max(500),
  tenders: z
    .array(z.object({ kind: z.enum(TENDER_KINDS), amountFen: fen, reference: z.string().trim().max(80).nullable() }))
    .max(20),
  approval: z
    .object({ login: z.string().max(80), password: z.string().max(200), code: z.string().max(20).optional() })
    .optional(),
});

/** The store of the till; `?channel=` and `?customer=` say for whom the prices are. */
async function placeOf(ctx: Ctx): Promise<ScanPlace> {
  const till = await registerView(ctx.read, ctx.actor, ctx.id(), 'sales.sale.create');
  const customerId = parseId(ctx.query['customer']);
  return {
    storeId: till.storeId,
    today: ctx.today,
    now: ctx.now,
    channelId: parseId(ctx.query['channel']) ?? null,
    levelId: customerId ? ((await levelOfCustomer(ctx.read, customerId)) ?? null) : null,
    seesCost: ctx.can(COST_PERMISSION, till.storeId),
  };
}

/** The till itself, the choice of a till, or the opening of its shift: whatever comes next. */
async function showTill(ctx: Ctx): Promise<Reply> {
  const registers = await registersFor(ctx.read, ctx.actor, ctx.store?.id ?? null);
  const wanted = registers.find((register) => String(register.id) === ctx.query['register']);
  if (!wanted) {
    const own = registers.filter((register) => register.shiftId !== null && register.openedById === ctx.actor.userId);
    if (own[0] && own.length === 1 && ctx.query['register'] === undefined)
      return redirect(`/sales/till?register=${own[0].id}`);
    return page(
      'sales/till-choice',
      ctx.t('sales:till.title'),
      { registers, mayEdit: ctx.can('sales.register.edit') },
      { styles: ['till-work'] },
    );
  }
  if (wanted.shiftId === null) return page('sales/shift-open', ctx.t('sales:shift.open'), openTillModel(ctx, wanted));
  const state = await tillState(ctx.read, ctx.services.keys, wanted.id, wanted.storeId);
  const staff = await listStaff(ctx.read, { storeId: wanted.storeId });
  const levels = await listLevels(ctx.read);
  const channels = channelsAt(await listChannels(ctx.read), wanted.channelIds);
  return page('sales/till', ctx.t('sales:till.title'), tillModel(ctx, wanted, state, { staff, channels, levels }), {
    layout: 'till',
    styles: ['till-work'],
    scripts: ['till/till'],
  });
}

/** Each scan's answer in its order, as the scan queue of the browser expects it. */
async function scan(ctx: Ctx): Promise<Reply> {
  const body = parse(ctx, scans);
  const answers = await scanCodes(
    ctx.read,
    await placeOf(ctx),
    body.scans.map((one) => one.code),
  );
  return json({ results: answers.map((answer) => scanResult(ctx, answer)) });
}

function scanResult(ctx: Ctx, answer: ScanAnswer): Record<string, unknown> {
  if (answer.kind === 'line') return { outcome: 'right', text: answer.line.name, line: answer.line };
  if (answer.kind === 'matches')
    return {
      outcome: 'wrong',
      text: ctx.t('sales:till.say.choose', { count: answer.matches.length }),
      matches: answer.matches,
    };
  const href = answer.deviceId === undefined ? undefined : `/inventory/devices/${answer.deviceId}`;
  return { outcome: 'wrong', text: ctx.t(answer.code, answer.details), ...(href ? { href } : {}) };
}

/** The lines of a draft for another channel or customer. */
async function prices(ctx: Ctx): Promise<Reply> {
  const wanted = z.object({ lines: z.array(z.object({ skuId: id, deviceId: id.nullable() })).max(500) });
  const { lines } = parse(ctx, wanted);
  return json({ lines: await priceAgain(ctx.read, await placeOf(ctx), lines) });
}

async function products(ctx: Ctx): Promise<Reply> {
  const text = (ctx.query['q'] ?? '').slice(0, 60);
  return json({ products: await suggestProducts(ctx.read, await placeOf(ctx), text) });
}

async function customers(ctx: Ctx): Promise<Reply> {
  const { storeId } = await placeOf(ctx);
  const body = parse(
    ctx,
    z.object({ phone: z.string().max(40), name: z.string().max(60).default(''), create: z.boolean().default(false) }),
  );
  if (!body.create && normalisePhone(body.phone) === null && /\p{L}/u.test(body.phone))
    return json({ customer: null, matches: await findTillCustomers(ctx.services, ctx.actor, body.phone) });
  return json({ customer: await findTillCustomer(ctx.services, ctx.actor, { ...body, storeId }) });
}

async function keep(ctx: Ctx): Promise<Reply> {
  const body = parse(ctx, z.object({ draft: draft.nullable(), ...summary }));
  return json(await keepDraft(ctx.uow, ctx.actor, { registerId: ctx.id(), ...body }));
}

async function hold(ctx: Ctx): Promise<Reply> {
  const body = parse(ctx, z.object({ operationKey, draft, ...summary }));
  const { storeId } = await placeOf(ctx);
  await holdSale(ctx.uow, ctx.actor, { registerId: ctx.id(), ...body }, { operationKey: body.operationKey });
  return json({ held: await heldSalesOf(ctx.read, ctx.services.keys, storeId) });
}

async function holds(ctx: Ctx): Promise<Reply> {
  const { storeId } = await placeOf(ctx);
  return json({ held: await heldSalesOf(ctx.read, ctx.services.keys, storeId) });
}

async function take(ctx: Ctx): Promise<Reply> {
  const body = parse(ctx, z.object({ operationKey }));
  const { storeId } = await placeOf(ctx);
  const { draft: kept } = await takeHeldSale(
    ctx.uow,
    ctx.actor,
    { registerId: ctx.id(), heldId: ctx.id('held') },
    { operationKey: body.operationKey },
  );
  const { keys } = ctx.services;
  const opened = await openDraft(ctx.read, keys, kept);
  return json({ draft: opened, held: await heldSalesOf(ctx.read, ctx.services.keys, storeId) });
}

async function post(ctx: Ctx): Promise<Reply> {
  const { approval, operationKey: key, ...command } = parse(ctx, sale);
  const registerId = ctx.id();
  const approver = approval
    ? await approverOf(ctx.services, ctx.actor, approval, (await placeOf(ctx)).storeId)
    : undefined;
  const posted = await postSale(ctx.uow, ctx.actor, { registerId, ...command }, { operationKey: key, approver });
  // The result of a sale that an earlier version posted does not say it.
  return json({ ...posted, total: posted.total ?? (await shiftTotalOf(ctx.read, registerId)) });
}

export const tillRoutes: readonly Route[] = [
  { method: 'get', path: '/sales/till', access: CREATE, handler: showTill },
  { method: 'post', path: '/sales/till/:id/scans', access: CREATE, handler: scan, json: true },
  { method: 'post', path: '/sales/till/:id/prices', access: CREATE, handler: prices, json: true },
  { method: 'get', path: '/sales/till/:id/products', access: CREATE, handler: products, json: true },
  { method: 'post', path: '/sales/till/:id/customers', access: CREATE, handler: customers, json: true },
  { method: 'post', path: '/sales/till/:id/draft', access: CREATE, handler: keep, json: true },
  { method: 'get', path: '/sales/till/:id/holds', access: CREATE, handler: holds, json: true },
  { method: 'post', path: '/sales/till/:id/holds', access: CREATE, handler: hold, json: true },
  { method: 'post', path: '/sales/till/:id/holds/:held/taking', access: CREATE, handler: take, json: true },
  { method: 'post', path: '/sales/till/:id/sales', access: CREATE, handler: post, json: true },
];
