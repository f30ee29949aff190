/**
 * What a column tells about a person. `business`: of a firm, which may be a person's; `device`: number of a handset, which a
 * sale ties to a person; `link`: id of a person; `note`: free words; `payload`: what a file, form or event brought.
 */
export type DataKind =
  | 'name'
  | 'phone'
  | 'account'
  | 'about'
  | 'work'
  | 'business'
  | 'device'
  | 'network'
  | 'link'
  | 'note'
  | 'payload'
  | 'secret';

/**
 * How it lies in the database. `hashed`: keyed hash (search) or argon2id (passwords); `masked`: the middle is missing, or only
 * names of fields are written; `emptied`: held plain text in an earlier version and is null now.
 */
export type Protection = 'plain' | 'encrypted' | 'hashed' | 'masked' | 'emptied';

/** How long it is kept: see retention. `books` for ever, `master` as long as it is used. */
export type RetentionId =
  | 'books'
  | 'master'
  | 'customers'
  | 'audit'
  | 'sessions'
  | 'imports'
  | 'operations'
  | 'events'
  | 'jobs'
  | 'runs'
  | 'notifications'
  | 'attachments'
  | 'drafts'
  | 'accounts';

export interface CatalogueEntry {
  retention: RetentionId;
  /** Property → what it tells, and how it is protected. */
  personal: Readonly<Record<string, `${DataKind} ${Protection}`>>;
  /** Properties that tell nothing about a person. */
  rest: string;
}
