export { processFamilies } from './families';
export { quantile } from './histogram';
export { createMetrics, type Metrics, type Minute } from './metrics';
export { exposition, type Family } from './prometheus';
export { createRequestMeter, type RequestMeter, type RouteTimes } from './request-meter';
