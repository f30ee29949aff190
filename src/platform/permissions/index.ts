export {
  type Actor,
  authorise,
  authoriseEverywhere,
  can,
  canThroughout,
  COST_PERMISSION,
  inScope,
  seesCostIn,
  type StoreScope,
  systemActor,
} from './actor';
