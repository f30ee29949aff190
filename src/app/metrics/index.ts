export { metricsText } from './exposition';
export { type Forecast, forecast, measureGrowth, measureGrowthJob, recentGrowth, type Sample } from './growth';
export { type WorkState, workState } from './work-state';
