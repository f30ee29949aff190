import { fen, plainMoney } from '../../../kernel';
import type { Ctx, FormState } from '../../../platform/http';
import type { Field, PageHead } from '../../../platform/views';
import { PAYING_ACCOUNTS } from '../domain/payment-posting';
import type { SupplierItem } from '../queries/open-items';
import type { PaymentView } from '../queries/payment-page';
import type { SupplierName } from '../queries/scope';
import { kindOf } from './payment.page';
import { paymentCrumbs, paymentHref } from './payment-words';
import { newOperationKey } from './show-payment';

type FormCtx = Pick<Ctx, 't' | 'f' | 'today'>;

export interface FormPage {
  head: PageHead;
  action: string;
  cancelHref: string;
  submit: string;
  hidden: Record<string, string>;
  message: string | null;
  fields: Field[];
}

/** A form with one row of fields for each open item. */
export interface ItemsPage extends FormPage {
  rowsTitle: string;
  rowsSay: string;
  rows: { title: string; sub: string; fields: Field[] }[];
  /** When there are no open items. */
  empty: string | null;
}

const fieldOf =
  ({ t }: Pick<Ctx, 't'>, { values, problems }: FormState) =>
  (name: string, given: string, more: Partial<Field> = {}): Field => ({
    name,
    label: more.label ?? t(`finance:payment.${name}`),
    value: values[name] ?? given,
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });

function headerFields(
  ctx: FormCtx,
  form: FormState,
  given: { account: string; businessDate: string; amount: string; reference: string; note: string; amountHint: string },
): Field[] {
  const { t } = ctx;
  const field = fieldOf(ctx, form);
  return [
    field('account', given.account, {
      type: 'select',
      required: true,
      choose: false,
      options: PAYING_ACCOUNTS.map((value) => ({ value, label: t(`finance:account.${value}`) })),
    }),
    field('businessDate', given.businessDate, { type: 'date', required: true, max: ctx.today }),
    field('amount', given.amount, { type: 'money', optional: true, hint: given.amountHint }),
    field('reference', given.reference, { maxlength: 80, optional: true, hint: t('finance:payment.referenceHint') }),
    field('note', given.note, { type: 'textarea', rows: 2, maxlength: 400, optional: true, wide: true }),
  ];
}

export function newPage(
  ctx: FormCtx,
  form: FormState,
  { suppliers, stores }: { suppliers: readonly SupplierName[]; stores: readonly { id: number; name: string }[] },
): FormPage {
  const { t } = ctx;
  const field = fieldOf(ctx, form);
  return {
    head: { title: t('finance:payment.new'), crumbs: paymentCrumbs(ctx) },
    action: '/finance/payments',
    cancelHref: '/finance/payments',
    submit: t('finance:payment.create'),
    hidden: { operationKey: form.values['operationKey'] ?? '' },
    message: form.message,
    fields: [
      field('supplierId', '', {
        label: t('finance:payment.supplier'),
        type: 'select',
        required: true,
        autofocus: true,
        options: suppliers.map(({ id, name, code }) => ({ value: id, label: `${name} · ${code}` })),
      }),
      field('storeId', '', {
        label: t('finance:payment.store'),
        type: 'select',
        required: true,
        choose: false,
        options: stores.map(({ id, name }) => ({ value: id, label: name })),
        hint: t('finance:payment.storeHint'),
      }),
      ...headerFields(ctx, form, {
        account: 'bank',
        businessDate: ctx.today,
        amount: '',
        reference: '',
        note: '',
        amountHint: t('finance:payment.amountNewHint'),
      }),
    ],
  };
}

/** How much is paid, and what of each open item it settles. */
export function editPage(
  ctx: FormCtx,
  form: FormState,
  document: PaymentView,
  items: readonly SupplierItem[],
): ItemsPage {
  const { t, f } = ctx;
  const href = paymentHref(document.id);
  const chosen = new Map(document.lines.map(({ openItemId, amountFen }) => [openItemId, amountFen]));
  const typed = form.values['version'] !== undefined || form.message !== null;
  return {
    head: {
      title: t('finance:payment.editTitle', { number: document.number }),
      crumbs: [...paymentCrumbs(ctx), { label: document.number, href }],
      say: t('finance:payment.say', { supplier: document.supplierName, store: document.storeName }),
    },
    action: href,
    cancelHref: href,
    submit: t('common:action.save'),
    hidden: {
      operationKey: form.values['operationKey'] ?? newOperationKey(),
      version: form.values['version'] ?? String(document.version),
    },
    message: form.message,
    fields: headerFields(ctx, form, {
      account: document.account,
      businessDate: document.businessDate,
      amount: plainMoney(fen(document.amountFen)),
      reference: document.reference ?? '',
      note: document.note ?? '',
      amountHint: t('finance:payment.amountHint'),
    }),
    rowsTitle: t('finance:payment.lines'),
    rowsSay: t('finance:payment.linesHint'),
    rows: items.map((item) => {
      const name = `lines.i${item.id}`;
      const amountFen = chosen.get(item.id);
      const error = form.problems[name];
      const planned = item.openFen - item.freeFen;
      return {
        title: `${t(`finance:payment.kinds.${kindOf(item)}`)} ${item.documentNumber}`,
        sub: [
          item.storeName,
          t('finance:payment.openAmount', { amount: f.money(item.openFen) }),
          item.dueOn === null ? '' : t('finance:payment.dueSay', { date: f.date(item.dueOn) }),
          planned > 0 ? t('finance:payment.plannedElsewhere', { amount: f.money(planned) }) : '',
        ]
          .filter(Boolean)
          .join(' · '),
        fields: [
          {
            name,
            label: t(`finance:payment.${item.direction === 'payable' ? 'settleNow' : 'useNow'}`),
            type: 'money' as const,
            value: form.values[name] ?? (amountFen === undefined || typed ? '' : plainMoney(fen(amountFen))),
            ...(error ? { error } : {}),
          },
        ],
      };
    }),
    empty: items.length === 0 ? t('finance:payment.nothingOpen') : null,
  };
}
