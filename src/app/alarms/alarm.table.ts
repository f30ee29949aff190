import { col, defineTable, type Row } from '../../platform/database';
import type { NotifyEvent } from '../../platform/notify';

/** What is wrong now, so that people are told once, reminded, and told when it is over. */
export const alarm = defineTable('alarm', {
  /** `<event>` or `<event>:<subject>`. */
  alarmId: col.code(120).primary(),
  event: col.code<NotifyEvent>(40),
  details: col.json<{
    values: Record<string, string | number>;
    names: Record<string, string>;
    href: string;
  }>(),
  raisedAt: col.instant(),
  /** When people were told last. */
  saidAt: col.instant(),
});

export type AlarmRow = Row<typeof alarm>;
