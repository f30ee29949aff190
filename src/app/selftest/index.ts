export { say, type SelfTestFlow } from './bench';
export { htmlReport } from './html-report';
export { describeSelfTest, flowTitle, type SelfTestReport } from './report';
export { selfTest, type SelfTestOptions } from './self-test';
