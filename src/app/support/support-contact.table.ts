import { col, defineTable, type Row } from '../../platform/database';

/** Who helps: the vendor's people and the company's own. Business cards, not customers. */
export const supportContact = defineTable('support_contact', {
  id: col.id().primary(),
  kind: col.code<'vendor' | 'internal'>(10),
  name: col.text(60),
  duty: col.text(60).nullable(),
  phone: col.text(40).nullable(),
  mail: col.text(120).nullable(),
  /** Address of a chat or ticket page, or the number of a 微信 account. */
  onlineService: col.text(200).nullable(),
  hours: col.text(120).nullable(),
  version: col.int(),
});

export type SupportContactRow = Row<typeof supportContact>;
