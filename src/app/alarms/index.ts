export { alarm, type AlarmRow } from './alarm.table';
export { type Condition, findConditions } from './conditions';
export { startNodeReports } from './node-report';
export { nodeReport } from './node-report.table';
export { verifyBooksJob } from './verify-books';
export { sayWhatChanged, watchJob } from './watch';
