export { type Actor, authorise, can, COST_PERMISSION, inScope, type StoreScope, systemActor } from './actor';
