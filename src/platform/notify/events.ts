/** What people can be told of; words: `notifications:event.<id>.title` and `.text`. */
export const NOTIFY_EVENTS = [
  'backup-none',
  'backup-late',
  'backup-failed',
  'backup-shrunk',
  'ledger-failed',
  'disk-low',
  'certificate-expiring',
  'job-failed',
  'event-stuck',
  'stock-alerts',
] as const;

export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];

/** `raised`: new; `reminder`: still so after a day; `resolved`: over; `test`: somebody tries the channel. */
export type Stage = 'raised' | 'reminder' | 'resolved' | 'test';
