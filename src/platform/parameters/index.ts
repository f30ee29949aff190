export { changeParameters, parameterVersion, readParameters, writeParameter } from './parameters';
export { parameter } from './tables';
