import type { Job } from '../../platform/modules';
import { notify } from '../../platform/notify';
import type { Actor } from '../../platform/permissions';
import type { Services } from '../../platform/services';
import { alarm } from './alarm.table';
import { type Condition, findConditions } from './conditions';
import { sql } from '../../platform/database';

/** What stays wrong is said again once a day. */
const REMIND_MS = 24 * 3_600_000;

/** Looks every few minutes; which node does it does not matter, because what is known stands in the database. */
export const watchJob: Job = {
  id: 'system.watch',
  schedule: '*/5 * * * *',
  run: async (services, actor) => sayWhatChanged(services, actor, await findConditions(services)),
};

const idOf = ({ event, subject }: Condition): string =>
  (subject === undefined ? event : `${event}:${subject}`).slice(0, 120);

/** Tells the channels of what is new, what is still so after a day, and what is over. What is known and what is said change together. */
export async function sayWhatChanged(
  { uow }: Pick<Services, 'uow'>,
  actor: Actor,
  conditions: readonly Condition[],
): Promise<void> {
  await uow.run(actor, async (unit) => {
    const known = new Map((await unit.find(alarm, {})).map((row) => [row.alarmId, row]));
    const now = new Map(conditions.map((condition) => [idOf(condition), condition]));
    for (const [alarmId, { event, values, names, href }] of now) {
      const before = known.get(alarmId);
      const details = { values, names, href };
      if (!before) {
        await unit.insert(alarm, [{ alarmId, event, details, raisedAt: unit.now, saidAt: unit.now }]);
        await notify(unit, { event, stage: 'raised', ...details });
      } else if (unit.now - before.saidAt >= REMIND_MS) {
        await unit.execute(sql`UPDATE alarm SET said_at = ${unit.now} WHERE alarm_id = ${alarmId}`);
        await notify(unit, { event, stage: 'reminder', ...details });
      }
    }
    for (const [alarmId, { event, details }] of known) {
      if (now.has(alarmId)) continue;
      await unit.execute(sql`DELETE FROM alarm WHERE alarm_id = ${alarmId}`);
      await notify(unit, { event, stage: 'resolved', ...details });
    }
  });
}
