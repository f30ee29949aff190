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
import type { Field } from '../../../platform/views';
import { returnView } from '../queries/return-page';
import { recordCreditNote } from '../use-cases/record-credit-note';
import { EDIT_INVOICES } from '../use-cases/save-invoice';
import { newOperationKey, operationKey, optionalDate, text, version } from './fields';
import { returnCrumbs, returnHref } from './return-words';
import { showReturn } from './show-return';
import { noticeOf } from './show-receipt';
import type { SupplierFormPage } from './supplier.page';

const edit = { permission: EDIT_INVOICES };
const PATH = '/purchasing/returns/:id/credit-note';

export const creditNoteRoutes: readonly Route[] = [
  { method: 'get', path: PATH, access: edit, handler: (ctx) => show(ctx) },
  { method: 'post', path: PATH, access: edit, handler: record },
];

async function show(ctx: Ctx, form?: FormState, status = 200): Promise<Reply> {
  const { t } = ctx;
  const document = await returnView(ctx.read, ctx.actor, ctx.id());
  const href = returnHref(document.id);
  if (document.state !== 'posted')
    return status === 200 || !form ? redirect(href) : showReturn(ctx, document.id, { status, notices: noticeOf(form) });
  const { creditNoteNumber, creditNoteOn } = document;
  const fresh = emptyForm({ creditNoteNumber, creditNoteOn, operationKey: newOperationKey() });
  const { values, problems, message } = form ?? fresh;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: t(`purchasing:return.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const model: SupplierFormPage = {
    head: {
      title: t('purchasing:return.creditNote'),
      say: t('purchasing:return.creditNoteSay'),
      crumbs: [...returnCrumbs(ctx), { label: document.number, href }],
    },
    action: `${href}/credit-note`,
    cancelHref: href,
    submit: t('common:action.save'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      // Who saves again after a conflict has been told of it: the form then stands on the newest version.
      version: status === 409 ? String(document.version) : (values['version'] ?? String(document.version)),
    },
    message,
    fields: [
      field('creditNoteNumber', { maxlength: 60, autofocus: true, hint: t('purchasing:return.creditNoteHint') }),
      field('creditNoteOn', { type: 'date' }),
    ],
  };
  return page('purchasing/form', document.number, model, { status });
}

function record(ctx: Ctx): Promise<Reply> {
  const returnId = ctx.id();
  return submit(
    ctx,
    z.object({ operationKey, version, creditNoteNumber: text(60), creditNoteOn: optionalDate }),
    async ({ operationKey: key, ...command }) => {
      await recordCreditNote(ctx.uow, ctx.actor, { ...command, returnId }, { operationKey: key });
      return redirect(returnHref(returnId), { kind: 'ok', text: ctx.t('purchasing:receipt.saved') });
    },
    (form, status) => show(ctx, form, status),
  );
}
