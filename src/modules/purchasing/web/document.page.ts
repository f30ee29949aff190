import { isBusinessDate } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import type {
  Attachments,
  Facts,
  Formatters,
  Link,
  Message,
  PageHead,
  RelatedDocuments,
  ScanPanel,
  Table,
  Timeline,
} from '../../../platform/views';
import type { DocumentEvent } from '../queries/document-timeline';
import type { AddLineForm } from './receipt.page';

/** A document with its tables on the left, its facts on the right: purchasing/document. */
export interface DocumentPage {
  head: PageHead;
  notices: Message[];
  scan: ScanPanel | null;
  tables: {
    id: string;
    title: string;
    say: string;
    links: Link[];
    table: Table;
    empty: { title: string; text: string };
  }[];
  addLine: Omit<AddLineForm, 'fileAction' | 'fileHint'> | null;
  facts: Facts;
  editHref: string | null;
  money: Facts | null;
  related: RelatedDocuments;
  /** Left out: no files are kept with it. */
  attachments?: Attachments;
  timeline: Timeline;
}

/** Days of the audit log as the reader writes days. */
const withDays = (f: Formatters, detail: DocumentEvent['detail']): DocumentEvent['detail'] =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'string' && isBusinessDate(value) ? f.date(value) : value,
    ]),
  );

/** `prefix`: of the words, which may use what the audit log says. */
export const timelineOf = (
  { t, f }: Pick<Ctx, 't' | 'f'>,
  prefix: string,
  events: readonly DocumentEvent[],
): Timeline => ({
  entries: events.map(({ who, what, at, detail }, index) => ({
    who,
    what: t(`${prefix}.${what}`, withDays(f, detail)),
    at: f.dateTime(at),
    now: index === 0,
  })),
});
