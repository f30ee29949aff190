export { changeParameters, readParameters, writeParameter } from './parameters';
export { parameter } from './tables';
