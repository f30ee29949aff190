import type { Ctx, FormState } from '../../../platform/http';
import type { Field } from '../../../platform/views';
import type { LocationRow, StoreRow } from '../../organization';
import type { ReceiptView } from '../queries/receipt-page';
import type { SupplierRow } from '../queries/suppliers';
import type { SupplierFormPage } from './supplier.page';

export interface ReceiptFormChoices {
  suppliers: readonly SupplierRow[];
  /** Stores in which the reader may receive, with their locations; one store when a receipt is changed. */
  stores: readonly { store: Pick<StoreRow, 'id' | 'name'>; locations: readonly LocationRow[] }[];
}

/** New receipt, and what stands above the lines of a draft. A location says its store as well. */
export function receiptForm(
  { t }: Pick<Ctx, 't'>,
  form: FormState,
  { suppliers, stores }: ReceiptFormChoices,
  receipt?: ReceiptView,
): SupplierFormPage {
  const { values, problems } = form;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: more.label ?? t(`purchasing:receipt.${name}`),
    value: values[name] ?? '',
    ...(problems[name] ? { error: problems[name] } : {}),
    ...more,
  });
  const known = suppliers.some(({ id }) => id === receipt?.supplierId);
  return {
    head: {
      title: receipt ? t('purchasing:receipt.editTitle', { number: receipt.number }) : t('purchasing:receipt.new'),
      crumbs: [
        { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
        { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
      ],
    },
    action: receipt ? `/purchasing/receipts/${receipt.id}` : '/purchasing/receipts',
    cancelHref: receipt ? `/purchasing/receipts/${receipt.id}` : '/purchasing/receipts',
    submit: receipt ? t('common:action.save') : t('purchasing:receipt.create'),
    hidden: {
      operationKey: values['operationKey'] ?? '',
      ...(receipt ? { version: values['version'] ?? String(receipt.version) } : {}),
    },
    message: form.message,
    fields: [
      field('supplierId', {
        type: 'select',
        label: t('purchasing:receipt.supplier'),
        required: true,
        autofocus: !receipt,
        options: [
          ...(receipt && !known ? [{ value: receipt.supplierId, label: receipt.supplierName }] : []),
          ...suppliers.map(({ id, name, code }) => ({ value: id, label: `${name} · ${code}` })),
        ],
        ...(suppliers.length === 0 ? { hint: t('purchasing:receipt.noSuppliers') } : {}),
      }),
      field('locationId', {
        type: 'select',
        label: t('purchasing:receipt.place'),
        required: true,
        choose: false,
        options: stores.map(({ store, locations }) => ({
          label: store.name,
          options: locations.map(({ id, name }) => ({ value: id, label: `${store.name} ${name}` })),
        })),
      }),
      field('businessDate', { type: 'date', required: true }),
      field('deliveryNote', { maxlength: 60, optional: true }),
      field('withInvoice', {
        type: 'checkbox',
        value: '1',
        checked: values['withInvoice'] === '1',
        label: t('purchasing:receipt.withInvoiceField'),
        hint: t('purchasing:receipt.withInvoiceHint'),
        wide: true,
      }),
      field('note', { type: 'textarea', rows: 2, maxlength: 400, optional: true, wide: true }),
    ],
  };
}
