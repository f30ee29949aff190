export {
  type Maintenance,
  MAINTENANCE_PERMISSION,
  type MaintenanceWatch,
  readMaintenance,
  switchMaintenanceOff,
  switchMaintenanceOn,
  watchMaintenance,
} from './maintenance';
export { maintenanceTables } from './tables';
