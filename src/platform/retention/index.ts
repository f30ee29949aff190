export { retentionRules, type RetentionRules, retentionSchema, saveRetention } from './rules';
