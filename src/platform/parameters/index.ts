export { changeParameters, lastChanges, type ParameterChange, readParameters, writeParameter } from './parameters';
export { parameter } from './tables';
