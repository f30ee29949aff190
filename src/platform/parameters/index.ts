export {
  changeParameters,
  lastChanges,
  type ParameterChange,
  readParameters,
  switchedOff,
  writeParameter,
} from './parameters';
export { parameter } from './tables';
