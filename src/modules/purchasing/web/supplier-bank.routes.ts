import { z } from 'zod';
import {
  type Ctx,
  emptyForm,
  type FormState,
  page,
  redirect,
  type Reply,
  type Route,
  submit,
} from '../../../platform/http';
import type { Message } from '../../../platform/views';
import { bankChangesOf, CONFIRM_BANK_DATA, EDIT_BANK_DATA, VIEW_BANK_DATA } from '../queries/bank-changes';
import { getSupplier } from '../queries/suppliers';
import { changeBankData, confirmBankChange, refuseBankChange } from '../use-cases/change-bank-data';
import { bankHref } from './bank-words';
import { confirmPage } from './confirm-page';
import { newOperationKey, operationKey, text, version } from './fields';
import { supplierBankPage } from './supplier-bank.page';

const view = { permission: VIEW_BANK_DATA };
const edit = { permission: EDIT_BANK_DATA };
const confirm = { permission: CONFIRM_BANK_DATA };
const BASE = '/purchasing/suppliers/:id/bank';

export const supplierBankRoutes: readonly Route[] = [
  { method: 'get', path: BASE, access: view, handler: (ctx) => show(ctx) },
  { method: 'post', path: BASE, access: edit, handler: request },
  {
    method: 'get',
    path: `${BASE}/:changeId/confirmation`,
    access: confirm,
    handler: (ctx) => ask(ctx, 'confirmation'),
  },
  { method: 'post', path: `${BASE}/:changeId/confirmation`, access: confirm, handler: confirmOne },
  { method: 'get', path: `${BASE}/:changeId/refusal`, access: confirm, handler: (ctx) => ask(ctx, 'refusal') },
  { method: 'post', path: `${BASE}/:changeId/refusal`, access: confirm, handler: refuseOne },
];

async function show(ctx: Ctx, form?: FormState, status = 200, notices: Message[] = []): Promise<Reply> {
  const party = await getSupplier(ctx.read, ctx.services.keys, ctx.id());
  const changes = await bankChangesOf(ctx.read, ctx.services.keys, party.id);
  const fresh = emptyForm({ bank: party.bank });
  const model = supplierBankPage(ctx, party, changes, form ?? fresh, notices);
  return page('purchasing/supplier-bank', party.name, model, { status });
}

function request(ctx: Ctx): Promise<Reply> {
  const supplierId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, bank: text(80), bankAccount: text(40), reason: text(200) }),
    async ({ operationKey: key, ...command }) => {
      await changeBankData(ctx.uow, ctx.actor, ctx.services.keys, { ...command, supplierId }, { operationKey: key });
      return redirect(bankHref(supplierId), { kind: 'ok', text: ctx.t('purchasing:bank.done.asked') });
    },
    (form, status) => show(ctx, form, status),
  );
}

type Question = 'confirmation' | 'refusal';

/** The number to be compared stands on the page that asks. */
async function ask(ctx: Ctx, question: Question, form: FormState = emptyForm(), status = 200): Promise<Reply> {
  const { t } = ctx;
  const party = await getSupplier(ctx.read, ctx.services.keys, ctx.id());
  const changes = await bankChangesOf(ctx.read, ctx.services.keys, party.id);
  const change = changes.find(({ id }) => id === ctx.id('changeId'));
  const href = bankHref(party.id);
  if (change?.state !== 'waiting')
    return status === 200 ? redirect(href) : show(ctx, undefined, status, [{ tone: 'bad', title: form.message ?? '' }]);
  const { reason: problem, ...others } = form.problems;
  const none = t('purchasing:none');
  return confirmPage(
    ctx,
    {
      title: t(`purchasing:bank.question.${question}`, { name: party.name }),
      effects: [
        t('purchasing:bank.effect.new', { bank: change.bank ?? none, account: change.account ?? none }),
        t('purchasing:bank.effect.old', { bank: party.bank ?? none, account: party.bankAccount ?? none }),
        t('purchasing:bank.effect.asked', { name: change.requestedByName, reason: change.reason ?? none }),
        t(`purchasing:bank.effect.${question}`),
      ],
      action: `${href}/${change.id}/${question}`,
      verb: t(question === 'confirmation' ? 'purchasing:bank.confirm' : 'purchasing:bank.refuse'),
      danger: question === 'refusal',
      cancelHref: href,
      fields: { version: change.version, operationKey: newOperationKey() },
      ...(question === 'refusal'
        ? {
            reason: {
              name: 'reason',
              label: t('purchasing:reversal.reason'),
              type: 'textarea' as const,
              rows: 2,
              required: true,
              maxlength: 200,
              value: form.values['reason'] ?? '',
              ...(problem ? { error: problem } : {}),
            },
          }
        : {}),
    },
    form.message,
    Object.values(others),
    status,
  );
}

function confirmOne(ctx: Ctx): Promise<Reply> {
  const supplierId = ctx.id();
  const changeId = ctx.id('changeId');
  return submit(
    ctx,
    z.object({ operationKey, version }),
    async ({ operationKey: key, version: seen }) => {
      const command = { supplierId, changeId, version: seen };
      await confirmBankChange(ctx.uow, ctx.actor, ctx.services.keys, command, { operationKey: key });
      return redirect(bankHref(supplierId), { kind: 'ok', text: ctx.t('purchasing:bank.done.confirmed') });
    },
    (form, status) => ask(ctx, 'confirmation', form, status),
  );
}

function refuseOne(ctx: Ctx): Promise<Reply> {
  const supplierId = ctx.id();
  const changeId = ctx.id('changeId');
  return submit(
    ctx,
    z.object({ operationKey, version, reason: text(200) }),
    async ({ operationKey: key, version: seen, reason }) => {
      const command = { supplierId, changeId, version: seen, reason };
      await refuseBankChange(ctx.uow, ctx.actor, command, { operationKey: key });
      return redirect(bankHref(supplierId), { kind: 'ok', text: ctx.t('purchasing:bank.done.refused') });
    },
    (form, status) => ask(ctx, 'refusal', form, status),
  );
}
