export {
  type Actor,
  authorise,
  authoriseEverywhere,
  can,
  COST_PERMISSION,
  inScope,
  type StoreScope,
  systemActor,
} from './actor';
