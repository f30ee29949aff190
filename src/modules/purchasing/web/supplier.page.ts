import type { Ctx, FormState } from '../../../platform/http';
import { COST_PERMISSION } from '../../../platform/permissions';
import { type Facts, type Field, type PageHead, stateLabel, type Table } from '../../../platform/views';
import type { SupplierBalance, SupplierReceipt, SupplierRow } from '../queries/suppliers';
import { VIEW_BANK_DATA } from '../queries/bank-changes';
import { PAYMENT_TERMS } from '../domain/payment-terms';
import type { SupplierContact } from '../queries/supplier-contacts';
import { contactsCard, type ContactsCard } from './supplier-contacts.page';
import { bankHref } from './bank-words';
import { receiptState } from './receipt-words';
import { supplierCrumbs, termsText } from './supplier-list.page';

type PageCtx = Pick<Ctx, 't' | 'f' | 'can'>;

export interface SupplierFormPage {
  head: PageHead;
  action: string;
  cancelHref: string;
  submit: string;
  hidden: Record<string, string>;
  message: string | null;
  fields: Field[];
}

export function supplierForm(
  ctx: PageCtx,
  form: FormState,
  categories: readonly string[],
  supplier?: SupplierRow,
): SupplierFormPage {
  const { t } = ctx;
  const { values, problems } = form;
  const field = (name: string, more: Partial<Field> = {}): Field => ({
    name,
    label: t(`purchasing:supplier.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const chosen = values['category'] ?? '';
  const choices = [...new Set([...categories, ...(chosen ? [chosen] : [])])];
  return {
    head: {
      title: supplier ? supplier.name : t('purchasing:supplier.add'),
      crumbs: supplierCrumbs(ctx),
    },
    action: supplier ? `/purchasing/suppliers/${supplier.id}` : '/purchasing/suppliers',
    cancelHref: supplier ? `/purchasing/suppliers/${supplier.id}` : '/purchasing/suppliers',
    submit: supplier ? t('common:action.save') : t('purchasing:supplier.add'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(supplier ? { version: values['version'] ?? String(supplier.version) } : {}),
    },
    message: form.message,
    fields: [
      field('name', { required: true, maxlength: 80, autofocus: !supplier }),
      field('code', { maxlength: 20, optional: true, hint: t('purchasing:supplier.codeHint') }),
      field('category', {
        type: 'select',
        options: choices.map((value) => ({ value, label: value })),
        optional: true,
      }),
      field('paymentTerms', {
        type: 'select',
        choose: false,
        value: values['paymentTerms'] || 'date',
        options: PAYMENT_TERMS.map((value) => ({ value, label: t(`purchasing:supplier.terms.${value}`) })),
      }),
      field('paymentDays', {
        type: 'number',
        min: 0,
        max: 365,
        inputmode: 'numeric',
        after: t('purchasing:supplier.daysUnit'),
        hint: t('purchasing:supplier.paymentDaysHint'),
      }),
      field('leadDays', {
        type: 'number',
        min: 0,
        max: 365,
        inputmode: 'numeric',
        optional: true,
        after: t('purchasing:supplier.daysUnit'),
        hint: t('purchasing:supplier.leadDaysHint'),
      }),
      ...(ctx.can(COST_PERMISSION)
        ? [field('creditLimit', { type: 'money', optional: true, hint: t('purchasing:supplier.creditLimitHint') })]
        : []),
      field('contact', { maxlength: 40, optional: true }),
      field('phone', { type: 'tel', maxlength: 30, optional: true }),
      field('taxNumber', { maxlength: 30, optional: true }),
      field('address', { maxlength: 200, optional: true, wide: true }),
      field('note', { type: 'textarea', rows: 2, maxlength: 400, optional: true, wide: true }),
      field('active', {
        type: 'checkbox',
        checked: supplier || form.message !== null ? values['active'] === '1' : true,
        value: '1',
        wide: true,
      }),
    ],
  };
}

export interface SupplierPage {
  head: PageHead;
  facts: Facts;
  money?: Facts;
  contacts: ContactsCard;
  receipts: Table;
  emptyText: string;
}

export function supplierPage(
  ctx: PageCtx,
  row: SupplierRow,
  receipts: readonly SupplierReceipt[],
  balance: SupplierBalance,
  contacts: readonly SupplierContact[],
): SupplierPage {
  const { t, f } = ctx;
  const fact = (name: string, value: string | null) => ({
    label: t(`purchasing:supplier.${name}`),
    value: value ?? t('purchasing:none'),
    muted: value === null,
  });
  const seesCost = ctx.can(COST_PERMISSION);
  return {
    head: {
      title: row.name,
      crumbs: supplierCrumbs(ctx),
      state: stateLabel(t, row.active ? 'active' : 'inactive', true),
      say: [row.code, row.category].filter(Boolean).join(' · '),
      actions: [
        ...(ctx.can('purchasing.price.view') && seesCost
          ? [
              {
                label: t('purchasing:price.title'),
                href: `/purchasing/suppliers/${row.id}/prices`,
                icon: 'tag' as const,
              },
            ]
          : []),
        ...(ctx.can('finance.statement.view') && seesCost
          ? [
              {
                label: t('purchasing:supplier.statement'),
                href: `/finance/statements/${row.id}`,
                icon: 'list-details' as const,
              },
            ]
          : []),
        ...(ctx.can(VIEW_BANK_DATA)
          ? [{ label: t('purchasing:bank.title'), href: bankHref(row.id), icon: 'building-bank' as const }]
          : []),
        ...(ctx.can('inventory.device.view')
          ? [
              {
                label: t('purchasing:supplier.devices'),
                href: `/inventory/devices?view=all&supplier=${row.id}`,
                icon: 'device-mobile' as const,
              },
            ]
          : []),
        ...(ctx.can('purchasing.supplier.edit')
          ? [{ label: t('common:action.edit'), href: `/purchasing/suppliers/${row.id}/edit`, icon: 'pencil' as const }]
          : []),
        ...(ctx.can('purchasing.receipt.create') && row.active
          ? [
              {
                label: t('purchasing:receipt.new'),
                href: `/purchasing/receipts/new?supplier=${row.id}`,
                icon: 'truck-loading' as const,
                look: 'primary' as const,
              },
            ]
          : []),
      ],
    },
    facts: {
      facts: [
        fact('contact', row.contact),
        fact('phone', row.phone),
        fact('address', row.address),
        fact('taxNumber', row.taxNumber),
        ...(ctx.can(VIEW_BANK_DATA) ? [fact('bank', row.bank), fact('bankAccount', row.bankAccount)] : []),
        fact('paymentDays', termsText(t, row)),
        fact('leadDays', row.leadDays === null ? null : t('purchasing:supplier.days', { count: row.leadDays })),
        ...(seesCost
          ? [fact('creditLimit', row.creditLimitFen === null ? null : f.moneyYuan(row.creditLimitFen))]
          : []),
        fact('note', row.note),
      ],
    },
    ...(seesCost
      ? {
          money: {
            money: true,
            facts: [
              { label: t('purchasing:supplier.open', { count: balance.items }), value: f.money(balance.openFen) },
              { label: t('purchasing:supplier.overdue'), value: f.money(balance.overdueFen) },
              { label: t('purchasing:supplier.accrued'), value: f.money(balance.accruedFen) },
            ],
          },
        }
      : {}),
    contacts: contactsCard(ctx, row.id, contacts),
    receipts: {
      id: 'supplier-receipts',
      caption: t('purchasing:supplier.receipts'),
      columns: [
        { key: 'number', label: t('purchasing:receipt.number'), card: 'title' },
        { key: 'state', label: t('purchasing:receipt.state'), card: 'state' },
        { key: 'date', label: t('purchasing:receipt.businessDate'), card: 'number' },
        { key: 'store', label: t('purchasing:receipt.store'), card: 'number' },
        { key: 'received', label: t('purchasing:receipt.received'), num: true, card: 'number' },
        ...(seesCost
          ? [{ key: 'gross', label: t('purchasing:receipt.gross'), num: true, card: 'number' as const }]
          : []),
      ],
      rows: receipts.map((one) => ({
        id: one.id,
        cells: [
          { text: one.number, href: `/purchasing/receipts/${one.id}`, strong: true },
          { state: receiptState(ctx, one.state) },
          f.date(one.businessDate),
          one.storeName,
          f.number(one.received),
          ...(seesCost ? [f.money(one.grossFen)] : []),
        ],
      })),
    },
    emptyText: t('purchasing:supplier.noReceipts'),
  };
}
