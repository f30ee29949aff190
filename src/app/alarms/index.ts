export { alarm, type AlarmRow } from './alarm.table';
export { type Condition, findConditions } from './conditions';
export { verifyBooksJob } from './verify-books';
export { sayWhatChanged, watchJob } from './watch';
