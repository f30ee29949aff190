import type { Ctx, FormState } from '../../../platform/http';
import { type EditForm, editForm, type Facts, type Message, type PageHead, type Table } from '../../../platform/views';
import { type BankChange, CONFIRM_BANK_DATA, EDIT_BANK_DATA } from '../queries/bank-changes';
import type { SupplierRow } from '../queries/suppliers';
import { bankHref } from './bank-words';

type PageCtx = Pick<Ctx, 't' | 'f' | 'can'>;

/** purchasing/supplier-bank */
export interface SupplierBankPage {
  head: PageHead;
  notices: Message[];
  facts: { title: string; facts: Facts };
  history: { title: string; table: Table; empty: string };
  form: { title: string; say: string; form: EditForm } | null;
}

export function supplierBankPage(
  ctx: PageCtx,
  party: SupplierRow,
  changes: readonly BankChange[],
  form: FormState,
  notices: Message[] = [],
): SupplierBankPage {
  const { t, f } = ctx;
  const href = bankHref(party.id);
  const waiting = changes.find(({ state }) => state === 'waiting');
  const confirms = waiting !== undefined && ctx.can(CONFIRM_BANK_DATA);
  const value = (text: string | null) => text ?? t('purchasing:none');
  return {
    head: {
      title: t('purchasing:bank.title'),
      crumbs: [
        { label: t('purchasing:menu.suppliers'), href: '/purchasing/suppliers' },
        { label: party.name, href: `/purchasing/suppliers/${party.id}` },
      ],
      say: t('purchasing:bank.say'),
      actions:
        confirms && waiting
          ? [
              {
                label: t('purchasing:bank.refuse'),
                href: `${href}/${waiting.id}/refusal`,
                icon: 'x',
                confirm: true,
              },
              {
                label: t('purchasing:bank.confirm'),
                href: `${href}/${waiting.id}/confirmation`,
                icon: 'check',
                look: 'primary',
                confirm: true,
              },
            ]
          : [],
    },
    notices: [
      ...notices,
      ...(waiting
        ? [
            {
              tone: 'hold' as const,
              title: t('purchasing:bank.waits', { name: waiting.requestedByName }),
              text: t('purchasing:bank.waitsFor', { bank: value(waiting.bank), account: value(waiting.account) }),
            },
          ]
        : []),
    ],
    facts: {
      title: t('purchasing:bank.inForce'),
      facts: {
        facts: [
          { label: t('purchasing:supplier.bank'), value: value(party.bank), muted: party.bank === null },
          { label: t('purchasing:supplier.bankAccount'), value: value(party.bankAccount), strong: true },
        ],
      },
    },
    history: {
      title: t('purchasing:bank.history'),
      empty: t('purchasing:bank.noHistory'),
      table: {
        id: 'bank-changes',
        caption: t('purchasing:bank.history'),
        columns: [
          { key: 'at', label: t('purchasing:bank.at'), card: 'number', keep: true },
          { key: 'state', label: t('purchasing:bank.stateLabel'), card: 'state' },
          { key: 'account', label: t('purchasing:supplier.bankAccount'), card: 'title' },
          { key: 'reason', label: t('purchasing:bank.reason'), card: 'full' },
          { key: 'by', label: t('purchasing:bank.by'), card: 'number' },
          { key: 'decided', label: t('purchasing:bank.decidedBy'), card: 'number' },
        ],
        rows: changes.map((row) => ({
          id: row.id,
          cells: [
            f.dateTime(row.requestedAt),
            t(`purchasing:bank.state.${row.state}`),
            { text: value(row.account), sub: value(row.bank), strong: true },
            row.decision ? { text: row.reason ?? '', sub: row.decision } : row.reason,
            row.requestedByName,
            row.decidedByName,
          ],
        })),
      },
    },
    form: ctx.can(EDIT_BANK_DATA) ? requestForm(ctx, party, form, confirms) : null,
  };
}

/** `confirms`: the page's first button is another. */
function requestForm({ t }: PageCtx, party: SupplierRow, form: FormState, confirms: boolean): SupplierBankPage['form'] {
  const href = bankHref(party.id);
  return {
    title: t('purchasing:bank.ask'),
    say: t('purchasing:bank.askSay'),
    form: editForm(form, {
      action: href,
      submit: t('purchasing:bank.send'),
      plain: confirms,
      cancelHref: `/purchasing/suppliers/${party.id}`,
      fields: [
        { name: 'bank', label: t('purchasing:supplier.bank'), maxlength: 80, optional: true },
        {
          name: 'bankAccount',
          label: t('purchasing:supplier.bankAccount'),
          maxlength: 40,
          inputmode: 'numeric',
          optional: true,
        },
        {
          name: 'reason',
          label: t('purchasing:bank.reason'),
          hint: t('purchasing:bank.reasonHint'),
          maxlength: 200,
          required: true,
          wide: true,
        },
      ],
    }),
  };
}
