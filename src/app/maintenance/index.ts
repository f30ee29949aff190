export {
  endUpgradeMaintenance,
  type Maintenance,
  MAINTENANCE_PERMISSION,
  type MaintenanceWatch,
  readMaintenance,
  switchMaintenanceOff,
  switchMaintenanceOn,
  watchMaintenance,
} from './maintenance';
export { recordUpgrade } from './record-upgrade';
export { liveServers, markParked, serversBehind, startHeartbeat, standStill } from './servers';
export { maintenanceTables, programUpgrade, releaseSeen } from './tables';
