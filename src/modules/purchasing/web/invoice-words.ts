import { type Ctx, documentHref } from '../../../platform/http';
import type { IconName, StatusLabel, Tone } from '../../../platform/views';
import type { InvoiceState } from '../domain/invoice-state';

export const INVOICE_STATES: readonly InvoiceState[] = ['draft', 'submitted', 'approved', 'posted', 'reversed'];

const LOOKS: Readonly<Record<InvoiceState, { tone: Tone; icon: IconName }>> = {
  draft: { tone: 'hold', icon: 'pencil' },
  submitted: { tone: 'hold', icon: 'hourglass' },
  approved: { tone: 'ok', icon: 'circle-check' },
  posted: { tone: 'gone', icon: 'receipt' },
  reversed: { tone: 'gone', icon: 'arrow-back-up' },
};

export function invoiceState({ t }: Pick<Ctx, 't'>, state: InvoiceState, withIcon = false): StatusLabel {
  const { tone, icon } = LOOKS[state];
  return { tone, text: t(`purchasing:invoice.state.${state}`), ...(withIcon ? { icon } : {}) };
}

export const invoiceHref = (id: number): string => documentHref('purchasing.invoice', id);

export const invoiceCrumbs = ({ t }: Pick<Ctx, 't'>) => [
  { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
  { label: t('purchasing:invoice.title'), href: '/purchasing/invoices' },
];
