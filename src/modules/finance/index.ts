export { payment } from './store/payment.table';
export { createPayment, type CreatePayment } from './use-cases/save-payment';
export { approvePayment, submitPayment } from './use-cases/decide-payment';
export { postPayment } from './use-cases/post-payment';
export { approvalFromFen } from './queries/parameters';
export { VIEW_PAYMENTS } from './queries/scope';
