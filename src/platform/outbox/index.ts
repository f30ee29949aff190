export { type Dispatcher, startOutbox } from './dispatcher';
export { drainOutbox, type Drained, GIVE_UP_AFTER, type OutboxServices } from './drain-outbox';
export { retryEvent } from './retry-event';
