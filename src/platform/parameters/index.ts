export { readParameters, writeParameter } from './parameters';
export { parameter } from './tables';
