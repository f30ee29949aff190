import type { Ctx } from '../../../platform/http';
import type { CellParts, Table } from '../../../platform/views';
import type { SupplierContact } from '../queries/supplier-contacts';

export interface ContactsCard {
  title: string;
  addHref: string | null;
  table: Table;
  empty: string;
}

/** The people at a supplier, on its page. */
export function contactsCard(
  { t, can }: Pick<Ctx, 't' | 'can'>,
  supplierId: number,
  contacts: readonly SupplierContact[],
): ContactsCard {
  const href = `/purchasing/suppliers/${supplierId}/contacts`;
  const edits = can('purchasing.supplier.edit');
  return {
    title: t('purchasing:contact.title'),
    addHref: edits ? `${href}/new` : null,
    empty: t('purchasing:contact.none'),
    table: {
      id: 'contacts',
      caption: t('purchasing:contact.title'),
      tight: true,
      columns: [
        { key: 'name', label: t('purchasing:contact.name'), card: 'title' },
        { key: 'phone', label: t('purchasing:contact.phone'), card: 'number', keep: true },
      ],
      rows: contacts.map((one) => {
        const said = [one.duty, one.note].filter(Boolean).join(' · ');
        const name: CellParts = { text: one.name, strong: true, ...(said === '' ? {} : { sub: said }) };
        return {
          id: one.id,
          cells: [edits ? { ...name, href: `${href}/${one.id}/edit` } : name, one.phone],
        };
      }),
    },
  };
}
