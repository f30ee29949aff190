import { createIndex, migration } from '../src/platform/database/portable';

/** The devices in stock of all stores by their age: the first page of the list is read from it. */
export default migration('0014-device-age', [
  createIndex('device', { name: 'ix_device_bucket', columns: ['bucket', 'stockedOn', 'id'] }),
]);
