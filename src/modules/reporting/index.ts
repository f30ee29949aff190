export { DASHBOARD_PERMISSION, dashboardPage, type DashboardPage } from './queries/dashboard-model';
export { daySums, salesByBrand } from './queries/dashboard';
