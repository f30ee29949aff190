import { col, createTable, migration } from '../src/platform/database/portable';

export default migration('0022-notifications', [
  ...createTable('notification_channel', {
    id: col.id().primary(),
    name: col.text(60),
    kind: col.code(10),
    locale: col.code(5),
    settings: col.json(),
    secret: col.longText().nullable(),
    subscriptions: col.json(),
    active: col.bool(),
    createdAt: col.instant(),
    version: col.int(),
  }),
  ...createTable(
    'notification',
    {
      id: col.id().primary(),
      channelId: col.id().references('notification_channel'),
      content: col.json(),
      state: col.code(10),
      attempts: col.int(),
      createdAt: col.instant(),
      dueAt: col.instant(),
      sentAt: col.instant().nullable(),
      failure: col.json().nullable(),
    },
    {
      indexes: [
        { name: 'ix_notification_due', columns: ['state', 'dueAt'] },
        { name: 'ix_notification_channel', columns: ['channelId', 'createdAt'] },
        { name: 'ix_notification_created', columns: ['createdAt'] },
      ],
    },
  ),
  ...createTable('alarm', {
    alarmId: col.code(120).primary(),
    event: col.code(40),
    details: col.json(),
    raisedAt: col.instant(),
    saidAt: col.instant(),
  }),
  ...createTable('support_contact', {
    id: col.id().primary(),
    kind: col.code(10),
    name: col.text(60),
    duty: col.text(60).nullable(),
    phone: col.text(40).nullable(),
    mail: col.text(120).nullable(),
    onlineService: col.text(200).nullable(),
    hours: col.text(120).nullable(),
    version: col.int(),
  }),
  ...createTable(
    'growth_sample',
    {
      id: col.id().primary(),
      takenAt: col.instant(),
      databaseBytes: col.id().nullable(),
      freeBytes: col.id(),
      totalBytes: col.id(),
    },
    { indexes: [{ name: 'ix_growth_sample_taken', columns: ['takenAt'] }] },
  ),
]);
